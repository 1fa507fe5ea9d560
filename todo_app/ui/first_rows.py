"""The first rows of a list come with the page itself.

A built page is a file, the same for everybody. What it shows comes by the websocket, once all its scripts have been read and run:
a quarter of a second later on a desk, and seconds on a slow line. So where somebody signed in asks for a list, its first rows are
written into the file, to be read at once. They do nothing yet: a moment later the page puts its own in their place.
"""

import asyncio
from collections.abc import Mapping

from sqlmodel import Session
from starlette.datastructures import QueryParams
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.db import database
from todo_app.errors import DomainError
from todo_app.headers import BUILT_PAGES
from todo_app.services import sessions
from todo_app.ui import routes
from todo_app.ui.components.elements import SKELETON
from todo_app.ui.handshake import session_digest
from todo_app.ui.task_list.reading import part, query_of, read_list, rows_read
from todo_app.ui.task_list.row_html import item_html
from todo_app.ui.task_list.views import View, view_of

# More than a large screen shows.
FIRST = 30
# How long a page waits for them.
SECONDS = 1.0


class FirstRows:
    """ASGI wrapper: answers for the pages of `routes.LISTS` that are files, where it can; everything else it passes on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        files = {route: BUILT_PAGES / route.removeprefix("/") / "index.html" for route in routes.LISTS}
        self._pages = {route: file.read_text() for route, file in files.items() if file.is_file()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes on what is no page, or nobody's."""
        is_read = scope["type"] == "http" and scope["method"] == "GET"
        path = routes.clean_path(scope["path"]) if is_read else ""
        answer = await self._page(scope, path) if path in self._pages else None
        await (answer or self.app)(scope, receive, send)

    async def _page(self, scope: Scope, path: str) -> ASGIApp | None:
        page, view, digest = self._pages[path], view_of(path), session_digest(scope)
        if view is None or not digest:
            return None
        try:
            async with asyncio.timeout(SECONDS):
                rows = await database().read(_first_rows, digest, view, QueryParams(scope["query_string"]))
        except (DomainError, TimeoutError):  # the page will say so itself
            return None
        whole = HTMLResponse(page.replace(SKELETON, rows), headers={"Cache-Control": "no-store"})
        return GZipMiddleware(whole, compresslevel=5)


def _first_rows(session: Session, digest: str, view: View, asked: Mapping[str, str]) -> str:
    actor = sessions.by_digest(session, digest).actor
    query = query_of(view, asked, limit=FIRST)
    found = read_list(session, actor, view, query)
    rows = rows_read(actor, view, query, found)
    parted = part(view, query, found, range(len(rows)), actor.today)
    items = [
        item_html(group.heads if slot == group.slots[0] else [], rows[slot], found.page.items[slot].completed)
        for group in parted.groups
        for slot in group.slots
    ]
    return f'<ul class="rows">{"".join(items)}</ul>' if items else SKELETON
