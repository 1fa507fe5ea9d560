"""The same small page in NiceGUI: a list, boxes to tick, all of it in the memory of one process. `SIZE` says how many."""

import os

from nicegui import ui

TASKS = [{"title": f"Task {number}", "done": False} for number in range(int(os.environ["SIZE"]))]


@ui.page("/inbox")
def inbox() -> None:
    """The list."""
    ui.label("Inbox").classes("text-2xl")
    with ui.element("ul"):
        for task in TASKS:
            with ui.element("li"):
                ui.checkbox(task["title"]).bind_value(task, "done")


@ui.page("/health")
def health() -> None:
    """Says that it is there."""


ui.run(port=int(os.environ["PORT"]), show=False, reload=False, show_welcome_message=False)
