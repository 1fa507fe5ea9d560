"""The pages `/login`, with its second step, and `/signup`."""

from typing import Any

import reflex as rx

from todo_app.schemas.accounts import PASSWORD_RULE
from todo_app.ui import routes
from todo_app.ui.components.elements import NativeForm, PlaceLink, el, field, icon, logo, password_field, scripts
from todo_app.ui.signing_in.state import SigningIn

_SAMPLES = (("Send the signed lease back", "1"), ("Book a table for four", "3"), ("Water the plants", "4"), ("Read chapter 4", "4"))


def problem_summary(problems: rx.Var[dict[str, str]], fields: tuple[str, ...]) -> rx.Component:
    """What is wrong with a form, in one place, with links to the fields. ui.js moves the focus here."""

    def line(name: str) -> rx.Component:
        message = problems.get(name, "")
        return rx.cond(message != "", el.li(el.a(message, href=f"#{name}")), rx.fragment())

    return rx.cond(
        problems.length() > 0,
        el.div(
            el.h2("There is a problem"),
            el.ul(rx.cond(problems.get("form", "") != "", el.li(problems.get("form", "")), rx.fragment()), *map(line, fields)),
            class_name="err-sum",
            id="err-sum",
            tab_index=-1,
            role="alert",
        ),
        rx.fragment(),
    )


def frame(*form: rx.Component) -> rx.Component:
    """A page for those who are not signed in."""
    return el.main(
        scripts("second_step"),
        el.div(logo(40), *form, class_name="auth-form"),
        el.div(
            el.div(
                *[
                    el.div(el.span(el.span(), class_name="check", custom_attrs={"data-p": p}), title, class_name="subtask")
                    for title, p in _SAMPLES
                ],
                class_name="mini",
            ),
            class_name="auth-art",
            aria_hidden="true",
        ),
        class_name="auth",
        id="main",
    )


def _notice() -> rx.Component:
    return rx.cond(SigningIn.notice != "", el.p(SigningIn.notice, class_name="notice", role="status"), rx.fragment())


def _after() -> rx.Component:
    return el.input(type="hidden", name="after", custom_attrs={"data-next": ""})


def _link(text: str, label: str, path: str) -> rx.Component:
    link = PlaceLink.create(label, href=path, class_name="a", custom_attrs={"data-keeps-next": ""})
    return el.p(text, " ", link, class_name="help")


def _email_field() -> rx.Component:
    return field(
        "email",
        "Email",
        problem=SigningIn.problems.get("email", ""),
        type_="email",
        default_value=SigningIn.email,
        auto_complete="username",
        spell_check=False,
    )


def login() -> rx.Component:
    """Signs in."""
    problems = SigningIn.problems
    return frame(
        el.h1("Welcome back", tab_index=-1, id="h1"),
        el.p("Sign in to pick up where you left off.", class_name="lead"),
        _notice(),
        problem_summary(problems, ("email", "password")),
        NativeForm.create(
            _after(),
            _email_field(),
            password_field("password", "Password", problem=problems.get("password", ""), auto_complete="current-password"),
            el.button("Sign in", type="submit", class_name="btn btn-primary"),
            action=routes.form_address("sign-in"),
            method="post",
            no_validate=True,
            class_name="form",
        ),
        el.p(el.a("Forgot your password?", href=routes.RESET, class_name="a"), class_name="help"),
        _passkey_button(),
        _link("New here?", "Create an account", routes.SIGNUP),
    )


def _passkey_button() -> rx.Component:
    """Signs in with a passkey, by assets/second_step.js; it shows only where the browser knows passkeys."""
    return el.div(
        el.button(
            icon("key-round", 17),
            "Use a passkey",
            type="button",
            class_name="btn btn-outline",
            custom_attrs={
                "data-challenge": routes.form_address("passkey-challenge"),
                "data-answer-to": routes.form_address("passkey"),
            },
        ),
        el.p(class_name="err", role="alert", custom_attrs={"data-problem": ""}),
        class_name="form",
        custom_attrs={"data-passkeys": ""},
    )


def _second_step(lead: str, field_name: str, label: str, *other: rx.Component, **props: Any) -> rx.Component:
    problems = SigningIn.problems
    return frame(
        el.h1("One more step", tab_index=-1, id="h1"),
        el.p(lead, class_name="lead"),
        _notice(),
        problem_summary(problems, (field_name,)),
        NativeForm.create(
            _after(),
            field(field_name, label, problem=problems.get(field_name, ""), spell_check=False, auto_focus=True, **props),
            el.button("Continue", type="submit", class_name="btn btn-primary"),
            action=routes.form_address("second-step"),
            method="post",
            no_validate=True,
            class_name="form",
        ),
        *other,
    )


def code() -> rx.Component:
    """The second step of signing in: a code of the authenticator app."""
    return _second_step(
        "Enter the code that your authenticator app shows for this account.",
        "code",
        "Code",
        _link("No phone at hand?", "Use a recovery code", routes.RECOVERY_CODE),
        input_mode="numeric",
        auto_complete="one-time-code",
    )


def recovery_code() -> rx.Component:
    """The second step without the phone."""
    return _second_step(
        "Enter one of the recovery codes that you kept when you set up two-step sign-in. Each works once.",
        "recovery_code",
        "Recovery code",
        _link("Have your phone?", "Use a code from the app", routes.CODE),
        auto_complete="off",
        auto_capitalize="none",
    )


def signup() -> rx.Component:
    """Makes an account."""
    problems = SigningIn.problems
    return frame(
        el.h1("Create your account", tab_index=-1, id="h1"),
        el.p("Get your tasks out of your head, and keep them here.", class_name="lead"),
        _notice(),
        problem_summary(problems, ("name", "email", "password")),
        NativeForm.create(
            _after(),
            el.input(type="hidden", name="time_zone", custom_attrs={"data-time-zone": ""}),
            field("name", "Name", problem=problems.get("name", ""), default_value=SigningIn.name, auto_complete="name"),
            _email_field(),
            password_field(
                "password", "Password", problem=problems.get("password", ""), help_text=PASSWORD_RULE, auto_complete="new-password"
            ),
            el.button("Create account", type="submit", class_name="btn btn-primary"),
            action=routes.form_address("sign-up"),
            method="post",
            no_validate=True,
            class_name="form",
        ),
        _link("Have an account?", "Sign in", routes.LOGIN),
    )
