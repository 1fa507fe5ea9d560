"""The items of a list: its rows, and the headings of its groups."""

import reflex as rx

from todo_app.ui.components.elements import count_of, el, row_button
from todo_app.ui.live import Live
from todo_app.ui.organise.menus import more_button
from todo_app.ui.task_list.groups import Group, Head
from todo_app.ui.task_list.row import task_row
from todo_app.ui.task_list.rows import Row
from todo_app.ui.task_list.slots import CHUNKS, SLOTS_PER_CHUNK, is_marked
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.state import TaskPanel


def _head(head: rx.Var[Head]) -> rx.Component:
    return rx.cond(
        head.title != "",
        el.div(
            el.h2(head.title, id=head.kind + "-" + head.key, tab_index=-1),
            rx.cond(head.note != "", el.span(head.note, class_name="n"), rx.fragment()),
            rx.cond(head.count > 0, count_of(head.count, "n num"), rx.fragment()),
            el.span(class_name="sp"),
            rx.match(
                head.kind,
                ("late", el.button("Reschedule all", type="button", class_name="link", custom_attrs={"data-pick": "overdue"})),
                (
                    "section",
                    rx.fragment(
                        row_button("plus", "Add a task here", **{"data-add-in": "section_id", "data-to": head.key}),
                        rx.cond(head.key != "", more_button("section", head.title), rx.fragment()),
                    ),
                ),
                ("day", row_button("plus", "Add a task here", **{"data-add-in": "due_date", "data-to": head.key})),
                rx.fragment(),
            ),
            class_name="group-h",
            custom_attrs={"data-kind": head.kind, "data-group": head.key},
        ),
        rx.fragment(),
    )


def _row_at(slot: rx.Var[int]) -> rx.Var[Row]:
    chunks = rx.Var.create([getattr(TaskList, f"rows_{number}") for number in range(CHUNKS)]).to(list[list[Row]])
    return chunks[slot // SLOTS_PER_CHUNK][slot % SLOTS_PER_CHUNK]


def row_id(slot: rx.Var[int]) -> rx.Var[str]:
    """The task whose row lies in a slot."""
    return _row_at(slot).id


def row_in(slot: rx.Var[int]) -> rx.Component:
    """The row that lies in a slot."""
    row = _row_at(slot)
    return task_row(
        task_id=row.id,
        title=row.title,
        priority=row.priority,
        due=row.due,
        due_kind=row.due_kind,
        has_notes=row.has_notes,
        repeats=row.repeats,
        stamp=row.stamp,
        subtasks=row.subtasks,
        project=row.project,
        color=row.color,
        tags=row.tags,
        done=is_marked(TaskList.marks, slot),
        is_open=TaskPanel.task_id == row.id,
        epoch=Live.epoch,
    )


def _item(group: rx.Var[Group], slot: rx.Var[int], index: rx.Var[int]) -> rx.Component:
    return el.li(
        rx.cond(index == 0, rx.foreach(group.heads, _head), rx.fragment()),
        row_in(slot),
        key=row_id(slot),
        custom_attrs={"data-group": group.key},
    )


def rows() -> rx.Component:
    """The list's rows, in their groups."""
    return rx.foreach(TaskList.groups, lambda group: rx.foreach(group.slots, lambda slot, index: _item(group, slot, index)))


def tail() -> rx.Component:
    """The headings behind the last row."""
    return rx.foreach(TaskList.tail, _head)
