"""Order by hand: keys between keys, and moving one row writes one row."""

import datetime as dt
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session

from tests.people import statements
from tests.services.organising import Person
from todo_app.errors import Invalid, NotFound
from todo_app.schemas.tasks import MoveRequest
from todo_app.services import labels, sections, tasks
from todo_app.services.actor import Actor
from todo_app.services.positions import at_end, at_top, between

BEGINNING = dt.datetime(1971, 1, 1, tzinfo=dt.UTC)
MOMENTS = st.timedeltas(dt.timedelta(), dt.timedelta(days=365 * 8000)).map(lambda since: BEGINNING + since)


@given(st.lists(st.integers(0, 10**6), max_size=60), st.sampled_from(["", "clock"]))
def test_a_key_fits_between_any_two_however_often(choices: list[int], start: str) -> None:
    moment = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
    keys = [at_top(moment), at_end(moment)] if start else []
    for choice in choices:
        gap = choice % (len(keys) + 1)
        before, after = keys[gap - 1] if gap else "", keys[gap] if gap < len(keys) else None
        key = between(before, after)
        assert before < key
        assert after is None or key < after
        assert not key.endswith("0")
        keys.insert(gap, key)
    assert keys == sorted(set(keys))


@given(MOMENTS, MOMENTS)
def test_a_later_key_is_nearer_to_the_top_or_to_the_end(one: dt.datetime, other: dt.datetime) -> None:
    earlier, later = sorted((one, other))
    if earlier < later:
        assert at_top(later) < at_top(earlier) < at_end(earlier) < at_end(later)
    assert between("", at_top(later)) < at_top(later)
    assert between(at_end(later), None) > at_end(later)


def test_a_hundred_rows_put_into_one_gap_keep_short_keys() -> None:
    before, after = at_top(dt.datetime(2026, 3, 4, tzinfo=dt.UTC)), at_end(dt.datetime(2026, 3, 4, tzinfo=dt.UTC))
    for _ in range(100):
        after = between(before, after)
    assert len(after) < 40


@pytest.fixture
def four(at_work: Person) -> dict[str, uuid.UUID]:
    """A, B, C and D in a project, in this order by hand."""
    home = at_work.project("Home")
    found = {name: at_work.add(name, project_id=home) for name in "DCBA"}
    return {**{name: found[name] for name in "ABCD"}, "Home": home}


def order(at_work: Person, four: dict[str, uuid.UUID]) -> str:
    return "".join(at_work.titles(project_id=str(four["Home"]), parent_id="none", sort="position"))


def move(at_work: Person, task: uuid.UUID, **values: object) -> None:
    at_work.do(tasks.move_task, task, MoveRequest.model_validate(values))


@pytest.mark.parametrize(
    ("task", "after", "expected"),
    [("A", None, "ABCD"), ("D", None, "DABC"), ("D", "A", "ADBC"), ("A", "D", "BCDA"), ("B", "C", "ACBD"), ("B", "A", "ABCD")],
)
def test_a_task_goes_behind_another_and_one_row_is_written(
    at_work: Person, four: dict[str, uuid.UUID], task: str, after: str | None, expected: str
) -> None:
    with statements(at_work.db) as seen:
        move(at_work, four[task], after=four[after] if after else None)
    assert order(at_work, four) == expected
    assert sum(statement.startswith("UPDATE tasks") for statement in seen) == 1
    at_work.undo()
    assert order(at_work, four) == "ABCD"


def test_a_task_goes_into_another_list_to_its_place_there(at_work: Person, four: dict[str, uuid.UUID]) -> None:
    other = at_work.add("X")
    move(at_work, other, project_id=four["Home"], after=four["B"])
    assert order(at_work, four) == "ABXCD"
    move(at_work, other, parent_id=four["A"])
    move(at_work, four["D"], parent_id=four["A"], after=other)
    assert order(at_work, four) == "ABC"
    assert at_work.titles(parent_id=str(four["A"]), sort="position") == ["X", "D"]
    at_work.undo()
    assert order(at_work, four) == "ABCD"


def test_a_task_behind_which_it_can_t_be_is_refused(at_work: Person, bob: Actor, four: dict[str, uuid.UUID]) -> None:
    elsewhere, child = at_work.add("Elsewhere"), at_work.add("Child", parent_id=four["A"])
    for after in (elsewhere, child, four["A"]):
        with pytest.raises(Invalid) as caught:
            move(at_work, four["A"], after=after)
        assert [error.pointer for error in caught.value.errors] == ["/after"]
    for after in (uuid.uuid4(), Person(at_work.db, bob).add("Bob's")):
        with pytest.raises(NotFound):
            move(at_work, four["A"], after=after)
    assert order(at_work, four) == "ABCD"


def test_the_order_of_the_day_is_another_one_with_the_overdue_first(at_work: Person, four: dict[str, uuid.UUID]) -> None:
    today, yesterday = str(at_work.actor.today), str(at_work.actor.today - dt.timedelta(days=1))
    for name in "ABC":
        at_work.patch(four[name], due_date=today)
    at_work.patch(four["D"], due_date=yesterday)
    elsewhere = at_work.add("E", due_date=today)
    assert "".join(at_work.titles(sort="day")) == "DEABC"
    with statements(at_work.db) as seen:
        move(at_work, elsewhere, order="day", after=four["B"])
    assert sum(statement.startswith("UPDATE tasks") for statement in seen) == 1
    assert "".join(at_work.titles(sort="day")) == "DABEC"
    assert order(at_work, four) == "ABCD"


def test_among_rows_that_share_a_place_one_can_still_be_moved(at_work: Person, four: dict[str, uuid.UUID]) -> None:
    def share(session: Session, actor: Actor) -> None:
        for name in "BC":
            tasks.find(session, actor, four[name]).position = tasks.find(session, actor, four["B"]).position

    at_work.do(share)
    assert order(at_work, four) == "ABCD"  # the newest first among equals
    move(at_work, four["D"], after=four["A"])
    assert order(at_work, four) == "ADBC"
    move(at_work, four["A"], after=four["B"])
    assert order(at_work, four) == "DBCA"
    move(at_work, four["B"], after=four["C"])
    assert order(at_work, four) == "DCBA"


def test_sections_and_labels_are_put_in_order_too(at_work: Person) -> None:
    home, other = at_work.project("Home"), at_work.project("Other")
    one, two, three = (at_work.section(name, home) for name in ("One", "Two", "Three"))
    at_work.do(sections.place_section, three, one)
    at_work.do(sections.place_section, two, None)
    assert [each.name for each in at_work.read(sections.list_sections, home).items] == ["Two", "One", "Three"]
    with pytest.raises(Invalid):
        at_work.do(sections.place_section, one, at_work.section("Elsewhere", other))
    a, b = at_work.label("a"), at_work.label("b")
    at_work.do(labels.place_label, b, None)
    assert [each.name for each in at_work.read(labels.list_labels).items] == ["b", "a"]
    at_work.do(labels.place_label, b, a)
    assert [each.name for each in at_work.read(labels.list_labels).items] == ["a", "b"]
