"""What each page with a list of tasks shows: the part of the query that its address stands for, and how the list is parted."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from todo_app.ui import routes

Kind = Literal["inbox", "today", "upcoming", "completed", "project", "label", "search"]
Parts = Literal["", "today", "days", "sections", "priority", "label"]
# How a project is shown.
Layout = Literal["list", "board", "calendar"]


@dataclass(frozen=True)
class View:
    """One page's list. `query` holds what the address doesn't say; its sort is the page's own order."""

    kind: Kind
    title: str
    query: Mapping[str, str]
    parts: Parts = ""
    with_project: bool = True
    # Of the project or label that the page shows.
    id: str = ""
    # The order by hand that rows can be moved in: the column of `MoveRequest.order`.
    order: Literal["", "position", "day"] = ""


_FIXED: Mapping[str, View] = {
    routes.INBOX: View(
        "inbox",
        "Inbox",
        {"project_id": "none", "parent_id": "none", "sort": "position"},
        with_project=False,
        order="position",
    ),
    routes.TODAY: View("today", "Today", {"filter": "due <= today", "status": "open", "sort": "day"}, parts="today", order="day"),
    routes.UPCOMING: View("upcoming", "Upcoming", {"filter": "due > today", "status": "open", "sort": "due"}, parts="days"),
    routes.COMPLETED: View("completed", "Completed", {"status": "completed", "sort": "-completed"}),
    routes.SEARCH: View("search", "Search", {"status": "open", "sort": "-created"}),
}
# What people choose in the address: which tasks.
CHOICES = ("status", "sort", "q", "filter")


def layout_of(asked: str, own: Layout) -> Layout:
    """How to show a project: as the address asks, else as the project itself says."""
    return cast("Layout", asked) if asked in get_args(Layout) else own


def parts_of(view: View, layout: Layout, by: str) -> Parts:
    """How the list is parted: a board may stand by priority or label too."""
    return cast("Parts", by) if layout == "board" and by in ("priority", "label") else view.parts


def view_of(path: str) -> View | None:
    """The view of a page, None for one without a list of tasks."""
    if path in _FIXED:
        return _FIXED[path]
    _, _, place, name, *rest = [*f"/{path}".split("/"), "", ""]
    if not name or any(rest):
        return None
    name = _id(name)
    if place == "project":
        query = {"project_id": name, "parent_id": "none", "sort": "position"}
        return View("project", "Project", query, parts="sections", with_project=False, id=name, order="position")
    if place == "label":
        return View("label", "Label", {"label_id": name, "status": "open", "sort": "-created"}, id=name)
    return None


def _id(name: str) -> str:
    """The id in an address; for what is none, one that nobody has: the page says then that it isn't there."""
    try:
        return str(uuid.UUID(name))
    except ValueError:
        return str(uuid.UUID(int=0))
