"""What holds for every text and every tree."""

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.filters.conftest import CONTEXT, context_on
from todo_app.filters import (
    And,
    BadFilter,
    Clause,
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
    State,
    StateClause,
    TextClause,
    clauses,
    explain,
    parse_filter,
    render,
)

always_alike = functools.partial(settings, derandomize=True, deadline=None, database=None)

PIECES = [
    "&",
    "|",
    "!",
    "(",
    ")",
    ",",
    "and",
    "or",
    "not",
    "@work",
    "@lab*",
    "#Home",
    "##Home",
    "/Ideas",
    "#",
    "@",
    "today",
    "tody",
    "overdue",
    "no",
    "date",
    "p1",
    "p9",
    "due:",
    "due",
    "<",
    "friday",
    "before",
    "on",
    "created",
    ">",
    "-30d",
    "7",
    "days",
    "to",
    "next",
    "last",
    "week",
    "search:",
    "project:",
    "label:work",
    "is:",
    "open",
    '"milk"',
    '"',
    "“a",
    "b”",
    "\\",
    "\\&",
    ":",
    "<",
    "=",
    "*",
    "jan",
    "27",
    "9999-12-31",
    "+9999999y",
    "🥞",
    "İ",
    "ß",
    "ﬁ",
    "٣",
    "\xa0",
    "\u200b",
    "\n",
]
texts = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(PIECES), max_size=14).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=14).map("".join),
)
days = st.dates(dt.date(1000, 1, 1), dt.date(9998, 12, 30))
shown = st.characters(exclude_categories=("Cc", "Cs"))
names_said = st.text(shown, min_size=1, max_size=8).map(lambda name: " ".join(name.split())).filter(bool)


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    """A name with any number of stars, none of them side by side."""
    parts = draw(st.lists(names_said, min_size=1, max_size=3))
    begins, ends = draw(st.booleans()), draw(st.booleans())
    return Pattern(("",) * begins + tuple(parts) + ("",) * ends)


@st.composite
def date_clauses(draw: st.DrawFn) -> DateClause:
    field = draw(st.sampled_from(["due", "start", "created", "updated", "completed"]))
    since, last = sorted([draw(days), draw(days)])
    bounds = [(since, None), (None, since), (since, last + dt.timedelta(days=1)), (since, since + dt.timedelta(days=1))]
    return DateClause(field, *draw(st.sampled_from(bounds)))


any_clause = st.one_of(
    date_clauses(),
    st.builds(PriorityClause, st.integers(1, 4)),
    st.builds(LabelClause, patterns()),
    st.builds(ProjectClause, patterns(), st.booleans()),
    st.builds(SectionClause, patterns()),
    st.builds(StateClause, st.sampled_from(get_args(State))),
    st.builds(TextClause, st.lists(names_said, min_size=1, max_size=3).map(tuple)),
)


