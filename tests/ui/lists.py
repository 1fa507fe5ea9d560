"""What a page's list shows, put together as the browser does: the order names slots, and rows and marks lie in them."""

from typing import Any

from tests.ui.pages import Page
from todo_app.ui.task_list.slots import CHUNKS, is_marked
from todo_app.ui.task_list.state import TaskList


def slots_of(page: Page) -> list[int]:
    """The slots of the rows, in the order of the list."""
    return [slot for group in page[TaskList]["groups"] for slot in group["slots"]]


def rows_of(page: Page) -> list[dict[str, Any]]:
    """The rows, in their order."""
    cells = [row for number in range(CHUNKS) for row in page[TaskList][f"rows_{number}"]]
    return [cells[slot] for slot in slots_of(page)]


def marks_of(page: Page) -> str:
    """A 1 for each row whose box is ticked and a 0 for the others, in their order."""
    marks = page[TaskList]["marks"]
    return "".join("01"[is_marked(marks, slot)] for slot in slots_of(page))


def headings_of(page: Page) -> list[str]:
    """The headings of the list's groups, in their order, those behind the last row too."""
    groups = page[TaskList]["groups"]
    heads = [*(head for group in groups for head in group["heads"]), *page[TaskList]["tail"]]
    return [head["title"] for head in heads if head["title"]]
