"""Hangs up on a page that does not read what it is sent.

Socket.IO keeps what a page has not taken yet, however much that is: one that sends events and reads nothing would fill the memory.
"""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# As long as Socket.IO waits for the answer to a ping before it takes a page for gone.
SECONDS_TO_TAKE_A_MESSAGE = 30
_POLICY_VIOLATION = 1008


class HangUpOnUnread:
    """ASGI wrapper: a websocket that does not take a message in time is closed, and what waits for it is forgotten."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; after a message that was not taken, the app hears that its caller is gone."""
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        is_gone = False

        async def send_in_time(message: Message) -> None:
            nonlocal is_gone
            try:
                async with asyncio.timeout(SECONDS_TO_TAKE_A_MESSAGE):
                    await send(message)
            except TimeoutError:
                is_gone = True
                raise OSError("nobody reads") from None

        async def receive_while_here() -> Message:
            message = await receive()
            return {"type": "websocket.disconnect", "code": _POLICY_VIOLATION} if is_gone else message

        await self.app(scope, receive_while_here, send_in_time)
