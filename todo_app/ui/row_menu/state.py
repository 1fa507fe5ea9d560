"""What a row's menu does that no other place of the page does."""

import uuid
from typing import Any

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app import lengths
from todo_app.db import database
from todo_app.errors import Stale
from todo_app.schemas.fields import parse
from todo_app.schemas.tasks import TaskPatch
from todo_app.services import duplicating, tasks
from todo_app.services.actor import Actor
from todo_app.ui.dates import day_in_words
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live
from todo_app.ui.notices import say
from todo_app.ui.once import once
from todo_app.ui.session import Next, actor_of


class RowMenu(rx.State):
    """`renamed` is the key of the last title that was stored, for the browser to forget its draft."""

    renamed: str = ""

    @rx.event
    async def rename(self, task_id: str, title: str, base: str, key: str) -> Next:
        """Gives a task a new title. `base`: the one it had when the typing began, so that nobody's words are overwritten unread."""
        actor = await actor_of(self)
        patch = parse(TaskPatch, {"title": title})
        try:
            _, change_id = await database().change(tasks.update_task, actor, read_id(task_id), patch, seen={"title": base})
        except Stale:  # the browser keeps the words, and brings them when the task is opened
            await say(self, "That task was changed in two places. Open it to choose.")
            return Live.start_over
        self.renamed = str(key)[: lengths.KEY]
        if change_id is not None:
            await say(self, "Task renamed", change_id)
        return Live.catch_up

    @rx.event
    async def skip(self, task_id: str) -> Next:
        """Moves a recurring task on to its next date."""
        actor = await actor_of(self)
        task, change_id = await database().change(tasks.skip_occurrence, actor, read_id(task_id))
        if task.due_date:
            await say(self, f"Skipped. Next: {day_in_words(task.due_date, actor.today)}", change_id)
        return Live.catch_up

    @rx.event
    async def duplicate(self, task_id: str, key: str) -> Next:
        """Adds a copy of a task below it. `key` is made by the browser: should it arrive twice, it is done once."""
        actor = await actor_of(self)
        _, change_id = await database().change(_duplicate_once, actor, read_id(task_id), str(key)[: lengths.KEY])
        if change_id is not None:
            await say(self, "Task duplicated", change_id)
        return Live.catch_up


def _duplicate_once(session: DbSession, actor: Actor, task_id: uuid.UUID, key: str) -> None:
    def duplicate(session: DbSession) -> dict[str, Any]:
        return {"id": str(duplicating.duplicate_task(session, actor, task_id).id)}

    once(session, actor, key, str(task_id), duplicate)
