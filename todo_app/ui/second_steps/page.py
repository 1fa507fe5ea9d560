"""The sections of the settings page about two-step sign-in and passkeys."""

import reflex as rx

from todo_app.ui.components.elements import el
from todo_app.ui.second_steps.state import PasskeyRow, SecondSteps
from todo_app.ui.settings.form import confirmation, post, problem, section


def _opens(label: str, dialog: str) -> rx.Component:
    return el.div(
        el.button(label, type="button", class_name="btn btn-outline", custom_attrs={"data-open": dialog}), class_name="btns"
    )


def two_step_section(section_id: str, title: str) -> rx.Component:
    """Switches two-step sign-in."""
    return section(
        section_id,
        title,
        rx.cond(
            SecondSteps.two_step,
            rx.fragment(
                el.p(
                    "Two-step sign-in is on. ",
                    el.b(SecondSteps.codes_left),
                    rx.cond(SecondSteps.codes_left == 1, " recovery code is", " recovery codes are"),
                    " left.",
                    class_name="help",
                ),
                _opens("New recovery codes", "recovery-codes"),
                post(
                    "two-step-off",
                    *confirmation("off"),
                    el.button("Turn off two-step sign-in", type="submit", class_name="btn btn-outline"),
                ),
            ),
            rx.fragment(
                el.p(
                    "Once it is on, signing in asks for a code from an app on your phone after your password: a password that "
                    "somebody has found out opens nothing by itself.",
                    class_name="help",
                ),
                _opens("Set up two-step sign-in", "two-step-set-up"),
            ),
        ),
    )


def passkeys_section(section_id: str, title: str) -> rx.Component:
    """Adds and removes passkeys."""
    return section(
        section_id,
        title,
        el.p(
            "A passkey signs you in with your finger, your face or your device’s PIN, with no password and no code.",
            class_name="help",
        ),
        rx.cond(
            SecondSteps.passkeys.length() > 0,
            rx.fragment(
                el.ul(rx.foreach(SecondSteps.passkeys, _passkey), class_name="sessions", role="list", aria_label="Passkeys"),
                el.details(
                    el.summary("Remove a passkey"),
                    post(
                        "remove-passkey",
                        el.div(
                            el.label("Passkey", html_for="passkey"),
                            el.select(
                                rx.foreach(SecondSteps.passkeys, lambda row: el.option(row.name, value=row.id, key=row.id)),
                                id="passkey",
                                name="passkey",
                                class_name="field",
                            ),
                            class_name="fld",
                        ),
                        *confirmation("remove"),
                        el.button("Remove", type="submit", class_name="btn btn-outline"),
                    ),
                    open=(problem("remove_password") != "") | (problem("remove_code") != ""),
                    class_name="more-of",
                ),
            ),
            rx.fragment(),
        ),
        el.div(_opens("Add a passkey", "new-passkey"), custom_attrs={"data-passkeys": ""}),
        el.p("This browser knows no passkeys, or not at this address.", class_name="help", custom_attrs={"data-no-passkeys": ""}),
    )


def _passkey(row: rx.Var[PasskeyRow]) -> rx.Component:
    return el.li(el.div(el.b(row.name, dir="auto"), el.p(row.used, class_name="help")), key=row.id)
