"""Who a request comes from."""

import pytest
from starlette.requests import Request

from todo_app import client
from todo_app.config import Settings


def address(monkeypatch: pytest.MonkeyPatch, hops: int, *forwarded: str, peer: str | None = "10.0.0.1") -> str:
    settings = Settings.model_construct(trusted_proxy_hops=hops)
    monkeypatch.setattr(client, "get_settings", lambda: settings)
    headers = [(b"x-forwarded-for", header.encode()) for header in forwarded]
    scope = {"type": "http", "headers": headers, "client": (peer, 1) if peer else None}
    return client.client_of(Request(scope)).address


def test_without_a_trusted_proxy_the_header_counts_for_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address(monkeypatch, 0, "192.0.2.1") == "10.0.0.1"


@pytest.mark.parametrize(
    ("hops", "forwarded", "expected"),
    [
        (1, ["192.0.2.1"], "192.0.2.1"),
        (1, ["6.6.6.6, 192.0.2.1"], "192.0.2.1"),
        (2, ["6.6.6.6, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        (2, ["6.6.6.6", "192.0.2.1", "10.0.0.2"], "192.0.2.1"),
        (2, ["192.0.2.1"], "10.0.0.1"),
        (1, [], "10.0.0.1"),
    ],
)
def test_only_what_our_own_proxies_added_counts(
    monkeypatch: pytest.MonkeyPatch, hops: int, forwarded: list[str], expected: str
) -> None:
    assert address(monkeypatch, hops, *forwarded) == expected


def test_a_caller_without_an_address_has_a_name_at_least(monkeypatch: pytest.MonkeyPatch) -> None:
    assert address(monkeypatch, 0, peer=None) == "unknown"
