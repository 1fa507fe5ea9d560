"""What a form has to say travels in a cookie, which the browser may change as it likes."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from todo_app.ui.signing_in.flash import Flash, decode


def packed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


def test_what_is_said_comes_out_again() -> None:
    message = Flash("/login", {"email": "Write “it” better"}, {"email": "é\U0001f600"}, "Hello")
    assert decode(message.encode()) == message


def test_two_messages_are_told_apart() -> None:
    assert Flash("/login").nonce != Flash("/login").nonce


def test_a_cookie_stays_below_its_four_kilobytes_at_the_price_of_what_was_typed() -> None:
    long = Flash("/signup", {"email": "Too long"}, {"email": "x" * 5000})
    assert len(long.encode()) < 3000
    assert decode(long.encode()) == Flash("/signup", {"email": "Too long"}, {}, nonce=long.nonce)


@pytest.mark.parametrize(
    "text",
    [
        "", "x", "é", "====", packed(None), packed([]), packed("x"), packed({}), packed({"page": 1}),
        packed({"page": "/login", "problems": [1]}), packed({"page": "/login", "problems": {"a": 1}}),
        packed({"page": "/login", "typed": {"a": {"b": "c"}}}), packed({"page": "/login", "message": None}),
        packed({"page": "/login", "nonce": 5}),
        base64.urlsafe_b64encode(b"[" * 100_000).decode(), base64.urlsafe_b64encode(b"\xff\xfe").decode(),
    ],
)  # fmt: skip
def test_anything_else_is_no_message(text: str) -> None:
    assert decode(text) is None


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_no_text_breaks_it(text: str) -> None:
    decode(text)
