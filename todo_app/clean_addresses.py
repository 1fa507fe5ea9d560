"""Pages at the addresses people use: `/inbox`, not `/inbox/`."""

from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.headers import BUILT_PAGES


class CleanAddresses:
    """ASGI wrapper: the server of the built pages would answer `/inbox` with a redirect to `/inbox/`, at the price of a round trip
    and, behind a proxy, to an address it has wrong. So it is asked for that page at once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._pages = {f"/{page.parent.relative_to(BUILT_PAGES)}" for page in BUILT_PAGES.glob("*/index.html")}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, the addresses of pages with the slash that their server wants."""
        if scope["type"] == "http" and scope["path"] in self._pages:
            path = f"{scope['path']}/"
            scope = {**scope, "path": path, "raw_path": path.encode()}
        await self.app(scope, receive, send)
