"""The state of the add line: what its text means so far."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import reflex as rx
from pydantic import Field
from sqlmodel import Session as DbSession

from todo_app.db import database
from todo_app.errors import Invalid
from todo_app.models.base import fold
from todo_app.schemas.fields import Day, parse
from todo_app.schemas.quick_add import ParseRequest
from todo_app.services import labels, projects, quick_add
from todo_app.services.actor import Actor
from todo_app.ui.quick_add.chips import Chip, Known, Reading, chips_of
from todo_app.ui.session import actor_of


class Line(ParseRequest):
    """A text as far as it is typed. `number` names it; `day` is the one it was opened under."""

    number: Annotated[int, Field(strict=True, ge=0, le=2**53)]
    day: Day | None = None


class QuickAdd(rx.State):
    """What the line has been understood to say. `of` is the number of the text that the chips are about: the browser hides those
    of a text that is gone."""

    chips: list[Chip] = []
    of: int = 0

    @rx.event
    async def read(self, text: str, dismissed: list[list[int]], number: int, day: str = "") -> None:
        """Understands a text. Nothing is stored. A text that can't be a task has no chips, and adding it will say why."""
        actor = await actor_of(self)
        try:
            line = parse(Line, {"text": text, "dismissed": dismissed, "number": number, "day": day or None})
        except Invalid:
            return
        chips = chips_of(await database().read(_understand, actor, line))
        if chips != self.chips:
            self.chips = chips
        self.of = line.number


def dismissed_in(form: Mapping[str, Any]) -> Any:
    """The places of a submitted line that stay title, for the schema to check."""
    try:
        return json.loads(str(form.get("dismissed") or "[]"))
    except (ValueError, RecursionError):
        return []


def _understand(session: DbSession, actor: Actor, line: Line) -> Reading:
    """Asks for the names there are only where the line has one."""
    found = quick_add.parse_text(session, actor, line)
    known = Known(
        _folded(each.name for each in projects.list_projects(session, actor).items) if found.project else frozenset(),
        _folded(each.name for each in labels.list_labels(session, actor).items) if found.labels else frozenset(),
    )
    return Reading(line.text, found, known, actor.today, has_place_day=line.day is not None)


def _folded(names: Iterable[str]) -> frozenset[str]:
    return frozenset(map(fold, names))
