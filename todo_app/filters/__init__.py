"""The filter language: a text makes a tree of conditions on tasks. Pure: no database, no clock, no pages.

`parse_filter` reads a text, `render` writes one, `clauses` lists the conditions, `explain` and `sentence` say why a task is (not)
there. docs/filters.md says what can be typed and what it means.
"""

from todo_app.filters.context import Context
from todo_app.filters.errors import BadFilter
from todo_app.filters.explain import Explanation, Reason, explain
from todo_app.filters.parser import parse_filter
from todo_app.filters.render import render
from todo_app.filters.sentences import sentence
from todo_app.filters.tree import (
    And,
    Clause,
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
)

__all__ = [
    "And",
    "BadFilter",
    "Clause",
    "Context",
    "DateClause",
    "DateField",
    "Explanation",
    "Filter",
    "LabelClause",
    "Not",
    "Or",
    "Pattern",
    "PriorityClause",
    "ProjectClause",
    "Reason",
    "SectionClause",
    "State",
    "StateClause",
    "TextClause",
    "clauses",
    "explain",
    "parse_filter",
    "render",
    "sentence",
]
