"""The filter language over the rows: a tree of todo_app/filters becomes a condition in SQL."""

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, not_, or_, true
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from todo_app.errors import FieldError, Invalid, NotFound
from todo_app.filters import (
    And,
    BadFilter,
    Clause,
    Context,
    DateClause,
    DateField,
    Filter,
    LabelClause,
    Not,
    Or,
    Pattern,
    PriorityClause,
    ProjectClause,
    SectionClause,
    State,
    StateClause,
    TextClause,
    clauses,
    parse_filter,
    sentence,
)
from todo_app.filters import explain as decide
from todo_app.models import Label, Project, Section, Task, TaskLabel
from todo_app.models.base import fold, utc_now
from todo_app.quick_add import parse
from todo_app.schemas.filters import ClauseView, ExplanationView
from todo_app.services.actor import Actor
from todo_app.services.searching import says

_EVERYTHING = StateClause("all")
_ESCAPE = "\\"
# Columns of days, and of moments, whose day is the one on the person's clock.
_DAYS: dict[DateField, Any] = {"due": Task.due_date, "start": Task.start_date}
_MOMENTS: dict[DateField, Any] = {"created": Task.created_at, "updated": Task.updated_at, "completed": Task.completed_at}


def check(actor: Actor, text: str, field: str) -> None:
    """Raises `Invalid` at `field` if the text is no filter, with the place in it and what may stand there instead."""
    _read(actor, utc_now(), text, field)


def condition(actor: Actor, text: str) -> ColumnElement[bool]:
    """The tasks that fit the filter, as a condition on `Task`; raises `Invalid` at `filter` if the text is none.

    An empty text is every task. Whose tasks, and whether those in Trash too, is for the query to say.
    """
    now = utc_now()
    return _Rows(actor, now).fitting(_read(actor, now, text, "filter"))


def explain(session: Session, actor: Actor, text: str, task_id: uuid.UUID) -> ExplanationView:
    """Why a task fits a filter or doesn't; raises `NotFound`, and `Invalid` at `filter`. One query."""
    now = utc_now()
    tree = _read(actor, now, text, "filter")
    each = list(clauses(tree))
    facts = _facts(session, actor, now, list(dict.fromkeys(each)), task_id)
    explanation = decide(tree, facts.__getitem__)
    deciding = {reason.clause for reason in explanation.because}
    views = [
        ClauseView(start=clause.start, end=clause.end, text=clause.source, holds=facts[clause], decides=clause in deciding)
        for clause in each
        if clause.source
    ]
    said = sentence(explanation, now.astimezone(actor.zone).date())
    return ExplanationView(matches=explanation.matches, sentence=said, clauses=views)


def _facts(session: Session, actor: Actor, now: dt.datetime, each: Sequence[Clause], task_id: uuid.UUID) -> dict[Clause, bool]:
    """Which of the clauses are true of a task."""
    rows = _Rows(actor, now)
    columns = [rows.fitting(clause).label(f"clause_{n}") for n, clause in enumerate(each)]
    own = (col(Task.id) == task_id, col(Task.owner_id) == actor.user_id, col(Task.deleted_at).is_(None))
    row = session.execute(select_columns(*columns).select_from(Task).where(*own)).first()
    if row is None:
        raise NotFound("There is no such task.")
    return {clause: bool(holds) for clause, holds in zip(each, row, strict=True)}


def _read(actor: Actor, now: dt.datetime, text: str, field: str) -> Filter:
    if not text.strip():
        return _EVERYTHING

    def read_day(phrase: str) -> dt.date | None:
        """The day of a phrase that is one for quick add from its beginning to its end."""
        task = parse(phrase, now, actor.zone, actor.preferences)
        is_day = [(span.start, span.end, span.kind) for span in task.spans] == [(0, len(phrase), "date")]
        return task.due_date if is_day and task.due_time is None and task.rrule is None else None

    try:
        return parse_filter(text, Context(now.astimezone(actor.zone).date(), actor.preferences.week_start, read_day))
    except BadFilter as error:
        detail = f"At character {error.start + 1}: {error.message}"
        raise Invalid([FieldError(f"/{field}", detail, error.start, error.end, error.suggestion)]) from error


