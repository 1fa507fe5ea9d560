"""When a task is due again: rules of RFC 5545, on the clock of a zone. Pure: no database, no clock, no pages.

A rule has no time of its own. It gives days; the task's due time, if any, is that of each of them.
"""

from todo_app.recurrence.checking import check_rule
from todo_app.recurrence.clock import moment
from todo_app.recurrence.describing import describe
from todo_app.recurrence.rule import BadRule
from todo_app.recurrence.steps import Occurrence, Recurrence, Step, complete, first, following, skip, upcoming

__all__ = [
    "BadRule",
    "Occurrence",
    "Recurrence",
    "Step",
    "check_rule",
    "complete",
    "describe",
    "first",
    "following",
    "moment",
    "skip",
    "upcoming",
]
