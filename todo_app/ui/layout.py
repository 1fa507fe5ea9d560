"""The frame around every page of a signed-in person: sidebar, content, task panel, toast, and on a phone the tab bar."""

from typing import Any

import reflex as rx
from reflex.event import EventHandler, no_args_event_spec
from reflex_components_core.core.banner import has_connection_errors
from reflex_components_core.core.window_events import WindowEventListener

from todo_app.ui import routes
from todo_app.ui.commands import commands
from todo_app.ui.components.elements import (
    SKELETON,
    PlaceLink,
    count_of,
    dot,
    el,
    hidden,
    icon,
    icon_button,
    keys,
    later,
    scripts,
)
from todo_app.ui.dialogs import dialogs, menus
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices
from todo_app.ui.organise.dialogs import archived_button
from todo_app.ui.organise.menus import more_button
from todo_app.ui.session import Session
from todo_app.ui.sidebar import NavItem, Sidebar
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.panel import task_panel
from todo_app.ui.task_panel.state import TaskPanel


class PageEvents(WindowEventListener):
    """Hears the events that assets/ui.js sends for keys and menus: `dispatchEvent(new CustomEvent("taskdelete", {detail}))`."""

    on_taskopen: EventHandler[lambda e: [e.detail.id.to(str)]]
    on_taskdelete: EventHandler[lambda e: [e.detail.id.to(str)]]
    on_taskmove: EventHandler[lambda e: [e.detail.id.to(str), e.detail.after.to(str), e.detail.group.to(str), e.detail.key.to(str)]]
    on_undolast: EventHandler[no_args_event_spec]
    on_redolast: EventHandler[no_args_event_spec]


def _current(href: str, current: str) -> dict[str, Any]:
    """Marks the link to the page that is open. A saved filter stands on the page Search, and is not that page."""
    if current != href:
        return {}
    return {"aria-current": rx.cond(Place.id == "", "page", "false") if href == routes.SEARCH else "page"}


def _nav_item(name: str, label: str, href: str, current: str, key: str, count: Any = None) -> rx.Component:
    return el.li(
        el.a(
            icon(name),
            el.span(label, class_name="name"),
            rx.cond(count > 0, count_of(count, "count"), rx.fragment()) if count is not None else rx.fragment(),
            href=href,
            class_name="nav-item",
            custom_attrs={"data-go": key, **_current(href, current)},
        )
    )


def _nav_group(
    title: str, kind: str, current: str, items: rx.Var[list[NavItem]], counts: rx.Var[list[int]] | None = None
) -> rx.Component:
    """The projects, labels or filters, each with how many tasks are open in it."""
    is_page_of_one = current in (routes.PROJECT, routes.LABEL, routes.SEARCH)

    def entry(item: rx.Var[NavItem], index: rx.Var[int]) -> rx.Component:
        count = counts[index] if counts is not None else None
        return el.li(
            el.a(
                dot(item.color) if kind == "project" else icon("tag" if kind == "label" else "list-filter", 16),
                el.span(item.name, class_name="name", dir="auto"),
                rx.cond(count > 0, count_of(count, "count"), rx.fragment()) if count is not None else rx.fragment(),
                href=item.href,
                class_name="nav-item",
                custom_attrs={
                    "data-depth": item.depth,
                    "data-c": item.color,
                    "aria-current": rx.cond(Place.id == item.key, "page", "false") if is_page_of_one else "false",
                },
            ),
            more_button(kind, item.name),
            key=item.key,
            class_name="nav-entry",
            custom_attrs={"data-kind": kind, "data-key-of": item.key},
        )

    heading = f"nav-{kind}"
    return rx.fragment(
        el.div(
            el.h2(title, id=heading),
            icon_button("plus", f"Add {kind}", 15, custom_attrs={"data-edit": kind}),
            class_name="nav-head",
        ),
        el.ul(rx.foreach(items, entry), aria_labelledby=heading),
        archived_button() if kind == "project" else rx.fragment(),
    )


def _account_button(class_name: str, *more: rx.Component) -> rx.Component:
    return el.button(
        el.span(Session.initials, class_name="avatar", aria_hidden="true"),
        *more,
        type="button",
        class_name=class_name,
        aria_label="Account",
        custom_attrs={"popoverTarget": "account", "aria-haspopup": "menu"},
    )


def _sidebar(current: str) -> rx.Component:
    return el.nav(
        el.div(
            _account_button("who", el.span(Session.name, class_name="name", dir="auto"), icon("chevron-down", 15)),
            icon_button("panel-left", "Hide sidebar", custom_attrs={"data-run": "sidebar"}),
            class_name="brand",
        ),
        el.button(
            icon("plus", 17, bold=True), "Add task", keys("Q"), type="button", class_name="nav-add", custom_attrs={"data-key": "q"}
        ),
        el.ul(
            _nav_item("search", "Search", routes.SEARCH, current, "f"),
            _nav_item("inbox", "Inbox", routes.INBOX, current, "i", Sidebar.inbox),
            _nav_item("sun", "Today", routes.TODAY, current, "t", Sidebar.today),
            _nav_item("calendar-days", "Upcoming", routes.UPCOMING, current, "u"),
            _nav_item("circle-check-big", "Completed", routes.COMPLETED, current, "c"),
            _nav_item("trash-2", "Trash", routes.TRASH, current, "x"),
        ),
        _nav_group("Projects", "project", current, Sidebar.projects, Sidebar.project_counts),
        _nav_group("Labels", "label", current, Sidebar.labels, Sidebar.label_counts),
        _nav_group("Filters", "filter", current, Sidebar.filters),
        el.div(
            el.span(
                el.i(aria_hidden="true"),
                rx.cond(has_connection_errors, "Waiting to sync", "All changes saved"),
                class_name="sync",
            ),
            icon_button("keyboard", "Keyboard shortcuts", custom_attrs={"data-open": "keys"}),
            icon_button("sun-moon", "Switch theme", custom_attrs={"data-run": "theme"}),
            el.a(
                icon("settings", 17),
                href=routes.SETTINGS,
                class_name="icon-btn",
                aria_label="Settings",
                title="Settings",
                custom_attrs={"data-go": "s", "data-words": " account password export"},
            ),
            class_name="side-foot",
        ),
        class_name="sidebar",
        id="sidebar",
        aria_label="Main",
        custom_attrs={"popover": "auto"},
    )


