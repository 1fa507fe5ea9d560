"""What a filter is read with, besides its text."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Context:
    """The person's day, the first day of their week (0 is Monday), and a reader of days that this package has no words for.

    `read_day` gets a phrase such as "next friday" and gives the day, or None if the phrase is none.
    """

    today: dt.date
    week_start: int = 0
    read_day: Callable[[str], dt.date | None] | None = None
