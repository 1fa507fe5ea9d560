"""What a language is here: one table of its words and of the forms its phrases take. No code.

Templates
---------
A template is a phrase with slots: `in {n} {unit}`. `[on ]` may be left out, `(am|pm)` is one of several, `~` is a space or none,
`{!}` is an exclamation mark or none. `{end}` is where no noun follows, `{start}` the beginning of the text, or behind a date there.
Upper and lower case are alike. A space must be there in the text too, and where the template has none there must be none. The keys
of the five tables of templates are the engine's names for what they mean.

Rendering uses the first form of the first template of a meaning, the first word of a weekday or month and the first two of a unit.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

Templates = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Language:
    """The table of one language. Where a field holds several words for one thing, they are separated by spaces."""

    code: str
    # Monday first.
    weekdays: tuple[str, ...]
    # The word for every Monday, if there is one.
    mondays: tuple[str, ...]
    months: tuple[str, ...]
    # By minute, hour, day, week, month, quarter, year: the word for one, the word for several, others.
    units: Mapping[str, str]
    numbers: Mapping[str, int]
    # first … and last, which is -1.
    ordinals: Mapping[str, int]
    # 1st to 31st in figures, as they are written.
    figures: tuple[str, ...]
    # Parts of the day, and the time they stand for.
    dayparts: Mapping[str, str]
    # Whether a weekday and a part of the day may be one word: Montagabend.
    joins_dayparts: bool
    # Words between the last two of a list.
    joiners: frozenset[str]
    # Words that may follow a phrase which would be read otherwise before a noun: at 10 with Bob, but at 3 houses.
    connectives: frozenset[str]
    # Words that are a phrase alone only where no noun follows: Sun, but sun cream.
    timid: frozenset[str] = frozenset()
    # Words that are a phrase alone only without, and only with, a capital letter: tom, but Tom.
    only_lower: frozenset[str] = frozenset()
    only_capital: frozenset[str] = frozenset()
    # What may stand before any date and any time.
    before_date: str = ""
    before_time: str = ""
    dates: Templates = field(default_factory=dict)
    times: Templates = field(default_factory=dict)
    recurrences: Templates = field(default_factory=dict)
    # What may follow a recurrence (and a part of the day a date, too).
    tails: Templates = field(default_factory=dict)
    # What looks like a date or a time and is none. The keys are for the reader.
    words: Templates = field(default_factory=dict)
