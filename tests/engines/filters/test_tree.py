"""The nodes that texts make, in full."""

import datetime as dt

import pytest

from tests.engines.filters.conftest import CONTEXT, WEDNESDAY
from todo_app.filters import (
    And,
    BadFilter,
    Context,
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
    clauses,
    parse_filter,
)

THURSDAY = dt.date(2026, 3, 5)
FRIDAY = dt.date(2026, 3, 6)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("today", DateClause("due", WEDNESDAY, THURSDAY)),
        ("due < friday", DateClause("due", None, FRIDAY)),
        ("start >= friday", DateClause("start", FRIDAY, None)),
        ("due: today to thursday", DateClause("due", WEDNESDAY, FRIDAY)),
        ("p2", PriorityClause(2)),
        ("@work", LabelClause(Pattern(("work",)))),
        ("@lab*", LabelClause(Pattern(("lab", "")))),
        ("@*a*b", LabelClause(Pattern(("", "a", "b")))),
        ("@*", LabelClause(Pattern(("", "")))),
        ("@***", LabelClause(Pattern(("", "")))),
        (r"@lab\*", LabelClause(Pattern(("lab*",)))),
        ("#Home", ProjectClause(Pattern(("Home",)))),
        ("##Home", ProjectClause(Pattern(("Home",)), with_subprojects=True)),
        ("/Ideas", SectionClause(Pattern(("Ideas",)))),
        ("no date", StateClause("no date")),
        ("no parent", Not(StateClause("subtask"))),
        ("search: a b", TextClause(("a", "b"))),
        ('"a  b"', TextClause(("a b",))),
        ("p1 & p2 & p3", And((PriorityClause(1), PriorityClause(2), PriorityClause(3)))),
        ("p1 | p2 & p3", Or((PriorityClause(1), And((PriorityClause(2), PriorityClause(3)))))),
        ("!!p1", Not(Not(PriorityClause(1)))),
    ],
)
def test_a_text_makes_a_tree(text: str, tree: Filter) -> None:
    assert parse_filter(text, CONTEXT) == tree


def test_a_node_has_its_place_in_code_points() -> None:
    tree = parse_filter('  "🥞🥞" & ( today or !@x )', CONTEXT)
    assert isinstance(tree, And)
    assert (tree.start, tree.end, tree.source) == (2, 25, '"🥞🥞" & ( today or !@x )')
    either = tree.parts[1]
    assert isinstance(either, Or)
    assert (either.start, either.end, either.source) == (11, 23, "today or !@x")
    assert [(clause.start, clause.source) for clause in clauses(tree)] == [(2, '"🥞🥞"'), (11, "today"), (21, "@x")]


def test_a_phrase_that_means_an_opposite_is_one_place() -> None:
    tree = parse_filter("p1 & no parent", CONTEXT)
    assert [clause.source for clause in clauses(tree)] == ["p1", "no parent"]


def test_trees_are_equal_wherever_they_stood() -> None:
    one, other = parse_filter("p1 & today", CONTEXT), parse_filter("(p1)   and due:today", CONTEXT)
    assert one == other
    assert hash(one) == hash(other)
    assert one != parse_filter("today & p1", CONTEXT)


def test_only_a_name_without_a_star_is_exact() -> None:
    assert Pattern(("lab*",)).is_exact
    assert not Pattern(("lab", "")).is_exact


def test_own_words_come_before_those_of_the_outside_reader() -> None:
    context = Context(WEDNESDAY, read_day=lambda _: dt.date(2000, 1, 1))
    assert parse_filter("friday", context) == DateClause("due", FRIDAY, FRIDAY + dt.timedelta(days=1))
    assert parse_filter("due < soonish", context) == DateClause("due", None, dt.date(2000, 1, 1))


def test_an_outside_reader_never_sees_what_was_quoted() -> None:
    context = Context(WEDNESDAY, read_day=lambda _: dt.date(2000, 1, 1))
    with pytest.raises(BadFilter):
        parse_filter('due < "soonish"', context)


def test_a_day_from_outside_can_be_too_far_away() -> None:
    with pytest.raises(BadFilter, match="too far away"):
        parse_filter("due: never", Context(WEDNESDAY, read_day=lambda _: dt.date.max))
