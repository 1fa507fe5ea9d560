"""A line of text in, a task out: pure, with no clock and no database."""

import datetime as dt
import re
from collections.abc import Iterable, Sequence

from todo_app.quick_add.dates import Now
from todo_app.quick_add.due import resolve
from todo_app.quick_add.parsed import ParsedLine, ParsedTask, Preferences, Span
from todo_app.quick_add.reader import Part, Reader
from todo_app.quick_add.spans import spans_of, title_of
from todo_app.quick_add.tokens import tokenise
from todo_app.quick_add.vocabulary import vocabulary_of

_TAB = 4
# What a pasted list has before its items.
_BULLET = re.compile(r"[-*•]\s+(?:\[[ xX]?\]\s+)?")
_DEFAULTS = Preferences()


def parse(
    text: str,
    now: dt.datetime,
    zone: dt.tzinfo,
    preferences: Preferences = _DEFAULTS,
    dismissed: Iterable[Span | tuple[int, int]] = (),
) -> ParsedTask:
    """The task that a text means, read at `now` (aware, or a naive one on the clock of `zone`), due times in `zone`.

    `dismissed` are places, spans or (start, end), that stay title whatever they say. Any text will do.
    """
    vocabulary = vocabulary_of(preferences.language)
    kept = [(each.start, each.end) if isinstance(each, Span) else each for each in dismissed]
    tokens = tokenise(text, vocabulary.compounds, kept)
    moment = now_on(now, zone, preferences)
    parts, escapes = Reader(text, tokens, vocabulary, moment).parts()
    parts = _that_count(parts)
    heads = {part.phrase.kind: part.phrase for part in parts if part.phrase is part.head}
    tails = {part.phrase.meaning: part.phrase for part in parts if part.phrase is not part.head}
    spans = spans_of(text, tokens, parts, escapes)
    due = resolve(heads, tails, moment)
    recurrence = heads.get("recurrence")
    return ParsedTask(
        title=title_of(text, spans),
        due_date=due.date,
        due_time=due.time,
        rrule=str(due.rule) if due.rule else None,
        from_completion=any(token.text == "!" for token in tokens[recurrence.start : recurrence.end]) if recurrence else False,
        priority=heads["priority"].values["priority"] if "priority" in heads else None,
        project=heads["project"].values["name"] if "project" in heads else None,
        labels=_labels(parts),
        spans=spans,
    )


def parse_lines(text: str, now: dt.datetime, zone: dt.tzinfo, preferences: Preferences = _DEFAULTS) -> list[ParsedLine]:
    """A task per line that has text; a line indented deeper than one above it is its subtask. Bullets are left out."""
    lines: list[ParsedLine] = []
    above: list[tuple[int, int]] = []  # (indentation, index) of the lines that this one could be under, the outermost first
    for line in filter(str.strip, text.splitlines()):
        content = line.lstrip()
        indentation = len(line[: len(line) - len(content)].expandtabs(_TAB))
        while above and above[-1][0] >= indentation:
            above.pop()
        task = parse(_BULLET.sub("", content, count=1) if _BULLET.match(content) else content, now, zone, preferences)
        lines.append(ParsedLine(task, depth=len(above), parent=above[-1][1] if above else None))
        above.append((indentation, len(lines) - 1))
    return lines


def now_on(now: dt.datetime, zone: dt.tzinfo, preferences: Preferences) -> Now:
    """The moment on the person's clock."""
    local = now.astimezone(zone) if now.tzinfo else now.replace(tzinfo=zone)
    return Now(local, local.date(), preferences.date_order, preferences.week_start)


def _that_count(parts: Sequence[Part]) -> list[Part]:
    """All labels, and of each other kind the last: people put what they mean at the end. What loses stays title."""
    last = {part.phrase.kind: part.phrase for part in parts if part.phrase is part.head}
    return [
        part for part in parts if part.head.kind == "label" or (part.head.kind != "words" and last[part.head.kind] is part.head)
    ]


def _labels(parts: Iterable[Part]) -> tuple[str, ...]:
    """The labels in their order, each once whatever its case."""
    names = [part.phrase.values["name"] for part in parts if part.phrase.kind == "label"]
    return tuple({name.casefold(): name for name in reversed(names)}[key] for key in dict.fromkeys(map(str.casefold, names)))
