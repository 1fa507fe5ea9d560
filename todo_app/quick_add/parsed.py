"""What goes into the parser besides the text, and what comes out."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["project", "label", "priority", "date", "time", "recurrence", "escape"]
DateOrder = Literal["dmy", "mdy"]


@dataclass(frozen=True)
class Preferences:
    """How a person writes: their language, whether 3/4 is in April or in March, and the first day of their week (0 is Monday)."""

    language: str = "en"
    date_order: DateOrder = "dmy"
    week_start: int = 0


@dataclass(frozen=True, order=True)
class Span:
    """An understood part of the text, in characters (code points), the end excluded.

    `escape` is the backslash that keeps the next word a word: taken out of the title, and nothing to show.
    """

    start: int
    end: int
    kind: Kind


@dataclass(frozen=True)
class ParsedTask:
    """A task as a line of text says it. What it doesn't say is None, empty or False.

    Two are equal if they are the same task, wherever in the text it stood.
    """

    title: str
    due_date: dt.date | None = None
    due_time: dt.time | None = None
    # RFC 5545 without prefix and DTSTART (that is `due_date`); UNTIL is a day and included.
    rrule: str | None = None
    # Whether the next occurrence counts from when this one is completed (`every!`).
    from_completion: bool = False
    # 1 to 4, the first the most urgent.
    priority: int | None = None
    project: str | None = None
    labels: tuple[str, ...] = ()
    spans: tuple[Span, ...] = field(default=(), compare=False)

    def said(self) -> dict[str, Any]:
        """What the text says, by field name, the title always and no spans: to be laid over the defaults of a new task."""
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__ if name not in ("title", "spans")}
        return {"title": self.title, **{name: value for name, value in fields.items() if value not in (None, False, ())}}


@dataclass(frozen=True)
class ParsedLine:
    """A line of several: its task, how deep it is indented, and the index of the line whose subtask it is."""

    task: ParsedTask
    depth: int = 0
    parent: int | None = None
