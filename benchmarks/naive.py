"""A list as a first Reflex app has it: every row in the state and on the page, and all of them sent again when one changes.

`SIZE` says how many, and `KIT=reflex` makes it of Reflex's own components in place of plain elements. Built and served by
benchmarks/browser.py.
"""

import os
from dataclasses import dataclass, replace

import reflex as rx


@dataclass(frozen=True)
class Row:
    """One task."""

    title: str
    done: bool = False


class Naive(rx.State):
    """The whole list."""

    rows: rx.Field[list[Row]] = rx.field(default_factory=list)

    @rx.event
    def load(self) -> None:
        """Makes the rows."""
        self.rows = [Row(f"Task {number}") for number in range(int(os.environ["SIZE"]))]

    @rx.event
    def set_done(self, number: int, done: bool) -> None:
        """Ticks one."""
        self.rows[number] = replace(self.rows[number], done=done)


def _row(row: rx.Var[Row], number: rx.Var[int]) -> rx.Component:
    if os.environ["KIT"] == "reflex":
        box = rx.checkbox(checked=row.done, on_change=lambda done: Naive.set_done(number, done))
        return rx.list_item(rx.card(rx.hstack(box, rx.text(row.title), align="center")))
    return rx.el.li(
        rx.el.input(type="checkbox", checked=row.done, on_change=lambda done: Naive.set_done(number, done)),
        rx.el.span(row.title),
    )


def page() -> rx.Component:
    """The list, in what Reflex puts around it by itself."""
    rows = rx.foreach(Naive.rows, _row)
    return rx.container(rx.heading("Inbox"), rx.unordered_list(rows) if os.environ["KIT"] == "reflex" else rx.el.ul(rows))


app = rx.App()
app.add_page(page, route="/inbox", on_load=Naive.load)
