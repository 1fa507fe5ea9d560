"""The examples: what lines of text mean, as data in examples/*.txt."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from todo_app.quick_add import ParsedTask, Preferences

DIRECTORY = Path(__file__).parent / "examples"
LANGUAGES = {"en": "english.txt", "de": "german.txt"}


class Moment(NamedTuple):
    """When, where and for whom a text is read."""

    now: dt.datetime
    zone: ZoneInfo
    preferences: Preferences


class Example(NamedTuple):
    """A text and what it means."""

    text: str
    moment: Moment
    task: ParsedTask


def examples() -> Iterator[Example]:
    """All examples of all languages."""
    for language, name in LANGUAGES.items():
        moment: Moment | None = None
        for line in (DIRECTORY / name).read_text("utf-8").splitlines():
            if line.startswith("@ "):
                moment = read_moment(line, language)
            elif line and not line.startswith("# "):
                assert moment
                yield Example(line.split(" | ")[0], moment, read_row(line))


def read_moment(line: str, language: str) -> Moment:
    """`@ 2026-03-04T10:00 Europe/Berlin mdy sunday`."""
    _sign, now, zone, *wishes = line.split()
    preferences = Preferences(language, "mdy" if "mdy" in wishes else "dmy", 6 if "sunday" in wishes else 0)
    return Moment(dt.datetime.fromisoformat(now), ZoneInfo(zone), preferences)


def read_row(row: str) -> ParsedTask:
    """`text | title | 2026-03-04 10:00 | FREQ=DAILY | p1 #project @label !`."""
    _text, title, when, rule, *rest = (cell.strip() for cell in re.split(r" \|(?= |$)", row))
    signs = rest[0] if rest else ""
    day, _space, time = when.partition(" ")
    parts = [part.strip() for part in re.split(r"(?:^| )(?=[#@!]|p\d)", signs)]
    return ParsedTask(
        title=title,
        due_date=dt.date.fromisoformat(day) if day else None,
        due_time=dt.time.fromisoformat(time) if time else None,
        rrule=rule or None,
        from_completion="!" in parts,
        priority=next((int(part[1:]) for part in parts if part[:1] == "p"), None),
        project=next((part[1:] for part in parts if part[:1] == "#"), None),
        labels=tuple(part[1:] for part in parts if part[:1] == "@"),
    )
