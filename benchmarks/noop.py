"""A Reflex app whose one event does next to nothing, so that there is an answer at all: what Reflex itself costs."""

import reflex as rx


class Noop(rx.State):
    """Holds what it was told last."""

    told: str = ""

    @rx.event
    def nothing(self, task_id: str, done: bool) -> None:
        """Takes what a tick sends, and says it back."""
        self.told = f"{task_id} {done}"


def page() -> rx.Component:
    """The event, so that Reflex knows of it."""
    return rx.el.button(Noop.told, on_click=Noop.nothing("", False))


app = rx.App()
app.add_page(page, route="/inbox")
