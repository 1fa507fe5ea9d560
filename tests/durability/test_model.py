"""Random actions of two people, by the API and by their open pages, against a plain model of what must come of them."""

import asyncio
import itertools
import os
import uuid
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
import reflex as rx
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase
from hypothesis.stateful import run_state_machine_as_test
from starlette.types import ASGIApp

from tests.api.conftest import Api
from tests.durability.conftest import THOROUGH
from tests.durability.model import FIRST_DAY, Driver, TwoPeople, World
from tests.people import register
from tests.ui.conftest import browser_session
from tests.ui.lists import marks_of, rows_of
from tests.ui.pages import Page, Site, serving
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.services import access_tokens, housekeeping
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.ui.notices import Notices
from todo_app.ui.organise.state import Organise
from todo_app.ui.row_menu.state import RowMenu
from todo_app.ui.selection.state import Selection
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.subtasks import Subtasks
from todo_app.ui.trash.state import Trash

pytestmark = pytest.mark.slow

EXAMPLES, STEPS = (100, 50) if THOROUGH else (3, 20)
PAGE_EXAMPLES, PAGE_STEPS = (50, 40) if THOROUGH else (2, 15)

_numbers = itertools.count()


class ByApi:
    """Everything by requests; a tab is another client with the same token. Every second POST is sent twice with one key."""

    def __init__(self, app: FastAPI, settings: Settings) -> None:
        self._app, self._secret = app, settings.auth_secret
        self._apis: list[Api] = []

    async def begin(self, people: list[Actor]) -> None:
        tokens = [access_tokens.issue(actor.user_id, actor.session_id, self._secret) for actor in people]
        self._apis = [Api(self._app, token) for token in tokens]

    async def end(self) -> None:
        pass

    async def _send(self, who: int, tab: int, method: str, path: str, *also: int, **content: Any) -> None:
        if method == "POST" and tab:
            content["headers"] = {"Idempotency-Key": str(uuid.uuid4())}
            first = await self._apis[who].send(method, path, **content)
            again = await self._apis[who].send(method, path, **content)
            assert (again.status_code, again.content) == (first.status_code, first.content) or not first.is_success
        else:
            first = await self._apis[who].send(method, path, **content)
        assert first.is_success or first.status_code in also, first.text

    async def add(self, who: int, tab: int, title: str) -> None:
        await self._send(who, tab, "POST", "/api/tasks", json={"title": title})

    async def add_daily(self, who: int, tab: int, title: str) -> None:
        fields = {"title": title, "due_date": FIRST_DAY.isoformat(), "rrule": "FREQ=DAILY"}
        await self._send(who, tab, "POST", "/api/tasks", json=fields)

    async def add_subtask(self, who: int, tab: int, title: str, parent: str) -> None:
        await self._send(who, tab, "POST", "/api/tasks", json={"title": title, "parent_id": parent})

    async def rename(self, who: int, tab: int, task_id: str, _old: str, title: str) -> None:
        etag = (await self._apis[who].send("GET", f"/api/tasks/{task_id}")).headers["etag"]
        path, headers = f"/api/tasks/{task_id}", {"If-Match": etag}
        await self._send(who, tab, "PATCH", path, json={"title": title}, headers=headers)
        stale = await self._apis[who].send("PATCH", path, json={"title": "Overwritten"}, headers=headers)
        assert stale.status_code == 412

    async def set_done(self, who: int, tab: int, task_id: str, done: bool) -> None:
        await self._send(who, tab, "PATCH", f"/api/tasks/{task_id}", json={"completed": done})

    async def delete(self, who: int, tab: int, task_id: str) -> None:
        await self._send(who, tab, "DELETE", f"/api/tasks/{task_id}")

    async def restore(self, who: int, tab: int, task_id: str) -> None:
        await self._send(who, tab, "POST", f"/api/tasks/{task_id}/restore")

    async def _bulk(self, who: int, tab: int, **what: Any) -> None:
        await self._send(who, tab, "POST", "/api/tasks/bulk", json=what)

    async def move(self, who: int, tab: int, ids: list[str], project: str | None, section: str | None) -> None:
        await self._bulk(who, tab, ids=ids, patch={"project_id": project, "section_id": section})

    async def order(self, who: int, tab: int, task_id: str, after: str | None) -> None:
        await self._send(who, tab, "POST", f"/api/tasks/{task_id}/move", json={"after": after})

    async def complete_all(self, who: int, tab: int, ids: list[str]) -> None:
        await self._bulk(who, tab, ids=ids, patch={"completed": True})

    async def delete_all(self, who: int, tab: int, ids: list[str]) -> None:
        await self._bulk(who, tab, ids=ids, delete=True)

    async def label_all(self, who: int, tab: int, ids: list[str], add: list[str], remove: list[str]) -> None:
        await self._bulk(who, tab, ids=ids, add_label_ids=add, remove_label_ids=remove)

    async def add_project(self, who: int, tab: int, name: str) -> None:
        await self._send(who, tab, "POST", "/api/projects", json={"name": name})

    async def delete_project(self, who: int, tab: int, project_id: str) -> None:
        await self._send(who, tab, "DELETE", f"/api/projects/{project_id}")

    async def add_section(self, who: int, tab: int, name: str, project_id: str) -> None:
        await self._send(who, tab, "POST", "/api/sections", json={"name": name, "project_id": project_id})

    async def delete_section(self, who: int, tab: int, section_id: str) -> None:
        await self._send(who, tab, "DELETE", f"/api/sections/{section_id}")

    async def add_label(self, who: int, tab: int, name: str) -> None:
        await self._send(who, tab, "POST", "/api/labels", json={"name": name})

    async def delete_label(self, who: int, tab: int, label_id: str) -> None:
        await self._send(who, tab, "DELETE", f"/api/labels/{label_id}")

    async def undo(self, who: int, _tab: int) -> None:
        await self._send(who, 0, "POST", "/api/undo", 404)

    async def redo(self, who: int, _tab: int) -> None:
        await self._send(who, 0, "POST", "/api/redo", 404)

    async def check(self, who: int, world: World, others: World) -> None:
        listed = (await self._apis[who].send("GET", "/api/tasks", params={"limit": 500})).json()["items"]
        assert {task["id"]: task["title"] for task in listed} == {each: world.tasks[each]["title"] for each in world.visible()}
        for kind in ("tasks", "projects", "sections", "labels"):
            for each in list(getattr(others, kind))[:1]:
                assert (await self._apis[who].send("GET", f"/api/{kind}/{each}")).status_code == 404


