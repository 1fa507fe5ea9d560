"""What others have found in apps like this one, tried over the API. Each test is named for what it tries."""

import base64
import gc
import hashlib
import hmac
import json
import sys
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import jwt
import pytest

from tests.api.conftest import Api, assert_problem
from tests.people import ANA, BOB, PASSWORD
from tests.servers import SECRET
from todo_app.recurrence import Recurrence, complete
from todo_app.recurrence.rule import MAX_COUNT

LOGIN, REFRESH = "/api/auth/login", "/api/auth/refresh"
SOMEBODY = "0190b5c4-0000-7000-8000-000000000000"
# What only the server may say of a row.
OWN_FIELDS = {
    "id": SOMEBODY,
    "owner_id": SOMEBODY,
    "user_id": SOMEBODY,
    "version": 7,
    "created_at": "2020-01-01T00:00:00Z",
    "deleted_at": "2020-01-01T00:00:00Z",
    "password_hash": "$2b$12$x",
    "is_admin": True,
    "__class__": "User",
}


def sign_in(api: Api, email: str, password: str = PASSWORD) -> dict[str, Any]:
    answer: dict[str, Any] = api.post(LOGIN, json={"email": email, "password": password}).json()
    return answer


# -- Assigning what is not theirs to assign ---------------------------------------------------------------------------


@pytest.mark.parametrize("field", OWN_FIELDS)
def test_assigning_an_owner_or_another_field_of_the_server_s(api: Api, field: str) -> None:
    me = api.sign_up(ANA, "Ana")
    task = me.add("Mine")
    for method, path, body in [
        ("POST", "/api/tasks", {"title": "x"}),
        ("PATCH", f"/api/tasks/{task['id']}", {}),
        ("PUT", f"/api/tasks/{task['id']}", {"title": "x"}),
        ("POST", "/api/projects", {"name": "x"}),
        ("POST", "/api/labels", {"name": "x"}),
        ("POST", "/api/filters", {"name": "x", "query": "today"}),
        ("PATCH", "/api/me", {}),
        ("POST", "/api/auth/register", {"email": "x@example.com", "password": PASSWORD, "name": "x"}),
        ("POST", "/api/quick-add", {"text": "x"}),
    ]:
        assert_problem(me(method, path, json={**body, field: OWN_FIELDS[field]}), 422, f"/{field}")
    assert me.get(f"/api/tasks/{task['id']}").json() == task


# -- Tokens -----------------------------------------------------------------------------------------------------------


