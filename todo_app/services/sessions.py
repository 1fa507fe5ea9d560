"""Sessions: who is signed in where, by tokens that are stored only as digests."""

import hashlib
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import structlog
from sqlalchemy import Row, bindparam, delete
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from todo_app.change_feed import notify_after_commit
from todo_app.db import Database
from todo_app.errors import NotFound, NotSignedIn, Unavailable
from todo_app.live import Notice
from todo_app.models import SessionToken, SignIn, User
from todo_app.models.base import utc_now
from todo_app.quick_add import Preferences
from todo_app.schemas.accounts import SignInList, SignInView
from todo_app.security_log import SecurityEvent, record_after_commit
from todo_app.services.actor import Actor

IDLE_LIFE = timedelta(days=14)
WHOLE_LIFE = timedelta(days=30)
# How stale `last_used_at` may get: writing it at every request would make each read a write.
USE_IS_NOTED_EVERY = timedelta(minutes=5)
# Asked before every event and in every request: put together once, and columns, since whole rows take three times as long.
_COLUMNS: list[Any] = [
    User.email,
    User.name,
    User.theme,
    User.shortcuts,
    User.last_change,
    User.time_zone,
    User.language,
    User.date_order,
    User.week_start,
    col(SignIn.id).label("session_id"),
    SignIn.user_id,
    SignIn.last_used_at,
    SignIn.expires_at,
]
_SIGNED_IN = select_columns(*_COLUMNS).join_from(User, SignIn, col(SignIn.user_id) == User.id)
_BY_DIGEST = _SIGNED_IN.join(SessionToken, col(SessionToken.session_id) == SignIn.id).where(
    col(SessionToken.digest) == bindparam("digest"), col(SignIn.kind) == "browser"
)
_BY_ID = _SIGNED_IN.where(
    col(SignIn.id) == bindparam("session_id"), col(User.id) == bindparam("user_id"), col(SignIn.kind) == "api"
)
_BY_ID_HELD = _BY_ID.with_for_update(read=True, key_share=True)
ENDED = "Session expired. Please sign in again."

Kind = Literal["browser", "api"]


@dataclass(frozen=True)
class NewSession:
    """A session just begun; `token` is shown to its holder once and never stored."""

    session_id: uuid.UUID
    user_id: uuid.UUID
    token: str


@dataclass(frozen=True)
class Visitor:
    """A session that holds, and the person whose it is."""

    actor: Actor
    email: str
    name: str
    theme: str
    shortcuts: bool
    last_change: int
    last_used_at: datetime


