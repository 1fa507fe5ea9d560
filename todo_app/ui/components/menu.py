"""Menus. assets/ui.js opens them, walks them by arrows, and gives the focus back."""

from typing import Any

import reflex as rx

from todo_app.ui.components.elements import el, icon


def menu(menu_id: str, label: str, *content: rx.Component) -> rx.Component:
    """A menu, closed."""
    return el.div(*content, class_name="menu", id=menu_id, role="menu", aria_label=label, custom_attrs={"popover": "auto"})


def menu_item(icon_name: str, label: str, *content: rx.Component, type_: str = "button", **props: Any) -> rx.Component:
    """A button of a menu; what it does stands in its attributes."""
    return el.button(icon(icon_name, 16), label, *content, type=type_, role="menuitem", tab_index=-1, **props)