def joined(node: type[And] | type[Or], inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
    """Two or more parts, those of the same kind taken apart as the parser does."""
    parts = st.lists(inner, min_size=2, max_size=4)
    return parts.map(
        lambda parts: node(tuple(leaf for part in parts for leaf in (part.parts if isinstance(part, node) else (part,))))
    )


def trees(leaves: st.SearchStrategy[Clause]) -> st.SearchStrategy[Filter]:
    def grow(inner: st.SearchStrategy[Filter]) -> st.SearchStrategy[Filter]:
        return st.one_of(joined(And, inner), joined(Or, inner), st.builds(Not, inner))

    return st.recursive(leaves, grow, max_leaves=8)


def labels(names: str) -> st.SearchStrategy[Clause]:
    return st.sampled_from([LabelClause(Pattern((name,))) for name in names])


def nodes(tree: Filter) -> Iterator[Filter]:
    yield tree
    for part in tree.parts if isinstance(tree, And | Or) else [tree.part] if isinstance(tree, Not) else []:
        yield from nodes(part)


def is_true(tree: Filter, facts: dict[Clause, bool]) -> bool:
    match tree:
        case And(parts=parts):
            return all(is_true(part, facts) for part in parts)
        case Or(parts=parts):
            return any(is_true(part, facts) for part in parts)
        case Not(part=part):
            return not is_true(part, facts)
    return facts[tree]


def is_decided(tree: Filter, fixed: dict[Clause, bool]) -> bool:
    """Whether it is true, or false, whatever the clauses are that aren't fixed."""
    free = [clause for clause in dict.fromkeys(clauses(tree)) if clause not in fixed]
    tries = itertools.product([False, True], repeat=len(free))
    return len({is_true(tree, fixed | dict(zip(free, values, strict=True))) for values in tries}) == 1


def outcome(text: str, context: Context = CONTEXT) -> Filter | BadFilter:
    """The tree of a text, or what is wrong with it."""
    try:
        return parse_filter(text, context)
    except BadFilter as error:
        return error


@always_alike(max_examples=600)
@given(texts)
def test_a_text_is_a_filter_or_is_refused_with_a_place_in_it(text: str) -> None:
    read = outcome(text)
    if isinstance(read, BadFilter):
        assert 0 <= read.start <= read.end <= len(text)
        assert read.start < read.end or not text
        assert len(read.message) < 250
    else:
        assert parse_filter(render(read), CONTEXT) == read


@always_alike(max_examples=600)
@given(texts)
def test_what_is_suggested_mends_what_was_wrong(text: str) -> None:
    for _ in range(30):
        read = outcome(text)
        if not isinstance(read, BadFilter) or read.suggestion is None:
            return
        mended = text[: read.start] + read.suggestion + text[read.end :]
        assert mended != text
        text = mended
    pytest.fail(f"The suggestions for {text!r} go on for ever.")


@always_alike(max_examples=150)
@given(trees(any_clause))
def test_any_tree_can_be_written_and_read(tree: Filter) -> None:
    text = render(tree)
    if len(text) <= 1000:
        assert parse_filter(text, CONTEXT) == tree
        assert render(parse_filter(text, context_on(dt.date(1999, 12, 31), 6))) == text


@always_alike(max_examples=150)
@given(trees(any_clause), st.data())
def test_each_node_knows_its_text(tree: Filter, data: st.DataObject) -> None:
    space = data.draw(st.sampled_from(["", " ", "\n\t"]))
    text = space + render(tree).replace(" & ", f"{space}&{space}").replace("!", f"!{space}") + space
    if len(text) > 1000:
        return
    read = parse_filter(text, CONTEXT)
    for node in nodes(read):
        assert text[node.start : node.end] == node.source == node.source.strip()
        assert parse_filter(node.source, CONTEXT) == node


@always_alike(max_examples=200)
@given(trees(labels("abcde")), st.data())
def test_an_explanation_is_right_and_enough(tree: Filter, data: st.DataObject) -> None:
    facts = {clause: data.draw(st.booleans()) for clause in dict.fromkeys(clauses(tree))}
    explanation = explain(tree, facts.__getitem__)
    because = {reason.clause: reason.holds for reason in explanation.because}
    assert explanation.matches == is_true(tree, facts)
    assert because.items() <= facts.items()
    assert len(because) == len(explanation.because) > 0
    assert is_decided(tree, because)


@always_alike(max_examples=200)
@given(trees(labels("abcdefgh")), st.data())
def test_no_fewer_clauses_would_explain_it(tree: Filter, data: st.DataObject) -> None:
    each = list(clauses(tree))
    facts = {clause: data.draw(st.booleans()) for clause in dict.fromkeys(each)}
    because = explain(tree, facts.__getitem__).because
    if len(each) == len(facts):
        # Where no clause stands twice, there is no smaller set at all.
        for fewer in itertools.combinations(facts, len(because) - 1):
            assert not is_decided(tree, {clause: facts[clause] for clause in fewer})


@pytest.mark.parametrize(
    ("opening", "closing", "most", "start"), [("(", ")", 50, 50), ("!", "", 50, 50), ("not ", "", 50, 200), ("!(", ")", 25, 50)]
)
def test_only_so_much_can_be_inside_each_other(opening: str, closing: str, most: int, start: int) -> None:
    assert list(clauses(parse_filter(opening * most + "p1" + closing * most, CONTEXT))) == [PriorityClause(1)]
    for n in (most + 1, most + 100):
        with pytest.raises(BadFilter, match="At most 50") as refused:
            parse_filter(opening * n + "p1" + closing * n, CONTEXT)
        assert refused.value.start == start


@pytest.mark.parametrize("text", ["(" * 1000, "!" * 1000, ")" * 1000, "&" * 1000, '"' * 1000, "\\" * 999, "(!" * 500, "," * 1000])
def test_a_thousand_signs_are_refused(text: str) -> None:
    with pytest.raises(BadFilter):
        parse_filter(text, CONTEXT)


def test_a_filter_has_at_most_a_hundred_conditions() -> None:
    assert len(list(clauses(parse_filter("|".join(["p1"] * 100), CONTEXT)))) == 100
    with pytest.raises(BadFilter, match="at most 100 conditions") as refused:
        parse_filter("|".join(["p1"] * 101), CONTEXT)
    assert (refused.value.start, refused.value.end) == (300, 302)


def test_a_filter_has_at_most_a_thousand_characters() -> None:
    assert parse_filter("@" + "x" * 999, CONTEXT) == LabelClause(Pattern(("x" * 999,)))
    with pytest.raises(BadFilter, match="at most 1,000 characters") as refused:
        parse_filter("@" + "x" * 1002, CONTEXT)
    assert (refused.value.start, refused.value.end) == (1000, 1003)


@pytest.mark.parametrize("char", ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x85", "\ud800"])
@pytest.mark.parametrize("text", ["today{} & p1", "@wo{}rk", '"mi{}lk"', "\\{}", "{}"])
def test_characters_that_no_text_has_are_refused(text: str, char: str) -> None:
    with pytest.raises(BadFilter, match="can't be shown") as refused:
        parse_filter(text.format(char), CONTEXT)
    assert (refused.value.start, refused.value.end) == (text.index("{"), text.index("{") + 1)


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1000, 1, 1), dt.date(9998, 12, 31), dt.date.max])
def test_no_day_is_too_near_the_end_of_the_calendar_to_be_refused(day: dt.date) -> None:
    for text in (
        "today",
        "this week",
        "next weekend",
        "last year",
        "next year",
        "friday",
        "created: friday",
        "29 feb",
        "+1d",
        "-1d",
        "due > today",
    ):
        read = outcome(text, context_on(day))
        if isinstance(read, BadFilter):
            assert "calendar" in read.message or text == "29 feb"
        else:
            assert parse_filter(render(read), context_on(day)) == read


def test_an_outside_reader_is_asked_seldom_however_long_the_text() -> None:
    asked: list[str] = []

    def read_day(phrase: str) -> None:
        asked.append(phrase)

    for text in ("no " * 333, "due: " + "x " * 490, "#a " + "x " * 490, "x" * 1000):
        with pytest.raises(BadFilter):
            parse_filter(text, Context(CONTEXT.today, 0, read_day))
    assert len(asked) < 40
    assert max(map(len, asked)) <= 60
