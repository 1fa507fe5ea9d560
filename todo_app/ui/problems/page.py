"""What is shown for an address that leads nowhere, when a page breaks, and before it is there."""

import reflex as rx

from todo_app.ui import routes
from todo_app.ui.components.elements import el, hidden, icon, logo, scripts


def waiting() -> rx.Component:
    """Before a page's script has come, where the page could not be drawn at the build: a project's, for one."""
    return el.main(logo(40), hidden("Loading"), class_name="crash")


def not_found() -> rx.Component:
    """For every address without a page."""
    return el.main(
        scripts("page"),
        el.div(
            logo(40),
            el.h1("Page not found", tab_index=-1, id="h1"),
            el.p("The page may have been moved, or the link may be incomplete. Your tasks are safe."),
            el.a("Go to Today", href=routes.HOME, class_name="btn btn-primary"),
            class_name="empty",
        ),
        id="main",
        class_name="crash",
    )


def crashed() -> rx.Component:
    """In place of a page that broke while drawing; Reflex itself would show the stack."""
    return el.main(
        el.div(
            icon("circle-alert", 40),
            el.h1("This page stopped working", id="h1"),
            el.p("Your tasks are safe. Load the page again to go on; if it happens again, please tell whoever runs this app."),
            el.a("Load again", href=routes.HOME, class_name="btn btn-primary", custom_attrs={"data-native": ""}),
            class_name="empty",
        ),
        id="main",
        class_name="crash",
    )
