"""The dialogs of two-step sign-in and passkeys.

They show secrets once. assets/second_step.js sends their forms and shows the answers; nothing of it is in a state.
"""

import reflex as rx

from todo_app.ui import routes
from todo_app.ui.components.elements import el, field, password_field
from todo_app.ui.second_steps.state import SecondSteps
from todo_app.ui.settings.form import CODE_HELP


def _dialog(dialog_id: str, title: str, *panes: rx.Component) -> rx.Component:
    return el.dialog(
        el.h2(title, id=f"{dialog_id}-h"),
        *panes,
        id=dialog_id,
        class_name="dlg confirm steps",
        aria_labelledby=f"{dialog_id}-h",
    )


def _pane(*content: rx.Component, shows: str = "") -> rx.Component:
    """A step of a dialog: the first one, or what shows once an answer with this in it has come."""
    return el.div(*content, class_name="pane", custom_attrs={"data-pane": shows}, hidden=bool(shows))


def _asks(action: str, submit: str, *fields: rx.Component, **attributes: str) -> rx.Component:
    """A form that the script sends."""
    return el.form(
        *fields,
        el.p(class_name="err", role="alert", custom_attrs={"data-problem": ""}),
        el.div(
            el.button("Cancel", type="button", class_name="btn btn-soft", custom_attrs={"data-close": ""}),
            el.button(submit, type="submit", class_name="btn btn-primary"),
            class_name="btns",
        ),
        class_name="form",
        no_validate=True,
        custom_attrs={"data-asks": routes.form_address(action), **attributes},
    )


def _own_password(field_id: str) -> rx.Component:
    return password_field(field_id, "Your password", auto_complete="current-password")


def _own_code(field_id: str) -> rx.Component:
    return rx.cond(SecondSteps.two_step, _code(field_id), rx.fragment())


def _code(field_id: str, help_text: str = CODE_HELP) -> rx.Component:
    return field(field_id, "Code", help_text=help_text, auto_complete="one-time-code", spell_check=False)


def _codes() -> rx.Component:
    return _pane(
        el.p(
            "Keep these recovery codes somewhere safe. Each works once, for the day your phone is gone. They are not shown again."
        ),
        el.ul(class_name="codes", role="list", aria_label="Recovery codes", custom_attrs={"data-shown": "codes"}),
        el.div(
            el.button("I have kept them", type="button", class_name="btn btn-primary", custom_attrs={"data-close": ""}),
            class_name="btns",
        ),
        shows="codes",
    )


def second_step_dialogs() -> rx.Component:
    """The dialogs of both sections. They stand outside of them: those are drawn anew while a dialog is open."""
    return rx.fragment(
        _dialog(
            "two-step-set-up",
            "Set up two-step sign-in",
            _pane(_asks("two-step", "Continue", _own_password("set_up_password"))),
            _pane(
                el.p("Scan this with an authenticator app, then enter the code that it shows."),
                el.img(alt="QR code for your authenticator app", class_name="qr", custom_attrs={"data-shown": "qr"}),
                el.p("Or type this key into the app: ", el.code(custom_attrs={"data-shown": "secret"}), class_name="help"),
                _asks("two-step-confirm", "Turn on", _code("set_up_code", "The six digits that the app shows now.")),
                shows="secret",
            ),
            _codes(),
        ),
        _dialog(
            "recovery-codes",
            "New recovery codes",
            _pane(
                el.p("The codes from before stop working."),
                _asks("recovery-codes", "Make new codes", _own_password("renew_password"), _own_code("renew_code")),
            ),
            _codes(),
        ),
        _dialog(
            "new-passkey",
            "Add a passkey",
            _pane(
                _asks(
                    "new-passkey",
                    "Continue",
                    field("passkey_name", "Name", help_text="What you call the device or the place it is kept."),
                    _own_password("passkey_password"),
                    _own_code("passkey_code"),
                    **{"data-answer-to": routes.form_address("add-passkey")},
                )
            ),
        ),
    )
