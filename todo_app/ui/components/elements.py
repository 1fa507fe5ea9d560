"""The smallest pieces. Native elements with our own classes (assets/app.css), which keeps pages small and quick."""

from collections.abc import Callable
from typing import Any

import reflex as rx
from reflex_base.components.component import NoSSRComponent
from reflex_base.vars import VarData
from reflex_components_core.el.elements.base import BaseHTML

el = rx.el

# A few rows without tasks, for as long as it takes until there are some. As HTML: see ui/first_rows.py.
SKELETON = 7 * '<div class="sk-row"></div>'


class NativeForm(BaseHTML):
    """A form that really posts: `rx.el.form` always keeps the browser from it."""

    tag = "form"
    action: rx.Var[str]
    method: rx.Var[str]
    no_validate: rx.Var[bool]


class PlaceLink(BaseHTML):
    """A link that the browser or assets/ui.js follows; `rx.el.a` would make it one of the router's, `#main` too."""

    tag = "a"
    href: rx.Var[str]


def chooses(*content: Any, choices: rx.Var[str] | str, is_current: rx.Var[bool] | None = None, **props: Any) -> rx.Component:
    """A link that changes these choices of the page's address, such as `status=open`, and keeps the others (assets/ui.js)."""
    current = {} if is_current is None else {"aria-current": rx.cond(is_current, "true", "false")}
    return PlaceLink.create(*content, href="?" + choices, custom_attrs={"data-choose": choices, **current}, **props)


def scripts(name: str) -> rx.Var[None]:
    """Draws nothing; a page with this in it runs assets/`name`.client.js, from the same file as the page."""
    return rx.Var("null", _var_data=VarData(imports={"": [f"$/public/{name}.client.js"]}))


def later(part: Callable[[], rx.Component]) -> rx.Component:
    """What an `rx.memo` shows, from a file of its own that is fetched when the page has come to life.

    For what nobody needs at first sight. Only what is in the memo's own module is put off with it.
    """
    memo = part()
    put_off = type(f"Later{memo.tag}", (NoSSRComponent,), {"__module__": __name__, "library": memo.library, "tag": memo.tag})
    component: rx.Component = put_off.create()
    return component


def icon(name: str, size: int = 18, bold: bool = False) -> rx.Component:
    """A lucide icon, for the eye alone: what it means stands beside it in words."""
    return rx.icon(name, size=size, class_name="b" if bold else "", custom_attrs={"aria-hidden": "true", "focusable": "false"})


def icon_button(name: str, label: str, size: int = 17, **props: Any) -> rx.Component:
    """A button that shows only an icon; `label` is its name for everyone else."""
    return el.button(icon(name, size), type="button", class_name="icon-btn", aria_label=label, title=label, **props)


def row_button(name: str, label: rx.Var[str] | str, **attributes: Any) -> rx.Component:
    """An icon button of which there are many. Its icon is one of app.css: icons made of elements would be most of a long list."""
    return el.button(
        type="button", class_name="icon-btn", aria_label=label, title=label, custom_attrs={"data-icon": name, **attributes}
    )


def hidden(*text: Any) -> rx.Component:
    """Words for screen readers alone."""
    return el.span(*text, class_name="vh")


def count_of(count: rx.Var[int], class_name: str) -> rx.Component:
    """How many tasks: the number to see, and the word with it to hear."""
    return el.span(count, hidden(rx.cond(count == 1, " task", " tasks")), class_name=class_name)


def keys(*names: str) -> rx.Component:
    """Keys as on a keyboard. Hidden from screen readers, which would read them into the name of their button."""
    return rx.fragment(*[el.kbd(name, custom_attrs={"aria-hidden": "true"}) for name in names])


def dot(color: rx.Var[str] | str) -> rx.Component:
    """A project's colour, one of those in schemas/organise.py."""
    return el.span(class_name="dot", aria_hidden="true", custom_attrs={"data-c": color})


def tag(name: rx.Var[str] | str, color: rx.Var[str] | str) -> rx.Component:
    """A label."""
    return el.span(name, class_name="tag", dir="auto", custom_attrs={"data-c": color})


def logo(size: int = 26) -> rx.Component:
    """The mark."""
    return el.svg(
        el.rect(width="32", height="32", rx="9", fill="var(--accent)"),
        el.path(
            d="M9 16.6l4.6 4.6L23.4 11",
            stroke="var(--on-accent)",
            stroke_width="3.2",
            stroke_linecap="round",
            stroke_linejoin="round",
            fill="none",
        ),
        view_box="0 0 32 32",
        width=str(size),
        height=str(size),
        aria_hidden="true",
    )


def _labelled(
    name: str, label: str, problem: rx.Var[str] | None, help_text: str, control: Callable[[dict[str, Any]], rx.Component]
) -> rx.Component:
    """A control with its label, its help, and its problem in words where it has one."""
    has_problem = (problem != "") if problem is not None else rx.Var.create(False)
    described = " ".join([f"{name}-help"] * bool(help_text) + [f"{name}-problem"] * (problem is not None))
    aria: dict[str, Any] = {"aria_invalid": rx.cond(has_problem, "true", "false")}
    if described:
        aria["custom_attrs"] = {"aria-describedby": described}
    return el.div(
        el.label(label, html_for=name),
        el.p(help_text, class_name="help", id=f"{name}-help") if help_text else rx.fragment(),
        el.p(
            rx.cond(has_problem, rx.fragment(icon("circle-alert", 16), el.span(hidden("Error: "), problem)), rx.fragment()),
            class_name="err",
            id=f"{name}-problem",
        )
        if problem is not None
        else rx.fragment(),
        control(aria),
        class_name="fld",
        custom_attrs={"data-err": rx.cond(has_problem, "true", "false")},
    )


def field(
    name: str, label: str, *, problem: rx.Var[str] | None = None, help_text: str = "", type_: str = "text", **props: Any
) -> rx.Component:
    """A labelled input."""

    def control(aria: dict[str, Any]) -> rx.Component:
        return el.input(id=name, name=name, type=type_, class_name="field", **aria, **props)

    return _labelled(name, label, problem, help_text, control)


def password_field(name: str, label: str, *, problem: rx.Var[str] | None = None, help_text: str = "", **props: Any) -> rx.Component:
    """A labelled input for a password, with a button that shows what is typed (assets/ui.js)."""

    def control(aria: dict[str, Any]) -> rx.Component:
        return el.div(
            el.input(id=name, name=name, type="password", class_name="field", **aria, **props),
            el.button(
                "Show",
                type="button",
                class_name="link",
                aria_label=f"Show: {label.lower()}",
                aria_pressed="false",
                custom_attrs={"data-reveal": name},
            ),
            class_name="pw",
        )

    return _labelled(name, label, problem, help_text, control)