class ByPages:
    """Everything by the handlers of open pages: each person has the inbox open in two tabs."""

    def __init__(self, db: Database, site: Site) -> None:
        self._db, self._site = db, site
        self._tabs: list[list[Page]] = []

    async def begin(self, people: list[Actor]) -> None:
        sessions = [browser_session(self._db, actor) for actor in people]
        self._tabs = [[await self._site.page(session, "/inbox") for _ in range(2)] for session in sessions]

    async def end(self) -> None:
        for page in itertools.chain(*self._tabs):
            await page.close()

    async def add(self, who: int, tab: int, title: str) -> None:
        await self._tabs[who][tab].call(TaskList.add, {"title": title, "key": title})

    async def add_daily(self, who: int, tab: int, title: str) -> None:
        await self._tabs[who][tab].call(TaskList.add, {"title": f"{title} every day starting {FIRST_DAY}", "key": title})

    async def add_subtask(self, who: int, tab: int, title: str, parent: str) -> None:
        await self._tabs[who][tab].call(Subtasks.add, parent, {"title": title, "key": title})

    async def rename(self, who: int, tab: int, task_id: str, old: str, title: str) -> None:
        await self._tabs[who][tab].call(RowMenu.rename, task_id, title, old, title)
        await self._tabs[who][1 - tab].call(RowMenu.rename, task_id, "Overwritten", old, "stale")

    async def set_done(self, who: int, tab: int, task_id: str, done: bool) -> None:
        await self._tabs[who][tab].call(TaskList.set_done, task_id, done)

    async def delete(self, who: int, tab: int, task_id: str) -> None:
        await self._tabs[who][tab].call(TaskList.delete, task_id)

    async def restore(self, who: int, tab: int, task_id: str) -> None:
        await self._tabs[who][tab].call(Trash.restore, task_id)

    async def move(self, who: int, tab: int, ids: list[str], project: str | None, section: str | None) -> None:
        place = f"section:{section}" if section else f"project:{project}" if project else "inbox"
        await self._tabs[who][tab].call(Selection.move, ids, place)

    async def order(self, who: int, tab: int, task_id: str, after: str | None) -> None:
        await self._tabs[who][tab].call(TaskList.move, task_id, after or "", "")

    async def complete_all(self, who: int, tab: int, ids: list[str]) -> None:
        await self._tabs[who][tab].call(Selection.complete, ids)

    async def delete_all(self, who: int, tab: int, ids: list[str]) -> None:
        await self._tabs[who][tab].call(Selection.delete, ids)

    async def label_all(self, who: int, tab: int, ids: list[str], add: list[str], remove: list[str]) -> None:
        await self._tabs[who][tab].call(Selection.label, ids, add, remove, [])

    async def add_project(self, who: int, tab: int, name: str) -> None:
        await self._tabs[who][tab].call(Organise.save, {"kind": "project", "id": "", "name": name, "key": name})

    async def delete_project(self, who: int, tab: int, project_id: str) -> None:
        await self._tabs[who][tab].call(Organise.delete, "project", project_id)

    async def add_section(self, who: int, tab: int, name: str, project_id: str) -> None:
        form = {"kind": "section", "id": "", "name": name, "project_id": project_id, "key": name}
        await self._tabs[who][tab].call(Organise.save, form)

    async def delete_section(self, who: int, tab: int, section_id: str) -> None:
        await self._tabs[who][tab].call(Organise.delete, "section", section_id)

    async def add_label(self, who: int, tab: int, name: str) -> None:
        await self._tabs[who][tab].call(Organise.save, {"kind": "label", "id": "", "name": name, "key": name})

    async def delete_label(self, who: int, tab: int, label_id: str) -> None:
        await self._tabs[who][tab].call(Organise.delete, "label", label_id)

    async def undo(self, who: int, tab: int) -> None:
        await self._tabs[who][tab].call(Notices.undo_last)

    async def redo(self, who: int, tab: int) -> None:
        await self._tabs[who][tab].call(Notices.redo)

    async def check(self, who: int, world: World, others: World) -> None:
        inbox = {each: world.tasks[each] for each in world.inbox()}
        for page in self._tabs[who]:
            await page.settle()
            shown = {row["id"]: (row["title"], mark) for row, mark in zip(rows_of(page), marks_of(page), strict=True)}
            assert shown == {each: (task["title"], "01"[task["done"]]) for each, task in inbox.items()}
            assert not any(page.has(each) for each in (*others.tasks, *others.projects, *others.sections, *others.labels))


