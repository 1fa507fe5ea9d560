"""The sheet of keyboard shortcuts. What the keys do is in assets/ui.js and rows.js."""

import reflex as rx

from todo_app.ui.components.elements import el, icon_button

KEYS = {
    "Anywhere": [
        ("Add a task", "Q"),
        ("Commands", "Ctrl K"),
        ("Search", "/"),
        ("Undo", "Ctrl Z"),
        ("Undo with one key", "Z"),
        ("Redo", "Ctrl Shift Z"),
        ("Sidebar", "M"),
        ("These keys", "?"),
        ("Close", "Esc"),
    ],
    "Go to": [
        ("Inbox", "G I"),
        ("Today", "G T"),
        ("Upcoming", "G U"),
        ("Completed", "G C"),
        ("A project", "G P"),
        ("Search", "G F"),
        ("Trash", "G X"),
        ("Settings", "G S"),
    ],
    "In a list": [
        ("Next, previous", "J K"),
        ("First, last", "Home End"),
        ("Open", "Enter"),
        ("Complete", "E"),
        ("Rename", "F2"),
        ("Schedule", "T"),
        ("Priority", "1 2 3 4"),
        ("Move to a project", "V"),
        ("Labels", "L"),
        ("Duplicate", "D"),
        ("More actions", "."),
        ("Move up, down", "Alt ↑ ↓"),
        ("To the next column, day", "Alt ← →"),
        ("Delete", "Del"),
    ],
    "Select": [
        ("Select", "X"),
        ("Select as you go", "Shift ↑ ↓"),
        ("Select all", "Ctrl A"),
        ("Select none", "Esc"),
    ],
}


def key_sheet() -> rx.Component:
    """A dialog; any element with `data-open="keys"` opens it."""
    return el.dialog(
        el.header(el.h2("Keyboard shortcuts", id="keys-h"), icon_button("x", "Close", custom_attrs={"data-close": ""})),
        el.div(
            *[
                el.section(el.h3(group), *[el.div(el.span(what), *[el.kbd(key) for key in names.split()]) for what, names in rows])
                for group, rows in KEYS.items()
            ],
            class_name="keys",
        ),
        id="keys",
        class_name="dlg sheet",
        aria_labelledby="keys-h",
    )
