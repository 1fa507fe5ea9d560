"""The words of the language, and what each stands for."""

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Literal

from todo_app.filters.days import WORDS as DAY_WORDS
from todo_app.filters.tree import DateField, Filter, Not, PriorityClause, StateClause

_STATES: Mapping[str, Filter] = {
    "open": StateClause("open"),
    "completed": StateClause("completed"),
    "done": StateClause("completed"),
    "overdue": StateClause("overdue"),
    "recurring": StateClause("recurring"),
    "subtask": StateClause("subtask"),
    "inbox": StateClause("no project"),
}
# Words that are a condition by themselves.
KEYWORDS: Mapping[str, Filter] = {
    **_STATES,
    "all": StateClause("all"),
    "over due": StateClause("overdue"),
    "od": StateClause("overdue"),
    "no date": StateClause("no date"),
    "no due date": StateClause("no date"),
    "no time": StateClause("no time"),
    "no start date": StateClause("no start date"),
    "no project": StateClause("no project"),
    "no section": StateClause("no section"),
    "no labels": StateClause("no labels"),
    "no label": StateClause("no labels"),
    "no parent": Not(StateClause("subtask")),
    "has subtasks": StateClause("has subtasks"),
    "no subtasks": Not(StateClause("has subtasks")),
    "has notes": StateClause("has notes"),
    "no notes": Not(StateClause("has notes")),
    "no priority": PriorityClause(4),
    **{f"p{level}": PriorityClause(level) for level in (1, 2, 3, 4)},
}
# What may stand after a field: `is: open`, `priority: 1`.
VALUES: Mapping[str, Mapping[str, Filter]] = {
    "is": _STATES,
    "priority": {
        **{f"{level}": PriorityClause(level) for level in (1, 2, 3, 4)},
        **{f"p{level}": PriorityClause(level) for level in (1, 2, 3, 4)},
        "none": PriorityClause(4),
    },
}
SIGNS: Mapping[str, str] = {"label": "@", "project": "#", "section": "/"}
DATE_FIELDS: Mapping[str, DateField] = {
    "due": "due",
    "date": "due",
    "start": "start",
    "created": "created",
    "updated": "updated",
    "completed": "completed",
}
# Fields of what has happened.
PAST: frozenset[DateField] = frozenset({"created", "updated", "completed"})
COMPARISONS: Mapping[str, Literal["<", ">", ":"]] = {"before": "<", "after": ">", "on": ":"}
# Every field, with an example.
EXAMPLES: Mapping[str, str] = {
    **{name: f"{name}: today" for name in DATE_FIELDS},
    "label": "label: work",
    "project": "project: Home",
    "section": "section: Ideas",
    "priority": "priority: 1",
    "is": "is: open",
    "search": "search: milk",
}


def nearest(text: str, *tables: Iterable[str]) -> str | None:
    """The word of some tables that was probably meant, if there is one."""
    words = [word for table in tables for word in table]
    return next(iter(get_close_matches(" ".join(text.casefold().split()), words, n=1, cutoff=0.7)), None)


def nearest_word(text: str) -> str | None:
    """The word or phrase that is a condition by itself and was probably meant."""
    return nearest(text, KEYWORDS, DAY_WORDS)
