"""The menu of who is signed in: settings, keys, signing out."""

import reflex as rx

from todo_app.ui import routes
from todo_app.ui.components.elements import NativeForm, el, icon, keys
from todo_app.ui.components.menu import menu, menu_item
from todo_app.ui.session import Session


def account_menu() -> rx.Component:
    """The menu, closed."""
    return menu(
        "account",
        "Account",
        el.p(el.b(Session.name), Session.email, role="presentation"),
        el.hr(role="separator"),
        el.a(icon("settings", 16), "Settings", href=routes.SETTINGS, role="menuitem", tab_index=-1),
        menu_item("keyboard", "Keyboard shortcuts", keys("?"), custom_attrs={"data-open": "keys"}),
        el.hr(role="separator"),
        NativeForm.create(
            menu_item("log-out", "Sign out", type_="submit"),
            action=routes.form_address("sign-out"),
            method="post",
            role="presentation",
        ),
    )
