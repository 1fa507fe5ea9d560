"""Where in a text the understood parts are, and what is left of it as the title."""

import re
from collections.abc import Sequence
from itertools import zip_longest

from todo_app.quick_add.parsed import Kind, Span
from todo_app.quick_add.reader import Part
from todo_app.quick_add.tokens import CLOSING, Token

_KINDS: dict[str, Kind] = {
    "project": "project",
    "label": "label",
    "priority": "priority",
    "date": "date",
    "time": "time",
    "recurrence": "recurrence",
    "tail": "recurrence",
}
# Marks that go with the part before them, at the beginning of the text or between two parts.
SEPARATORS = ",:;"
_LAST_MARK = re.compile(r",$|\S\s+[-–—]$")


def spans_of(text: str, tokens: Sequence[Token], parts: Sequence[Part], escapes: Sequence[int]) -> tuple[Span, ...]:
    """The spans of these parts and backslashes, in order."""
    found = [
        Span(tokens[phrase.start].start, tokens[phrase.end - 1].end, "time" if phrase.meaning == "daypart" else _KINDS[phrase.kind])
        for phrase, _head in parts
    ]
    ordered = sorted([*found, *(Span(place, place + 1, "escape") for place in escapes)])
    return tuple(_joined(text, _with_separators(text, ordered)))


def _with_separators(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans with the marks that only set them off: of `Friday: call Bob, tomorrow, at 10` remains `call Bob`."""
    taken: list[Span] = []
    is_beginning, end = True, 0
    for span, following in zip_longest(spans, spans[1:]):
        before = text[end : span.start].rstrip()
        is_beginning = is_beginning and not before
        end = span.end
        mark = text[end : end + 1]
        is_last_before_next = following is not None and following.kind != "escape" and not text[end + 1 : following.start].strip()
        is_between_commas = mark == "," == before[-1:]
        if mark in tuple(SEPARATORS) and span.kind != "escape" and (is_beginning or is_last_before_next or is_between_commas):
            end += 1
        taken.append(Span(span.start, end, span.kind))
    return _with_last_mark(text, taken)


def mark_at_the_end(title: str) -> bool:
    """Whether a title ends with a mark that would set off what follows it: `Buy milk, tomorrow`, `Buy milk - tomorrow`."""
    return bool(_LAST_MARK.search(title))


def _with_last_mark(text: str, spans: list[Span]) -> list[Span]:
    """The comma or dash after the title belongs to the parts that end the text."""
    first, end = len(spans), len(text)
    while first and spans[first - 1].kind != "escape" and not text[spans[first - 1].end : end].strip():
        first -= 1
        end = spans[first].start
    before = text[:end].rstrip()
    if first < len(spans) and mark_at_the_end(before) and (first == 0 or spans[first - 1].end < len(before)):
        spans[first] = Span(len(before) - 1, spans[first].end, spans[first].kind)
    return spans


def _joined(text: str, spans: Sequence[Span]) -> list[Span]:
    """A recurrence and what is said on beside it as one span."""
    joined: list[Span] = []
    for span in spans:
        last = joined[-1] if joined else None
        if last and last.kind == span.kind == "recurrence" and not text[last.end : span.start].strip():
            joined[-1] = Span(last.start, span.end, "recurrence")
        else:
            joined.append(span)
    return joined


def title_of(text: str, spans: Sequence[Span]) -> str:
    """The text without the spans, with single spaces, and none before a mark that a span stood before."""
    title, end = "", 0
    for span in (*spans, Span(len(text), len(text), "escape")):
        piece = text[end : span.start]
        title = (title.rstrip() if end and piece[:1] in CLOSING else title) + piece
        end = span.end
    return " ".join(title.split())
