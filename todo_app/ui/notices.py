"""The one line at the bottom of a page that says what has just happened, with Undo where it can be undone."""

from typing import Annotated

import reflex as rx
from pydantic import Field

from todo_app.db import database
from todo_app.errors import NotFound
from todo_app.schemas.fields import Input, parse
from todo_app.schemas.tasks import ChangeItemView, ChangeView, UndoRequest
from todo_app.services import changes
from todo_app.ui.live import Live
from todo_app.ui.sending import show
from todo_app.ui.session import Next, actor_of

# What a change can be about; what tasks are in comes before them.
_KINDS = {"projects": "project", "sections": "section", "labels": "label", "saved_filters": "filter", "tasks": "task"}
_LONGEST = 40  # characters of a title
_LEADING = ("added", "removed", "deleted", "restored", "completed")
_PLACE = {"project_id", "section_id", "parent_id", "position", "day_position"}
_FIELDS = {
    "title": "title",
    "notes": "notes",
    "start_date": "start date",
    "due_date": "due date",
    "due_time": "due time",
    "priority": "priority",
    "label_ids": "labels",
    "rrule": "recurrence",
}


class Message(Input):
    """A line for the toast."""

    text: Annotated[str, Field(max_length=1000)]


class Notices(rx.State):
    """What the toast says. `number` tells two messages in the same words apart; it is left alone where they differ, to keep a
    toggle's frame small."""

    message: str = ""
    # What the message ends with: a place, and the way there.
    place: str = ""
    href: str = ""
    change_id: int = 0  # what its Undo takes back; 0: nothing
    number: int = 0

    def _say(self, message: str, change_id: int | None = None, place: str = "", href: str = "") -> None:
        if (message, change_id or 0) == (self.message, self.change_id):
            self.number += 1
        show(self, message=message, change_id=change_id or 0, place=place, href=href)

    @rx.event
    async def dismiss(self) -> None:
        """Closes the toast."""
        await actor_of(self)
        self._say("")

    @rx.event
    async def tell(self, message: str) -> Next:
        """Shows why a handler failed, and brings the page back in line with what is stored."""
        await actor_of(self)
        self._say(parse(Message, {"text": message}).text)
        live = await self.get_state(Live)
        live._starts_over = not live._starts_over
        return Live.start_over if live._starts_over else None

    @rx.event
    async def undo(self, change_id: int) -> Next:
        """Takes back the change the toast tells of."""
        actor = await actor_of(self)
        request = parse(UndoRequest, {"change_id": change_id})
        change = await database().write(changes.undo, actor, request.change_id)
        self._say(f"Undone: {describe(change)}")
        return Live.catch_up

    @rx.event
    async def undo_last(self) -> Next:
        """Takes back the last change of any kind, made here or anywhere."""
        actor = await actor_of(self)
        try:
            change = await database().write(changes.undo, actor)
        except NotFound as error:
            self._say(error.detail)
            return None
        self._say(f"Undone: {describe(change)}")
        return Live.catch_up

    @rx.event
    async def redo(self) -> Next:
        """Does the last undone change again."""
        actor = await actor_of(self)
        try:
            change = await database().write(changes.redo, actor)
        except NotFound as error:
            self._say(error.detail)
            return None
        self._say(f"Done again: {describe(change)}", change.id)
        return Live.catch_up


def describe(change: ChangeView) -> str:
    """A change in a few words, such as `task completed` or `3 tasks deleted`."""
    kind, items = _subject(change.items)
    verbs = [_verb(item) for item in items]
    # What went along with it, such as the subtasks that begin anew, is not what was done.
    leading = next((each for each in _LEADING if each in verbs), None)
    verb = leading or (verbs[0] if len(set(verbs)) == 1 else "changed")
    count = verbs.count(leading) if leading else len(verbs)
    if count > 1:
        return f"{count} {kind}s {verb}"
    fields = [words for name, words in _FIELDS.items() if name in (items[0].after or {})]
    return f"{' and '.join(fields)} changed" if verb == "changed" and fields else f"{kind} {verb}"


def _subject(items: list[ChangeItemView]) -> tuple[str, list[ChangeItemView]]:
    """What a change is about: tasks, unless it changed what they are in, and did not just make it for them."""
    parts = {kind: [item for item in items if item.entity == entity] for entity, kind in _KINDS.items()}
    for kind, found in parts.items():
        if found and (not parts["task"] or any(item.before is not None for item in found)):
            return kind, found
    return "task", parts["task"]


def _verb(item: ChangeItemView) -> str:
    if item.before is None:
        return "added"
    after = item.after
    if after is None:
        return "removed" if item.entity == "tasks" else "deleted"
    if "deleted_at" in after:
        return "deleted" if after["deleted_at"] else "restored"
    if "archived_at" in after:
        return "archived" if after["archived_at"] else "brought back"
    if after.get("completed") or after.get("last_completed_at"):
        return "completed"
    if "completed" in after:
        return "opened again"
    return "moved" if after.keys() <= _PLACE else "changed"


async def hush(state: rx.State) -> None:
    """Takes the message away, as a page does that has just been opened."""
    (await state.get_state(Notices)).message = ""


def quoted(title: str) -> str:
    """A title as it stands in a message: not all of a long one, and in its own direction."""
    return f"“\u2068{title if len(title) <= _LONGEST else f'{title[: _LONGEST - 1].rstrip()}…'}\u2069”"


async def say(state: rx.State, message: str, change_id: int | None = None, place: str = "", href: str = "") -> None:
    """Shows a message, with Undo if a change is named, and with a link at its end to the place that it tells of."""
    (await state.get_state(Notices))._say(message, change_id, place, href)
