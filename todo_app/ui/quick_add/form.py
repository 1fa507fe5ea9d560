"""The line that adds tasks, as it stands on every task page. What it does while one types is in assets/quick_add.js."""

from typing import Any

import reflex as rx
from reflex.event import EventHandler
from reflex_components_core.core.window_events import WindowEventListener

from todo_app.ui.components.elements import el, icon, keys
from todo_app.ui.quick_add.chips import Chip
from todo_app.ui.quick_add.state import QuickAdd
from todo_app.ui.session import Session
from todo_app.ui.task_list.state import TaskList

# What the button of each kind of chip removes, and its picture.
_KINDS = {
    "date": ("due date", "calendar"),
    "time": ("time", "clock"),
    "recurrence": ("repeat", "repeat"),
    "project": ("project", "hash"),
    "label": ("label", "tag"),
}
_PRIORITY = ("priority", "flag")
_EXAMPLES = {
    "en": "Add a task — try “Call Sam tomorrow 9am p1 #Home @calls”",
    "de": "Add a task — try “Sam anrufen morgen 9 Uhr p1 #Zuhause @Anrufe”",
}


class LineEvents(WindowEventListener):
    """Hears assets/quick_add.js ask what the text means: `dispatchEvent(new CustomEvent("lineread", {detail}))`."""

    on_lineread: EventHandler[
        lambda e: [e.detail.text.to(str), e.detail.dismissed.to(list), e.detail.number.to(int), e.detail.day.to(str)]
    ]


def _hidden_fields(*names: str) -> rx.Component:
    """Filled by assets/quick_add.js as the form is sent."""
    return rx.fragment(*[el.input(type="hidden", name=name) for name in names])


def _field() -> rx.Component:
    return el.input(
        id="qa",
        name="title",
        type="text",
        auto_complete="off",
        enter_key_hint="done",
        placeholder=rx.cond(Session.language == "de", _EXAMPLES["de"], _EXAMPLES["en"]),
        dir="auto",
        aria_invalid=rx.cond(TaskList.add_problem != "", "true", "false"),
        custom_attrs={
            "aria-describedby": "qa-problem qa-help",
            # Suggestions do not make it a combobox: as a textbox it is known to scripts, and both roles may have them.
            "aria-autocomplete": "list",
            "aria-controls": "qa-options",
            "data-draft": "add",
        },
    )


def _line() -> rx.Component:
    return el.form(
        icon("plus", 18, bold=True),
        el.label("Add a task", html_for="qa", class_name="vh"),
        _field(),
        _hidden_fields("key", "dismissed", "section_id", "due_date"),
        el.button("Add task", type="submit", class_name="btn btn-primary"),
        keys("Q"),
        on_submit=TaskList.add,
        class_name="qa-line",
        aria_label="Add task",
        custom_attrs={"data-line": ""},
    )


def _remove(name: rx.Var[str] | str, **attributes: str) -> rx.Component:
    return el.button(icon("x", 14), type="button", class_name="x", aria_label=name, custom_attrs=attributes)


def _chip(chip: rx.Var[Chip]) -> rx.Component:
    """Removing it leaves its words in the title."""

    def by_kind(part: int, show: Any) -> Any:
        return rx.match(chip.kind, *[(kind, show(words[part])) for kind, words in _KINDS.items()], show(_PRIORITY[part]))

    what = by_kind(0, str).to(str)
    return el.li(
        by_kind(1, lambda name: icon(name, 14)),
        el.span(chip.text, dir="auto"),
        rx.cond(chip.is_new, el.span("new", class_name="new"), rx.fragment()),
        _remove("Remove " + what + rx.cond(chip.kind == "label", " " + chip.text, ""), **{"data-dismiss": ""}),
        key=chip.kind + chip.places + chip.text,
        class_name="pill",
        custom_attrs={"data-kind": chip.kind, "data-places": chip.places},
    )


def _understood() -> rx.Component:
    return el.div(
        el.span(
            el.span(custom_attrs={"data-place-name": ""}, dir="auto"),
            _remove("Remove place", **{"data-leave": ""}),
            class_name="pill",
            id="qa-place",
            hidden=True,
        ),
        el.ul(
            rx.foreach(QuickAdd.chips, _chip),
            id="qa-chips",
            role="list",
            aria_label="Understood",
            hidden=True,
            custom_attrs={"data-of": QuickAdd.of},
        ),
        el.span(keys("Enter"), " to add", class_name="hint", aria_hidden="true"),
        class_name="qa-foot",
    )


def _problem() -> rx.Component:
    return el.p(
        rx.cond(TaskList.add_problem != "", rx.fragment(icon("circle-alert", 16), el.span(TaskList.add_problem)), rx.fragment()),
        id="qa-problem",
        class_name="err",
        role="alert",
    )


def _several() -> rx.Component:
    """Asks whether pasted lines are tasks each. They can be mended here, and stay until one of the buttons is pressed."""
    return el.form(
        el.p(id="qa-question", class_name="question"),
        el.label("Tasks to add, one a line", html_for="qa-lines", class_name="vh"),
        el.textarea(id="qa-lines", name="title", rows="5", dir="auto", class_name="field", custom_attrs={"data-draft": "lines"}),
        _hidden_fields("key", "section_id", "due_date"),
        el.div(
            el.button(type="submit", class_name="btn btn-primary", id="qa-add-lines"),
            el.button("Paste as one line", type="button", class_name="btn btn-outline", custom_attrs={"data-one-line": ""}),
            class_name="btns",
        ),
        on_submit=TaskList.add,
        class_name="qa-several",
        aria_labelledby="qa-question",
        hidden=True,
        custom_attrs={"data-line": ""},
    )


def add_line() -> rx.Component:
    """The line with what belongs to it. On a phone it is a sheet, which the floating button opens."""
    return el.div(
        LineEvents.create(on_lineread=QuickAdd.read),
        _line(),
        el.p("Days, times, p1 to p4, #project and @label are understood as you type.", id="qa-help", class_name="vh"),
        el.ul(id="qa-options", role="listbox", hidden=True, class_name="qa-options"),
        _understood(),
        _problem(),
        _several(),
        class_name="qa",
        id="add",
        custom_attrs={"popover": "auto", "data-added": TaskList.added, "data-refused": TaskList.refused},
    )
