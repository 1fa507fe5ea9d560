"""The calendar of a project: a table of days, and on a phone a list of those with tasks."""

import reflex as rx

from todo_app.ui.calendar.state import Calendar, Day, Entry
from todo_app.ui.components.elements import chooses, el, hidden, icon
from todo_app.ui.layout import skeleton
from todo_app.ui.live import Live
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.row import checkbox
from todo_app.ui.task_panel.state import TaskPanel


def _task(entry: rx.Var[Entry]) -> rx.Component:
    return el.div(
        checkbox(entry.id, entry.title, entry.priority, entry.done, Live.epoch.to(str) + entry.stamp, entry.stamp),
        el.button(
            rx.cond(entry.time != "", el.span(entry.time, " ", class_name="num"), rx.fragment()),
            entry.title,
            type="button",
            class_name="title",
            dir="auto",
            on_click=TaskPanel.open_task(entry.id),
            custom_attrs={"data-title": ""},
        ),
        class_name="row day-task",
        custom_attrs={"data-id": entry.id, "data-open": rx.cond(TaskPanel.task_id == entry.id, "true", "false")},
    )


def _to_come(entry: rx.Var[Entry]) -> rx.Component:
    return el.div(icon("repeat", 12), el.span(entry.title, dir="auto"), hidden(", to come"), class_name="to-come")


def _day(day: rx.Var[Day]) -> rx.Component:
    return el.td(
        el.span(
            el.span(day.number, class_name="num", aria_hidden="true"),
            el.span(day.spoken, class_name="in-words", aria_hidden="true"),
            hidden(day.spoken),
            class_name="day-n",
            custom_attrs={"aria-current": rx.cond(day.kind == "today", "date", "false")},
        ),
        el.ul(
            rx.foreach(
                day.tasks,
                lambda entry: el.li(rx.cond(entry.to_come, _to_come(entry), _task(entry)), key=entry.key),
            ),
            role="list",
        ),
        el.button(
            icon("plus", 14),
            type="button",
            class_name="icon-btn",
            aria_label="Add a task on " + day.spoken,
            custom_attrs={"data-add-in": "due_date", "data-to": day.iso, "data-called": day.spoken},
        ),
        class_name="day",
        key=day.iso,
        custom_attrs={
            "data-group": day.iso,
            "data-kind": day.kind,
            "data-busy": rx.cond(day.tasks.length() > 0, "true", "false"),
        },
    )


def _bar() -> rx.Component:
    def link(label: str, on: rx.Var[str] | str, name: str = "") -> rx.Component:
        shown = icon(name, 17) if name else label
        return chooses(shown, choices="view=calendar&on=" + on, class_name="btn btn-ghost", aria_label=label)

    def span(label: str, kind: str) -> rx.Component:
        return chooses(label, choices=f"view=calendar&span={kind}", is_current=Calendar.span == kind)

    return el.div(
        el.h2(Calendar.title, id="calendar-h"),
        el.span(class_name="sp"),
        el.nav(span("Month", "month"), span("Week", "week"), class_name="seg", aria_label="Days shown"),
        link("Earlier", Calendar.earlier, "chevron-left"),
        link("Now", ""),
        link("Later", Calendar.later, "chevron-right"),
        class_name="calendar-bar",
    )


def calendar() -> rx.Component:
    """The calendar, once its days have come."""
    days = el.table(
        el.thead(el.tr(rx.foreach(Calendar.weekdays, lambda name: el.th(name, scope="col")))),
        el.tbody(rx.foreach(Calendar.weeks, lambda week: el.tr(rx.foreach(week, _day)))),
        class_name="days",
        aria_labelledby="calendar-h",
    )
    shown = el.div(_bar(), days, class_name="calendar", custom_attrs={"data-span": Calendar.span})
    return rx.cond(Calendar.project == Place.id, shown, skeleton())
