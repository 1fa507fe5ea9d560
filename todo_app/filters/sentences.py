"""The words for why a task is, or is not, there. All texts of an explanation are in this module."""

import datetime as dt
from collections.abc import Mapping

from todo_app.filters.explain import Explanation, Reason
from todo_app.filters.render import render
from todo_app.filters.tree import (
    Clause,
    DateClause,
    DateField,
    LabelClause,
    PriorityClause,
    ProjectClause,
    SectionClause,
    State,
    StateClause,
    TextClause,
)

_DAY = dt.timedelta(days=1)
_STATES: Mapping[State, tuple[str, str]] = {
    "all": ("is a task", "is no task"),
    "open": ("is open", "is completed"),
    "completed": ("is completed", "is open"),
    "overdue": ("is overdue", "is not overdue"),
    "recurring": ("is recurring", "is not recurring"),
    "subtask": ("is a subtask", "is not a subtask"),
    "has subtasks": ("has subtasks", "has no subtasks"),
    "has notes": ("has notes", "has no notes"),
    "no date": ("has no date", "has a date"),
    "no time": ("has no time", "has a time"),
    "no start date": ("has no start date", "has a start date"),
    "no labels": ("has no labels", "has labels"),
    "no project": ("is in no project", "is in a project"),
    "no section": ("is in no section", "is in a section"),
}
_DATES: Mapping[DateField, tuple[str, str]] = {
    "due": ("is due", "is not due"),
    "start": ("starts", "does not start"),
    "created": ("was created", "was not created"),
    "updated": ("was updated", "was not updated"),
    "completed": ("was completed", "was not completed"),
}


def sentence(explanation: Explanation, today: dt.date) -> str:
    """The explanation in a sentence: "Not here because it has no `@work`."."""
    reasons = [_reason(reason, today) for reason in explanation.because]
    listed = ", ".join(reasons[:-1]) + " and " * (len(reasons) > 1) + reasons[-1]
    return f"{'Here' if explanation.matches else 'Not here'} because it {listed}."


def _reason(reason: Reason, today: dt.date) -> str:
    yes, no = _phrases(reason.clause, today)
    return yes if reason.holds else no


def _phrases(clause: Clause, today: dt.date) -> tuple[str, str]:
    """What is said of a task that a clause is true of, and of one that it isn't."""
    match clause:
        case DateClause(field=field):
            yes, no = _DATES[field]
            return f"{yes} {_when(clause, today)}", f"{no} {_when(clause, today)}"
        case PriorityClause(level=level):
            return ("has no priority", "has a priority") if level == 4 else (f"is `p{level}`", f"is not `p{level}`")
        case StateClause(state=state):
            return _STATES[state]
        case LabelClause():
            return f"has `{render(clause)}`", f"has no `{render(clause)}`"
        case ProjectClause() | SectionClause():
            return f"is in `{render(clause)}`", f"is not in `{render(clause)}`"
        case TextClause(words=words):
            said = " and ".join(f"“{word}”" for word in words)
            return f"says {said}", f"does not say {said}"


def _when(clause: DateClause, today: dt.date) -> str:
    match clause.since, clause.before:
        case dt.date() as since, dt.date() as before:
            last = before - _DAY
            return _on(since, today) if since == last else f"from {_day(since, today)} to {_day(last, today)}"
        case dt.date() as since, None:
            return f"{_on(since, today)} or later"
        case _, before:
            return f"before {_day(before, today)}" if before else "at any time"


def _on(day: dt.date, today: dt.date) -> str:
    name = _day(day, today)
    return name if name != str(day) else f"on {day}"


def _day(day: dt.date, today: dt.date) -> str:
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    return names.get((day - today).days, str(day))
