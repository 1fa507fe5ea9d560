"""An id for every request, by which what it did is found in the log."""

import re

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.client import client_of
from todo_app.logs import begin_request, new_id

HEADER = "X-Request-ID"
# What a proxy or a script may choose: nothing that could pass for something else in a log.
_WELL_FORMED = re.compile(r"[A-Za-z0-9_-]{8,64}")


class RequestIds:
    """ASGI wrapper: an answer carries the id in `X-Request-ID`, the one the request came with if that is well-formed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on, answers with their id. What a websocket sends gets ids of its own, but not its opening."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        given = connection.headers.get(HEADER, "")
        request_id = given if _WELL_FORMED.fullmatch(given) else new_id()
        begin_request(request_id, client_of(connection).address)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        await self.app(scope, receive, send_with_id)
