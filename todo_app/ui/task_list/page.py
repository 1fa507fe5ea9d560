"""The pages with a list of tasks."""

from typing import Any

import reflex as rx

from todo_app.services.first_run import PROJECT
from todo_app.ui import routes
from todo_app.ui.board.board import board
from todo_app.ui.calendar.page import calendar
from todo_app.ui.components.elements import chooses, dot, el, hidden, icon
from todo_app.ui.components.windowed_list import windowed_list
from todo_app.ui.layout import empty, shell, skeleton
from todo_app.ui.organise.form import filter_form
from todo_app.ui.organise.menus import more_button
from todo_app.ui.organise.toolbar import add_section, view_switch, week_strip
from todo_app.ui.quick_add.form import add_line
from todo_app.ui.sidebar import Sidebar
from todo_app.ui.task_list.items import rows, tail
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.state import TaskList

_OWN_ORDER = {
    routes.INBOX: ("position", "By hand"),
    routes.PROJECT: ("position", "By hand"),
    routes.TODAY: ("day", "By hand"),
    routes.COMPLETED: ("-completed", "Last completed"),
}
_SORTS = {
    "due": "Due date",
    "priority": "Priority",
    "title": "Title",
    "-created": "Newest first",
    "created": "Oldest first",
    "-updated": "Last changed",
}


def _filter() -> rx.Component:
    def choice(label: str, status: str) -> rx.Component:
        return chooses(label, choices=f"status={status}", is_current=TaskList.status == status)

    return el.div(
        choice("All", "all"),
        choice("Open", "open"),
        choice("Completed", "completed"),
        class_name="seg",
        role="group",
        aria_label="Filter",
    )


def _search() -> rx.Component:
    return el.div(
        icon("search", 16),
        el.input(
            type="search",
            id="search",
            aria_label="Search",
            placeholder="Search",
            default_value=TaskList.q,
            custom_attrs={"data-saved": TaskList.q, "data-choice": "q"},
        ),
        class_name="searchbox",
        role="search",
    )


def _sort(route: str) -> rx.Component:
    own = _OWN_ORDER.get(route)
    choices = {**(dict([own]) if own else {}), **_SORTS}
    return el.span(
        icon("list-filter", 16),
        el.select(
            *[el.option(label, value=value) for value, label in choices.items()],
            default_value=TaskList.sort,
            class_name="field sort",
            aria_label="Sort",
            custom_attrs={"data-saved": TaskList.sort, "data-choice": "sort"},
        ),
        class_name="sorter",
    )


def _bar(route: str) -> rx.Component:
    return el.div(
        view_switch() if route == routes.PROJECT else rx.fragment(),
        _filter() if route != routes.COMPLETED else rx.fragment(),
        el.span(class_name="sp"),
        _search(),
        # The days of a calendar have an order of their own.
        rx.cond(Place.view == "calendar", rx.fragment(), _sort(route)) if route == routes.PROJECT else _sort(route),
        class_name="bar",
    )


def _is_own(route: str) -> rx.Var[bool]:
    """Whether the rows have come. Until then they are those of the page that was left, under a heading that is not theirs."""
    return TaskList.loaded & (Place.kind == route.removeprefix("/"))


def _count(route: str) -> rx.Var[str]:
    return rx.cond(_is_own(route), TaskList.total.to(str) + rx.cond(TaskList.total == 1, " task", " tasks"), "")


def _note(route: str) -> rx.Var[str]:
    """Below the heading: the day, a project's description, or how many tasks there are."""
    if route == routes.TODAY:
        return rx.cond(_is_own(route), Place.note, "")
    return rx.cond(_is_own(route) & (Place.note != ""), Place.note, _count(route)) if route == routes.PROJECT else _count(route)


def _progress() -> rx.Component:
    """How much of today is done."""
    whole = Place.done + Sidebar.today
    share = (100 * Place.done / whole).to(str) + " 100"
    return rx.cond(
        _is_own(routes.TODAY) & (whole > 0),
        el.div(
            el.span(Place.done, " of ", whole, " done", class_name="num"),
            el.svg(
                el.circle(cx="16", cy="16", r="13"),
                el.circle(cx="16", cy="16", r="13", path_length=100, stroke_dasharray=share),
                view_box="0 0 32 32",
                class_name="ring",
                aria_hidden="true",
            ),
            class_name="progress",
        ),
        rx.fragment(),
    )


