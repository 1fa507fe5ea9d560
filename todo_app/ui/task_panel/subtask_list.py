"""The subtasks of the open task, and the line that adds one."""

import reflex as rx

from todo_app.ui.components.elements import el, hidden, icon, icon_button
from todo_app.ui.live import Live
from todo_app.ui.task_list.row import checkbox
from todo_app.ui.task_list.rows import Row
from todo_app.ui.task_panel.properties import field_key, problem
from todo_app.ui.task_panel.state import TaskPanel
from todo_app.ui.task_panel.subtasks import Subtasks


def _move(row: rx.Var[Row], icon_name: str, where: str, step: int) -> rx.Component:
    return icon_button(
        icon_name,
        "Move " + row.title + f" {where}",
        15,
        on_click=Subtasks.move(row.id, step),
        custom_attrs={"data-focus": f"{where}:" + row.id},
    )


def _subtask(row: rx.Var[Row], index: rx.Var[int]) -> rx.Component:
    return el.li(
        checkbox(
            row.id,
            row.title,
            row.priority,
            Subtasks.marks[index] == "1",
            Live.epoch.to(str) + row.stamp,
            row.stamp,
            **{"data-focus": "done:" + row.id},
        ),
        el.button(
            el.span(row.title, class_name="st"),
            rx.cond(row.subtasks != "", el.span(row.subtasks, hidden(" subtasks done"), class_name="n num"), rx.fragment()),
            rx.cond(row.due != "", el.span(hidden("Due "), row.due, class_name="due " + row.due_kind), rx.fragment()),
            type="button",
            dir="auto",
            on_click=TaskPanel.open_task(row.id),
        ),
        rx.cond(
            Subtasks.rows.length() > 1,
            el.span(_move(row, "arrow-up", "up", -1), _move(row, "arrow-down", "down", 1), class_name="order"),
            rx.fragment(),
        ),
        class_name="subtask",
        key=row.id,
    )


def _add() -> rx.Component:
    """ui.js empties the line as it is sent, so that the next can be typed at once."""
    return el.form(
        icon("plus", 16),
        el.input(
            name="title",
            type="text",
            auto_complete="off",
            enter_key_hint="done",
            aria_label="Add subtask",
            placeholder="Add subtask",
            dir="auto",
            aria_invalid=rx.cond(Subtasks.problem != "", "true", "false"),
            custom_attrs={
                "aria-describedby": "subtask-problem",
                "data-draft": "subtask:" + TaskPanel.task_id,
                "data-add-subtask": "",
            },
        ),
        el.input(type="hidden", name="key", custom_attrs={"data-fresh-key": ""}),
        on_submit=lambda form: Subtasks.add(TaskPanel.task_id, form),
        class_name="add-inline",
        key=field_key("subtask"),
        custom_attrs={"data-add": "", "data-added": Subtasks.added},
    )


def subtask_list() -> rx.Component:
    """The section "Subtasks"."""
    return el.section(
        el.div(
            el.h2("Subtasks", id="subtasks-h"),
            rx.cond(
                Subtasks.total > 0,
                el.span(Subtasks.done, " of ", Subtasks.total, hidden(" done"), class_name="n num"),
                rx.fragment(),
            ),
            class_name="sec-h",
        ),
        rx.cond(
            Subtasks.total > 0,
            el.ul(rx.foreach(Subtasks.rows, _subtask), role="list", aria_labelledby="subtasks-h"),
            rx.fragment(),
        ),
        _add(),
        problem(Subtasks.problem, "subtask-problem"),
    )
