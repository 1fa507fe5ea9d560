"""/api/auth: registering, signing in and out."""

import json
import uuid
from datetime import timedelta

import jwt
import pytest
from sqlmodel import Session, select

from tests.api.conftest import Api, assert_problem, together
from tests.people import ANA, PASSWORD
from tests.servers import SECRET
from todo_app.api.app import create_api
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.models import SignIn, User
from todo_app.models.base import utc_now

LOGIN, REGISTER, TOKEN, REFRESH = "/api/auth/login", "/api/auth/register", "/api/auth/token", "/api/auth/refresh"
NEW = {"email": "new@example.com", "password": PASSWORD, "name": "New"}


def test_registering_answers_the_user_without_anything_secret(api: Api) -> None:
    answer = api.post(REGISTER, json={**NEW, "email": "  New@Example.com "})
    assert answer.status_code == 201
    user = answer.json()
    own = {"email_confirmed", "new_email", "time_zone", "theme", "week_start", "language", "date_order", "shortcuts"}
    assert set(user) == {"id", "email", "name", "created_at"} | own
    assert (user["email"], user["name"]) == ("New@example.com", "New")
    assert user["created_at"].endswith("Z")


def test_a_script_that_registers_finds_nothing_in_its_way(api: Api) -> None:
    api.post(REGISTER, json=NEW)
    token = api.post(LOGIN, json={"email": NEW["email"], "password": PASSWORD}).json()["access_token"]
    for path in ("/api/tasks", "/api/projects"):
        assert api.get(path, headers={"Authorization": f"Bearer {token}"}).json()["items"] == []


def test_an_email_can_be_registered_once_whatever_its_case(api: Api, ana: Api) -> None:
    for email in [ANA, "ANA@EXAMPLE.COM"]:
        assert_problem(api.post(REGISTER, json={**NEW, "email": email}), 409)