class _Rows:
    """What filters mean for the rows of one person at one moment."""

    def __init__(self, actor: Actor, now: dt.datetime) -> None:
        self._actor = actor
        self._now = now

    def fitting(self, tree: Filter, *, is_negated: bool = False) -> ColumnElement[bool]:
        """The tasks that a filter is true of.

        Below a `Not` nothing is NULL, as that would be its own opposite. Elsewhere NULL is as good as false, and leaves the
        databases free to use their indexes.
        """
        match tree:
            case And(parts=parts):
                return and_(*(self.fitting(part, is_negated=is_negated) for part in _deepest_first(parts)))
            case Or(parts=parts):
                return or_(*(self.fitting(part, is_negated=is_negated) for part in _deepest_first(parts)))
            case Not(part=part):
                return not_(self.fitting(part, is_negated=True))
        fits = self._clause(tree)
        return func.coalesce(fits, false()) if is_negated and _may_be_null(tree) else fits

    def _clause(self, clause: Clause) -> ColumnElement[bool]:
        match clause:
            case DateClause():
                return self._date(clause)
            case PriorityClause(level=level):
                return col(Task.priority) == level
            case LabelClause(name=name):
                return self._label(name)
            case ProjectClause():
                return self._project(clause)
            case SectionClause(name=name):
                sections = select(Section.id).where(col(Section.owner_id) == self._actor.user_id, _named(Section.name_key, name))
                return col(Task.section_id).in_(sections)
            case StateClause(state=state):
                return self._state(state)
            case TextClause(words=words):
                return and_(*(says(fold(word)) for word in words))

    def _date(self, clause: DateClause) -> ColumnElement[bool]:
        column = col(_DAYS.get(clause.field) or _MOMENTS[clause.field])
        bounds: list[Any] = [clause.since, clause.before]
        if clause.field in _MOMENTS:
            bounds = [bound and self._midnight(bound) for bound in bounds]
        since, before = bounds
        within = [*([column >= since] if since else []), *([column < before] if before else [])]
        return and_(*within) if within else column.is_not(None)

    def _midnight(self, day: dt.date) -> dt.datetime:
        """When a day begins on the person's clock."""
        return dt.datetime.combine(day, dt.time(), self._actor.zone)

    def _label(self, name: Pattern) -> ColumnElement[bool]:
        own = col(Label.owner_id) == self._actor.user_id
        labelled = select(TaskLabel.task_id).join(Label, col(Label.id) == col(TaskLabel.label_id))
        return col(Task.id).in_(labelled.where(own, _named(Label.name_key, name)))

    def _project(self, clause: ProjectClause) -> ColumnElement[bool]:
        named = select(Project.id).where(col(Project.owner_id) == self._actor.user_id, _named(Project.name_key, clause.name))
        if clause.with_subprojects:
            tree = named.cte(recursive=True)
            child = aliased(Project)
            tree = tree.union(select(child.id).where(col(child.parent_id) == tree.c.id))
            named = select(tree.c.id)
        return col(Task.project_id).in_(named)

    def _state(self, state: State) -> ColumnElement[bool]:
        match state:
            case "all":
                return true()
            case "open":
                return col(Task.completed).is_(False)
            case "completed":
                return col(Task.completed).is_(True)
            case "overdue":
                return self._overdue()
            case "has subtasks":
                child = aliased(Task)
                return exists().where(col(child.parent_id) == col(Task.id), col(child.deleted_at).is_(None)).correlate(Task)
            case "no labels":
                own = select(TaskLabel.task_id).where(col(TaskLabel.owner_id) == self._actor.user_id)
                return col(Task.id).not_in(own)
        return _HAS[state]

    def _overdue(self) -> ColumnElement[bool]:
        """Without a time: from the next day on the person's clock. With one: from that moment, whichever zone it was meant in."""
        today = self._now.astimezone(self._actor.zone).date()
        due_at, due_date = col(Task.due_at), col(Task.due_date)
        # No clock is two days ahead of another's; the databases can look this up.
        may_be = due_date < today + dt.timedelta(days=3)
        return and_(may_be, or_(due_at < self._now, and_(due_at.is_(None), due_date < today)))


def _may_be_null(clause: Clause) -> bool:
    """Whether the condition of a clause compares what a task may not have."""
    return isinstance(clause, DateClause | ProjectClause | SectionClause) or clause == StateClause("overdue")


def _deepest_first(parts: Sequence[Filter]) -> list[Filter]:
    """SQLite's parser keeps what stands before a parenthesis in mind while it reads what is inside, and that is little."""
    return sorted(parts, key=_depth, reverse=True)


def _depth(tree: Filter) -> int:
    if isinstance(tree, And | Or):
        return 1 + max(map(_depth, tree.parts))
    return 1 + _depth(tree.part) if isinstance(tree, Not) else 0


# States that are a column's alone.
_HAS: dict[State, ColumnElement[bool]] = {
    "recurring": col(Task.rrule).is_not(None),
    "subtask": col(Task.parent_id).is_not(None),
    "has notes": col(Task.notes) != "",
    "no date": col(Task.due_date).is_(None),
    "no time": col(Task.due_time).is_(None),
    "no start date": col(Task.start_date).is_(None),
    "no project": col(Task.project_id).is_(None),
    "no section": col(Task.section_id).is_(None),
}


def _named(key: Any, name: Pattern) -> ColumnElement[bool]:
    """Rows of such a name."""
    parts = [fold(part) for part in name.parts]
    if name.is_exact:
        return col(key) == parts[0]
    return col(key).like("%".join(_escaped(part) for part in parts), escape=_ESCAPE)


def _escaped(text: str) -> str:
    """A text of which `LIKE` takes every character as it is."""
    return "".join(_ESCAPE + char if char in (_ESCAPE, "%", "_") else char for char in text)
