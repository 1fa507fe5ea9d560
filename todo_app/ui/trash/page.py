"""The page `/trash`."""

import reflex as rx

from todo_app.ui import routes
from todo_app.ui.components.elements import el, hidden
from todo_app.ui.components.windowed_list import windowed_list
from todo_app.ui.layout import empty, header, shell, skeleton
from todo_app.ui.trash.state import Trash, TrashRow


def _row(row: rx.Var[TrashRow]) -> rx.Component:
    return el.li(
        el.div(
            el.span(row.title, class_name="title", dir="auto"),
            el.div(el.span("Deleted ", row.deleted), class_name="meta"),
            class_name="body",
        ),
        el.div(
            el.button("Restore", hidden(" ", row.title), type="button", class_name="btn btn-ghost", on_click=Trash.restore(row.id)),
            el.button(
                "Delete for good", hidden(" ", row.title), type="button", class_name="btn btn-ghost", on_click=Trash.ask(row.id)
            ),
            class_name="acts",
        ),
        class_name="row trash",
        key=row.id,
    )


def _question() -> rx.Component:
    """Asked because this alone can't be undone. ui.js shows the dialog as modal as soon as it is there."""
    return rx.cond(
        Trash.asking_id != "",
        el.dialog(
            el.h2("Delete for good?", id="confirm-h"),
            el.p(el.q(Trash.asking_title, dir="auto"), " and its notes and history will be gone. This can’t be undone."),
            el.div(
                el.button("Cancel", type="button", class_name="btn btn-soft", on_click=Trash.cancel, custom_attrs={"data-esc": ""}),
                el.button("Delete for good", type="button", class_name="btn btn-danger", on_click=Trash.purge),
                class_name="btns",
            ),
            class_name="dlg confirm",
            aria_labelledby="confirm-h",
            custom_attrs={"data-modal": ""},
        ),
        rx.fragment(),
    )


def trash() -> rx.Component:
    """What was deleted in the last 30 days."""
    nothing = empty("Trash is empty", "Deleted tasks are kept here for 30 days, should you want them back.")
    return shell(
        el.div(
            header("Trash", "Kept for 30 days"),
            rx.cond(Trash.loaded, windowed_list(Trash, rx.foreach(Trash.rows, _row), nothing), skeleton()),
            _question(),
            class_name="content",
        ),
        current=routes.TRASH,
    )
