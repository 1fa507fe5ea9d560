"""The pages `/reset`, `/new-password` and `/confirm`."""

import reflex as rx

from todo_app.schemas.accounts import PASSWORD_RULE
from todo_app.ui import routes
from todo_app.ui.components.elements import NativeForm, el, field, password_field
from todo_app.ui.recovery.state import Recovery
from todo_app.ui.signing_in.page import frame, problem_summary


def _notice() -> rx.Component:
    return rx.cond(Recovery.notice != "", el.p(Recovery.notice, class_name="notice", role="status"), rx.fragment())


def _post(action: str, *content: rx.Component) -> rx.Component:
    return NativeForm.create(*content, action=routes.form_address(action), method="post", no_validate=True, class_name="form")


def _token() -> rx.Component:
    """The secret of the link; assets/ui.js knows it."""
    return el.input(type="hidden", name="token", custom_attrs={"data-link-token": ""})


def _back(text: str, label: str, path: str) -> rx.Component:
    return el.p(text, " ", el.a(label, href=path, class_name="a"), class_name="help")


def reset() -> rx.Component:
    """Asks for a link to choose a new password with."""
    form = _post(
        "reset",
        field(
            "email",
            "Email",
            problem=Recovery.problems.get("email", ""),
            type_="email",
            default_value=Recovery.email,
            auto_complete="username",
            spell_check=False,
        ),
        el.button("Send the link", type="submit", class_name="btn btn-primary"),
    )
    nobody_mails = el.p(
        "This site sends no mail, so we can’t send you a link. Please ask whoever runs it: they can give you one.",
        class_name="lead",
    )
    return frame(
        el.h1("Forgot your password?", tab_index=-1, id="h1"),
        rx.cond(
            Recovery.sends_mail | ~Recovery.loaded,
            rx.fragment(
                el.p("We mail you a link to choose a new one. It works for an hour.", class_name="lead"),
                _notice(),
                problem_summary(Recovery.problems, ("email",)),
                form,
            ),
            nobody_mails,
        ),
        _back("Remembered it?", "Sign in", routes.LOGIN),
    )


def new_password() -> rx.Component:
    """Sets a new password by a mailed link."""
    return frame(
        el.h1("Choose a new password", tab_index=-1, id="h1"),
        el.p("You are signed out everywhere, and then sign in with it.", class_name="lead"),
        problem_summary(Recovery.problems, ("new_password",)),
        _post(
            "new-password",
            _token(),
            password_field(
                "new_password",
                "New password",
                problem=Recovery.problems.get("new_password", ""),
                help_text=PASSWORD_RULE,
                auto_complete="new-password",
            ),
            el.button("Set the password", type="submit", class_name="btn btn-primary"),
        ),
        _back("No link at hand?", "Ask for one", routes.RESET),
    )


def confirm() -> rx.Component:
    """Confirms an email address by a mailed link. By a button: programs that look through mail open every link in it."""
    return frame(
        el.h1("Is this your email address?", tab_index=-1, id="h1"),
        el.p("If you asked for the mail that brought you here, confirm it. If not, close this page.", class_name="lead"),
        problem_summary(Recovery.problems, ()),
        _post("confirm", _token(), el.button("Confirm my email", type="submit", class_name="btn btn-primary")),
    )
