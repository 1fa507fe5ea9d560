"""The API's access tokens: short-lived JWTs (RFC 7519), signed with HS256 as RFC 8725 advises."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import jwt

from todo_app.errors import NotSignedIn
from todo_app.models.base import utc_now

LIFE = timedelta(minutes=15)
ALGORITHM = "HS256"
ISSUER = "todo_app"
AUDIENCE = "todo_app:api"
_CLAIMS = ["sub", "sid", "iat", "exp", "jti", "iss", "aud"]


@dataclass(frozen=True)
class Claims:
    """Whose token it is, and of which session."""

    user_id: uuid.UUID
    session_id: uuid.UUID


def issue(user_id: uuid.UUID, session_id: uuid.UUID, secret: str) -> str:
    """A token that is good for `LIFE` from now, as long as its session lasts."""
    now = utc_now()
    claims = {
        "sub": str(user_id),
        "sid": str(session_id),
        "iat": now,
        "exp": now + LIFE,
        "jti": str(uuid.uuid4()),
        "iss": ISSUER,
        "aud": AUDIENCE,
    }
    return jwt.encode(claims, secret, algorithm=ALGORITHM)


def read(token: str, secret: str) -> Claims:
    """The claims of a token we issued; raises `NotSignedIn` for every other text. The caller checks that the session lasts."""
    try:
        claims = jwt.decode(token, secret, algorithms=[ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options={"require": _CLAIMS})
        return Claims(uuid.UUID(claims["sub"]), uuid.UUID(str(claims["sid"])))
    except (jwt.InvalidTokenError, ValueError) as error:
        raise NotSignedIn("This access token is not valid, or no longer. Sign in or refresh it.") from error
