"""Who a request comes from, as far as the network tells. API and pages share it."""

from starlette.requests import HTTPConnection

from todo_app.config import get_settings
from todo_app.services.actor import Client


def client_of(connection: HTTPConnection) -> Client:
    """The caller's address and what it calls itself.

    `X-Forwarded-For` counts only with `TRUSTED_PROXY_HOPS` set, and then only the entry our own outermost proxy added: everything
    to its left is the caller's to invent.
    """
    hops = get_settings().trusted_proxy_hops
    address = connection.client.host if connection.client else "unknown"
    if hops:
        chain = [part.strip() for header in connection.headers.getlist("x-forwarded-for") for part in header.split(",")]
        if len(chain) >= hops:
            address = chain[-hops]
    return Client(address, connection.headers.get("user-agent", ""))
