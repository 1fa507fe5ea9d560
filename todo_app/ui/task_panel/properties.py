"""The properties of the open task: when it is due, where it is, what it is labelled, how it recurs."""

import reflex as rx

from todo_app import lengths
from todo_app.ui.components.elements import dot, el, hidden, icon, icon_button
from todo_app.ui.live import Live
from todo_app.ui.row_menu.state import RowMenu
from todo_app.ui.task_panel.choices import INBOX, Choice, LabelChip, NextDate, PanelChoices
from todo_app.ui.task_panel.state import TaskPanel

PRIORITIES = {"1": "Priority 1", "2": "Priority 2", "3": "Priority 3", "4": "None"}
LABEL_NAMES = "label-names"


def field_key(field: str) -> rx.Var[str]:
    """Another task has other fields, and a new epoch draws them anew; else what is typed stays."""
    return TaskPanel.task_id + field + Live.epoch.to(str)


def problem(text: rx.Var[str], element_id: str) -> rx.Component:
    """What is wrong with a field, where it stands. It is always there, so that screen readers hear what comes into it."""
    return el.p(
        rx.cond(text != "", rx.fragment(icon("circle-alert", 16), el.span(text)), rx.fragment()),
        class_name="err",
        id=element_id,
        role="alert",
    )


def _id(label: str) -> str:
    return f"panel-{label.lower().replace(' ', '-')}"


def _property(icon_name: str, label: str, *controls: rx.Component) -> rx.Component:
    return rx.fragment(el.dt(icon(icon_name, 15), el.label(label, html_for=_id(label))), el.dd(*controls))


def _input(field: str, label: str, type_: str) -> rx.Component:
    return el.input(
        id=_id(label),
        type=type_,
        default_value=getattr(TaskPanel, field),
        class_name="field",
        on_change=lambda value: TaskPanel.save(TaskPanel.task_id, field, value),
        key=field_key(field),
        custom_attrs={"data-saved": getattr(TaskPanel, field)},
    )


def _priority() -> rx.Component:
    return el.select(
        *[el.option(label, value=value) for value, label in PRIORITIES.items()],
        id=_id("Priority"),
        value=TaskPanel.priority,
        on_change=lambda value: TaskPanel.save(TaskPanel.task_id, "priority", value),
        class_name="field",
    )


def _project() -> rx.Component:
    def option(choice: rx.Var[Choice]) -> rx.Component:
        return el.option(choice.text, value=choice.value, key=choice.value)

    return el.select(
        el.option("Inbox", value=INBOX),
        rx.foreach(PanelChoices.places, option),
        id=_id("Project"),
        value=PanelChoices.place,
        on_change=lambda place: PanelChoices.move_to(TaskPanel.task_id, place),
        class_name="field",
    )


def _label(label: rx.Var[LabelChip]) -> rx.Component:
    return el.li(
        el.span(label.name, dir="auto"),
        icon_button("x", "Remove " + label.name, 12, on_click=PanelChoices.remove_label(TaskPanel.task_id, label.id)),
        class_name="tag",
        custom_attrs={"data-c": label.color},
        key=label.id,
    )


def _labels() -> rx.Component:
    """The labels, and a line that puts one on. ui.js empties it as it is sent, so that the next can be typed at once."""
    return rx.fragment(
        rx.cond(
            PanelChoices.labels.length() > 0,
            el.ul(rx.foreach(PanelChoices.labels, _label), role="list", class_name="tags"),
            rx.fragment(),
        ),
        el.form(
            el.input(
                id=_id("Labels"),
                name="title",
                type="text",
                auto_complete="off",
                enter_key_hint="done",
                aria_label="Add a label",
                placeholder="Add a label",
                dir="auto",
                class_name="field",
                custom_attrs={
                    "list": LABEL_NAMES,
                    "aria-describedby": "label-problem",
                    "data-draft": "label:" + TaskPanel.task_id,
                },
            ),
            el.datalist(rx.foreach(PanelChoices.label_names, lambda name: el.option(value=name, key=name)), id=LABEL_NAMES),
            el.input(type="hidden", name="key", custom_attrs={"data-fresh-key": ""}),
            on_submit=lambda form: PanelChoices.add_label(TaskPanel.task_id, form),
            key=field_key("label"),
            custom_attrs={"data-add": str(lengths.LABEL), "data-added": PanelChoices.labelled},
        ),
        problem(PanelChoices.label_problem, "label-problem"),
    )


def _next_date(date: rx.Var[NextDate]) -> rx.Component:
    return el.li(el.time(date.day, date_time=date.iso), el.span(date.reason), key=date.iso)


def _repeat() -> rx.Component:
    """A line of words; below it what they mean, and the dates that come of it."""
    has_problem = PanelChoices.repeat_problem != ""
    return rx.fragment(
        el.form(
            el.input(
                id=_id("Repeat"),
                name="words",
                type="text",
                auto_complete="off",
                enter_key_hint="done",
                default_value=PanelChoices.repeat,
                placeholder="Such as “every mon”",
                class_name="field",
                aria_invalid=rx.cond(has_problem, "true", "false"),
                on_blur=lambda words: PanelChoices.set_repeat(TaskPanel.task_id, words),
                key=field_key("repeat"),
                custom_attrs={"data-saved": PanelChoices.repeat, "aria-describedby": "repeat-problem recurrence"},
            ),
            on_submit=lambda form: PanelChoices.set_repeat(TaskPanel.task_id, form.to(dict[str, str])["words"]),
        ),
        problem(PanelChoices.repeat_problem, "repeat-problem"),
        el.p(PanelChoices.recurrence, id="recurrence", class_name="prop"),
        rx.cond(
            PanelChoices.recurrence != "",
            rx.fragment(
                icon_button("x", "Remove repeat", 15, on_click=PanelChoices.end_repeat(TaskPanel.task_id)),
                el.details(
                    el.summary("Next dates"),
                    el.ol(rx.foreach(PanelChoices.next_dates, _next_date), aria_label="Next dates"),
                    class_name="next-dates",
                ),
                el.button(
                    "Skip this one",
                    type="button",
                    class_name="btn btn-soft",
                    on_click=RowMenu.skip(TaskPanel.task_id),
                ),
            ),
            rx.fragment(),
        ),
    )


def properties() -> rx.Component:
    """Each with its name."""
    return el.dl(
        _property("calendar", "Due date", _input("due_date", "Due date", "date")),
        _property("clock", "Due time", _input("due_time", "Due time", "time")),
        _property("calendar-plus", "Start date", _input("start_date", "Start date", "date")),
        _property("flag", "Priority", _priority()),
        _property("hash", "Project", _project()),
        el.dt(icon("tag", 15), el.span("Labels")),
        el.dd(_labels()),
        _property("repeat", "Repeat", _repeat()),
        class_name="props",
    )


def breadcrumb() -> rx.Component:
    """Where the task is: its project, and the tasks it lies in."""
    return el.nav(
        el.ol(
            el.li(
                rx.cond(
                    PanelChoices.color != "",
                    dot(PanelChoices.color),
                    icon("inbox", 15),
                ),
                el.a(PanelChoices.place_name, href=PanelChoices.href, dir="auto"),
            ),
            rx.foreach(
                PanelChoices.parents,
                lambda parent: el.li(
                    el.button(hidden("Open "), parent.title, type="button", dir="auto", on_click=TaskPanel.open_task(parent.id)),
                    key=parent.id,
                ),
            ),
            role="list",
        ),
        class_name="crumbs",
        aria_label="Breadcrumb",
    )
