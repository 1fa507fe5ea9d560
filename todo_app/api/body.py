"""What every answer and every body of the API has in common, checked before a route is looked for."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.api.problems import problem

PREFIX = "/api/"
MAX_BODY = 1024 * 1024
FORM_PATH = "/api/auth/token"
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"


class CheckBody:
    """ASGI middleware for the paths of the API: a body of at most 1 MiB, and JSON; answers that no cache keeps."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(PREFIX):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _announces_too_much(headers):
            await _too_large()(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:  # the caller went away
            return
        if len(body) > MAX_BODY:
            await _too_large()(scope, receive, send)
        elif body and _media_type(headers) != _wanted_type(scope):
            await problem(415, f"Send the body as {_wanted_type(scope)}.")(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), _uncached(send))


def _announces_too_much(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > MAX_BODY)


def _too_large() -> Response:
    return problem(413, "The body may have at most 1 MiB.")


async def _read(receive: Receive) -> bytes | None:
    """The body, or as much of it as shows that it is too large, whatever its length was said to be; None if it broke off."""
    parts: list[bytes] = []
    size = 0
    while size <= MAX_BODY:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if not message.get("more_body", False):
            break
    return b"".join(parts)


def _media_type(headers: Headers) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _wanted_type(scope: Scope) -> str:
    return FORM_TYPE if scope["path"] == FORM_PATH else JSON_TYPE


def _replay(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body already read, then whatever still comes (that is: the caller going away)."""
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def replay() -> Message:
        return pending.pop() if pending else await receive()

    return replay


def _uncached(send: Send) -> Send:
    async def send_uncached(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message)["Cache-Control"] = "no-store"
        await send(message)

    return send_uncached
