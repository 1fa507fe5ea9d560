"""The list of a page whose state is a `Window`."""

import reflex as rx

from todo_app.ui.components.elements import el
from todo_app.ui.window import Window


def _more(label: str, event: rx.event.EventType, where: str) -> rx.Component:
    """A button at one end of the list; assets/ui.js presses it when it scrolls into view."""
    return el.button(label, type="button", class_name="more", on_click=event, custom_attrs={"data-more": where})


def later_rows(state: type[Window]) -> rx.Component:
    """What leads on to the rows behind the last one, if there are any."""
    return rx.cond(state.has_later, _more("Show more tasks", state.later, "later"), rx.fragment())


def earlier_rows(state: type[Window]) -> rx.Component:
    """What leads back to the rows before the first one, if there are any."""
    return rx.cond(state.has_earlier, _more("Show earlier tasks", state.earlier, "earlier"), rx.fragment())


def windowed_list(state: type[Window], rows: rx.Component, nothing: rx.Component) -> rx.Component:
    """The list of a page, with what leads on at either end; `nothing` stands in for a list without rows."""
    return el.div(
        earlier_rows(state),
        el.ul(rows, role="list", class_name="rows", aria_label="Tasks"),
        later_rows(state),
        rx.cond(state.total == 0, nothing, rx.fragment()),
    )