def _header(route: str) -> rx.Component:
    """A page's heading; a change of page moves the focus here (assets/ui.js)."""
    kind, menu = _MENUS.get(route, ("", ""))
    return el.header(
        el.div(
            el.h1(
                rx.cond(_is_own(route) & (Place.color != ""), dot(Place.color), rx.fragment()) if kind else rx.fragment(),
                title(route),
                tab_index=-1,
                id="h1",
                dir="auto",
            ),
            el.p(_note(route), class_name="sub", dir="auto"),
        ),
        _progress() if route == routes.TODAY else rx.fragment(),
        rx.cond(Place.id != "", more_button(kind, Place.title, menu), rx.fragment()) if kind else rx.fragment(),
        class_name="head",
        custom_attrs={"data-kind": kind, "data-key-of": Place.id} if kind else {},
    )


def title(route: str) -> Any:
    """What the page is called: a text, or a var."""
    if route == routes.SEARCH:
        return rx.cond(_is_own(route), Place.title, _TITLES[route])
    return _TITLES.get(route, Place.title)


# What a page can be about, and the menu for it.
_MENUS = {
    routes.PROJECT: ("project", "page-menu"),
    routes.LABEL: ("label", "label-menu"),
    routes.SEARCH: ("filter", "filter-menu"),
}
_TITLES = {
    routes.INBOX: "Inbox",
    routes.TODAY: "Today",
    routes.UPCOMING: "Upcoming",
    routes.COMPLETED: "Completed",
    routes.SEARCH: "Search",
}
_NOTHING = {
    routes.INBOX: ("Your inbox is clear", "What you add without a project lands here: write it down now, and sort it later."),
    routes.TODAY: ("Nothing due today", "Add something for today, or see what is coming up."),
    routes.UPCOMING: ("Nothing planned yet", "Give a task a day, like “tomorrow” or “next friday”, and it shows here."),
    routes.COMPLETED: ("Nothing completed yet", "Tasks you check off are kept here."),
    routes.SEARCH: ("Nothing found", "No task is like that. Try other words, or another filter."),
    routes.PROJECT: ("No tasks here yet", "What you add here goes into this project."),
    routes.LABEL: ("No open tasks with this label", "What you add here gets this label."),
}


def _nothing(route: str) -> rx.Component:
    """Says whether there is nothing at all, or nothing that fits the filter and search."""
    return rx.cond(
        (TaskList.q != "") | ((TaskList.status == "open") if route in (routes.INBOX, routes.PROJECT) else False),
        empty("Nothing matches", "No task fits what you are looking for. Try other words, or show all."),
        empty(
            *_NOTHING[route],
            _add_first() if route in (routes.INBOX, routes.TODAY, routes.PROJECT, routes.LABEL) else rx.fragment(),
            _practice() if route == routes.TODAY else rx.fragment(),
        ),
    )


def _add_first() -> rx.Component:
    """Leads to the line, which on a phone is not there yet."""
    return el.button(
        icon("plus", 17, bold=True), "Add a task", type="button", class_name="btn btn-primary", custom_attrs={"data-key": "q"}
    )


def _practice() -> rx.Component:
    """Leads somebody new to the practice tasks, as long as they are there."""
    return rx.foreach(
        Sidebar.projects,
        lambda project: rx.cond(
            project.name == PROJECT, el.a(project.name, href=project.href, class_name="btn btn-outline"), rx.fragment()
        ),
    )


def _missing() -> rx.Component:
    return empty(
        "This is not here",
        "It may have been deleted, or the address is wrong. Your tasks are safe.",
        el.a("Go to Today", href=routes.TODAY, class_name="btn btn-primary"),
    )


def _shown(route: str) -> rx.Component:
    """The tasks: a list, and for a project also a board or a calendar."""
    as_list = rx.fragment(windowed_list(TaskList, rows(), _nothing(route)), tail())
    if route != routes.PROJECT:
        return as_list
    return rx.match(Place.view, ("board", board()), ("calendar", calendar()), rx.fragment(as_list, add_section()))


def list_page(route: str) -> rx.Component:
    """The page of a route in `routes.LISTS`."""
    content = rx.fragment(
        add_line(),
        filter_form() if route == routes.SEARCH else rx.fragment(),
        week_strip(_is_own(route)) if route == routes.UPCOMING else rx.fragment(),
        rx.cond(
            (TaskList.filter_problem != "") & (route != routes.SEARCH),
            el.p(icon("circle-alert", 16), el.span(hidden("Error: "), TaskList.filter_problem), class_name="err", role="alert"),
            rx.fragment(),
        ),
        rx.cond(_is_own(route), _shown(route), skeleton()),
    )
    return shell(
        _bar(route),
        el.div(
            rx.cond(Place.missing, _missing(), rx.fragment(_header(route), content))
            if route in (routes.PROJECT, routes.LABEL)
            else rx.fragment(_header(route), content),
            class_name="content",
        ),
        current=route,
    )
