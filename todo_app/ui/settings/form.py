"""What the sections of the settings page are made of."""

import reflex as rx

from todo_app.ui import routes
from todo_app.ui.components.elements import NativeForm, el, field, password_field
from todo_app.ui.second_steps.state import SecondSteps
from todo_app.ui.settings.state import SettingsPage

CODE_HELP = "From your authenticator app, or a recovery code."


def section(section_id: str, title: str, *content: rx.Component, class_name: str = "card") -> rx.Component:
    """A part of the page with its heading."""
    return el.section(
        el.h2(title, id=f"{section_id}-h"),
        *content,
        class_name=class_name,
        id=section_id,
        aria_labelledby=f"{section_id}-h",
        tab_index=-1,
    )


def problem(name: str) -> rx.Var[str]:
    """What the last form post says of a field."""
    return SettingsPage.problems.get(name, "")


def post(action: str, *content: rx.Component) -> rx.Component:
    """A form that posts natively; see signing_in/forms.py."""
    return NativeForm.create(*content, action=routes.form_address(action), method="post", no_validate=True, class_name="form")


def confirmation(prefix: str, label: str = "Your password") -> tuple[rx.Component, rx.Component]:
    """The fields `prefix_password` and, where two-step sign-in is on, `prefix_code`, which show once more that it is you."""
    password = f"{prefix}_password"
    return (
        password_field(password, label, problem=problem(password), auto_complete="current-password"),
        code_field(f"{prefix}_code"),
    )


def code_field(name: str) -> rx.Component:
    """Asks for a code where two-step sign-in is on."""
    return rx.cond(
        SecondSteps.two_step,
        field(name, "Code", problem=problem(name), help_text=CODE_HELP, auto_complete="one-time-code", spell_check=False),
        rx.fragment(),
    )
