"""Tickets: what a browser carries from one step of signing in to the next. Signed by us, for ten minutes and one use.

They are not stored, so that nobody fills the database without an account; what is stored is that one was used.
"""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import jwt
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from todo_app.config import get_settings
from todo_app.errors import Conflict
from todo_app.models import SpentTicket
from todo_app.services import signed_tokens

LIFE = timedelta(minutes=10)
OVER = "This took too long, or was done already. Please begin again."

Purpose = Literal["second-step", "passkey-sign-in", "passkey-registration"]


@dataclass(frozen=True)
class Ticket:
    """`subject`: whose it is, nobody's before they have signed in. `data`: what the next step is bound to."""

    id: uuid.UUID
    subject: uuid.UUID | None
    data: str
    expires_at: datetime


def _audience(purpose: Purpose) -> str:
    return f"todo_app:{purpose}"


def issue(purpose: Purpose, subject: uuid.UUID | None, data: str) -> str:
    """A ticket for one purpose, good for `LIFE` from now."""
    content = {"sub": str(subject or ""), "data": data}
    return signed_tokens.sign(content, _audience(purpose), LIFE, get_settings().auth_secret)


def read(purpose: Purpose, text: str) -> Ticket:
    """A ticket of ours for this purpose; raises `Conflict` for any other text."""
    try:
        claims = signed_tokens.read(text, ("sub", "data"), _audience(purpose), get_settings().auth_secret)
    except jwt.InvalidTokenError as error:
        raise Conflict(OVER) from error
    subject = uuid.UUID(claims["sub"]) if claims["sub"] else None
    return Ticket(uuid.UUID(claims["jti"]), subject, claims["data"], datetime.fromtimestamp(claims["exp"], UTC))


def spend(session: Session, ticket: Ticket, user_id: uuid.UUID) -> None:
    """Uses a ticket up; raises `Conflict` if it was used before. The primary key decides: two may come at the same moment."""
    session.add(SpentTicket(id=ticket.id, user_id=user_id, expires_at=ticket.expires_at))
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(OVER) from error
