"""What a filter is: conditions on a task (clauses), joined by and, or and not.

Every clause is true or false of a task, never unknown: a task without a due date is not due before friday, so `!due < friday` is
true of it. Two nodes are equal if they mean the same, wherever in the text they stood.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Literal, TypeVar

DateField = Literal["due", "start", "created", "updated", "completed"]
State = Literal[
    "all",
    "open",
    "completed",
    "overdue",
    "recurring",
    "subtask",
    "has subtasks",
    "has notes",
    "no date",
    "no time",
    "no start date",
    "no labels",
    "no project",
    "no section",
]


@dataclass(frozen=True, kw_only=True)
class _Node:
    """Where in the text a node stands, in characters (code points), the end excluded, and what is written there."""

    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    source: str = field(default="", compare=False)


@dataclass(frozen=True)
class Pattern:
    """A name, as the literal pieces between its stars: `("work",)` for `work`, `("lab", "")` for `lab*`."""

    parts: tuple[str, ...]

    @property
    def is_exact(self) -> bool:
        """Whether it is one name, without a star."""
        return len(self.parts) == 1


@dataclass(frozen=True)
class DateClause(_Node):
    """A day of the task is `since` or later and earlier than `before`; None is no bound. False if the task has no such day."""

    field: DateField
    since: dt.date | None = None
    before: dt.date | None = None


@dataclass(frozen=True)
class PriorityClause(_Node):
    """The task has this priority, 1 to 4; 4 is none."""

    level: int


@dataclass(frozen=True)
class LabelClause(_Node):
    """A label of the task has such a name."""

    name: Pattern


@dataclass(frozen=True)
class ProjectClause(_Node):
    """The project of the task has such a name or, with sub-projects, is anywhere below one that has."""

    name: Pattern
    with_subprojects: bool = False


@dataclass(frozen=True)
class SectionClause(_Node):
    """The section of the task has such a name."""

    name: Pattern


@dataclass(frozen=True)
class StateClause(_Node):
    """The task is so."""

    state: State


@dataclass(frozen=True)
class TextClause(_Node):
    """Title, notes or labels of the task have every one of these in them, in any order; one of them may be several words."""

    words: tuple[str, ...]


Clause = DateClause | PriorityClause | LabelClause | ProjectClause | SectionClause | StateClause | TextClause


@dataclass(frozen=True)
class And(_Node):
    """All of two or more; none of them is an `And`."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True)
class Or(_Node):
    """At least one of two or more; none of them is an `Or`."""

    parts: tuple["Filter", ...]


@dataclass(frozen=True)
class Not(_Node):
    """The plain opposite."""

    part: "Filter"


Filter = And | Or | Not | Clause

_AnyNode = TypeVar("_AnyNode", bound=_Node)


def placed(node: _AnyNode, text: str, start: int, end: int) -> _AnyNode:
    """The node as it stands in a text."""
    return replace(node, start=start, end=end, source=text[start:end])


def clauses(tree: Filter) -> Iterator[Clause]:
    """The clauses of a filter, in the order of the text."""
    if isinstance(tree, And | Or):
        for part in tree.parts:
            yield from clauses(part)
    elif isinstance(tree, Not):
        yield from clauses(tree.part)
    else:
        yield tree
