"""Where a list's rows lie in the page's state.

Reflex sends a var whole when any part of it changes, so a list in one var would travel whole at each edit. Here each row lies in a
numbered slot, `SLOTS_PER_CHUNK` slots to a var, and keeps it as long as it is on the list: an edit sends one chunk, a move only the
order (a list of slot numbers), and a tick only the marks, one bit per slot.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from todo_app.ui.task_list.rows import Row
from todo_app.ui.window import SIZE

SLOTS_PER_CHUNK = 8
CHUNKS = -(-SIZE // SLOTS_PER_CHUNK)
SLOTS = CHUNKS * SLOTS_PER_CHUNK
# As many bits as JavaScript's numbers hold exactly, in two halves of the slots.
BITS = SLOTS // 2

Chunk = list[Row]


@dataclass(frozen=True)
class Laid:
    """Rows laid into slots: the chunks, and each row's slot in the order of the rows."""

    chunks: list[Chunk]
    order: list[int]


def lay(rows: Sequence[Row], before: Sequence[Chunk]) -> Laid:
    """Lays at most `SIZE` rows into slots; a row that has a slot in `before` stays there."""
    cells = [row for chunk in before for row in chunk] or [Row()] * SLOTS
    slot_of: Mapping[str, int] = {row.id: slot for slot, row in enumerate(cells) if row.id}
    wanted = {row.id for row in rows}
    free = iter([slot for slot, row in enumerate(cells) if row.id not in wanted])
    order = [slot_of[row.id] if row.id in slot_of else next(free) for row in rows]
    for slot, row in zip(order, rows, strict=True):
        cells[slot] = row
    return Laid([cells[start : start + SLOTS_PER_CHUNK] for start in range(0, SLOTS, SLOTS_PER_CHUNK)], order)


def marks_of(order: Sequence[int], done: Sequence[bool]) -> list[int]:
    """The marks of rows just read: a bit per slot, set if its task is done."""
    marks = [0] * -(-SLOTS // BITS)
    for slot, is_done in zip(order, done, strict=True):
        marks[slot // BITS] |= is_done << slot % BITS
    return marks


def is_marked(marks: Any, slot: Any) -> Any:
    """Whether a slot's bit is set: of numbers, or of vars, for the browser to reckon with."""
    return (marks[slot // BITS] // (2 ** (slot % BITS))) % 2 == 1


def with_mark(marks: Sequence[int], slot: int, is_done: bool) -> list[int]:
    """`marks` with the bit of one slot set or taken away."""
    changed = list(marks)
    changed[slot // BITS] = (changed[slot // BITS] & ~(1 << slot % BITS)) | (is_done << slot % BITS)
    return changed
