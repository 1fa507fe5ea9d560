"""Refuses what another site makes a browser send here."""

from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.api.problems import problem
from todo_app.security_log import SecurityEvent, record

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RefuseCrossSite:
    """ASGI middleware: a request that may change something and that another site caused is answered 403.

    Browsers say so in `Sec-Fetch-Site`, which pages can't set; scripts that are no browser don't send it. The one other origin that
    CORS lets in (`FRONTEND_URL`, where the pages live on a host of their own) is no stranger.
    """

    def __init__(self, app: ASGIApp, own_origin: str) -> None:
        self._app = app
        self._own_origin = own_origin.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._is_refused(scope):
            record(SecurityEvent.CROSS_SITE)
            answer = problem(403, "This request came from another site, so it was refused.")
            await answer(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _is_refused(self, scope: Scope) -> bool:
        if scope["method"] in SAFE_METHODS:
            return False
        headers = dict(scope["headers"])
        return headers.get(b"sec-fetch-site") == b"cross-site" and headers.get(b"origin") != self._own_origin