def _top_bar() -> rx.Component:
    return el.div(
        icon_button("menu", "Menu", 21, custom_attrs={"popoverTarget": "sidebar"}),
        el.span(class_name="sp"),
        _account_button("icon-btn"),
        class_name="topbar",
    )


def _tab_bar(current: str) -> rx.Component:
    def tab(name: str, label: str, href: str) -> rx.Component:
        return el.a(icon(name, 21), label, href=href, custom_attrs=_current(href, current))

    return el.nav(
        tab("sun", "Today", routes.TODAY),
        tab("inbox", "Inbox", routes.INBOX),
        tab("calendar-days", "Upcoming", routes.UPCOMING),
        tab("search", "Search", routes.SEARCH),
        class_name="tabbar",
        aria_label="Primary",
    )


def _toasts() -> rx.Component:
    """The region is always there, so that screen readers hear what comes into it."""
    return el.div(
        rx.cond(
            Notices.message != "",
            el.div(
                el.span(
                    Notices.message,
                    rx.cond(
                        Notices.place != "", rx.fragment(" ", el.a(Notices.place, href=Notices.href, dir="auto")), rx.fragment()
                    ),
                ),
                rx.cond(
                    Notices.change_id > 0, el.button("Undo", type="button", on_click=Notices.undo(Notices.change_id)), rx.fragment()
                ),
                el.button(
                    icon("x", 16),
                    type="button",
                    class_name="close",
                    aria_label="Dismiss",
                    title="Dismiss",
                    on_click=Notices.dismiss,
                ),
                class_name="toast",
                key=f"{Notices.number}-{Notices.change_id}-{Notices.message}",  # each message has its ten seconds
            ),
            rx.fragment(),
        ),
        rx.cond(
            has_connection_errors,
            el.p(icon("wifi-off", 16), "You are offline. What you do is kept, and sent when you are back.", class_name="offline"),
            rx.fragment(),
        ),
        el.p(id="hint", class_name="told"),
        class_name="toasts",
        role="status",
    )


def shell(*content: rx.Component, current: str) -> rx.Component:
    """A page's content in its frame; `current` is the page's route."""
    return el.div(
        scripts("app"),
        PlaceLink.create("Skip to content", href="#main", class_name="skip"),
        PageEvents.create(
            on_taskopen=TaskPanel.open_task,
            on_taskdelete=TaskList.delete,
            on_taskmove=TaskList.move,
            on_undolast=Notices.undo_last,
            on_redolast=Notices.redo,
        ),
        el.div(
            _sidebar(current),
            el.main(
                _top_bar(),
                icon_button("panel-left", "Show sidebar", custom_attrs={"data-run": "sidebar", "data-unless": "sidebar"}),
                *content,
                later(menus),
                id="main",
                class_name="main",
                tab_index=-1,
            ),
            later(task_panel),
            class_name="app",
        ),
        el.button(
            icon("plus", 24, bold=True), type="button", class_name="fab", aria_label="Add task", custom_attrs={"data-key": "q"}
        )
        if current in routes.LISTS
        else rx.fragment(),
        _tab_bar(current),
        _toasts(),
        commands(),
        later(dialogs),
        custom_attrs={
            "data-theme-choice": Session.theme,
            "data-person": Session.id,
            "data-page": TaskPanel.page,
            "data-epoch": Live.epoch,
            "data-connection": Live.connection,
            "data-shortcuts": rx.cond(Session.shortcuts, "on", "off"),
            "data-zone": rx.cond(Session.name != "", Session.time_zone, ""),
        },
    )


def header(title: str, sub: rx.Var[str] | str) -> rx.Component:
    """A page's heading; a change of page moves the focus here (assets/ui.js)."""
    return el.header(
        el.div(el.h1(title, tab_index=-1, id="h1"), el.p(sub, class_name="sub")),
        class_name="head",
    )


def skeleton() -> rx.Component:
    """What stands where the list will be, until it is there.

    Its rows are text to React, which leaves them alone: where the page is served, first_rows.py puts tasks in their place.
    """
    rows = rx.html(SKELETON, custom_attrs={"inert": True}, aria_hidden="true")
    return el.div(hidden("Loading your tasks"), rows, aria_busy="true")


def empty(title: str, why: str, *action: rx.Component) -> rx.Component:
    """A list with nothing in it: a picture, why, and what to do."""
    return el.div(
        el.svg(
            el.rect(x="18", y="26", width="92", height="62", rx="14", fill="var(--accent-subtle)"),
            el.path(
                d="M18 62h24c3 0 4 9 10 9h24c6 0 7-9 10-9h24v12a14 14 0 0 1-14 14H32a14 14 0 0 1-14-14z",
                fill="var(--accent)",
                opacity=".28",
            ),
            el.path(
                d="M50 45l10 10 19-20",
                stroke="var(--accent)",
                stroke_width="5",
                stroke_linecap="round",
                stroke_linejoin="round",
                fill="none",
            ),
            view_box="0 0 128 112",
            width="128",
            height="112",
            class_name="art",
            aria_hidden="true",
        ),
        el.h2(title),
        el.p(why),
        *action,
        class_name="empty",
    )
