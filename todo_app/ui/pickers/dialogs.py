"""The pickers' dialogs. assets/pickers.js opens them, fills in the choices, and sends what was chosen."""

from typing import Any

import reflex as rx

from todo_app.ui.components.elements import el, icon, icon_button, keys
from todo_app.ui.pickers.state import Scheduling, Sections

_QUICK = (
    ("sun", "Today", "today"),
    ("sunrise", "Tomorrow", "tomorrow"),
    ("armchair", "This weekend", "this weekend"),
    ("calendar-arrow-up", "Next week", "next week"),
    ("ban", "No date", "no date"),
)
_PRIORITIES = (("1", "Priority 1"), ("2", "Priority 2"), ("3", "Priority 3"), ("4", "No priority"))


def _dialog(name: str, title: str, *content: rx.Component) -> rx.Component:
    return el.dialog(
        el.header(
            el.div(
                el.h2(title, id=f"{name}-h"),
                el.p(class_name="help", dir="auto", custom_attrs={"data-about": ""}),
            ),
            icon_button("x", "Close", custom_attrs={"data-close": ""}),
        ),
        *content,
        id=name,
        class_name="dlg picker",
        aria_labelledby=f"{name}-h",
    )


def _schedule() -> rx.Component:
    return _dialog(
        "schedule",
        "Schedule",
        el.label("When", html_for="when", class_name="vh"),
        el.input(
            id="when",
            type="text",
            class_name="field",
            auto_complete="off",
            placeholder="fri 6pm, every mon, no date",
            dir="auto",
            enter_key_hint="done",
            custom_attrs={"aria-describedby": "when-means"},
        ),
        el.p(
            rx.cond(
                Scheduling.problem != "",
                el.span(icon("circle-alert", 16), Scheduling.problem, class_name="err"),
                el.span(Scheduling.words),
            ),
            id="when-means",
            class_name="means",
            role="status",
            custom_attrs={
                "data-of": Scheduling.asked,
                "data-known": rx.cond(Scheduling.words != "", "true", "false"),
                "data-answer": Scheduling.done,
            },
        ),
        el.div(
            *[
                el.button(
                    icon(icon_name, 16),
                    label,
                    type="button",
                    class_name="btn btn-ghost",
                    custom_attrs={"data-when": words},
                )
                for icon_name, label, words in _QUICK
            ],
            class_name="quick",
        ),
        el.div(
            el.label("Day", html_for="when-day"),
            el.input(id="when-day", type="date", class_name="field"),
            el.button("Schedule", type="button", class_name="btn btn-primary", custom_attrs={"data-confirm": ""}),
            class_name="foot",
        ),
    )


def _combobox(label: str, placeholder: str, listbox: str) -> rx.Component:
    return el.input(
        type="text",
        role="combobox",
        class_name="field",
        auto_complete="off",
        spell_check=False,
        placeholder=placeholder,
        aria_label=label,
        custom_attrs={"aria-expanded": "true", "aria-controls": listbox, "aria-autocomplete": "list"},
    )


def option(icon_name: str, label: str, *names: str, **data: Any) -> rx.Component:
    """A fixed option of a listbox, with its keys; `data` becomes `data-…` attributes."""
    return el.div(
        icon(icon_name, 17),
        el.span(label, class_name="name"),
        keys(*names),
        role="option",
        class_name="opt",
        aria_selected=False,
        custom_attrs={f"data-{name.rstrip('_').replace('_', '-')}": value for name, value in data.items()},
    )


def _nothing(words: str) -> rx.Component:
    return el.p(words, class_name="none", role="status", hidden=True, custom_attrs={"data-none": ""})


def _move() -> rx.Component:
    return _dialog(
        "move",
        "Move to",
        _combobox("Project or section", "Type a project or section", "move-places"),
        el.div(id="move-places", role="listbox", class_name="opts", aria_label="Places", custom_attrs={"data-choices": ""}),
        _nothing("No project or section has this name."),
        el.ul(
            rx.foreach(
                Sections.options,
                lambda each: el.li(each.name, key=each.key, custom_attrs={"data-key-of": each.key, "data-in": each.project}),
            ),
            id="all-sections",
            hidden=True,
        ),
    )


def _priority() -> rx.Component:
    return _dialog(
        "priority",
        "Priority",
        _combobox("Priority", "Type 1 to 4", "priorities"),
        el.div(
            *[option("flag", label, level, value=level, words=f" {level} p{level}", p=level) for level, label in _PRIORITIES],
            id="priorities",
            role="listbox",
            class_name="opts",
            aria_label="Priorities",
        ),
        _nothing("Type 1, 2, 3 or 4."),
    )


def _labels() -> rx.Component:
    return _dialog(
        "labels",
        "Labels",
        el.input(
            type="text",
            class_name="field",
            auto_complete="off",
            placeholder="Find a label, or make one",
            aria_label="Find or make a label",
            dir="auto",
        ),
        el.button(
            icon("plus", 16), el.span(), type="button", class_name="btn btn-soft", hidden=True, custom_attrs={"data-make": ""}
        ),
        el.ul(role="list", class_name="ticks", aria_label="Labels", custom_attrs={"data-choices": ""}),
        el.div(
            el.button("Done", type="button", class_name="btn btn-primary", custom_attrs={"data-confirm": ""}),
            class_name="foot",
        ),
    )


def pickers() -> rx.Component:
    """All of them, closed."""
    return rx.fragment(_schedule(), _move(), _labels(), _priority())
