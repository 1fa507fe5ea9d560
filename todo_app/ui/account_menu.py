"""The menu of who is signed in: settings, keys, signing out."""

import reflex as rx

from todo_app.ui import routes
from todo_app.ui.components.elements import NativeForm, el, icon, keys
from todo_app.ui.session import Session


def account_menu() -> rx.Component:
    """The menu, closed."""
    menu: rx.Component = el.div(
        el.p(el.b(Session.name), Session.email, role="presentation"),
        el.hr(role="separator"),
        el.a(icon("settings", 16), "Settings", href=routes.SETTINGS, role="menuitem", tab_index=-1),
        el.button(
            icon("keyboard", 16),
            "Keyboard shortcuts",
            keys("?"),
            type="button",
            role="menuitem",
            tab_index=-1,
            custom_attrs={"data-open": "keys"},
        ),
        el.hr(role="separator"),
        NativeForm.create(
            el.button(icon("log-out", 16), "Sign out", type="submit", role="menuitem", tab_index=-1),
            action=routes.form_address("sign-out"),
            method="post",
            role="presentation",
        ),
        class_name="menu",
        id="account",
        role="menu",
        aria_label="Account",
        custom_attrs={"popover": "auto"},
    )
    return menu
