"""The state of the command palette: the tasks that the typed words find."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app import lengths
from todo_app.db import database
from todo_app.schemas.fields import parse
from todo_app.schemas.quick_add import QuickAddRequest
from todo_app.schemas.tasks import TaskPage, TaskQuery
from todo_app.services import projects, task_lists
from todo_app.services.actor import Actor
from todo_app.ui.live import Live
from todo_app.ui.once import add_once
from todo_app.ui.quick_add.added import say_added
from todo_app.ui.session import Next, actor_of

MOST_FOUND = 8


@dataclass(frozen=True)
class Found:
    """A task that was found, and the project it is in."""

    id: str
    title: str
    project: str
    done: bool


class Palette(rx.State):
    """`asked` are the words that `found` is about; `added` is the key of what was added last."""

    asked: str = ""
    found: list[Found] = []
    added: str = ""

    @rx.event
    async def search(self, text: str) -> None:
        """Finds tasks with these words, the last changed first."""
        actor = await actor_of(self)
        query = parse(TaskQuery, {"q": text, "sort": "-updated", "limit": MOST_FOUND})
        page, names = await database().read(_search, actor, query)
        found = [
            Found(str(task.id), task.title, names.get(task.project_id, "Inbox"), task.completed)
            for task in sorted(page.items, key=lambda task: task.completed)
        ]
        if found != self.found:
            self.found = found
        self.asked = query.q.strip()

    @rx.event
    async def add(self, text: str, key: str) -> Next:
        """Adds what was typed as a task. `key` is made by the browser: should it arrive twice, it is done once."""
        actor = await actor_of(self)
        request = parse(QuickAddRequest, {"text": text})
        self.added = str(key)[: lengths.KEY]
        made, change_id = await database().change(add_once, actor, request, self.added)
        if change_id is not None:
            await say_added(self, actor, made, change_id)
        return Live.catch_up


def _search(session: DbSession, actor: Actor, query: TaskQuery) -> tuple[TaskPage, dict[Any, str]]:
    page = task_lists.list_tasks(session, actor, query)
    return page, {project.id: project.name for project in projects.list_projects(session, actor).items}
