"""/api/me: one's own account, and its end."""

import uuid

from sqlalchemy import text
from sqlmodel import SQLModel

from tests.api.conftest import Api, assert_problem, together
from tests.authenticators import leave_second_steps
from tests.people import ANA, BOB, PASSWORD
from tests.servers import MailServer
from todo_app.db import Database
from todo_app.services import mail_links

NEW_PASSWORD = "four green frogs"


def rows(db: Database) -> dict[str, int]:
    """How many rows each table holds."""
    count = "SELECT count(*) FROM {}"
    return db.read_now(
        lambda session: {name: session.connection().scalar(text(count.format(name))) or 0 for name in SQLModel.metadata.tables}
    )


def test_my_account(ana: Api) -> None:
    me = ana.get("/api/me")
    assert me.status_code == 200
    assert (me.json()["email"], me.json()["name"], me.json()["theme"]) == (ANA, "Ana", "system")
    assert "password" not in me.text


def test_what_needs_no_password_can_be_changed_one_by_one(ana: Api) -> None:
    before = ana.get("/api/me").json()
    changed = ana.patch("/api/me", json={"name": " Ana María ", "time_zone": "Asia/Tokyo"})
    assert changed.status_code == 200
    assert changed.json() == {**before, "name": "Ana María", "time_zone": "Asia/Tokyo"}
    assert ana.patch("/api/me", json={"theme": "dark", "week_start": 6}).json()["week_start"] == 6
    assert ana.patch("/api/me", json={}).json() == ana.get("/api/me").json()


def test_a_bad_field_of_the_profile_is_named_and_nothing_is_saved(ana: Api) -> None:
    for field, value in [
        ("name", None),
        ("name", " "),
        ("time_zone", "Mars/Phobos"),
        ("time_zone", None),
        ("theme", "pink"),
        ("week_start", 7),
        ("week_start", 2**64),
        ("week_start", "1"),
        ("week_start", True),
        ("email", BOB),
        ("id", str(uuid.uuid4())),
        ("last_change", 5),
    ]:
        before = ana.get("/api/me").json()
        assert_problem(ana.patch("/api/me", json={"name": "Half", field: value}), 422, f"/{field}")
        assert ana.get("/api/me").json() == before


def test_a_new_email_needs_the_password_and_works_from_then_on(ana: Api) -> None:
    assert_problem(ana.post("/api/me/email", json={"email": "a@example.org", "password": "guess"}), 403)
    assert_problem(ana.post("/api/me/email", json={"email": "nobody", "password": PASSWORD}), 422, "/email")
    changed = ana.post("/api/me/email", json={"email": "a@example.org", "password": PASSWORD})
    assert (changed.status_code, changed.json()["email"]) == (200, "a@example.org")
    assert ana.sign_in("a@example.org").get("/api/me").status_code == 200
    assert_problem(ana.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}), 401)


def test_an_email_of_another_person_can_not_be_taken(ana: Api, bob: Api) -> None:
    assert_problem(ana.post("/api/me/email", json={"email": BOB.upper(), "password": PASSWORD}), 409)
    assert ana.get("/api/me").json()["email"] == ANA


def test_a_new_password_ends_every_session(api: Api, ana: Api) -> None:
    other = api.sign_in(ANA)
    refresh = api.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}).json()["refresh_token"]
    answer = ana.post("/api/me/password", json={"current_password": PASSWORD, "new_password": NEW_PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    assert_problem(ana.get("/api/me"), 401)
    assert_problem(other.get("/api/tasks"), 401)
    assert_problem(api.post("/api/auth/refresh", json={"refresh_token": refresh}), 401)
    assert_problem(api.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}), 401)
    assert api.sign_in(ANA, NEW_PASSWORD).get("/api/me").status_code == 200


def test_how_one_writes_in_quick_add_is_changed(ana: Api) -> None:
    me = ana.patch("/api/me", json={"language": "de", "date_order": "mdy", "shortcuts": False}).json()
    assert (me["language"], me["date_order"], me["shortcuts"]) == ("de", "mdy", False)
    read = ana.post("/api/parse", json={"text": "Laufen jeden Tag", "now": "2026-03-04T10:00:00"}).json()
    assert read["rrule"] == "FREQ=DAILY"
    assert ana.post("/api/parse", json={"text": "x 3/4", "now": "2026-03-01T10:00:00"}).json()["due_date"] == "2026-03-04"
    for field, value in (("language", "fr"), ("date_order", "ymd"), ("shortcuts", "no"), ("language", None)):
        assert_problem(ana.patch("/api/me", json={field: value}), 422, f"/{field}")


def test_a_password_that_will_not_do_changes_nothing(ana: Api) -> None:
    for current, new, pointer in [
        ("guess", NEW_PASSWORD, "/current_password"),
        (PASSWORD, "short", "/new_password"),
        (PASSWORD, "sunshine", "/new_password"),
        (PASSWORD, ANA, "/new_password"),
        (None, NEW_PASSWORD, "/current_password"),
    ]:
        assert_problem(ana.post("/api/me/password", json={"current_password": current, "new_password": new}), 422, pointer)
        assert ana.get("/api/me").status_code == 200
        assert ana.sign_in(ANA)


