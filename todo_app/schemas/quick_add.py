"""A line to be understood, and what it means."""

import datetime as dt
import re
import uuid
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from todo_app.quick_add import Kind
from todo_app.schemas.accounts import DateOrder, Language, WeekStart
from todo_app.schemas.fields import ClockTime, Day, Input, Output, Text, TimeZone
from todo_app.schemas.tasks import LabelIds, TaskView

LONGEST_TEXT = 20_000
_MOMENT = r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?"


def _length(text: str) -> str:
    if len(text) > LONGEST_TEXT:
        message = "The text can have at most {most} characters; this has {length}."
        raise PydanticCustomError("too_long", message, {"most": LONGEST_TEXT, "length": len(text)})
    return text


def _moment(value: Any) -> dt.datetime:
    if not isinstance(value, str) or not re.fullmatch(_MOMENT, value, re.ASCII):
        raise PydanticCustomError("wrong_shape", "Write this like 2026-03-04T10:00:00, with Z or +01:00 behind it if you like.")
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise PydanticCustomError("no_such_moment", "There is no such moment.") from error
    # The first and the last year have moments that are in no year at all in other zones.
    if not 1 < moment.year < 9999:
        raise PydanticCustomError("no_such_moment", "Use a year from 2 to 9998.")
    return moment


QuickAddText = Annotated[Text, AfterValidator(_length), WithJsonSchema({"type": "string", "maxLength": LONGEST_TEXT})]
Moment = Annotated[
    dt.datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "pattern": f"^{_MOMENT}$", "examples": ["2026-03-04T10:00:00", "2026-03-04T09:00:00Z"]}),
]


Place = Annotated[int, Field(strict=True, ge=0, le=LONGEST_TEXT)]
Dismissed = Annotated[
    list[tuple[Place, Place]],
    Field(max_length=100, description="Places (start, end) in the text, in characters, that stay title whatever they say."),
]


class ParseRequest(Input):
    """A line, and how to read it: what is left out is taken from your account and the clock."""

    text: QuickAddText
    dismissed: Dismissed = Field(default=[])
    now: Moment | None = Field(default=None, description="When it is read: on the clock of `timezone`, or with an offset.")
    timezone: TimeZone | None = None
    language: Language | None = None
    date_order: DateOrder | None = None
    week_start: WeekStart | None = None


class SpanView(Output):
    """An understood part of the text."""

    start: int = Field(description="In characters (code points).")
    end: int = Field(description="The character after the last.")
    kind: Kind = Field(description="`escape` is a backslash that keeps the next word in the title.")


class ParsedView(Output):
    """The task that a line means; null where nothing was said."""

    title: str
    due_date: dt.date | None = Field(description="With a recurrence: its first day.")
    due_time: ClockTime | None
    rrule: str | None = Field(description="RFC 5545 without `RRULE:` and DTSTART; UNTIL is a day.")
    from_completion: bool = Field(description="Whether the recurrence counts from completion (`every!`).")
    priority: int | None
    project: str | None
    labels: list[str]
    spans: list[SpanView]


class QuickAddRequest(Input):
    """A line, or several, that become tasks, and what holds for each that does not say otherwise."""

    text: QuickAddText
    dismissed: Dismissed = Field(default=[])
    project_id: uuid.UUID | None = None
    section_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = Field(default=None, description="The task whose subtasks these are.")
    label_ids: LabelIds = Field(default=[], description="Labels that each gets besides its own.")
    due_date: Day | None = None


class AddedTasks(Output):
    """The tasks that lines of text have become, from top to bottom."""

    items: list[TaskView]
