"""Keeps the session cookie out of Reflex.

Reflex keeps a websocket's headers in the page's state, which it stores and may log. So before Reflex sees a websocket, its cookie
gives way to the SHA-256 of the session token: good for looking the session up, useless to whoever finds it.
"""

from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from todo_app.config import get_settings
from todo_app.services.sessions import digest_of
from todo_app.ui.signing_in import flash

HEADER = "authorization"
_SCHEME = "sid "


def cookie_name() -> str:
    """`__Host-` makes browsers insist on https, on this very host, and on the whole path."""
    return "__Host-session" if get_settings().secure else "session"


def _cookies(scope: Scope) -> dict[str, str]:
    """Read as FastAPI does for the forms: another app's odd cookie, on the same host, is no reason to lose ours."""
    return cookie_parser(b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1"))


def session_digest(scope: Scope) -> str:
    """The digest of the session token that a request carries, or nothing."""
    token = _cookies(scope).get(cookie_name())
    return digest_of(token) if token else ""


def digest_in(headers: dict[str, str]) -> str:
    """The session digest among the headers that Reflex kept, or nothing."""
    return headers.get(HEADER, "").removeprefix(_SCHEME)


class Handshake:
    """ASGI wrapper: on websockets, the cookie becomes a digest; a client's own authorization header is dropped."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, websockets with their headers changed."""
        if scope["type"] == "websocket" or scope["path"].startswith("/_event"):
            ours = (b"cookie", HEADER.encode(), flash.HEADER.encode())
            headers = [(name, value) for name, value in scope["headers"] if name not in ours]
            if digest := session_digest(scope):
                headers.append((HEADER.encode(), f"{_SCHEME}{digest}".encode()))
            if message := _cookies(scope).get(flash.COOKIE):
                headers.append((flash.HEADER.encode(), message.encode("latin-1", "ignore")))
            scope = {**scope, "headers": headers}
        await self.app(scope, receive, send)
