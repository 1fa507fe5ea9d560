"""The gate before every event: who is let in, what becomes of a page whose session ends, and what if nobody can be looked up."""

import json
from datetime import timedelta
from typing import Any

import pytest
import reflex as rx
from sqlmodel import select

from tests.people import ANA
from tests.ui.conftest import browser_session, on_one_database
from tests.ui.lists import rows_of
from tests.ui.pages import HYDRATE, ON_LOAD, Page, Refused, Site, handler_name
from todo_app import change_feed
from todo_app.config import Settings, get_settings
from todo_app.db import Database, database
from todo_app.errors import NotSignedIn, Unavailable
from todo_app.models import SignIn
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import ProfilePatch
from todo_app.schemas.fields import parse
from todo_app.schemas.tasks import TaskFields, TaskQuery
from todo_app.services import accounts, sessions, task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.ui import gate, live
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices
from todo_app.ui.session import Session
from todo_app.ui.signing_in.state import SigningIn
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.state import TaskPanel

pytestmark = [pytest.mark.anyio, on_one_database]

TITLE = "Rehearse the surprise"


@pytest.fixture
def task_id(db: Database, ana: Actor) -> str:
    """A task of Ana's."""
    return str(db.write_now(tasks.create_task, ana, TaskFields(title=TITLE, notes="Nobody may know")).id)


def titles(db: Database, person: Actor) -> list[str]:
    return [task.title for task in db.read_now(task_lists.list_tasks, person, TaskQuery()).items]


# -- Nobody -----------------------------------------------------------------------------------------------------------


async def test_nobody_is_led_to_the_login_page_and_from_there_back(site: Site, task_id: str) -> None:
    page = await site.page(path="/inbox?status=open&q=tea")
    assert page.sent_to == "/login?next=%2Finbox%3Fstatus%3Dopen%26q%3Dtea"
    assert rows_of(page) == []
    assert not page[TaskList]["loaded"]
    await page.close()


async def test_a_session_nobody_knows_counts_as_ended(site: Site, task_id: str) -> None:
    page = await site.page("made-up", "/inbox")
    assert page.sent_to == "/login?ended=1&next=%2Finbox"
    await page.go("/login?ended=1&next=%2Finbox")
    assert page[SigningIn]["notice"] == "Session expired. Please sign in again."
    await page.close()


async def test_on_the_login_page_a_handler_leads_nowhere(site: Site, db: Database, ana: Actor, task_id: str) -> None:
    page = await site.page(path="/login")
    await page.call(TaskList.delete, task_id)
    assert page.sent_to is None
    assert titles(db, ana) == [TITLE]
    await page.close()


async def test_an_odd_cookie_of_another_app_is_no_reason_to_lose_the_session(site: Site, ana_session: str) -> None:
    page = Page(site, cookies={"theirs": '{"a": [1, 2]}', "session": ana_session})
    await page.open("/inbox")
    assert page[Session]["name"] == "Ana"
    await page.close()


