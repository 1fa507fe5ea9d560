"""Access tokens by themselves; what they open is in tests/api/test_auth.py."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import jwt
import pytest

from tests.servers import SECRET
from todo_app.errors import NotSignedIn
from todo_app.services import access_tokens, signed_tokens
from todo_app.services.access_tokens import Claims

ANA, HERS = uuid.uuid4(), uuid.uuid4()


def claims_of(token: str) -> dict[str, object]:
    claims: dict[str, object] = jwt.decode(token, options={"verify_signature": False})
    return claims


def signed(claims: dict[str, object], secret: str = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, secret, algorithm=algorithm)


@pytest.fixture
def claims() -> dict[str, object]:
    """Those of a token that holds."""
    return claims_of(access_tokens.issue(ANA, HERS, SECRET))


def is_refused(token: str) -> bool:
    with pytest.raises(NotSignedIn, match=r"not valid, or no longer\. Sign in or refresh it\.$"):
        access_tokens.read(token, SECRET)
    return True


def test_a_token_says_whose_it_is_and_of_which_session() -> None:
    token = access_tokens.issue(ANA, HERS, SECRET)
    assert access_tokens.read(token, SECRET) == Claims(ANA, HERS)
    assert jwt.get_unverified_header(token) == {"alg": "HS256", "typ": "JWT"}


def test_what_a_token_claims(claims: dict[str, object]) -> None:
    assert set(claims) == {"sub", "sid", "iat", "exp", "jti", "iss", "aud"}
    assert (claims["iss"], claims["aud"]) == ("todo_app", "todo_app:api")


def test_no_two_tokens_are_the_same() -> None:
    assert claims_of(access_tokens.issue(ANA, HERS, SECRET))["jti"] != claims_of(access_tokens.issue(ANA, HERS, SECRET))["jti"]


@pytest.mark.parametrize(("seconds", "holds"), [(0, True), (15 * 60 - 5, True), (15 * 60 + 5, False)])
def test_a_token_is_good_for_a_quarter_of_an_hour(monkeypatch: pytest.MonkeyPatch, seconds: int, holds: bool) -> None:
    monkeypatch.setattr(signed_tokens, "utc_now", lambda: datetime.now().astimezone() - timedelta(seconds=seconds))
    token = access_tokens.issue(ANA, HERS, SECRET)
    assert (access_tokens.read(token, SECRET) == Claims(ANA, HERS)) if holds else is_refused(token)


@pytest.mark.parametrize(("seconds", "holds"), [(50, True), (70, False)])
def test_a_token_of_a_host_whose_clock_is_ahead_is_good_if_it_is_by_less_than_a_minute(
    claims: dict[str, Any], seconds: int, holds: bool
) -> None:
    token = signed({**claims, "iat": claims["iat"] + seconds})
    assert (access_tokens.read(token, SECRET) == Claims(ANA, HERS)) if holds else is_refused(token)


@pytest.mark.parametrize("claim", ["sub", "sid", "iat", "exp", "jti", "iss", "aud"])
def test_a_token_without_one_of_its_claims_is_refused(claims: dict[str, object], claim: str) -> None:
    del claims[claim]
    assert is_refused(signed(claims))


@pytest.mark.parametrize(
    ("claim", "value"),
    [("iss", "other"), ("aud", "todo_app:second-step"), ("sub", "Ana"), ("sid", "hers"), ("sid", 7), ("iat", "now")],
)
def test_a_token_with_a_claim_of_another_kind_is_refused(claims: dict[str, object], claim: str, value: object) -> None:
    assert is_refused(signed({**claims, claim: value}))


def test_a_token_that_we_did_not_sign_so_is_refused(claims: dict[str, object]) -> None:
    assert is_refused(signed(claims, "another-secret-of-enough-length!!"))
    assert is_refused(signed(claims, SECRET * 2, "HS512"))
    assert is_refused(jwt.encode(claims, None, algorithm="none"))
