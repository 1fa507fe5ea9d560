"""What a line has been understood to say, as the chips below it."""

import datetime as dt
from dataclasses import dataclass

from todo_app.models.base import fold
from todo_app.recurrence import BadRule, check_rule, describe
from todo_app.schemas.quick_add import ParsedView, SpanView
from todo_app.ui.dates import day_in_words


@dataclass(frozen=True)
class Chip:
    """An understood part of a line. `kind`: date, time, recurrence, p1 to p4, project or label.

    `places` are where in the text it stands, in characters: `4-12`, several with spaces between them.
    """

    kind: str
    text: str
    places: str
    is_new: bool = False


@dataclass(frozen=True)
class Known:
    """The names, folded, of the projects and labels there are."""

    projects: frozenset[str]
    labels: frozenset[str]


@dataclass(frozen=True)
class Reading:
    """A text, what it means, and when it is read. `has_place_day`: it was opened under a day, which stands in a chip of its own."""

    text: str
    found: ParsedView
    known: Known
    today: dt.date
    has_place_day: bool = False


def chips_of(reading: Reading) -> list[Chip]:
    """A chip for each part, in the order of the words. What is said in several places, as a label twice, is one part."""
    places: dict[tuple[str, str], list[str]] = {}
    for span in reading.found.spans:
        if span.kind != "escape":
            label = _label_at(reading, span) if span.kind == "label" else ""
            places.setdefault((span.kind, label), []).append(f"{span.start}-{span.end}")
    return [_chip(reading, kind, label, " ".join(where)) for (kind, label), where in places.items()]


def _label_at(reading: Reading, span: SpanView) -> str:
    """The label that these characters name: the longest that is in them, since a comma or quotation marks may be too."""
    written = reading.text[span.start : span.end].casefold()
    return max((name for name in reading.found.labels if name.casefold() in written), key=len, default=written)


def _chip(reading: Reading, kind: str, label: str, places: str) -> Chip:
    found = reading.found
    if kind == "label":
        return Chip(kind, label, places, fold(label) not in reading.known.labels)
    if kind == "project":
        project = found.project or ""
        return Chip(kind, project, places, fold(project) not in reading.known.projects)
    if kind == "priority":
        return Chip(f"p{found.priority}", f"Priority {found.priority}", places)
    words = {"date": _day, "time": _time, "recurrence": _recurrence}
    return Chip(kind, words[kind](reading), places)


def _day(reading: Reading) -> str:
    return day_in_words(reading.found.due_date, reading.today) if reading.found.due_date else ""


def _time(reading: Reading) -> str:
    """The time, with its day where that is not today and no other chip says it."""
    found = reading.found
    time = f"{found.due_time:%H:%M}" if found.due_time else ""
    says_a_day = reading.has_place_day or any(span.kind in ("date", "recurrence") for span in found.spans)
    return time if says_a_day or found.due_date in (None, reading.today) else f"{_day(reading)} {time}"


def _recurrence(reading: Reading) -> str:
    """Every Friday, from Fri 27 Nov."""
    found = reading.found
    try:
        said = describe(check_rule(found.rrule or ""))
    except BadRule:  # adding the task will say what is wrong with it
        return "Repeats"
    after = " after it is done" if found.from_completion else ""
    start = f", from {_day(reading)}" if found.due_date not in (None, reading.today) else ""
    return f"{said}{after}{start}"
