"""A filter in text."""

import datetime as dt

from todo_app.filters.tree import (
    And,
    Clause,
    DateClause,
    Filter,
    LabelClause,
    Not,
    Or,
    Pattern,
    PriorityClause,
    ProjectClause,
    SectionClause,
    StateClause,
    TextClause,
)
from todo_app.filters.words import OPERATORS, QUOTES

_DAY = dt.timedelta(days=1)
_SPECIAL = frozenset(OPERATORS) | frozenset(QUOTES) | frozenset("\\*")


def render(tree: Filter) -> str:
    """The text of a filter, in one way of many: what it gives, read again on any day, is an equal filter.

    Days are written as dates, so it is the filter of the day it was read on; keep the person's own text to read it anew each day.
    """
    if isinstance(tree, Or):
        return " | ".join(render(part) for part in tree.parts)
    if isinstance(tree, And):
        return " & ".join(f"({render(part)})" if isinstance(part, Or) else render(part) for part in tree.parts)
    if isinstance(tree, Not):
        return f"!({render(tree.part)})" if isinstance(tree.part, And | Or) else f"!{render(tree.part)}"
    return _clause(tree)


def _clause(clause: Clause) -> str:
    match clause:
        case DateClause():
            return _date(clause)
        case PriorityClause(level=level):
            return f"p{level}"
        case LabelClause(name=name):
            return f"@{_pattern(name)}"
        case ProjectClause(name=name, with_subprojects=with_subprojects):
            return f"{'##' if with_subprojects else '#'}{_pattern(name)}"
        case SectionClause(name=name):
            return f"/{_pattern(name)}"
        case StateClause(state=state):
            return state
        case TextClause(words=words):
            return ("search: " if len(words) > 1 else "") + " ".join(_quotation(word) for word in words)


def _date(clause: DateClause) -> str:
    if clause.since is None:
        return f"{clause.field} < {clause.before}"
    if clause.before is None:
        return f"{clause.field} >= {clause.since}"
    last = clause.before - _DAY
    return f"{clause.field}: {clause.since}" + (f" to {last}" if last != clause.since else "")


def _pattern(name: Pattern) -> str:
    return "*".join(_name(part) for part in name.parts)


def _name(part: str) -> str:
    is_plain = not any(char in _SPECIAL or char.isspace() for char in part) and not part.startswith("#")
    return part if is_plain else _quotation(part)


def _quotation(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
