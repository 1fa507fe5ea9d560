"""The dialogs in which projects, sections, labels and filters are made and changed.

They stand on every page, and assets/organise.js opens and fills them at once; the fields are not controlled by the state.
"""

from typing import Any, get_args

import reflex as rx
from reflex.event import EventHandler
from reflex_components_core.core.window_events import WindowEventListener

from todo_app import lengths
from todo_app.schemas.organise import Color
from todo_app.ui.components.elements import dot, el, hidden, icon, icon_button
from todo_app.ui.organise.filtering import Filters
from todo_app.ui.organise.form import filter_field
from todo_app.ui.organise.state import Organise
from todo_app.ui.sidebar import NavItem, Sidebar

VIEWS = {"list": "List", "board": "Board", "calendar": "Calendar"}


class OrganiseEvents(WindowEventListener):
    """Hears what assets/organise.js sends."""

    on_organiseopen: EventHandler[lambda e: [e.detail.kind.to(str), e.detail.id.to(str)]]
    on_organisemove: EventHandler[lambda e: [e.detail.kind.to(str), e.detail.id.to(str), e.detail.after.to(str)]]
    on_organisestep: EventHandler[lambda e: [e.detail.kind.to(str), e.detail.id.to(str), e.detail.by.to(int)]]
    on_organisearchive: EventHandler[lambda e: [e.detail.id.to(str), e.detail.archived.to(bool)]]
    on_organisedelete: EventHandler[lambda e: [e.detail.kind.to(str), e.detail.id.to(str)]]


def _problem(kind: str, field: str) -> tuple[dict[str, Any], rx.Component]:
    """What a field says of its problem, and the line with the words."""
    has_problem = Organise.problem_field == field
    line_id = f"{kind}-{field}-problem"
    line = el.p(
        rx.cond(has_problem, rx.fragment(icon("circle-alert", 16), el.span(hidden("Error: "), Organise.problem)), rx.fragment()),
        class_name="err",
        id=line_id,
        role="alert",
    )
    return {"aria_invalid": rx.cond(has_problem, "true", "false"), "custom_attrs": {"aria-describedby": line_id}}, line


def _name(kind: str) -> rx.Component:
    aria, line = _problem(kind, "name")
    return el.div(
        el.label("Name", html_for=f"{kind}-name"),
        line,
        el.input(
            id=f"{kind}-name",
            name="name",
            type="text",
            auto_complete="off",
            max_length=lengths.LABEL if kind == "label" else lengths.NAME,
            dir="auto",
            class_name="field",
            **aria,
        ),
        class_name="fld",
    )


def _colors() -> rx.Component:
    return el.fieldset(
        el.legend("Colour"),
        *[
            el.label(
                el.input(type="radio", name="color", value=color, aria_label=color.capitalize()),
                title=color.capitalize(),
                custom_attrs={"data-c": color},
            )
            for color in get_args(Color)
        ],
        class_name="colors",
        aria_label="Colour",
        custom_attrs={"role": "radiogroup"},  # as a prop, Reflex takes it for CSS
    )


def _select(kind: str, name: str, label: str, *options: rx.Component) -> rx.Component:
    aria, line = _problem(kind, name)
    field_id = f"{kind}-{name.replace('_', '-')}"
    return el.div(
        el.label(label, html_for=field_id),
        line,
        el.select(*options, id=field_id, name=name, class_name="field", **aria),
        class_name="fld",
    )


def _parent() -> rx.Component:
    indent = rx.Var.create("\u2003" * 12)

    def option(item: rx.Var[NavItem]) -> rx.Component:
        return el.option(indent[: item.depth * 2], item.name, value=item.key, key=item.key, custom_attrs={"data-depth": item.depth})

    none = el.option("None", value="")
    return _select("project", "parent_id", "Parent project", none, rx.foreach(Sidebar.projects, option))


def _project_fields() -> list[rx.Component]:
    aria, line = _problem("project", "description")
    return [
        _name("project"),
        _colors(),
        _parent(),
        _select("project", "view", "Show as", *[el.option(label, value=value) for value, label in VIEWS.items()]),
        el.div(
            el.label("Description", html_for="project-description"),
            line,
            el.textarea(
                id="project-description",
                name="description",
                rows="2",
                max_length=lengths.DESCRIPTION,
                dir="auto",
                class_name="field",
                **aria,
            ),
            class_name="fld",
        ),
    ]


