"""Links in mail: each has a secret that is stored only as its digest, works once, and only for an hour."""

import secrets
import uuid
from datetime import timedelta
from typing import Literal

from sqlalchemy import delete
from sqlmodel import Session, col, select

from todo_app.errors import NotSignedIn
from todo_app.models import MailLink
from todo_app.models.base import utc_now
from todo_app.services.sessions import digest_of

LIFE = timedelta(hours=1)
NO_GOOD = "This link was used already, is older than an hour, or a newer one was sent. Please ask for a new one."

Kind = Literal["reset", "confirm"]


def make(session: Session, kind: Kind, user_id: uuid.UUID, email: str) -> str:
    """The secret of a new link to be mailed to `email`; older ones of its kind end."""
    end_all(session, user_id, kind)
    token = secrets.token_urlsafe(32)
    session.add(MailLink(digest=digest_of(token), kind=kind, user_id=user_id, email=email, expires_at=utc_now() + LIFE))
    session.flush()
    return token


def find(session: Session, kind: Kind, token: str) -> MailLink:
    """The link with this secret, unused; raises `NotSignedIn` if it is no good."""
    link = session.exec(
        select(MailLink).where(MailLink.digest == digest_of(token), MailLink.kind == kind, MailLink.expires_at > utc_now())
    ).first()
    if link is None:
        raise NotSignedIn(NO_GOOD)
    return link


def use_up(session: Session, kind: Kind, token: str) -> MailLink:
    """`find`, for the one who uses it: of two at the same moment, one gets it."""
    link = find(session, kind, token)
    used = session.connection().execute(delete(MailLink).where(col(MailLink.digest) == link.digest))
    if not used.rowcount:
        raise NotSignedIn(NO_GOOD)
    return link


def end_all(session: Session, user_id: uuid.UUID, *kinds: Kind) -> None:
    """Ends a person's links of these kinds."""
    session.connection().execute(delete(MailLink).where(col(MailLink.user_id) == user_id, col(MailLink.kind).in_(kinds)))