def hs256(header: dict[str, Any], claims: dict[str, Any], key: bytes) -> str:
    """A token as a forger writes it, whatever a library would refuse."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, claims)]
    signature = hmac.new(key, b".".join(parts), hashlib.sha256).digest()
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def test_a_token_of_another_algorithm_or_with_a_key_of_its_own(api: Api) -> None:
    me = api.sign_up(ANA, "Ana")
    claims = jwt.decode(me.token or "", options={"verify_signature": False})
    ours, pem = SECRET.encode(), b"-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n"
    good = hs256({"alg": "HS256", "typ": "JWT"}, claims, ours)
    assert api.as_(good).get("/api/me").status_code == 200  # so the forger's hand is good
    for forged in [
        hs256({"alg": "RS256", "typ": "JWT"}, claims, pem),
        hs256({"alg": "HS256", "typ": "JWT"}, claims, pem),
        hs256({"alg": "HS256", "jwk": {"kty": "oct", "k": "AAAA"}}, claims, b"\x00\x00\x00"),
        hs256({"alg": "HS256", "jku": "https://evil.example/jwks"}, claims, b"evil"),
        hs256({"alg": "HS256", "kid": "../../dev/null"}, claims, b""),
        hs256({"alg": "HS512", "typ": "JWT"}, claims, ours),
        hs256({"alg": "none"}, claims, ours),
        hs256({"alg": "nOnE"}, claims, ours).rpartition(".")[0] + ".",
        hs256({"alg": "HS256", "crit": ["exp"]}, claims, ours),
        hs256({"alg": "HS256"}, {**claims, "aud": ["todo_app:pages"]}, ours),
    ]:
        assert_problem(api.as_(forged).get("/api/me"), 401)


ENDINGS = {
    "signing out": lambda me: me.post("/api/auth/logout"),
    "a new password": lambda me: me.post("/api/me/password", json={"current_password": PASSWORD, "new_password": "five red foxes"}),
    "ending the session": lambda me: me.delete(f"/api/me/sessions/{me.get('/api/me/sessions').json()['items'][0]['id']}"),
    "deleting the account": lambda me: me("DELETE", "/api/me", json={"password": PASSWORD}),
}


@pytest.mark.parametrize("end", ENDINGS.values(), ids=ENDINGS)
def test_replaying_tokens_after(api: Api, end: Any) -> None:
    api.sign_up(ANA, "Ana")
    tokens = sign_in(api, ANA)
    for other in api.as_(tokens["access_token"]).get("/api/me/sessions").json()["items"]:
        if not other["current"]:
            api.as_(tokens["access_token"]).delete(f"/api/me/sessions/{other['id']}")
    me = api.as_(tokens["access_token"])
    assert end(me).status_code == 204
    assert_problem(me.get("/api/me"), 401)
    assert_problem(me.post("/api/tasks", json={"title": "too late"}), 401)
    assert_problem(api.post(REFRESH, json={"refresh_token": tokens["refresh_token"]}), 401)


def test_the_tokens_of_a_deleted_account_once_its_email_is_another_s(api: Api) -> None:
    api.sign_up(ANA, "Ana")
    tokens = sign_in(api, ANA)
    assert api.as_(tokens["access_token"])("DELETE", "/api/me", json={"password": PASSWORD}).status_code == 204
    api.sign_up(ANA, "Another Ana")
    assert_problem(api.as_(tokens["access_token"]).get("/api/me"), 401)
    assert_problem(api.post(REFRESH, json={"refresh_token": tokens["refresh_token"]}), 401)


def test_a_token_in_the_address_where_logs_and_histories_keep_it(api: Api) -> None:
    me = api.sign_up(ANA, "Ana")
    for name in ("access_token", "token", "authorization"):
        assert_problem(api.get(f"/api/me?{name}={me.token}"), 401)
    assert_problem(api.get("/api/me", headers={"Cookie": f"session={me.token}; access_token={me.token}"}), 401)


# -- Guessing ---------------------------------------------------------------------------------------------------------


def test_rotating_the_forwarded_address_to_guess_on(api: Api) -> None:
    api.sign_up(ANA, "Ana")
    answers = [
        api.post(
            LOGIN,
            json={"email": ANA, "password": f"guess {n}"},
            headers={"X-Forwarded-For": f"203.0.113.{n}", "X-Real-IP": f"203.0.113.{n}", "Forwarded": f"for=203.0.113.{n}"},
        ).status_code
        for n in range(12)
    ]
    assert answers == [401] * 10 + [429] * 2


def test_rotating_the_spelling_of_the_email_to_guess_on(api: Api) -> None:
    api.sign_up(ANA, "Ana")
    spellings = [ANA, ANA.upper(), f" {ANA}", f"{ANA}\t", ANA.title(), "Ana@EXAMPLE.com"] * 2
    assert [api.post(LOGIN, json={"email": email, "password": "a guess"}).status_code for email in spellings][10:] == [429, 429]


# -- Words that are more than words -----------------------------------------------------------------------------------


@pytest.mark.parametrize("title", ['=HYPERLINK("https://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_a_formula_as_a_title_stays_text(api: Api, title: str) -> None:
    """Nothing here is ever written as CSV; should it be, `tests/attacks` is where its cells are to be tried."""
    me = api.sign_up(ANA, "Ana")
    assert me.add(title)["title"] == title
    export = me.get("/api/me/export")
    assert export.headers["content-type"] == "application/json"
    assert export.json()["tasks"][0]["title"] == title


@pytest.mark.parametrize("breaks", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x85"])
def test_a_line_break_in_a_title_splits_nothing(api: Api, breaks: str) -> None:
    me = api.sign_up(ANA, "Ana")
    sent = f"one{breaks}Set-Cookie: session=evil{breaks}{breaks}<script>"
    made = me.post("/api/tasks", json={"title": sent})
    assert "set-cookie" not in made.headers
    if made.status_code == 201:
        assert not set(made.json()["title"]) & set("\r\n\x0b\x85")
    else:
        assert_problem(made, 422, "/title")


def test_line_breaks_in_what_comes_back_in_a_header(api: Api) -> None:
    me = api.sign_up(ANA, "Ana")
    for path in ("/api/tasks/%0d%0aSet-Cookie:%20a=b", "/api/%0d%0aLocation:%20//evil.example", "/api/projects/%0a"):
        answer = me.get(path)
        assert answer.status_code in (404, 422)
        assert not {"set-cookie", "location"} & set(answer.headers)


def test_control_characters_in_an_address_on_their_way_to_a_terminal(api: Api, capsys: pytest.CaptureFixture[str]) -> None:
    me = api.sign_up(ANA, "Ana")
    for path in ("/api/tasks/%1b[2J%1b]0;evil%07", "/api/%9b31m", "/api/tasks?q=%1b[31m&filter=%1b"):
        me.get(path, headers={"User-Agent": "\x1b[31m", "Referer": "\x1b]0;evil\x07"})
    logged = "".join(capsys.readouterr())
    assert not set(logged) & set("\x1b\x07\x9b")


@pytest.mark.parametrize("name", ["Host", "X-Forwarded-Host", "X-Original-URL", "X-Rewrite-URL", "X-HTTP-Method-Override"])
def test_a_header_that_renames_the_host_the_path_or_the_method(api: Api, name: str) -> None:
    me = api.sign_up(ANA, "Ana")
    task = me.add("Mine")
    value = "DELETE" if "Method" in name else "evil.example" if "Host" in name else f"/api/tasks/{task['id']}"
    made = me.post("/api/tasks", json={"title": "x"}, headers={name: value})
    assert made.status_code == 201
    assert made.headers["location"] == f"/api/tasks/{made.json()['id']}"
    assert "evil" not in made.text


# -- Too much ---------------------------------------------------------------------------------------------------------


def calls_of(work: Any) -> int:
    """How many Python functions it calls: its work, counted and not timed."""
    calls = 0

    def count(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal calls
        calls += event == "call"

    gc.disable()  # it calls too, for what other tests have left
    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


@pytest.mark.parametrize("starts", [date(1, 1, 1), date(1900, 1, 1)])
@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY",
        "FREQ=DAILY;INTERVAL=29999",
        "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
        "FREQ=MONTHLY;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=5MO;BYSETPOS=-1",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
    ],
)
def test_a_recurrence_that_began_long_ago(rule: str, starts: date) -> None:
    """It goes to its next day at once, and not step by step through the centuries."""
    now = datetime(2026, 3, 11, 10, tzinfo=UTC)
    steps = [
        calls_of(lambda due=due: complete(Recurrence(rule, due), due, None, now, ZoneInfo("Europe/Berlin")))
        for due in (now.date() - timedelta(days=1), starts)
    ]
    assert steps[1] <= steps[0] + 500


@pytest.mark.parametrize("rule", ["FREQ=DAILY", "FREQ=MONTHLY;BYMONTHDAY=31", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29"])
def test_a_recurrence_counted_from_long_ago(rule: str) -> None:
    """What must be counted is counted to the largest count at most."""
    counted = Recurrence(f"{rule};COUNT={MAX_COUNT}", date(1, 1, 1))
    now = datetime(2026, 3, 11, 10, tzinfo=UTC)
    assert calls_of(lambda: complete(counted, counted.start, None, now, ZoneInfo("UTC"))) <= 20 * MAX_COUNT


@pytest.mark.parametrize(
    "rule", ["FREQ=SECONDLY", "FREQ=MINUTELY", "FREQ=HOURLY;INTERVAL=1", "FREQ=DAILY;BYSECOND=1", "FREQ=DAILY;COUNT=99999999"]
)
def test_a_recurrence_of_seconds(api: Api, rule: str) -> None:
    me = api.sign_up(ANA, "Ana")
    answer = me.post("/api/tasks", json={"title": "x", "due_date": "1900-01-01", "recurrence": rule})
    assert_problem(answer, 422, "/recurrence")


@pytest.mark.parametrize("path", ["/api/tasks", LOGIN, "/api/parse", "/api/tasks/bulk", "/api/filters/explain"])
@pytest.mark.parametrize(
    "body", [b"[" * 100_000, b'{"title":' * 50_000, b'{"title":"' + b"\\u0000" * 9 + b'"}', b"9" * 5_000], ids=range(4)
)
def test_json_too_deep_or_too_long_to_read(api: Api, path: str, body: bytes) -> None:
    me = api.sign_up(ANA, "Ana")
    assert_problem(me.post(path, content=body, headers={"Content-Type": "application/json"}), 422)


@pytest.mark.parametrize(
    "query",
    [
        "limit=9223372036854775808",
        "limit=-1",
        "offset=99999999999999999999",
        "q=%00",
        "q=%ed%a0%80",
        "due_before=0001-01-01T00:00:00%2B14:00",
        "due_before=9999-12-31T23:59:59-14:00",
        "filter=" + "(" * 3000,
        "filter=" + "!" * 3000 + "today",
        "project_id=1%27%20OR%20%271%27=%271",
    ],
)
def test_a_query_at_the_ends_of_what_databases_take(api: Api, query: str) -> None:
    me = api.sign_up(ANA, "Ana")
    me.add("Mine")
    answer = me.get(f"/api/tasks?{query}")
    assert answer.status_code in (200, 422), answer.text
    assert answer.status_code == 422 or answer.json()["items"] == [] or query.startswith("q="), answer.text


def test_wildcards_in_a_search_are_characters(api: Api) -> None:
    me = api.sign_up(ANA, "Ana")
    me.add("Mine")
    for wildcard in ("%25", "_", "%5C", "M%25e", "*"):
        assert me.titles(f"/api/tasks?q={wildcard}") == []


# -- From another site ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_another_site_that_makes_a_browser_send(api: Api, method: str) -> None:
    me = api.sign_up(ANA, "Ana")
    task = me.add("Mine")
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    assert_problem(me(method, f"/api/tasks/{task['id']}", headers=headers), 403)
    assert me.get(f"/api/tasks/{task['id']}").json() == task


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:8000.evil.example", "http://evil.example:8000", "http://localhost"]
)
def test_another_origin_that_asks_to_read(api: Api, origin: str) -> None:
    asked = {"Origin": origin, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "authorization"}
    for answer in (api("OPTIONS", "/api/tasks", headers=asked), api.get("/api/tasks", headers={"Origin": origin})):
        assert "access-control-allow-origin" not in answer.headers


def test_learning_who_has_an_account_by_signing_in(api: Api) -> None:
    api.sign_up(ANA, "Ana")
    known, unknown = (api.post(LOGIN, json={"email": email, "password": "a guess"}) for email in (ANA, BOB))
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)