def digest_of(token: str) -> str:
    """What is stored of a token, and compared. SHA-256 is enough: a token is 256 random bits, no guessable password."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _add_token(session: Session, session_id: uuid.UUID, user_id: uuid.UUID) -> str:
    token = secrets.token_urlsafe(32)
    session.add(SessionToken(digest=digest_of(token), session_id=session_id, user_id=user_id))
    return token


def begin(session: Session, user_id: uuid.UUID, kind: Kind, user_agent: str, method: str = "password") -> NewSession:
    """Signs a person in, who has shown by `method` that it is them. Only services/entry.py may decide that."""
    sign_in = SignIn(user_id=user_id, kind=kind, user_agent=user_agent[:200], method=method, expires_at=utc_now() + WHOLE_LIFE)
    session.add(sign_in)
    session.flush()
    record_after_commit(session, SecurityEvent.SESSION_CREATED, user_id, session=str(sign_in.id), kind=kind)
    return NewSession(sign_in.id, user_id, _add_token(session, sign_in.id, user_id))


def _holds(sign_in: SignIn | Row[Any], now: datetime) -> bool:
    return bool(now < sign_in.expires_at and now < sign_in.last_used_at + IDLE_LIFE)


def _visitor(found: Row[Any] | None) -> Visitor:
    if found is None or not _holds(found, utc_now()):
        raise NotSignedIn(ENDED)
    preferences = Preferences(found.language, found.date_order, found.week_start)
    actor = Actor(found.user_id, found.session_id, found.time_zone, preferences)
    return Visitor(actor, found.email, found.name, found.theme, found.shortcuts, found.last_change, found.last_used_at)


def by_digest(session: Session, digest: str) -> Visitor:
    """The visitor with the browser session of this token digest; raises `NotSignedIn` if there is none or it has ended."""
    return _visitor(session.connection().execute(_BY_DIGEST, {"digest": digest}).first())


def by_id(session: Session, session_id: uuid.UUID, user_id: uuid.UUID, *, hold: bool = False) -> Visitor:
    """The visitor with the API session an access token names; raises `NotSignedIn` if it has ended.

    `hold` keeps session and account from ending until this transaction has: nothing is written after a sign-out was answered.
    """
    values = {"session_id": session_id, "user_id": user_id}
    return _visitor(session.connection().execute(_BY_ID_HELD if hold else _BY_ID, values).first())


def use_is_due(visitor: Visitor) -> bool:
    """Whether it is time to call `note_use`."""
    return utc_now() - visitor.last_used_at > USE_IS_NOTED_EVERY


def note_use(session: Session, actor: Actor) -> None:
    """Keeps a session in use from ending for idleness."""
    sign_in = session.get(SignIn, actor.session_id)
    if sign_in is not None:
        sign_in.last_used_at = utc_now()


async def keep_alive(db: Database, visitor: Visitor) -> None:
    """`note_use` where it is due. A database that has no room for it, or has just gone, keeps nobody from what they came for."""
    if use_is_due(visitor):
        try:
            await db.write(note_use, visitor.actor)
        except Unavailable as error:
            structlog.get_logger().warning("use_not_noted", reason=error.title)


def rotate(session: Session, refresh_token: str) -> tuple[NewSession, User] | None:
    """Changes a refresh token for the next one.

    None if there is no such token, its session has ended, or it was used before: then somebody else has it, and the whole session
    ends. (None and not an error, since an error would roll that ending back.)
    """
    used = session.exec(select(SessionToken).where(SessionToken.digest == digest_of(refresh_token)).with_for_update()).first()
    sign_in = session.get(SignIn, used.session_id) if used else None
    if used is None or sign_in is None or sign_in.kind != "api":
        return None
    if used.used_at is not None:
        record_after_commit(session, SecurityEvent.TOKEN_REUSE, sign_in.user_id, session=str(sign_in.id))
    if used.used_at is not None or not _holds(sign_in, utc_now()):
        _end(session, sign_in.user_id, sign_in.id)
        return None
    used.used_at = sign_in.last_used_at = utc_now()
    user = session.get_one(User, sign_in.user_id)
    record_after_commit(session, SecurityEvent.SESSION_RENEWED, user.id, session=str(sign_in.id))
    return NewSession(sign_in.id, user.id, _add_token(session, sign_in.id, user.id)), user


def _end(session: Session, user_id: uuid.UUID, session_id: uuid.UUID | None = None) -> int:
    """Ends one session of a person, or all; their open pages are told after the commit. Returns how many."""
    statement = delete(SignIn).where(col(SignIn.user_id) == user_id)
    if session_id is not None:
        statement = statement.where(col(SignIn.id) == session_id)
    ended = session.connection().execute(statement).rowcount
    if ended:
        record_after_commit(session, SecurityEvent.SESSION_EXPIRED, user_id, session=str(session_id or "all"))
    notify_after_commit(session, Notice(user_id))
    return ended


def end(session: Session, actor: Actor, session_id: uuid.UUID) -> None:
    """Signs one of the person's own sessions out; raises `NotFound` if it is none of theirs."""
    if not _end(session, actor.user_id, session_id):
        raise NotFound("There is no such session.")


def end_current(session: Session, actor: Actor) -> None:
    """Signs out."""
    _end(session, actor.user_id, actor.session_id)


def end_all(session: Session, user_id: uuid.UUID) -> None:
    """Signs a person out everywhere."""
    _end(session, user_id)


def list_sessions(session: Session, actor: Actor) -> SignInList:
    """Where the person is signed in, the latest used first."""
    rows = session.exec(
        select(SignIn).where(SignIn.user_id == actor.user_id).order_by(col(SignIn.last_used_at).desc(), col(SignIn.id))
    )
    now = utc_now()
    items = [
        SignInView(**row.model_dump(exclude={"user_id"}), current=row.id == actor.session_id) for row in rows if _holds(row, now)
    ]
    return SignInList(items=items)
