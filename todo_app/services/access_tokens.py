"""The API's access tokens: short-lived, and good only while their session lasts."""

import uuid
from dataclasses import dataclass
from datetime import timedelta

import jwt

from todo_app.errors import NotSignedIn
from todo_app.services import signed_tokens

LIFE = timedelta(minutes=15)
_AUDIENCE = "todo_app:api"


@dataclass(frozen=True)
class Claims:
    """Whose token it is, and of which session."""

    user_id: uuid.UUID
    session_id: uuid.UUID


def issue(user_id: uuid.UUID, session_id: uuid.UUID, secret: str) -> str:
    """A token that is good for `LIFE` from now, as long as its session lasts."""
    return signed_tokens.sign({"sub": str(user_id), "sid": str(session_id)}, _AUDIENCE, LIFE, secret)


def read(token: str, secret: str) -> Claims:
    """The claims of a token we issued; raises `NotSignedIn` for every other text. The caller checks that the session lasts."""
    try:
        claims = signed_tokens.read(token, ("sub", "sid"), _AUDIENCE, secret)
        return Claims(uuid.UUID(claims["sub"]), uuid.UUID(str(claims["sid"])))
    except (jwt.InvalidTokenError, ValueError) as error:
        raise NotSignedIn("This access token is not valid, or no longer. Sign in or refresh it.") from error
