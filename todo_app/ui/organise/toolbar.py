"""What stands around a list: how a project is shown, Add section, and the week above Upcoming."""

import reflex as rx

from todo_app.ui.components.elements import PlaceLink, chooses, el, icon
from todo_app.ui.organise.dialogs import VIEWS
from todo_app.ui.organise.week import Week, WeekDay
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.state import TaskList

_ICONS = {"list": "list", "board": "square-kanban", "calendar": "calendar-days"}


def view_switch() -> rx.Component:
    """Links: the choice is in the address. Without one, a project is shown as it was last saved."""
    links = [
        chooses(icon(_ICONS[view], 16), label, choices=f"view={view}", is_current=Place.view == view)
        for view, label in VIEWS.items()
    ]
    return el.nav(*links, class_name="seg", aria_label="View")


def add_section() -> rx.Component:
    """Below a project's list."""
    return el.button(
        icon("plus", 16),
        "Add section",
        type="button",
        class_name="add-inline",
        custom_attrs={"data-edit": "section", "data-project": Place.id},
    )


def week_strip(is_loaded: rx.Var[bool]) -> rx.Component:
    """The strip, while the list stands by day; its place is kept until that is known."""

    def day(each: rx.Var[WeekDay]) -> rx.Component:
        return el.li(
            PlaceLink.create(
                el.span(each.weekday, class_name="wd"),
                el.b(each.number),
                el.span(rx.cond(each.count > 0, each.count, ""), class_name="n num"),
                href=each.href,
                custom_attrs={"aria-label": each.spoken},
            ),
            key=each.href,
        )

    return rx.cond(
        ~is_loaded | ((TaskList.sort == "due") & (TaskList.q == "")),
        el.nav(el.ol(rx.foreach(Week.days, day)), class_name="week-strip", aria_label="Week"),
        rx.fragment(),
    )
