"""Which websockets are opened: those of our own pages, and only so many of one person and one address.

Each costs this process memory for as long as it lasts.
"""

from collections import Counter

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.client import client_of
from todo_app.config import get_settings
from todo_app.db import database
from todo_app.errors import NotSignedIn, Unavailable
from todo_app.security_log import SecurityEvent, record
from todo_app.services import sessions
from todo_app.services.limits import network
from todo_app.ui.handshake import digest_in

RETRY_AFTER_SECONDS = 30


class RefuseForeignSockets:
    """ASGI wrapper: a websocket that another site's page makes a browser open is answered 403, and is in the security log.

    Socket.IO would refuse it too, and nobody would hear of it. What is no browser need not say where it comes from.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on that is no websocket, or one of ours."""
        if scope["type"] == "websocket" and Headers(scope=scope).get("origin", "") not in ("", get_settings().frontend_url):
            record(SecurityEvent.CROSS_SITE)
            await receive()
            await send({"type": "websocket.close"})  # before it is opened, that is 403
        else:
            await self.app(scope, receive, send)


class LimitSockets:
    """ASGI wrapper inside of `Handshake`, whose digest it reads: a socket too many is answered 429 instead of being opened."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on that is no websocket, or one that may be opened."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        limits = await _limits(scope)
        if any(self._open[holder] >= most for holder, most in limits.items()):
            await receive()
            await _refuse(scope, send)
            return
        self._open.update(limits.keys())
        try:
            await self.app(scope, receive, send)
        finally:
            self._open.subtract(limits.keys())
            self._open += Counter()  # forgets what has come down to nothing


async def _limits(scope: Scope) -> dict[str, int]:
    """Who holds this socket, and how many they may hold."""
    settings = get_settings()
    limits = {network(client_of(HTTPConnection(scope)).address): settings.sockets_per_address}
    if digest := digest_in(dict(Headers(scope=scope))):
        try:
            visitor = await database().read(sessions.by_digest, digest)
            limits[str(visitor.actor.user_id)] = settings.sockets_per_user
        except (NotSignedIn, Unavailable):
            pass  # the gate says so to the page; here the address counts
    return limits


async def _refuse(scope: Scope, send: Send) -> None:
    if "websocket.http.response" not in scope.get("extensions", {}):
        await send({"type": "websocket.close", "code": 1013})  # "try again later"
        return
    headers = [(b"retry-after", str(RETRY_AFTER_SECONDS).encode()), (b"content-length", b"0")]
    await send({"type": "websocket.http.response.start", "status": 429, "headers": headers})
    await send({"type": "websocket.http.response.body", "body": b""})
