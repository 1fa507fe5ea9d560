"""What can stand in a slot of a template."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from todo_app.quick_add.tokens import Token
from todo_app.quick_add.vocabulary import Vocabulary

Found = Iterable[tuple[Any, int]]
NOTHING: Found = ()
# What joins the members of a list without a space before it.
_GLUED = (",", "/")
# No list is longer than the days of a month.
LONGEST_LIST = 31


class Slots:
    """Reads single slots off the tokens of one text. Each method gives what can stand at a token, and the token after it."""

    def __init__(self, tokens: Sequence[Token], vocabulary: Vocabulary) -> None:
        self._tokens = tokens
        self._vocabulary = vocabulary
        language = vocabulary.language
        self._readers: Mapping[str, Callable[[int], Found]] = {
            "n": self._number,
            "a": lambda i: self._figure(i, 1, 31),
            "bare_daypart": lambda i: self._word(i, vocabulary.bare_dayparts),
            "b": lambda i: self._figure(i, 1, 31),
            "day": self._day,
            "days": self._days,
            "daypart": lambda i: self._word(i, vocabulary.dayparts),
            "first_mondays": lambda i: self._word(i, vocabulary.mondays),
            "hhmm": self._hours_and_minutes,
            "hour": lambda i: self._figure(i, 0, 23),
            "last_mondays": lambda i: self._word(i, vocabulary.mondays),
            "last_weekday": lambda i: self._word(i, vocabulary.weekdays),
            "minute": lambda i: self._figure(i, 0, 59, digits=2),
            "minutes": lambda i: self._figure(i, 1, 59),
            "mm": lambda i: self._figure(i, 1, 12),
            "mondays": lambda i: self._list(i, lambda at: self._word(at, vocabulary.mondays)),
            "month": lambda i: self._word(i, vocabulary.months),
            "nth": self._nth,
            "ordinal": self._ordinal,
            "ordinals": lambda i: self._list(i, self._ordinal),
            "unit": lambda i: self._word(i, vocabulary.units),
            "weekday": lambda i: self._word(i, vocabulary.weekdays),
            "weekdays": lambda i: self._list(i, lambda at: self._word(at, vocabulary.weekdays), needs_joiner=False),
            "year": lambda i: self._figure(i, 1, 9999, digits=4),
            "yy": lambda i: [(2000 + year, end) for year, end in self._figure(i, 0, 99, digits=2)],
        }
        self._joiners = language.joiners
        self._numbers = language.numbers
        self._ordinals = language.ordinals

    def read(self, slot: str, i: int) -> Found:
        """What can stand in this slot at token `i`."""
        return self._readers[slot](i) if i < len(self._tokens) and self._tokens[i].kind != "kept" else NOTHING

    def _glued(self, i: int, text: str) -> bool:
        return i < len(self._tokens) and self._tokens[i].text == text and not self._tokens[i].spaced

    def _word(self, i: int, words: Mapping[str, Any]) -> Found:
        token = self._tokens[i]
        if token.text not in words:
            return NOTHING
        value = words[token.text]
        # Jan. and Fr. are as good as Jan and Fr.
        return [(value, i + 1), (value, i + 2)] if len(token.text) <= 4 and self._glued(i + 1, ".") else [(value, i + 1)]

    def _figure(self, i: int, least: int, most: int, digits: int | None = None) -> Found:
        token = self._tokens[i]
        # Not int() first: it is slow and at last refuses when there are very many digits.
        if token.kind != "number" or len(token.text) > 4 or (len(token.text) != digits if digits else len(token.text) > 2):
            return NOTHING
        return [(int(token.text), i + 1)] if least <= int(token.text) <= most else NOTHING

    def _number(self, i: int) -> Found:
        token = self._tokens[i]
        if token.kind == "number" and len(token.text) <= 4 and int(token.text) > 0:
            return [(int(token.text), i + 1)]
        return [(self._numbers[token.text], i + 1)] if token.text in self._numbers else NOTHING

    def _hours_and_minutes(self, i: int) -> Found:
        text = self._tokens[i].text
        if self._tokens[i].kind != "number" or len(text) != 4 or int(text[:2]) > 23 or int(text[2:]) > 59:
            return NOTHING
        return [(divmod(int(text), 100), i + 1)]

    def _nth(self, i: int) -> Found:
        """A day of the month written as an ordinal: 27th."""
        if self._tokens[i].kind != "number" or i + 1 >= len(self._tokens) or self._tokens[i + 1].spaced:
            return NOTHING
        day = self._vocabulary.figures.get(self._tokens[i].text + self._tokens[i + 1].text)
        return [(day, i + 2)] if day else NOTHING

    def _day(self, i: int) -> Found:
        return [*self._figure(i, 1, 31), *self._nth(i)]

    def _ordinal(self, i: int) -> Found:
        token = self._tokens[i]
        return [(self._ordinals[token.text], i + 1)] if token.text in self._ordinals else self._nth(i)

    def _days(self, i: int) -> Found:
        """Days of the month: one as an ordinal, or several in figures."""
        for days, end in self._list(i, self._day):
            if len(days) > 1 or any(found == end for _day, found in self._nth(i)):
                yield days, end

    def _list(self, i: int, read: Callable[[int], Found], *, needs_joiner: bool = True) -> Found:
        """One or more, as many as there are: mon, wed and fri."""
        values: list[Any] = []
        end, position = i, i
        while len(values) < LONGEST_LIST and position < len(self._tokens):
            found = list(read(position)) if self._tokens[position].kind != "kept" else []
            if not found or (values and not self._tokens[position].spaced and self._tokens[position - 1].text not in _GLUED):
                break
            value, end = found[-1]
            values.append(value)
            position = self._after_joiner(end)
            if needs_joiner and position == end:
                break
        return [(tuple(dict.fromkeys(values)), end)] if values else NOTHING

    def _after_joiner(self, i: int) -> int:
        if any(self._glued(i, text) for text in _GLUED):
            i += 1
        if i < len(self._tokens) and self._tokens[i].text in self._joiners and self._tokens[i].spaced:
            i += 1
        return i
