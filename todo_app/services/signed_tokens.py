"""What we sign and give away, to know it again: JWTs (RFC 7519), signed with HS256 as RFC 8725 advises."""

import uuid
from datetime import timedelta
from typing import Any

import jwt

from todo_app.models.base import utc_now

ALGORITHM = "HS256"
ISSUER = "todo_app"
# Each host has a clock of its own, and clocks are set back now and then: what was signed just now may seem to come from the future.
CLOCKS_DIFFER_BY = timedelta(minutes=1)


def sign(content: dict[str, str], audience: str, life: timedelta, secret: str) -> str:
    """A token with this content, for one purpose, good for so long from now."""
    now = utc_now()
    ours = {"iat": now, "exp": now + life, "jti": str(uuid.uuid4()), "iss": ISSUER, "aud": audience}
    return jwt.encode({**content, **ours}, secret, algorithm=ALGORITHM)


def read(token: str, content: tuple[str, ...], audience: str, secret: str) -> dict[str, Any]:
    """The claims of a token that we signed for this purpose, with all of this content.

    Raises `jwt.InvalidTokenError` for every other text.
    """
    required = [*content, "iat", "exp", "jti", "iss", "aud"]
    claims: dict[str, Any] = jwt.decode(
        token,
        secret,
        algorithms=[ALGORITHM],
        audience=audience,
        issuer=ISSUER,
        options={"require": required, "verify_iat": False},
    )
    if not isinstance(claims["iat"], int) or claims["iat"] > (utc_now() + CLOCKS_DIFFER_BY).timestamp():
        raise jwt.InvalidIssuedAtError
    return claims
