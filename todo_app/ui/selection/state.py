"""What is done to one task or many: each time one change, with one undo. Which are selected, only the browser knows."""

from typing import Annotated, Any

import reflex as rx
from pydantic import Field
from sqlmodel import Session as DbSession

from todo_app.db import database
from todo_app.errors import Invalid
from todo_app.schemas.fields import Input, parse
from todo_app.schemas.organise import LabelName
from todo_app.schemas.tasks import BulkRequest, BulkResult
from todo_app.services import bulk, labels
from todo_app.services.actor import Actor
from todo_app.ui.live import Live
from todo_app.ui.notices import say
from todo_app.ui.session import Next, actor_of

MOST_NEW_LABELS = 20


class NewLabels(Input):
    """Names of labels that are not there yet."""

    names: Annotated[list[LabelName], Field(max_length=MOST_NEW_LABELS)]


class Selection(rx.State):
    """Changes tasks by their ids."""

    @rx.event
    async def complete(self, ids: list[str]) -> Next:
        """Completes tasks."""
        actor = await actor_of(self)
        return await self._act(actor, {"ids": ids, "patch": {"completed": True}}, "completed")

    @rx.event
    async def delete(self, ids: list[str]) -> Next:
        """Moves tasks to Trash."""
        actor = await actor_of(self)
        return await self._act(actor, {"ids": ids, "delete": True}, "moved to Trash")

    @rx.event
    async def prioritise(self, ids: list[str], priority: int) -> Next:
        """Sets the priority of tasks, 1 to 4."""
        actor = await actor_of(self)
        words = f"set to priority {priority}" if priority in (1, 2, 3) else "without priority now"
        return await self._act(actor, {"ids": ids, "patch": {"priority": priority}}, words)

    @rx.event
    async def move(self, ids: list[str], place: str) -> Next:
        """Moves tasks to `inbox`, `project:<id>` or `section:<id>`."""
        actor = await actor_of(self)
        return await self._act(actor, {"ids": ids, "patch": _place(place)}, "moved")

    @rx.event
    async def label(self, ids: list[str], add: list[str], remove: list[str], names: list[str]) -> Next:
        """Puts labels on tasks and takes others off; those in `names` are made first."""
        actor = await actor_of(self)
        request = parse(BulkRequest, {"ids": ids, "add_label_ids": add, "remove_label_ids": remove})
        new = parse(NewLabels, {"names": names}).names
        done = await database().change(_label, actor, request, new)
        return await self._tell("labelled" if add or names else "changed", done)

    async def _act(self, actor: Actor, values: dict[str, Any], what: str) -> Next:
        request = parse(BulkRequest, values)
        return await self._tell(what, await database().change(bulk.act, actor, request))

    async def _tell(self, what: str, done: tuple[BulkResult, int | None]) -> Next:
        result, change_id = done
        if change_id is None:
            return None
        await say(self, f"{in_words(result.changed)} {what}", change_id)
        return Live.catch_up


def in_words(count: int) -> str:
    """`Task` or `3 tasks`, to begin a message with."""
    return "Task" if count == 1 else f"{count} tasks"


def _place(place: Any) -> dict[str, Any]:
    kind, _, found = str(place).partition(":")
    match kind:
        case "inbox":
            return {"project_id": None}
        case "project":
            return {"project_id": found, "section_id": None}
        case "section":
            return {"section_id": found}
    raise Invalid.field("place", "There is no such place.")


def _label(session: DbSession, actor: Actor, request: BulkRequest, names: list[str]) -> BulkResult:
    made = [labels.of_name(session, actor, name) for name in names]
    added = [*request.add_label_ids, *made]
    return bulk.act(session, actor, request.model_copy(update={"add_label_ids": added}))