def test_guessing_the_password_of_an_open_session_is_limited(ana: Api) -> None:
    for _ in range(10):
        assert_problem(ana("DELETE", "/api/me", json={"password": "guess"}), 403)
    for method, path, body in [
        ("DELETE", "/api/me", {"password": PASSWORD}),
        ("POST", "/api/me/email", {"email": "a@example.org", "password": PASSWORD}),
        ("POST", "/api/me/password", {"current_password": PASSWORD, "new_password": NEW_PASSWORD}),
    ]:
        answer = ana(method, path, json=body)
        assert_problem(answer, 429)
        assert int(answer.headers["retry-after"]) > 0
    assert ana.get("/api/me").status_code == 200


def fill(person: Api, db: Database) -> None:
    """Leaves a row of each kind."""
    person.post("/api/me/email/confirmation")
    me = person.get("/api/me").json()
    db.write_now(mail_links.make, "reset", uuid.UUID(me["id"]), me["email"])
    outside = person.post("/api/projects", json={"name": "Outside"}).json()["id"]
    garden = person.post("/api/projects", json={"name": "Garden", "parent_id": outside}).json()["id"]
    section = person.post("/api/sections", json={"name": "Beds", "project_id": garden}).json()["id"]
    label = person.post("/api/labels", json={"name": "errand"}).json()["id"]
    person.post("/api/filters", json={"name": "Soon", "query": "today"})
    task = person.add("Milk", notes="2 litres", section_id=section, label_ids=[label])
    person.add("Oat milk", parent_id=task["id"])
    person.post("/api/tasks", json={"title": "Once"}, headers={"Idempotency-Key": "one"})
    person.delete(f"/api/tasks/{task['id']}")
    person.post("/api/undo")
    db.write_now(leave_second_steps, uuid.UUID(person.get("/api/me").json()["id"]))


def test_deleting_the_account_leaves_no_row_of_it(ana: Api, bob: Api, db: Database, mail_server: MailServer) -> None:
    fill(bob, db)
    only_bob = {**rows(db), "users": 1, "sessions": 1, "session_tokens": 1}
    assert all(only_bob.values())
    fill(ana, db)
    ana.sign_in(ANA)
    assert_problem(ana("DELETE", "/api/me", json={"password": "guess"}), 403)
    assert_problem(ana("DELETE", "/api/me", json={}), 422, "/password")
    answer = ana("DELETE", "/api/me", json={"password": PASSWORD})
    assert (answer.status_code, answer.content) == (204, b"")
    assert rows(db) == only_bob
    assert_problem(ana.get("/api/me"), 401)
    assert len(bob.titles()) == 3


def test_writing_while_the_account_goes_is_done_or_refused_and_leaves_nothing(ana: Api, db: Database) -> None:
    gone = ana.send("DELETE", "/api/me", json={"password": PASSWORD})
    writes = [ana.send("POST", "/api/tasks", json={"title": str(n)}) for n in range(12)]
    answers = together(*writes[:6], gone, *writes[6:])
    assert {answer.status_code for answer in answers} <= {201, 204, 401}
    assert not any(rows(db).values())


def test_the_export_holds_everything_of_mine_and_nothing_else(ana: Api, bob: Api) -> None:
    bob.add("Bob's secret")
    kept, dropped = ana.add("Kept", notes="🌱 שלום"), ana.add("Dropped")
    ana.delete(f"/api/tasks/{dropped['id']}")
    answer = ana.get("/api/me/export")
    assert answer.status_code == 200
    document = answer.json()
    assert (document["format"], document["version"], document["user"]) == ("todo-export", 1, ana.get("/api/me").json())
    assert [{name: task[name] for name in kept} for task in document["tasks"]] == [kept]
    assert [task["id"] for task in document["trash"]] == [dropped["id"]]
    assert [change["id"] for change in document["changes"]] == [1, 2, 3]
    assert document["changes"] == ana.get("/api/changes").json()["items"]
    assert len(document["sessions"]) == 1
    assert "secret" not in answer.text
    assert not any(words in answer.text for words in ("password_hash", "$2b$"))


def test_my_sessions_can_be_seen_and_ended_one_by_one(api: Api, ana: Api) -> None:
    other = api.sign_in(ANA)
    sessions = ana.get("/api/me/sessions").json()["items"]
    assert [session["current"] for session in sessions].count(True) == 1
    assert {session["kind"] for session in sessions} == {"api"}
    assert sessions[0]["user_agent"].startswith("python-httpx")
    theirs = next(session["id"] for session in other.get("/api/me/sessions").json()["items"] if session["current"])
    answer = ana.delete(f"/api/me/sessions/{theirs}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert_problem(other.get("/api/me"), 401)
    assert len(ana.get("/api/me/sessions").json()["items"]) == 1
    assert_problem(ana.delete(f"/api/me/sessions/{theirs}"), 404)
    assert_problem(ana.delete("/api/me/sessions/mine"), 422, "/session_id")


def test_a_stranger_can_not_end_my_session(ana: Api, bob: Api) -> None:
    mine = ana.get("/api/me/sessions").json()["items"][0]["id"]
    foreign, missing = bob.delete(f"/api/me/sessions/{mine}"), bob.delete(f"/api/me/sessions/{uuid.uuid4()}")
    assert_problem(foreign, 404)
    assert (foreign.content, dict(foreign.headers)) == (missing.content, dict(missing.headers))
    assert ana.get("/api/me").status_code == 200
