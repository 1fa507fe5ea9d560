"""What every body, and every answer of the API, has in common, checked before a route is looked for."""

import asyncio

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.api.problems import problem

PREFIX = "/api/"
MAX_BODY = 1024 * 1024
# As long as the server gives the headers: a whole body at the pace of a slow phone, and nobody's connection for ever.
SECONDS_FOR_A_BODY = 30
# What is still coming is held in memory, of whoever sends it: so only a few may go beyond this at a time, and the others wait.
SMALL_BODY = 64 * 1024
LARGE_BODIES_AT_ONCE = 32
FORM_PATH = "/api/auth/token"
FORM_TYPE = "application/x-www-form-urlencoded"
JSON_TYPE = "application/json"


class CheckBody:
    """ASGI middleware: a body of at most 1 MiB, whole within 30 seconds; to the API as JSON, with answers that no cache keeps."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._large = asyncio.Semaphore(LARGE_BODIES_AT_ONCE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if _announces_too_much(headers):
            await _too_large()(scope, receive, send)
            return
        try:
            async with asyncio.timeout(SECONDS_FOR_A_BODY):
                body = await self._read(receive)
        except TimeoutError:
            await _too_slow()(scope, receive, send)
            return
        except ClientDisconnect:
            return
        if len(body) > MAX_BODY:
            await _too_large()(scope, receive, send)
        elif not scope["path"].startswith(PREFIX):
            await self._app(scope, _replay(body, receive), send)
        elif body and _media_type(headers) != _wanted_type(scope):
            await problem(415, f"Send the body as {_wanted_type(scope)}.")(scope, receive, send)
        else:
            await self._app(scope, _replay(body, receive), _uncached(send))

    async def _read(self, receive: Receive) -> bytes:
        """The body, or as much of it as shows that it is too large, whatever its length was said to be."""
        body = bytearray()
        if await _read_up_to(SMALL_BODY, receive, body):
            async with self._large:
                await _read_up_to(MAX_BODY, receive, body)
        return bytes(body)


def _announces_too_much(headers: Headers) -> bool:
    length = headers.get("content-length", "")
    return length.isascii() and length.isdigit() and (len(length) > 15 or int(length) > MAX_BODY)


def _too_large() -> Response:
    return problem(413, "The body may have at most 1 MiB.")


def _too_slow() -> Response:
    # What may still come of it is nobody's request: the connection goes.
    detail = f"The body has to arrive within {SECONDS_FOR_A_BODY} seconds. Please try again."
    return problem(408, detail, headers={"Connection": "close"})


async def _read_up_to(size: int, receive: Receive, body: bytearray) -> bool:
    """Adds what comes to `body` until that is larger than `size`. Says whether there may be more."""
    while len(body) <= size:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return False
    return True


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
