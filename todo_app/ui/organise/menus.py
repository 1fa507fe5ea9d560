"""The menus of projects, sections, labels and filters. assets/organise.js does what their items say."""

from typing import Any

import reflex as rx

from todo_app.ui.components.elements import el, row_button
from todo_app.ui.components.menu import menu, menu_item
from todo_app.ui.task_list.place import Place


def more_button(kind: str, name: rx.Var[str] | str, menu_id: str = "") -> rx.Component:
    """The button that opens the menu of one of them."""
    label = rx.Var.create("More for ") + name
    return row_button("more", label, **{"data-menu": menu_id or f"{kind}-menu", "aria-haspopup": "menu"})


def _item(icon_name: str, label: str, does: str, class_name: str = "", **attrs: Any) -> rx.Component:
    return menu_item(icon_name, label, class_name=class_name, custom_attrs={"data-do": does, **attrs})


def _moves() -> list[rx.Component]:
    return [_item("arrow-up", "Move up", "up"), _item("arrow-down", "Move down", "down"), el.hr(role="separator")]


def organise_menus() -> rx.Component:
    """One menu per kind, for all of that kind, and the one of a project's own page."""
    edit, delete = _item("pencil", "Edit", "edit"), _item("trash-2", "Delete", "delete", "bad")
    archive = _item("archive", "Archive", "archive")
    return rx.fragment(
        menu("project-menu", "Project actions", edit, *_moves(), archive, delete),
        menu("label-menu", "Label actions", edit, *_moves(), delete),
        menu("filter-menu", "Filter actions", edit, *_moves(), delete),
        menu("section-menu", "Section actions", _item("pencil", "Rename", "edit"), *_moves(), delete),
        menu(
            "page-menu",
            "Project actions",
            edit,
            _item("list-plus", "Add section", "add-section"),
            el.hr(role="separator"),
            rx.cond(Place.archived, _item("archive-restore", "Unarchive", "unarchive"), archive),
            delete,
        ),
    )
