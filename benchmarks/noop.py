"""A Reflex app whose one event does next to nothing, so that there is an answer at all: what Reflex itself costs."""

import reflex as rx


class Noop(rx.State):
    """Holds one number."""

    number: int = 0

    @rx.event
    def nothing(self, task_id: str, done: bool) -> None:  # noqa: ARG002 - a tick sends them too
        """Tells the page one number."""
        self.number += 1


def page() -> rx.Component:
    """The event, so that Reflex knows of it."""
    return rx.el.button(Noop.number, on_click=Noop.nothing("", False))


app = rx.App()
app.add_page(page, route="/inbox")
