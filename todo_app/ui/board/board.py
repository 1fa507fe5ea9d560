"""The columns of a board. It has no state of its own: the list's rows and groups are shown in another shape."""

import reflex as rx

from todo_app.ui.components.elements import chooses, count_of, el, icon_button
from todo_app.ui.components.windowed_list import earlier_rows, later_rows
from todo_app.ui.task_list.groups import Group
from todo_app.ui.task_list.items import row_id, row_in
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.state import TaskList

_BY = {"section": "By section", "priority": "By priority", "label": "By label"}


def _column(group: rx.Var[Group]) -> rx.Component:
    head = group.heads[0]
    cards = rx.foreach(group.slots, lambda slot: el.li(row_in(slot), key=row_id(slot), custom_attrs={"data-group": group.key}))
    return el.section(
        el.div(
            el.h2(head.title, dir="auto"),
            count_of(group.slots.length(), "n num"),
            el.span(class_name="sp"),
            rx.cond(
                (head.kind == "section") & (head.key != ""),
                icon_button("plus", "Add a task here", 15, custom_attrs={"data-add-in": "section_id", "data-to": head.key}),
                rx.fragment(),
            ),
            class_name="column-h",
        ),
        el.ul(cards, role="list", class_name="cards", aria_label=head.title),
        class_name="column",
        aria_label=head.title,
        key=group.key,
        custom_attrs={"data-group": group.key},
    )


def board() -> rx.Component:
    """The board of a project; it scrolls sideways by itself, and the page doesn't."""
    links = [chooses(label, choices=f"view=board&by={by}", is_current=Place.by == by) for by, label in _BY.items()]
    return el.div(
        el.nav(*links, class_name="seg", aria_label="Columns"),
        earlier_rows(TaskList),
        el.div(rx.foreach(TaskList.groups, _column), class_name="board", tab_index=0, role="group", aria_label="Board"),
        later_rows(TaskList),
    )
