"""The rows that come with a page: whose they are, who gets them, and what happens where there are none."""

import re
from pathlib import Path
from threading import Event

import httpx
import pytest
from sqlalchemy.exc import OperationalError
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from tests.people import statements
from todo_app.db import Database
from todo_app.schemas.tasks import TaskFields
from todo_app.services import sessions, tasks
from todo_app.services.actor import Actor
from todo_app.ui import first_rows
from todo_app.ui.components.elements import SKELETON
from todo_app.ui.first_rows import FirstRows

pytestmark = pytest.mark.anyio

AS_BUILT = "as built"


@pytest.fixture
def served(tmp_path: Path, db: Database, monkeypatch: pytest.MonkeyPatch) -> ASGIApp:
    """Built pages behind the wrapper; what passes it by is served as it was built."""
    for name in ("inbox", "today", "upcoming", "settings"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "index.html").write_text(f"<h1>{name}</h1>{SKELETON}")
    monkeypatch.setattr(first_rows, "BUILT_PAGES", tmp_path)
    return FirstRows(PlainTextResponse(AS_BUILT))


async def get(app: ASGIApp, path: str, session: str = "", method: str = "GET") -> httpx.Response:
    headers = {"Cookie": f"session={session}"} if session else {}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:8000") as client:
        return await client.request(method, path, headers=headers)


def titles(answer: httpx.Response) -> list[str]:
    """The titles of the rows in a page."""
    return re.findall(r'class="title" dir="auto">(.*?)</button>', answer.text)


def has_task(db: Database, actor: Actor, title: str, **fields: object) -> None:
    db.write_now(tasks.create_task, actor, TaskFields.model_validate({"title": title, **fields}))


async def test_the_page_of_somebody_signed_in_has_their_tasks(
    served: ASGIApp, db: Database, ana: Actor, bob: Actor, ana_session: str
) -> None:
    has_task(db, ana, "Hers")
    has_task(db, bob, "His")
    answer = await get(served, "/inbox", ana_session)
    assert titles(answer) == ["Hers"]
    assert answer.text.startswith("<h1>inbox</h1>")
    assert SKELETON not in answer.text


async def test_nothing_keeps_such_a_page(served: ASGIApp, db: Database, ana: Actor, ana_session: str) -> None:
    assert (await get(served, "/inbox", ana_session)).headers["cache-control"] == "no-store"


async def test_the_choices_of_the_address_count(served: ASGIApp, db: Database, ana: Actor, ana_session: str) -> None:
    has_task(db, ana, "Open")
    has_task(db, ana, "Done", completed=True)
    assert titles(await get(served, "/inbox?status=completed", ana_session)) == ["Done"]
    assert titles(await get(served, "/inbox?status=nonsense&sort=title", ana_session)) == ["Done", "Open"]


async def test_what_people_write_stays_text(served: ASGIApp, db: Database, ana: Actor, ana_session: str) -> None:
    has_task(db, ana, "<img src=x onerror=\"alert('1')\">&amp;")
    page = (await get(served, "/inbox", ana_session)).text
    assert "<img" not in page
    assert "&lt;img src=x onerror=&quot;alert(&#x27;1&#x27;)&quot;&gt;&amp;amp;" in page


@pytest.mark.parametrize("session", ["", "no such session"])
async def test_nobody_gets_the_page_as_it_was_built(served: ASGIApp, session: str) -> None:
    assert (await get(served, "/inbox", session)).text == AS_BUILT


async def test_so_does_who_has_signed_out(served: ASGIApp, db: Database, ana: Actor, ana_session: str) -> None:
    has_task(db, ana, "Hers")
    db.write_now(sessions.end_all, ana.user_id)
    assert (await get(served, "/inbox", ana_session)).text == AS_BUILT


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/settings"), ("GET", "/project/01a21dd9-eb91-7077-af03-443c0a0e95de"), ("GET", "/api/tasks"), ("POST", "/inbox")],
)
async def test_what_is_no_list_that_is_a_file_is_passed_on(served: ASGIApp, ana_session: str, method: str, path: str) -> None:
    assert (await get(served, path, ana_session, method)).text == AS_BUILT


async def test_a_filter_that_is_none_is_left_for_the_page_to_tell_of(served: ASGIApp, ana_session: str) -> None:
    assert (await get(served, "/inbox?filter=(", ana_session)).text == AS_BUILT


async def test_so_is_a_database_that_is_away(served: ASGIApp, ana_session: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_arguments: object) -> None:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    monkeypatch.setattr(sessions, "by_digest", away)
    assert (await get(served, "/inbox", ana_session)).text == AS_BUILT


async def test_a_database_that_is_slow_is_not_waited_for(
    served: ASGIApp, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_answered = Event()
    monkeypatch.setattr(first_rows, "SECONDS", 0.05)
    monkeypatch.setattr(sessions, "by_digest", lambda *_arguments: is_answered.wait(30))
    assert (await get(served, "/inbox", ana_session)).text == AS_BUILT
    is_answered.set()


async def test_an_empty_list_keeps_its_place(served: ASGIApp, ana_session: str) -> None:
    assert SKELETON in (await get(served, "/inbox", ana_session)).text


async def test_a_page_costs_as_many_queries_with_one_task_as_with_many(
    served: ASGIApp, db: Database, ana: Actor, ana_session: str
) -> None:
    counts = []
    for number in (1, 28):
        for each in range(number):
            has_task(db, ana, f"Task {each}")
        with statements(db) as seen:
            await get(served, "/inbox", ana_session)
        counts.append(len(seen))
    assert counts == [5, 5]
