"""A language made ready for reading: its words looked up, its templates compiled."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import lru_cache

from todo_app.quick_add.language import Language
from todo_app.quick_add.languages import LANGUAGES
from todo_app.quick_add.templates import Node, compile_templates
from todo_app.quick_add.tokens import Compounds

# A shortened weekday has at most so many letters, and no compounds.
_SHORTENED = 3


class Vocabulary:
    """The words of one language with what they stand for, and a tree of phrases for each kind of part."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self.weekdays = _numbered(language.weekdays)
        self.mondays = _numbered(language.mondays)
        self.months = _numbered(language.months, first=1)
        self.units = {word.lower(): unit for unit, words in language.units.items() for word in words.split()}
        self.figures = {figure: day for day, figure in enumerate(language.figures, 1)}
        self.dayparts = {word.lower(): dt.time.fromisoformat(time) for word, time in language.dayparts.items()}
        self.compounds = _compounds(language) if language.joins_dayparts else {}
        # Without an article: eight in the evening is 8 Uhr Abend, but 8 Uhr morgen is another day.
        days = {form.lower() for forms in language.dates.values() for form in forms}
        self.bare_dayparts = {word: time for word, time in self.dayparts.items() if word not in days}
        self.trees: Mapping[str, Node] = {
            "date": compile_templates(language.dates, language.before_date),
            "time": compile_templates(language.times, language.before_time),
            "recurrence": compile_templates(language.recurrences),
            "tail": compile_templates(language.tails),
            "words": compile_templates(language.words),
        }

    def write_ordinal(self, n: int) -> str:
        """The first word for it, or its figure."""
        return next((word for word, value in self.language.ordinals.items() if value == n), self.language.figures[n - 1])


def _numbered(names: Iterable[str], first: int = 0) -> dict[str, int]:
    return {word.lower(): number for number, words in enumerate(names, first) for word in words.split()}


def _compounds(language: Language) -> Compounds:
    """Montagabend is Montag Abend, and montagabends is montags abends."""
    return {
        day + part: (mondays.split()[0] if part.endswith("s") else day, part, len(day))
        for days, mondays in zip(language.weekdays, language.mondays, strict=True)
        for day in days.lower().split()
        if len(day) > _SHORTENED
        for part in map(str.lower, language.dayparts)
    }


@lru_cache
def vocabulary_of(code: str) -> Vocabulary:
    """The vocabulary of a language, compiled once; `KeyError` for one there is no table of."""
    return Vocabulary(LANGUAGES[code])
