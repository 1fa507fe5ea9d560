"""Rows in slots: what stays where it is, and how little of it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_app.ui.task_list.rows import Row
from todo_app.ui.task_list.slots import CHUNKS, SLOTS, Laid, lay, marks_of, with_mark
from todo_app.ui.task_list.slots import is_marked as is_marked_in
from todo_app.ui.window import SIZE

Order = list[int]
orders = st.lists(st.integers(0, 2 * SIZE), unique=True, max_size=SIZE)


def rows(numbers: Order) -> list[Row]:
    return [Row(id=f"task {number}", title=f"Task {number}") for number in numbers]


def read(laid: Laid) -> list[Row]:
    cells = [row for chunk in laid.chunks for row in chunk]
    return [cells[slot] for slot in laid.order]


@given(orders, orders)
def test_what_was_laid_is_read_in_its_order(before: Order, after: Order) -> None:
    first = lay(rows(before), [])
    assert read(first) == rows(before)
    assert read(lay(rows(after), first.chunks)) == rows(after)


@given(orders.flatmap(lambda order: st.tuples(st.just(order), st.permutations(order))))
def test_another_order_moves_no_row(orders: tuple[Order, Order]) -> None:
    before, after = orders
    first = lay(rows(before), [])
    assert lay(rows(after), first.chunks).chunks == first.chunks


@given(orders.filter(lambda order: 0 < len(order) < SIZE))
def test_a_new_row_changes_one_chunk(order: Order) -> None:
    first = lay(rows(order), [])
    second = lay(rows([999, *order]), first.chunks)
    changed = [old != new for old, new in zip(first.chunks, second.chunks, strict=True)]
    assert len(changed) == CHUNKS
    assert sum(changed) == 1


def test_a_full_list_fits() -> None:
    assert len(set(lay(rows(list(range(SIZE))), []).order)) == SIZE <= SLOTS


@given(st.lists(st.booleans(), min_size=SLOTS, max_size=SLOTS), st.integers(0, SLOTS - 1), st.booleans())
def test_a_mark_is_a_bit_of_its_own(done: list[bool], slot: int, is_done: bool) -> None:
    marks = with_mark(marks_of(range(SLOTS), done), slot, is_done)
    assert [is_marked_in(marks, each) for each in range(SLOTS)] == [*done[:slot], is_done, *done[slot + 1 :]]


def test_marks_are_numbers_that_javascript_holds_exactly() -> None:
    assert max(marks_of(range(SLOTS), [True] * SLOTS)) < 2**53


def test_a_row_that_is_not_laid_can_not_be_too_many() -> None:
    with pytest.raises(StopIteration):
        lay(rows(list(range(SLOTS + 1))), [])
