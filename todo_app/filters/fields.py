"""Phrases with a field: `due before: next friday`, `created<-30d`, `project: Home`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from todo_app.filters.vocabulary import COMPARISONS, DATE_FIELDS
from todo_app.filters.words import Word

Sign = Literal[":", "<", "<=", ">", ">="]
FIELD_SIGNS: Mapping[str, Sign] = {":": ":", "=": ":", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "≤": "<=", "≥": ">="}


@dataclass(frozen=True)
class Split:
    """A phrase with a field: `due before: next friday`. The place of a sign that isn't written is behind `before`."""

    head: Sequence[Word]
    sign: Sign
    sign_start: int
    sign_end: int
    value: Sequence[Word]


def split_field(words: Sequence[Word]) -> Split | None:
    """The parts of a phrase with a field; None if it has none before another clause begins."""
    for i, word in enumerate(words):
        if i and word.begins_clause:
            return None
        for at, char in enumerate(word.chars):
            if char.value in FIELD_SIGNS and not char.is_literal:
                return _split_at(words, i, at)
        if i == 1 and _is_comparison(words[0], word) and not _is_sign(words[2:3]):
            return Split(words[:2], ":", word.end, word.end, words[2:])
    return None


def _split_at(words: Sequence[Word], i: int, at: int) -> Split:
    word = words[i]
    sign = "".join(char.value for char in word.chars[at : at + 2] if not char.is_literal)
    sign = sign if sign in FIELD_SIGNS else sign[0]
    before, behind = word.cut(at, at + len(sign))
    head = [*words[:i], *([before] if before.chars else [])]
    value = [*([behind] if behind.start < behind.end else []), *words[i + 1 :]]
    return Split(head, FIELD_SIGNS[sign], before.end, behind.start, value)


def _is_comparison(field: Word, word: Word) -> bool:
    """Whether two words are such as `due before`."""
    return field.text.casefold() in DATE_FIELDS and word.text.casefold() in COMPARISONS


def _is_sign(words: Sequence[Word]) -> bool:
    """Whether a sign such as `:` comes first."""
    return bool(words) and words[0].text[:1] in FIELD_SIGNS
