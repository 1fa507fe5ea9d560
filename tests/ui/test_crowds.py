"""Many sockets, many events: what one person or one address may take, and that the others don't notice."""

import gc
import json

import pytest

from tests.ui.conftest import browser_session, on_one_database
from tests.ui.lists import rows_of
from tests.ui.pages import Page, Refused, Site, handler_name
from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.schemas.tasks import TaskQuery
from todo_app.services import sessions, task_lists
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.ui.live import Live
from todo_app.ui.sockets import RETRY_AFTER_SECONDS
from todo_app.ui.task_list.state import TaskList

pytestmark = [pytest.mark.anyio, on_one_database]

FLOOD = 400


def allow(monkeypatch: pytest.MonkeyPatch, **numbers: int) -> None:
    for name, number in numbers.items():
        monkeypatch.setattr(get_settings(), name, number)
    limits.cache_clear()


async def test_a_person_may_hold_so_many_sockets_and_then_close_one(
    site: Site, db: Database, ana: Actor, ana_session: str, bob_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, sockets_per_user=2)
    first, _second = await site.page(ana_session), await site.page(browser_session(db, ana))
    refused = Page(site, ana_session)
    with pytest.raises(Refused):
        await refused.open("/inbox")
    assert not refused.accepted
    for page in (await site.page(bob_session), await site.page(path="/login")):
        await page.close()
    await first.close()
    assert (await site.page(ana_session)).accepted


async def test_an_address_may_hold_so_many_sockets_whoever_signs_in_there_and_whatever_it_says_it_is(
    site: Site, ana_session: str, bob_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, sockets_per_address=3)
    await site.page(ana_session)
    await site.page(bob_session)
    await site.page(path="/login")
    for number in range(3):
        refused = Page(site, ana_session, headers={"x-forwarded-for": f"203.0.113.{number}"})
        with pytest.raises(Refused):
            await refused.open("/inbox")


async def test_behind_a_proxy_of_ours_the_address_it_tells_counts(
    site: Site, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, sockets_per_address=1, trusted_proxy_hops=1)
    await Page(site, ana_session, headers={"x-forwarded-for": "203.0.113.1"}).open("/inbox")
    await Page(site, ana_session, headers={"x-forwarded-for": "203.0.113.2"}).open("/inbox")
    with pytest.raises(Refused):  # what stands to the left is the caller's to invent
        await Page(site, ana_session, headers={"x-forwarded-for": "198.51.100.9, 203.0.113.1"}).open("/inbox")


async def test_a_socket_too_many_is_told_when_to_come_back(site: Site, ana_session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    allow(monkeypatch, sockets_per_address=1)
    await site.page(ana_session)
    answers = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, object]) -> None:
        answers.append(message)

    scope = {"type": "websocket", "path": "/_event/", "headers": [(b"host", b"localhost")], "client": ("192.0.2.7", 1)}
    await site.asgi({**scope, "extensions": {"websocket.http.response": {}}}, receive, send)  # type: ignore[arg-type]
    assert answers[0]["status"] == 429
    assert (b"retry-after", str(RETRY_AFTER_SECONDS).encode()) in answers[0]["headers"]  # type: ignore[operator]
    await site.asgi(scope, receive, send)  # type: ignore[arg-type]
    assert answers[-1] == {"type": "websocket.close", "code": 1013}


async def test_a_socket_whose_session_has_ended_counts_for_its_address_alone(
    site: Site, db: Database, ana: Actor, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    allow(monkeypatch, sockets_per_user=1)
    db.write_now(sessions.end_all, ana.user_id)
    for page in [await site.page(ana_session, "/login") for _ in range(2)]:
        await page.close()


async def test_a_flood_of_one_person_keeps_nobody_else_waiting(
    site: Site, db: Database, ana: Actor, ana_session: str, bob: Actor, bob_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bob's event, sent after hundreds of Ana's, is answered while most of hers still wait; of hers, a limit's worth is done."""
    allow(monkeypatch, events_per_user_per_minute=20)
    hers, his = await site.page(ana_session), await site.page(bob_session)
    mark = hers.mark()
    for number in range(FLOOD):
        event = hers.event(handler_name(TaskList.add), {"form": {"title": f"flood {number}", "key": str(number)}})
        hers._inbox.put_nowait({"type": "websocket.receive", "text": "42/_event," + json.dumps(["event", event])})
    await his.post(handler_name(TaskList.add), {"form": {"title": "Bob's", "key": "b"}})
    await his._until(lambda: bool(rows_of(his)))
    answered = len(hers.since(mark))
    assert [row["title"] for row in rows_of(his)] == ["Bob's"]
    assert answered < FLOOD / 4
    await hers.settle()
    done = db.read_now(task_lists.list_tasks, ana, TaskQuery(limit=500)).total
    assert 0 < done < 20
    assert hers[Live]["epoch"] >= FLOOD - 20  # the others were refused, each with its rows put back
    await hers.close()
    await his.close()


async def test_nobody_waits_while_the_app_itself_is_looked_through_for_garbage(site: Site) -> None:
    assert not any(each is site.app for each in gc.get_objects())