def test_two_registrations_of_one_email_at_once_make_one_account(api: Api, db: Database) -> None:
    answers = together(*(api.send("POST", REGISTER, json=NEW) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]


def test_a_bad_field_is_named(api: Api) -> None:
    for field, value in [
        ("email", "nobody"),
        ("email", "a" * 250 + "@example.com"),
        ("email", "a\x00b@example.com"),
        ("email", None),
        ("password", "short12"),
        ("password", "x1" * 65),
        ("password", "password123"),
        ("password", "New@example.com"),
        ("password", 12345678),
        ("password", "lone \ud800 half"),
        ("name", "   "),
        ("name", "n" * 101),
        ("name", "nul\x00"),
        ("surprise", "field"),
    ]:
        body = json.dumps({**NEW, field: value})
        answer = api.post(REGISTER, content=body, headers={"Content-Type": "application/json"})
        assert_problem(answer, 422, f"/{field}")


def test_where_sign_up_is_closed_nobody_registers(settings: Settings) -> None:
    closed = Api(create_api(settings.model_copy(update={"allow_signup": False})))
    answer = closed.post(REGISTER, json=NEW)
    assert_problem(answer, 403)
    assert "ask" in answer.json()["detail"]


def test_registrations_from_one_address_are_limited(settings: Settings) -> None:
    api = Api(create_api(settings), address="203.0.113.5")
    from todo_app.services.limits import limits

    limits()._registrations.amount = 2
    for n in range(2):
        assert api.post(REGISTER, json={**NEW, "email": f"{n}@example.com"}).status_code == 201
    answer = api.post(REGISTER, json={**NEW, "email": "3@example.com"})
    assert_problem(answer, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 3600
    elsewhere = Api(api.app, address="203.0.113.6")
    assert elsewhere.post(REGISTER, json={**NEW, "email": "3@example.com"}).status_code == 201


def test_signing_in_answers_both_tokens_and_the_user(api: Api, ana: Api) -> None:
    answer = api.post(LOGIN, json={"email": "ANA@example.com", "password": PASSWORD})
    assert answer.status_code == 200
    tokens = answer.json()
    assert set(tokens) == {"access_token", "token_type", "expires_in", "refresh_token", "user"}
    assert (tokens["token_type"], tokens["user"]["email"]) == ("bearer", ANA)
    assert 0 < tokens["expires_in"] <= 15 * 60
    claims = jwt.decode(tokens["access_token"], SECRET, algorithms=["HS256"], audience="todo_app:api", issuer="todo_app")
    assert {"sub", "iat", "exp", "jti", "iss", "aud"} <= set(claims)
    assert claims["exp"] - claims["iat"] == tokens["expires_in"]
    assert api.as_(tokens["access_token"]).get("/api/me").status_code == 200


def test_a_wrong_password_and_an_unknown_person_are_answered_the_same(api: Api, ana: Api) -> None:
    wrong = api.post(LOGIN, json={"email": ANA, "password": "not hers at all"})
    unknown = api.post(LOGIN, json={"email": "who@example.com", "password": "not hers at all"})
    assert_problem(wrong, 401)
    assert wrong.json()["detail"] == "Invalid email or password"
    assert wrong.headers["www-authenticate"] == "Bearer"
    assert (wrong.content, dict(wrong.headers)) == (unknown.content, dict(unknown.headers))


def test_no_email_breaks_signing_in(api: Api) -> None:
    for email in ["a\x00b@example.com", "", "x" * 1024, "Ana"]:
        assert_problem(api.post(LOGIN, json={"email": email, "password": "something"}), 401)


def test_too_many_wrong_passwords_close_an_account_for_a_while(api: Api, ana: Api) -> None:
    for _ in range(10):
        assert_problem(api.post(LOGIN, json={"email": ANA, "password": "guess"}), 401)
    answer = api.post(LOGIN, json={"email": ANA.upper(), "password": PASSWORD})
    assert_problem(answer, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60


def test_guesses_sent_at_once_count_as_much_as_one_after_the_other(api: Api, ana: Api) -> None:
    answers = together(*(api.send("POST", LOGIN, json={"email": ANA, "password": "guess"}) for _ in range(25)))
    assert sorted({answer.status_code for answer in answers}) == [401, 429]
    assert sum(answer.status_code == 401 for answer in answers) == 10


def test_many_may_sign_in_rightly_at_once(api: Api, ana: Api) -> None:
    answers = together(*(api.send("POST", LOGIN, json={"email": ANA, "password": PASSWORD}) for _ in range(25)))
    assert {answer.status_code for answer in answers} == {200}


def test_the_form_for_swagger_answers_the_same_as_login(api: Api, ana: Api) -> None:
    answer = api.post(TOKEN, data={"grant_type": "password", "username": ANA, "password": PASSWORD, "scope": ""})
    assert answer.status_code == 200
    assert api.as_(answer.json()["access_token"]).get("/api/me").json()["email"] == ANA
    assert_problem(api.post(TOKEN, data={"username": ANA, "password": "guess"}), 401)
    assert_problem(api.post(TOKEN, data={"username": ANA}), 422, "/password")
    assert_problem(api.post(TOKEN, data={"username": ANA, "password": "p", "grant_type": "implicit"}), 422, "/grant_type")
    assert_problem(api.post(TOKEN, data={"username": "u" * 1025, "password": "p"}), 422, "/username")
    assert_problem(api.post(TOKEN, json={"username": ANA, "password": PASSWORD}), 415)


def test_a_refresh_token_gives_a_new_pair_once(api: Api, ana: Api) -> None:
    first = api.post(LOGIN, json={"email": ANA, "password": PASSWORD}).json()
    second = api.post(REFRESH, json={"refresh_token": first["refresh_token"]})
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    assert second.json()["user"] == first["user"]
    assert api.as_(second.json()["access_token"]).get("/api/me").status_code == 200


def test_reuse_of_a_refresh_token_ends_the_whole_family(api: Api, ana: Api) -> None:
    first = api.post(LOGIN, json={"email": ANA, "password": PASSWORD}).json()
    second = api.post(REFRESH, json={"refresh_token": first["refresh_token"]}).json()
    reused = api.post(REFRESH, json={"refresh_token": first["refresh_token"]})
    assert_problem(reused, 401)
    assert reused.headers["www-authenticate"] == "Bearer"
    assert_problem(api.post(REFRESH, json={"refresh_token": second["refresh_token"]}), 401)
    assert_problem(api.as_(second["access_token"]).get("/api/me"), 401)
    assert ana.get("/api/me").status_code == 200  # another session of hers goes on


def test_what_is_no_refresh_token_is_401(api: Api) -> None:
    for token in ["", "unknown", "nul\x00", "x" * 1024]:
        assert_problem(api.post(REFRESH, json={"refresh_token": token}), 401)


def test_an_access_token_is_no_refresh_token_nor_the_reverse(api: Api, ana: Api) -> None:
    tokens = api.post(LOGIN, json={"email": ANA, "password": PASSWORD}).json()
    assert_problem(api.post(REFRESH, json={"refresh_token": tokens["access_token"]}), 401)
    assert_problem(api.as_(tokens["refresh_token"]).get("/api/me"), 401)


def test_signing_out_ends_both_tokens_at_once(api: Api, ana: Api) -> None:
    tokens = api.post(LOGIN, json={"email": ANA, "password": PASSWORD}).json()
    me = api.as_(tokens["access_token"])
    answer = me.post("/api/auth/logout")
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (204, b"", None)
    assert_problem(me.get("/api/me"), 401)
    assert_problem(me.post("/api/auth/logout"), 401)
    assert_problem(api.post(REFRESH, json={"refresh_token": tokens["refresh_token"]}), 401)
    assert ana.get("/api/me").status_code == 200


def _forged(api: Api, **changes: object) -> str:
    """Ana's own claims, some of them changed, signed with the right key."""
    token = api.sign_in(ANA).token
    assert token
    claims = jwt.decode(token, options={"verify_signature": False})
    claims.update(changes)
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, SECRET, algorithm="HS256")


def test_a_token_must_have_every_claim(api: Api, ana: Api) -> None:
    for claim in ["sub", "sid", "iat", "exp", "jti", "iss", "aud"]:
        assert api.as_(_forged(api)).get("/api/me").status_code == 200
        assert_problem(api.as_(_forged(api, **{claim: None})).get("/api/me"), 401)


@pytest.mark.parametrize(("method", "body"), [("GET", None), ("POST", {"title": "Tea"})])
def test_using_a_token_keeps_its_session_from_ending_for_idleness(ana: Api, db: Database, method: str, body: object) -> None:
    before = utc_now() - timedelta(days=13)

    def last_used(session: Session) -> SignIn:
        return session.exec(select(SignIn)).one()

    db.write_now(lambda session: setattr(last_used(session), "last_used_at", before))
    assert ana(method, "/api/tasks", json=body).is_success
    assert utc_now() - db.read_now(last_used).last_used_at < timedelta(minutes=1)


def test_a_token_of_another_kind_is_refused(api: Api, ana: Api) -> None:
    for changes in [
        {"iss": "other"},
        {"aud": "other"},
        {"exp": 1},
        {"sub": "x"},
        {"sid": 7},
        {"sub": str(uuid.uuid4())},
        {"iat": 2**40},
    ]:
        assert_problem(api.as_(_forged(api, **changes)).get("/api/me"), 401)


def test_a_token_must_be_signed_by_us_with_our_algorithm(api: Api, ana: Api) -> None:
    claims = jwt.decode(ana.token or "", options={"verify_signature": False})
    tokens = [
        jwt.encode(claims, None, algorithm="none"),
        jwt.encode(claims, "another-secret-of-enough-length!!", algorithm="HS256"),
        jwt.encode(claims, SECRET * 2, algorithm="HS512"),
        jwt.encode(claims, SECRET, algorithm="HS256", headers={"crit": ["surprise"], "surprise": 1}),
        "a.b.c",
        "é",
        "",
    ]
    for token in tokens:
        answer = api.get("/api/me", headers={"Authorization": f"Bearer {token}".encode()})
        assert_problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"


def test_another_scheme_is_no_token(api: Api, ana: Api) -> None:
    for header in ("", "Bearer", "Basic YW5hOmFuYQ==", str(ana.token)):
        assert_problem(api.get("/api/me", headers={"Authorization": header}), 401)


def test_a_browser_session_gives_no_access_to_the_api(api: Api, ana: Api, db: Database) -> None:
    from todo_app.services import access_tokens, sessions

    user_id = uuid.UUID(ana.get("/api/me").json()["id"])
    begun = db.write_now(sessions.begin, user_id, "browser", "")
    assert_problem(api.as_(access_tokens.issue(user_id, begun.session_id, SECRET)).get("/api/me"), 401)
    assert_problem(api.post(REFRESH, json={"refresh_token": begun.token}), 401)


def test_passwords_are_stored_as_bcrypt_of_cost_12(api: Api, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from todo_app.services import passwords

    monkeypatch.setattr(passwords, "COST", 12)
    api.post(REGISTER, json=NEW)
    stored = db.read_now(lambda session: session.connection().execute(User.__table__.select()).one())
    assert stored.password_hash.startswith("$2b$12$")
