"""Text cut into words, numbers and marks."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, NamedTuple

# Opening quotation marks, and those that close them.
QUOTES = {'"': '"', "“": "”", "„": "“”", "«": "»", "»": "«"}
# Marks that may follow a phrase directly, before a space or the end.
CLOSING = frozenset(",.;:!?…")

_TOKEN = re.compile(r"(?P<space>\s+)|(?P<escape>\\+)|(?P<word>[^\W\d_]+)|(?P<number>[0-9]+)|(?P<mark>.)", re.DOTALL)
_WORD_END = re.compile(r"[,.;:!?…]*(?:\s|$)")
_CLOSING_QUOTE = re.compile(r'["“”«»](?=[\s,.;:!?…)]|$)')


class Token(NamedTuple):
    """A piece of the text. `kept` is a quotation or part of a dismissed phrase: never understood as anything."""

    kind: Literal["word", "number", "mark", "kept"]
    text: str  # in lower case
    start: int
    end: int
    spaced: bool  # whether it begins the text or follows a space
    is_capital: bool
    escape: int | None  # where the backslash before it is
    is_second_half: bool = False  # of a compound: it says more about the first, and begins nothing itself


# By word: the two words that it is read as, and how long the first is in it.
Compounds = Mapping[str, tuple[str, str, int]]


def tokenise(text: str, compounds: Compounds, dismissed: Iterable[tuple[int, int]] = ()) -> list[Token]:
    """The tokens of a text, in time linear in its length; `dismissed` are ranges (start, end) that are to stay title."""
    tokens = [half for token in _tokens(text) for half in _halves(text, token, compounds)]
    ranges = sorted(dismissed)
    if not ranges:
        return tokens
    return [token._replace(kind="kept") if _touches(token, ranges) else token for token in tokens]


def _halves(text: str, token: Token, compounds: Compounds) -> list[Token]:
    if token.kind != "word" or token.text not in compounds or not _WORD_END.match(text, token.end):
        return [token]
    first, second, length = compounds[token.text]
    middle = token.start + length
    return [
        token._replace(text=first, end=middle),
        token._replace(text=second, start=middle, spaced=True, escape=None, is_second_half=True),
    ]


def _touches(token: Token, ranges: list[tuple[int, int]]) -> bool:
    return any(start < token.end and end > token.start for start, end in ranges)


def _tokens(text: str) -> Iterator[Token]:
    closings = _closing_quotes(text)
    position, spaced, escape = 0, True, None
    while match := _TOKEN.match(text, position):
        start, position, kind = match.start(), match.end(), match.lastgroup
        if kind == "escape" and spaced and escape is None and not text[position : position + 1].isspace() and position < len(text):
            escape = start
            continue
        if kind == "space":
            spaced, escape = True, None
            continue
        is_open = spaced or text[start - 1] in "#@("
        if is_open and escape is None and (end := _quotation_end(text, start, closings)):
            kind, position = "kept", end
        piece = text[start:position]
        yield Token(
            kind=kind if kind in ("word", "number", "kept") else "mark",  # type: ignore[arg-type]
            text=piece.lower(),
            start=start,
            end=position,
            spaced=spaced,
            is_capital=piece[0].isupper(),
            escape=escape,
        )
        spaced, escape = False, None


def _closing_quotes(text: str) -> dict[str, list[int]]:
    """Where each mark could close a quotation: before a space, a mark or the end."""
    found: dict[str, list[int]] = {}
    for match in _CLOSING_QUOTE.finditer(text):
        found.setdefault(match[0], []).append(match.start())
    return found


def _quotation_end(text: str, start: int, closings: dict[str, list[int]]) -> int | None:
    """The end of the quotation that begins here, if one does."""
    ends = []
    for mark in QUOTES.get(text[start], ""):
        places = closings.get(mark, [])
        index = bisect_left(places, start + 1)
        ends += places[index : index + 1]
    return min(ends) + 1 if ends else None
