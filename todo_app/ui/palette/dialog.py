"""The palette's dialog. assets/palette.js opens and filters it, and runs what is chosen."""

import reflex as rx

from todo_app.ui.components.elements import el, hidden, icon, keys
from todo_app.ui.palette.state import Found, Palette
from todo_app.ui.pickers.dialogs import option


def _group(title: str, *options: rx.Component, group_id: str = "", **attributes: object) -> rx.Component:
    return el.div(
        el.div(title, class_name="opt-h", role="presentation"),
        el.div(*options, role="presentation", id=group_id, custom_attrs=attributes) if group_id else rx.fragment(*options),
        role="group",
        aria_label=title,
    )


def _for_task(icon_name: str, label: str, command: str, *names: str, value: str = "") -> rx.Component:
    return option(icon_name, label, *names, command=command, for_="task", value=value)


def _task_actions() -> rx.Component:
    return _group(
        "This task",
        _for_task("pencil", "Edit task", "open", "Enter"),
        _for_task("circle-check-big", "Complete task", "complete", "E"),
        _for_task("text-cursor-input", "Rename task", "rename", "F2"),
        _for_task("calendar-clock", "Schedule task", "schedule", "T"),
        *[_for_task("flag", f"Set priority {level}", "priority", level, value=level) for level in ("1", "2", "3")],
        _for_task("flag", "Take the priority away", "priority", "4", value="4"),
        _for_task("folder-input", "Move to project", "move", "V"),
        _for_task("tag", "Label task", "labels", "L"),
        _for_task("list-plus", "Add subtask", "subtask"),
        _for_task("copy", "Duplicate task", "duplicate", "D"),
        _for_task("arrow-up", "Move task up", "up", "Alt", "↑"),
        _for_task("arrow-down", "Move task down", "down", "Alt", "↓"),
        _for_task("square-check", "Select task", "select", "X"),
        _for_task("trash-2", "Delete task", "delete", "Del"),
    )


def _actions() -> rx.Component:
    return _group(
        "Actions",
        option("plus", "Add task", "Q", command="add"),
        option("search", "Search this list", "/", command="search"),
        option("list-checks", "Select all tasks", "Ctrl", "A", command="selectAll"),
        option("undo-2", "Undo", "Ctrl", "Z", command="undo"),
        option("redo-2", "Redo", "Ctrl", "Shift", "Z", command="redo"),
        option("folder-plus", "Add project", press="#sidebar [data-edit=project]"),
        option("tag", "Add label", press="#sidebar [data-edit=label]"),
        option("list-filter", "Add filter", press="#sidebar [data-edit=filter]"),
        option("sun-moon", "Switch theme", command="theme", words=" dark light"),
        option("panel-left", "Hide or show the sidebar", "M", command="sidebar"),
        option("keyboard", "Keyboard shortcuts", "?", command="keys", words=" help"),
        option("log-out", "Sign out", press="#account [type=submit]", words=" log out"),
    )


def _found(task: rx.Var[Found]) -> rx.Component:
    return el.div(
        rx.cond(task.done, icon("circle-check", 17), icon("circle", 17)),
        el.span(task.title, rx.cond(task.done, hidden(", completed"), rx.fragment()), class_name="name", dir="auto"),
        el.span(task.project, class_name="in", dir="auto"),
        role="option",
        class_name="opt",
        aria_selected=False,
        key=task.id,
        custom_attrs={"data-task": task.id, "data-of": Palette.asked},
    )


def palette() -> rx.Component:
    """The palette, closed."""
    return el.dialog(
        el.div(
            icon("search", 18),
            el.input(
                type="text",
                role="combobox",
                auto_complete="off",
                spell_check=False,
                aria_label="Search tasks and commands",
                placeholder="Search tasks or type a command",
                custom_attrs={"aria-expanded": "true", "aria-controls": "palette-options", "aria-autocomplete": "list"},
            ),
            keys("Esc"),
            el.button("Cancel", type="button", class_name="btn btn-ghost cancel", custom_attrs={"data-close": ""}),
            class_name="q",
        ),
        el.div(
            _task_actions(),
            _actions(),
            _group("Go to", group_id="palette-places"),
            _group(
                "Tasks",
                rx.foreach(Palette.found, _found),
                group_id="palette-tasks",
                **{"data-answer": Palette.asked, "data-added": Palette.added},
            ),
            id="palette-options",
            role="listbox",
            aria_label="Results",
            class_name="opts",
            tab_index=-1,
        ),
        el.p(
            "No results. Press Enter to add this as a task.",
            class_name="none",
            role="status",
            hidden=True,
            custom_attrs={"data-none": ""},
        ),
        el.div(
            el.span(keys("↑", "↓"), "move"),
            el.span(keys("Enter"), "run"),
            el.span(keys("Esc"), "close"),
            class_name="ft",
        ),
        id="palette",
        class_name="dlg palette",
        aria_label="Command palette",
    )
