"""Keeps from Socket.IO what no page sends: binary, and what is no packet at all.

It lets a client announce as many attachments as it likes, gathers whatever is sent for them, and keeps that when the client is
gone: a stranger without a session could fill the memory. What is no packet it raises as an error of the server's.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

# The kinds of packets of Engine.IO.
_PACKETS = tuple("0123456")
# Its "message" before Socket.IO's "binary event" and "binary acknowledgement".
_ANNOUNCEMENTS = ("45", "46")
_UNSUPPORTED_DATA = 1003


def _is_plain(message: Message) -> bool:
    text = message.get("text") or ""
    return text.startswith(_PACKETS) and not text.startswith(_ANNOUNCEMENTS)


class PlainMessages:
    """ASGI wrapper: a websocket that sends anything else is hung up on."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on; after a message that is not plain, the app hears that its caller is gone."""

        async def receive_plain() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and not _is_plain(message):
                return {"type": "websocket.disconnect", "code": _UNSUPPORTED_DATA}
            return message

        await self.app(scope, receive_plain if scope["type"] == "websocket" else receive, send)
