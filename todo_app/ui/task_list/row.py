"""One row of a list."""

from typing import Any

import reflex as rx

from todo_app.ui.components.elements import dot, el, hidden, row_button, tag
from todo_app.ui.task_list.rows import Tag
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.state import TaskPanel


def checkbox(
    task_id: rx.Var[str],
    name: rx.Var[str] | str,
    priority: rx.Var[Any],
    done: rx.Var[bool],
    key: rx.Var[str],
    stamp: rx.Var[str] | str = "",
    **attributes: Any,
) -> rx.Component:
    """The round box that completes a task.

    The browser draws the tick at the click and does not wait for the server, since the box is not controlled by the state. When
    the stored value changes elsewhere, `data-saved` does, and assets/ui.js follows it.
    """
    return el.label(
        el.input(
            type="checkbox",
            default_checked=done,
            aria_label=name,
            on_change=lambda checked: TaskList.set_done(task_id, checked, stamp),
            custom_attrs={"data-saved": rx.cond(done, "1", "0"), **attributes},
            key=key,
        ),
        el.span(aria_hidden="true"),
        class_name="check",
        custom_attrs={"data-p": priority},
    )


def _mark(name: rx.Var[str] | str, *content: Any, **props: Any) -> rx.Component:
    """Something to see at a glance, behind its icon."""
    return el.span(*content, custom_attrs={"data-icon": name}, **props)


def _when(due: rx.Var[str], due_kind: rx.Var[str], repeats: rx.Var[bool]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            due != "",
            _mark(
                rx.cond(due_kind == "over", "calendar-x", "calendar"),
                hidden(rx.cond(due_kind == "over", "Overdue: ", "Due ")),
                due,
                class_name=due_kind,
            ),
            rx.fragment(),
        ),
        rx.cond(repeats, _mark("repeat", hidden("Repeats"), class_name=due_kind), rx.fragment()),
    )


@rx.memo
def task_row(
    task_id: rx.Var[str],
    title: rx.Var[str],
    priority: rx.Var[int],
    due: rx.Var[str],
    due_kind: rx.Var[str],
    has_notes: rx.Var[bool],
    repeats: rx.Var[bool],
    stamp: rx.Var[str],
    subtasks: rx.Var[str],
    project: rx.Var[str],
    color: rx.Var[str],
    tags: rx.Var[list[Tag]],
    done: rx.Var[bool],
    is_open: rx.Var[bool],
    epoch: rx.Var[int],
) -> rx.Component:
    """A row draws itself anew only if something of its own has changed."""
    return el.div(
        el.span(class_name="handle", aria_hidden="true", custom_attrs={"data-icon": "grip"}),
        checkbox(task_id, title, priority, done, epoch.to(str) + stamp, stamp),
        el.div(
            el.button(
                title,
                type="button",
                class_name="title",
                dir="auto",
                on_click=TaskPanel.open_task(task_id),
                custom_attrs={"data-title": ""},
            ),
            el.div(
                rx.cond(
                    priority < 4, _mark("flag", hidden("Priority "), f"P{priority}", class_name=f"pf{priority}"), rx.fragment()
                ),
                _when(due, due_kind, repeats),
                rx.cond(subtasks != "", _mark("list-checks", subtasks, hidden(" subtasks done"), class_name="num"), rx.fragment()),
                rx.cond(has_notes, _mark("text", hidden("Has notes")), rx.fragment()),
                rx.foreach(tags, lambda each: tag(each.name, each.color)),
                rx.cond(project != "", el.span(hidden("in "), project, dot(color), class_name="proj"), rx.fragment()),
                class_name="meta",
            ),
            class_name="body",
        ),
        el.div(
            row_button("schedule", "Schedule", **{"data-pick": "schedule"}),
            row_button("more", "More actions", **{"data-menu": "row-menu", "aria-haspopup": "menu"}),
            class_name="acts",
        ),
        class_name="row",
        custom_attrs={
            "data-id": task_id,
            "data-open": rx.cond(is_open, "true", "false"),
            "data-repeats": rx.cond(repeats, "true", "false"),
        },
    )
