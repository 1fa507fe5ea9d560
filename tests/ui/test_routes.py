"""Addresses: only own paths after signing in, and queries that keep what was typed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_app.ui import routes
from todo_app.ui.routes import HOME, clean_path, own_path, with_query


@pytest.mark.parametrize(
    "target", ["/trash", "/inbox?status=open&q=tea", "/inbox#task=1", "/inbox?q=https://elsewhere.example", "/été"]
)
def test_an_own_path_is_kept(target: str) -> None:
    assert own_path(target) == target


@pytest.mark.parametrize(
    "target",
    [
        "", "inbox", "//evil.example", "///evil.example", "//evil.example/inbox", "https://evil.example", "https:evil.example",
        "HTTPS:/evil.example", "/\\evil.example", "\\\\evil.example", "\\/evil.example", "/\t/evil.example", "/\n/evil.example",
        "\t//evil.example", " //evil.example", "/inbox\r\nSet-Cookie: a=b", "/\x00", "/\x7f", "javascript:alert(1)",
        "data:text/html,x", "//[", "//\u2100", "/\ud800", "//user@evil.example", "?next=//evil.example", "#x", "./inbox",
        "/login", "/login?next=/login", "/signup", "/session/sign-out", "/" + "x" * 2000,
    ],
)  # fmt: skip
def test_anything_else_is_the_home_page(target: str) -> None:
    assert own_path(target) == HOME


@given(st.text())
def test_what_is_kept_begins_with_one_slash_and_a_browser_can_not_misread_it(text: str) -> None:
    for target in (text, "/" + text, "//" + text):
        kept = own_path(target)
        assert kept in (HOME, target)
        assert kept[0] == "/"
        assert kept[1:2] not in ("/", "\\")
        assert kept.isprintable() or not any(ord(c) <= 32 for c in kept)
        kept.encode()


def test_a_query_leaves_out_what_is_empty_and_escapes_the_rest() -> None:
    assert with_query("/inbox", {"q": "a&b=c #1", "sort": "", "status": "open"}) == "/inbox?q=a%26b%3Dc+%231&status=open"
    assert with_query("/inbox", {"q": ""}) == "/inbox"
    assert with_query("/inbox", {"q": "\ud800"}) == "/inbox?q=%3F"


@pytest.mark.parametrize(("path", "clean"), [("/inbox/", "/inbox"), ("/inbox", "/inbox"), ("/", "/"), ("", "/"), ("//x//", "/x")])
def test_a_path_has_no_slash_at_its_end(path: str, clean: str) -> None:
    assert clean_path(path) == clean


def test_forms_post_to_this_very_origin_when_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(routes, "is_prod_mode", lambda: True)
    assert routes.form_address("sign-in") == "/session/sign-in"
    assert routes.page_address("/inbox") == "/inbox"
