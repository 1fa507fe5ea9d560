"""The toolbar for the selected tasks. assets/rows.js shows it while there are some, and counts them."""

import reflex as rx

from todo_app.ui.components.elements import el, icon


def _tool(icon_name: str, label: str, command: str) -> rx.Component:
    return el.button(
        icon(icon_name, 16),
        el.span(label),
        type="button",
        class_name="btn",
        aria_label=label,
        title=label,
        custom_attrs={"data-run": command},
    )


def toolbar() -> rx.Component:
    """What can be done to all of them, each with one undo."""
    return rx.fragment(
        el.div(
            el.span(class_name="n", custom_attrs={"data-count": ""}),
            el.hr(role="presentation"),
            _tool("check", "Complete", "complete"),
            _tool("calendar-clock", "Schedule", "schedule"),
            _tool("flag", "Priority", "priority"),
            _tool("folder-input", "Move", "move"),
            _tool("tag", "Label", "labels"),
            _tool("trash-2", "Delete", "delete"),
            el.hr(role="presentation"),
            _tool("x", "Clear", "clear"),
            class_name="bulk",
            id="bulk",
            role="toolbar",
            aria_label="Actions for selected tasks",
            hidden=True,
        ),
        # What the rows that are selected are described by.
        el.span("Selected", id="is-selected", hidden=True),
    )
