"""One menu for all rows; ui.js opens it at a row's button, and each item runs a command on that row."""

import reflex as rx

from todo_app.ui.components.elements import el, keys
from todo_app.ui.components.menu import menu, menu_item


def _item(icon_name: str, label: str, command: str, *names: str, class_name: str = "", **data: str) -> rx.Component:
    attributes = {"data-action": command, **{f"data-{name.rstrip('_')}": value for name, value in data.items()}}
    return menu_item(icon_name, label, keys(*names), class_name=class_name, custom_attrs=attributes)


def row_menu() -> rx.Component:
    """The menu, closed."""
    return menu(
        "row-menu",
        "Task actions",
        _item("pencil", "Edit", "open", "Enter"),
        _item("text-cursor-input", "Rename", "rename", "F2"),
        _item("calendar-clock", "Schedule", "schedule", "T"),
        _item("flag", "Priority", "priority", "1", "–", "4"),
        _item("folder-input", "Move to…", "move", "V"),
        _item("tag", "Labels", "labels", "L"),
        el.hr(role="separator"),
        _item("list-plus", "Add subtask", "subtask"),
        _item("copy", "Duplicate", "duplicate", "D"),
        _item("skip-forward", "Skip this one", "skip", for_="repeating"),
        _item("arrow-up", "Move up", "up", "Alt", "↑"),
        _item("arrow-down", "Move down", "down", "Alt", "↓"),
        _item("square-check", "Select", "select", "X"),
        el.hr(role="separator"),
        _item("trash-2", "Delete", "delete", "Del", class_name="bad"),
    )