def _dialog(kind: str, *fields: rx.Component) -> rx.Component:
    """The dialog of a kind. With `data-mode="add"` it says Add and has no Delete."""
    return el.dialog(
        el.form(
            el.h2(
                el.span(f"Add {kind}", custom_attrs={"data-when": "add"}),
                el.span(f"Edit {kind}", custom_attrs={"data-when": "edit"}),
                id=f"edit-{kind}-h",
            ),
            *[el.input(type="hidden", name=name) for name in ("id", "key")],
            el.input(type="hidden", name="kind", default_value=kind),
            el.input(type="hidden", name="project_id") if kind == "section" else rx.fragment(),
            *fields,
            el.div(
                el.button(
                    icon("trash-2", 16),
                    "Delete",
                    type="button",
                    class_name="btn btn-ghost bad",
                    custom_attrs={"data-do": "delete", "data-when": "edit", "aria-describedby": f"{kind}-contents"},
                ),
                el.span(class_name="sp"),
                el.button("Cancel", type="button", class_name="btn btn-soft", custom_attrs={"data-close": "", "data-cancel": ""}),
                el.button("Save", type="submit", class_name="btn btn-primary"),
                el.p(
                    rx.cond(Organise.contents != "", rx.fragment("Also deleted: ", Organise.contents, "."), rx.fragment())
                    if kind == "project"
                    else "Its tasks stay in the project."
                    if kind == "section"
                    else "Its tasks stay.",
                    class_name="help",
                    id=f"{kind}-contents",
                    custom_attrs={"data-when": "edit"},
                ),
                class_name="btns",
            ),
            on_submit=Organise.save,
            class_name="form",
            custom_attrs={"novalidate": ""},
        ),
        id=f"edit-{kind}",
        class_name="dlg organise",
        aria_labelledby=f"edit-{kind}-h",
        custom_attrs={"data-organise": kind, "data-loaded": Organise.loaded, "data-stored": Organise.stored},
    )


def archived_button() -> rx.Component:
    """Leads to the projects that were put away, where there are any."""
    return rx.cond(
        Sidebar.archived.length() > 0,
        el.button(
            icon("archive", 16),
            "Archived (",
            Sidebar.archived.length(),
            ")",
            type="button",
            class_name="nav-item",
            custom_attrs={"data-open": "archived"},
        ),
        rx.fragment(),
    )


def _archived() -> rx.Component:
    """The projects that were put away."""

    def entry(item: rx.Var[NavItem]) -> rx.Component:
        return el.li(
            el.a(dot(item.color), el.span(item.name, class_name="name", dir="auto"), href=item.href, class_name="nav-item"),
            el.button(
                "Unarchive",
                hidden(" ", item.name),
                type="button",
                class_name="btn btn-soft",
                custom_attrs={"data-do": "unarchive"},
            ),
            key=item.key,
            custom_attrs={"data-kind": "project", "data-key-of": item.key},
        )

    return el.dialog(
        el.header(el.h2("Archived projects", id="archived-h"), icon_button("x", "Close", custom_attrs={"data-close": ""})),
        el.ul(rx.foreach(Sidebar.archived, entry), role="list"),
        rx.cond(Sidebar.archived.length() == 0, el.p("None is left here."), rx.fragment()),
        id="archived",
        class_name="dlg organise",
        aria_labelledby="archived-h",
    )


def organise_dialogs() -> rx.Component:
    """All of it, once per page."""
    query = filter_field("dialog", "filter-query", lambda text: Filters.check("dialog", text), max_length=lengths.FILTER)
    return rx.fragment(
        OrganiseEvents.create(
            on_organiseopen=Organise.open,
            on_organisemove=Organise.move,
            on_organisestep=Organise.step,
            on_organisearchive=Organise.archive,
            on_organisedelete=Organise.delete,
        ),
        _dialog("project", *_project_fields()),
        _dialog("section", _name("section")),
        _dialog("label", _name("label"), _colors()),
        _dialog("filter", _name("filter"), query, _colors()),
        _archived(),
    )
