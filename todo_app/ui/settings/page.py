"""The page `/settings`."""

from typing import Any

import reflex as rx

from todo_app.schemas.accounts import PASSWORD_RULE
from todo_app.schemas.fields import time_zone_names
from todo_app.ui import routes
from todo_app.ui.components.elements import el, field, hidden, password_field, scripts
from todo_app.ui.layout import header, shell
from todo_app.ui.live import Live
from todo_app.ui.second_steps.dialogs import second_step_dialogs
from todo_app.ui.second_steps.page import passkeys_section, two_step_section
from todo_app.ui.session import Session
from todo_app.ui.settings.form import code_field, confirmation, post, problem, section
from todo_app.ui.settings.state import Place, SettingsPage
from todo_app.ui.signing_in.page import problem_summary

_THEMES = {"system": "Same as the system", "light": "Light", "dark": "Dark"}
_SHORTCUTS = {"on": "On", "off": "Off"}
_LANGUAGES = {"en": "English", "de": "Deutsch"}
_DATE_ORDERS = {"dmy": "Day first: 27/1", "mdy": "Month first: 1/27"}
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SECTIONS = {
    "profile": "Profile",
    "look": "Dates and looks",
    "quick-add": "Quick add",
    "email-section": "Email",
    "password-section": "Password",
    "two-step": "Two-step sign-in",
    "passkeys": "Passkeys",
    "sessions": "Sessions",
    "data": "Your data",
    "delete": "Delete account",
}


def _select(name: str, label: str, options: dict[str, str], value: rx.Var[Any]) -> rx.Component:
    return el.div(
        el.label(label, html_for=name),
        el.select(
            *[el.option(text, value=option) for option, text in options.items()],
            id=name,
            value=value,
            on_change=lambda chosen: SettingsPage.save(name, chosen),
            class_name="field",
        ),
        class_name="fld",
    )


def _profile() -> rx.Component:
    return section(
        "profile",
        _SECTIONS["profile"],
        field(
            "name",
            "Name",
            problem=problem("name"),
            default_value=Session.name,
            auto_complete="name",
            on_blur=lambda value: SettingsPage.save("name", value),
            key="name" + Live.epoch.to(str),
        ),
    )


def _look() -> rx.Component:
    zones = {zone: zone.replace("_", " ") for zone in sorted(time_zone_names())}
    return section(
        "look",
        _SECTIONS["look"],
        _select("time_zone", "Time zone", zones, Session.time_zone),
        _select("week_start", "Week starts on", {str(i): day for i, day in enumerate(_DAYS)}, Session.week_start.to(str)),
        _select("theme", "Theme", _THEMES, Session.theme),
        _select("shortcuts", "Single-key shortcuts", _SHORTCUTS, rx.cond(Session.shortcuts, "on", "off")),
    )


def _quick_add() -> rx.Component:
    return section(
        "quick-add",
        _SECTIONS["quick-add"],
        el.p("How the line that adds tasks understands you.", class_name="help"),
        _select("language", "Language", _LANGUAGES, Session.language),
        _select("date_order", "Date order", _DATE_ORDERS, Session.date_order),
    )


def _unconfirmed() -> rx.Component:
    change = rx.fragment("Changes to ", el.b(SettingsPage.unconfirmed), " once you have confirmed it")
    return post(
        "confirmation",
        el.p(
            rx.cond(SettingsPage.is_changing, change, "Not confirmed yet"),
            " · ",
            el.button("Send again", type="submit", class_name="link"),
            class_name="help",
        ),
    )


def _email() -> rx.Component:
    return section(
        "email-section",
        _SECTIONS["email-section"],
        rx.cond(SettingsPage.unconfirmed != "", _unconfirmed(), rx.fragment()),
        post(
            "email",
            field("email", "Email", problem=problem("email"), type_="email", default_value=Session.email, auto_complete="email"),
            *confirmation("email"),
            el.button("Change email", type="submit", class_name="btn btn-primary"),
        ),
    )


def _password() -> rx.Component:
    return section(
        "password-section",
        _SECTIONS["password-section"],
        post(
            "password",
            password_field(
                "current_password", "Current password", problem=problem("current_password"), auto_complete="current-password"
            ),
            password_field(
                "new_password",
                "New password",
                problem=problem("new_password"),
                help_text=PASSWORD_RULE,
                auto_complete="new-password",
            ),
            code_field("password_code"),
            el.button("Change password", type="submit", class_name="btn btn-primary"),
        ),
    )


def _second_steps() -> tuple[rx.Component, rx.Component]:
    return two_step_section("two-step", _SECTIONS["two-step"]), passkeys_section("passkeys", _SECTIONS["passkeys"])


def _place(place: rx.Var[Place]) -> rx.Component:
    return el.li(
        el.div(el.b(place.name), el.p(place.used, class_name="help")),
        rx.cond(
            place.current,
            rx.fragment(),
            el.button(
                "Sign out",
                hidden(" ", place.name),
                type="button",
                class_name="btn btn-outline",
                on_click=SettingsPage.sign_out_place(place.id),
            ),
        ),
        key=place.id,
    )


def _sessions() -> rx.Component:
    return section(
        "sessions",
        _SECTIONS["sessions"],
        el.ul(rx.foreach(SettingsPage.places, _place), class_name="sessions", role="list"),
        post("sign-out-everywhere", el.button("Sign out everywhere", type="submit", class_name="btn btn-outline")),
    )


def _data() -> rx.Component:
    return section(
        "data",
        _SECTIONS["data"],
        el.p("Everything of yours in one JSON file: tasks, Trash, and every change.", class_name="help"),
        el.div(
            el.a(
                "Export everything",
                href=routes.form_address("export"),
                class_name="btn btn-outline",
                custom_attrs={"download": "", "data-native": ""},
            ),
            class_name="btns",
        ),
    )


def _delete() -> rx.Component:
    return section(
        "delete",
        _SECTIONS["delete"],
        el.p("Everything of yours is removed at once. This can’t be undone.", class_name="help"),
        post(
            "delete-account",
            *confirmation("deletion", "Password"),
            el.button("Delete my account", type="submit", class_name="btn btn-danger"),
        ),
        class_name="card danger",
    )


def settings() -> rx.Component:
    """The account and how the app looks."""
    confirmed = [f"{form}_{field}" for form in ("email", "off", "remove", "deletion") for field in ("password", "code")]
    fields = ("name", "email", "current_password", "new_password", "password_code", *confirmed)
    return shell(
        el.div(
            header("Settings", ""),
            rx.cond(SettingsPage.notice != "", el.p(SettingsPage.notice, class_name="notice", role="alert"), rx.fragment()),
            problem_summary(SettingsPage.problems, fields),
            el.div(
                el.nav(
                    *[el.a(label, class_name="nav-item", href=f"#{section_id}") for section_id, label in _SECTIONS.items()],
                    class_name="settings-nav",
                    aria_label="Settings",
                ),
                rx.cond(
                    SettingsPage.loaded,
                    el.div(
                        _profile(), _look(), _quick_add(), _email(), _password(), *_second_steps(), _sessions(), _data(), _delete()
                    ),
                    el.p("Loading your settings", class_name="help"),
                ),
                class_name="settings",
            ),
            class_name="content",
        ),
        second_step_dialogs(),
        scripts("second_step"),
        current=routes.SETTINGS,
    )