def run(db: Database, driver: Driver, runner: asyncio.Runner, examples: int, steps: int) -> None:
    """Plays as many games, each with two people of its own."""

    def two_people() -> list[Actor]:
        return [register(db, f"person{next(_numbers)}@example.com", "A person") for _ in range(2)]

    machine = hypothesis.seed(int(os.environ.get("SEED", "0")))(lambda: TwoPeople(db, driver, two_people, runner))
    run_state_machine_as_test(
        machine,
        settings=hypothesis.settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            derandomize=False,
            phases=[Phase.generate, Phase.shrink] if THOROUGH else [Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def runner() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits are not what this is about."""
    monkeypatch.setenv("EVENTS_PER_USER_PER_MINUTE", "100000")
    monkeypatch.setenv("REGISTRATIONS_PER_ADDRESS", "100000")
    limits.cache_clear()


def test_the_api_does_what_the_model_does(
    patient: None, db: Database, fastapi: FastAPI, settings: Settings, runner: asyncio.Runner
) -> None:
    fastapi.state.settings = settings
    run(db, ByApi(fastapi, settings), runner, EXAMPLES, STEPS)


def test_pages_do_and_show_what_the_model_does(
    patient: None, composed: tuple[rx.App, ASGIApp], db: Database, runner: asyncio.Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "tidy", lambda _session: None)
    context = serving(*composed)
    site = runner.run(context.__aenter__())
    try:
        run(db, ByPages(db, site), runner, PAGE_EXAMPLES, PAGE_STEPS)
    finally:
        runner.run(context.__aexit__(None, None, None))