async def test_a_page_knows_who_is_here_and_how_they_like_it(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    liked = {"theme": "dark", "time_zone": "Asia/Tokyo", "week_start": 6, "shortcuts": False, "language": "de", "date_order": "mdy"}
    db.write_now(accounts.update_profile, ana, parse(ProfilePatch, {"name": "ana maria lopez", **liked}))
    page = await site.page(ana_session)
    known = {"name": "ana maria lopez", "email": ANA, "initials": "AM", **liked}
    assert {name: page[Session][name] for name in known} == known
    await page.close()


# -- A session that ends ----------------------------------------------------------------------------------------------


async def test_a_session_that_ends_takes_effect_on_the_next_event(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    page = await site.page(ana_session)
    live.forget_page(page.token)  # or it would be told before it asks
    db.write_now(sessions.end_all, ana.user_id)
    mark = page.mark()
    await page.call(TaskList.delete, task_id)
    assert page.sent_to == "/login?ended=1&next=%2Finbox"
    assert rows_of(page) == []
    assert page[Session]["name"] == ""
    assert TITLE not in "".join(page.since(mark))
    assert titles(db, ana) == [TITLE]
    await page.close()


async def test_an_open_page_is_told_at_once_that_its_session_has_ended(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    page = await site.page(ana_session)
    assert rows_of(page)[0]["title"] == TITLE
    db.write_now(sessions.end_all, ana.user_id)
    await page.settle()
    assert page.sent_to == "/login?ended=1&next=%2Finbox"
    assert rows_of(page) == []
    await page.close()


async def test_signing_one_place_out_leaves_the_others_alone(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    stays, goes = await site.page(ana_session), await site.page(browser_session(db, ana))
    ended = [row.id for row in db.read_now(lambda s: s.exec(select(SignIn).order_by(SignIn.created_at)).all())][-1]
    db.write_now(sessions.end, ana, ended)
    await site.settle()
    assert goes.sent_to
    assert stays.sent_to is None
    await stays.close()
    await goes.close()


async def test_a_change_at_one_place_shows_at_another_which_stays_itself(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    here, there = await site.page(ana_session), await site.page(browser_session(db, ana))
    await here.call(TaskList.add, {"title": "Everywhere", "key": "1"})
    await there.settle()
    assert [row["title"] for row in rows_of(there)] == ["Everywhere"]
    assert there[rx.State]["is_hydrated"]
    assert there[Session]["name"] == "Ana"
    await here.close()
    await there.close()


@pytest.mark.parametrize("ended", [{"expires_at": -1}, {"last_used_at": -15}])
async def test_a_session_ends_by_age_and_by_idleness(
    site: Site, db: Database, ana_session: str, task_id: str, ended: dict[str, int]
) -> None:
    page = await site.page(ana_session)

    def age(session: Any) -> None:
        for sign_in in session.exec(select(SignIn)).all():
            for name, days in ended.items():
                setattr(sign_in, name, utc_now() + timedelta(days=days))

    db.write_now(age)
    await page.call(TaskList.load)
    assert page.sent_to == "/login?ended=1&next=%2Finbox"
    await page.close()


async def test_use_keeps_a_session_from_ending(site: Site, db: Database, ana_session: str) -> None:
    page = await site.page(ana_session)

    def used(session: Any) -> list[SignIn]:
        return [each for each in session.exec(select(SignIn)).all() if each.kind == "browser"]

    def age(session: Any) -> None:
        used(session)[0].last_used_at = utc_now() - timedelta(days=13)

    def age_now() -> timedelta:
        return utc_now() - db.read_now(used)[0].last_used_at

    db.write_now(age)
    live._look_soon()  # an open page that nobody touches is no use
    await page.has_looked()
    assert age_now() > timedelta(days=12)
    await page.call(TaskList.load)
    assert age_now() < timedelta(minutes=1)
    await page.close()


# -- Somebody else's page ---------------------------------------------------------------------------------------------

FIRST_EVENTS = {
    "hydration": HYDRATE,
    "a page load": ON_LOAD,
    "being hydrated": f"{ON_LOAD.rpartition('.')[0]}.set_is_hydrated",
    "a handler": handler_name(TaskList.later),
    "another state's": handler_name(Notices.dismiss),
}


async def _take_over(site: Site, ana_session: str, session: str, task_id: str, first: str) -> Page:
    """Ana's page closes with her task open; somebody comes with its client token, sends `first`, then all that may tell more."""
    hers = await site.page(ana_session)
    await hers.call(TaskPanel.open_task, task_id)
    assert hers[TaskPanel]["notes"] == "Nobody may know"
    await hers.close()
    theirs = Page(site, session, token=hers.token)
    theirs.path = "/inbox"
    await theirs.connect()
    payload = {"value": True} if first.endswith("set_is_hydrated") else {}
    await theirs.send(first, payload)
    await theirs.send(HYDRATE, {"vars": {}})
    await theirs.go("/inbox")
    return theirs


@pytest.mark.parametrize("first", FIRST_EVENTS.values(), ids=FIRST_EVENTS)
@pytest.mark.parametrize("who", ["nobody", "bob"])
async def test_a_client_token_alone_gets_nothing_of_its_page(
    site: Site, ana_session: str, bob_session: str, task_id: str, who: str, first: str
) -> None:
    theirs = await _take_over(site, ana_session, bob_session if who == "bob" else "", task_id, first)
    assert not theirs.has(TITLE)
    assert not theirs.has("Nobody may know")
    assert not theirs.has("Ana")
    assert theirs[TaskPanel]["task_id"] == ""
    assert theirs[Session]["name"] == ("Bob" if who == "bob" else "")
    await theirs.close()


async def test_another_person_in_the_same_tab_finds_an_empty_page(
    site: Site, ana_session: str, bob_session: str, task_id: str
) -> None:
    """As after signing out and in again: the tab keeps its client token, its socket carries another cookie."""
    hers = await site.page(ana_session)
    await hers.close()
    his = Page(site, bob_session, token=hers.token)
    await his.open("/inbox")
    assert his[Session]["name"] == "Bob"
    assert rows_of(his) == []
    assert his[TaskList]["loaded"]
    assert not his.has(TITLE)
    await his.close()


async def test_a_handler_that_got_around_the_gate_would_find_nobody(settings: Settings) -> None:
    session = await rx.State(_reflex_internal_init=True).get_state(Session)
    with pytest.raises(NotSignedIn, match="Session expired"):
        _ = session._signed_in


# -- Live -------------------------------------------------------------------------------------------------------------


async def test_a_change_is_shown_in_the_persons_other_pages_and_nobody_elses(
    site: Site, ana_session: str, bob_session: str
) -> None:
    here, there, bobs = await site.page(ana_session), await site.page(ana_session), await site.page(bob_session)
    mark = bobs.mark()
    await here.call(TaskList.add, {"title": TITLE, "key": "1"})
    await there.settle()
    assert [row["title"] for row in rows_of(there)] == [TITLE]
    assert bobs.since(mark) == []
    for page in (here, there, bobs):
        await page.close()


async def test_what_a_page_was_not_told_it_finds_by_itself(
    site: Site, db: Database, ana: Actor, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when the process that made the change died before it could tell, or Redis was away."""
    page = await site.page(ana_session)
    monkeypatch.setattr(change_feed.live, "publish", lambda _notice: None)
    db.write_now(tasks.create_task, ana, TaskFields(title=TITLE))
    live._look_soon()
    await page.has_looked()
    assert [row["title"] for row in rows_of(page)] == [TITLE]
    db.write_now(sessions.end_all, ana.user_id)
    live._look_soon()
    await page.has_looked()
    assert page.sent_to == "/login?ended=1&next=%2Finbox"
    await page.close()


async def test_a_page_taken_over_hears_no_more_of_the_former_person(
    site: Site, db: Database, ana: Actor, ana_session: str, bob_session: str
) -> None:
    hers = await site.page(ana_session)
    await hers.close()
    his = Page(site, bob_session, token=hers.token)
    await his.open("/inbox")
    assert live.owner_of(hers.token) != ana.user_id
    assert hers.token not in live._tokens.get(ana.user_id, set())
    await his.close()


async def test_closed_pages_are_forgotten_when_another_opens(site: Site, ana: Actor, ana_session: str) -> None:
    for _ in range(4):
        page = await site.page(ana_session)
        await page.close()
    last = await site.page(ana_session)
    assert live._tokens[ana.user_id] == {last.token}
    assert [token for token, page in live._pages.items() if page.owner_id == ana.user_id] == [last.token]
    await last.close()


async def test_closed_pages_are_forgotten_at_the_next_change(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.close()
    db.write_now(tasks.create_task, ana, TaskFields(title=TITLE))
    await site.settle()
    assert ana.user_id not in live._tokens
    assert live.owner_of(page.token) is None


async def test_a_page_turned_away_is_nobodys(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    db.write_now(sessions.end_all, ana.user_id)
    await page.settle()
    assert live.owner_of(page.token) is None
    await page.close()


# -- Limits -----------------------------------------------------------------------------------------------------------


def _allow(events: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENTS_PER_USER_PER_MINUTE", str(events))
    get_settings.cache_clear()
    limits.cache_clear()


async def test_too_many_events_are_refused_in_words_and_change_nothing(
    site: Site, db: Database, ana: Actor, bob: Actor, ana_session: str, bob_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _allow(3, monkeypatch)
    page, bobs = await site.page(ana_session), await site.page(bob_session)
    for number in range(10):
        await page.post(handler_name(TaskList.add), {"form": {"title": f"{number}", "key": f"{number}"}})
    await page.settle()
    assert sorted(titles(db, ana)) == ["0", "1"]  # opening the page was the first of three
    assert page[Notices]["message"] == "That was a lot at once. Please wait a moment."
    assert sum("That was a lot" in frame for frame in page.frames) == 1
    assert page[Notices]["number"] == 7  # it is shown again each time: the toast may have gone since
    assert page[Live]["epoch"] == 8  # and what the browser has drawn ahead is put back each time
    await bobs.call(TaskList.add, {"title": "Bob's", "key": "b"})
    assert titles(db, bob) == ["Bob's"]
    await page.close()
    await bobs.close()


async def test_what_the_server_sends_pages_after_is_not_counted(
    site: Site, db: Database, ana: Actor, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a script that adds tasks over the API would lock its owner out of the pages."""
    _allow(2, monkeypatch)
    page = await site.page(ana_session)
    for number in range(6):
        db.write_now(tasks.create_task, ana, TaskFields(title=f"by a script {number}"))
        await page.settle()
    await page.call(TaskList.add, {"title": TITLE, "key": "1"})
    assert len(rows_of(page)) == 7
    assert page[Notices]["message"] == ""
    await page.close()


async def test_page_loads_are_counted_even_in_steps_of_reflex(
    site: Site, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _allow(3, monkeypatch)
    page = await site.page(ana_session)
    for _ in range(5):
        await page.go("/inbox")
    assert page[Notices]["message"] == "That was a lot at once. Please wait a moment."
    await page.close()


# -- When something breaks --------------------------------------------------------------------------------------------


async def test_without_its_database_the_gate_lets_nobody_in_says_so_once_and_recovers(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await site.page(ana_session)
    asked = []

    def away(*_: Any) -> None:
        asked.append(1)
        raise Unavailable("The database can't be reached right now. Please try again in a moment.")

    with monkeypatch.context() as outage:
        outage.setattr(database(), "_run", away)
        await page.call(TaskList.delete, task_id)
        assert page[Notices]["message"].startswith("The database can't be reached")
        assert page[Live]["epoch"] == 1
        assert len(asked) == 1  # no event followed that would have asked again
        fresh = await site.page(ana_session)
        assert fresh[Notices]["message"].startswith("The database can't be reached")
        assert not fresh.has(TITLE)
        assert page.sent_to is None  # it may well be signed in
    await page.call(TaskList.delete, task_id)
    assert titles(db, ana) == []
    await page.close()
    await fresh.close()


async def test_a_bug_in_the_gate_lets_nobody_in_and_is_logged_by_its_id_alone(
    site: Site,
    db: Database,
    ana: Actor,
    ana_session: str,
    task_id: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = await site.page(ana_session)
    calls = []

    async def broken(*_args: object, **_options: object) -> None:
        calls.append(1)
        raise LookupError(f"secret words: {TITLE}")

    monkeypatch.setattr(gate, "_visitor", broken)
    await page.call(TaskList.delete, task_id)
    message = page[Notices]["message"]
    assert message.startswith("Something went wrong, and nothing was changed. If it happens again, report error ")
    assert calls == [1]
    assert titles(db, ana) == [TITLE]
    output = capsys.readouterr()
    logged = output.out + output.err
    assert message.rpartition(" ")[2].rstrip(".") in logged
    assert "LookupError" in logged
    assert "test_gate.py" in logged
    assert TITLE not in logged
    await page.close()


# -- The security log -------------------------------------------------------------------------------------------------


def security_lines(output: str) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    return [line for line in lines if line.get("log") == "security"]


async def test_another_site_s_socket_is_written_with_where_it_came_from(
    site: Site, ana_session: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(Refused):
        await Page(site, ana_session, headers={"origin": "https://evil.example"}).open("/inbox")
    [line] = security_lines(capsys.readouterr().out)
    assert (line["event"], line["address"]) == ("malicious_cors", "192.0.2.7")
    assert line["request_id"]


async def test_a_page_without_a_session_is_written_once_however_often_it_tries(
    site: Site, task_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = await site.page()
    for _ in range(3):
        await page.call(TaskList.delete, task_id)
    [line] = security_lines(capsys.readouterr().out)
    assert (line["event"], line["reason"], line["resource"]) == ("authz_fail", "NotSignedIn", "task_list.load")
    assert line["address"] == "192.0.2.7"
    assert "user" not in line
    await page.close()


async def test_a_handler_that_is_asked_for_somebody_else_s_is_written_with_who_asked(
    site: Site, bob: Actor, bob_session: str, task_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page = await site.page(bob_session)
    await page.call(TaskList.delete, task_id)
    [line] = security_lines(capsys.readouterr().out)
    assert (line["event"], line["reason"], line["user"]) == ("authz_fail", "NotFound", str(bob.user_id))
    assert line["address"] == "192.0.2.7"
    assert line["request_id"]
    assert task_id not in json.dumps(line)
    await page.close()
