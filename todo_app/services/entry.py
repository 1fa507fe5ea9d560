"""The one door: every session begins here, so that no way in can leave out the second step."""

import uuid
from dataclasses import dataclass

from sqlmodel import Session, select

from todo_app.errors import BadCredentials, NotSignedIn
from todo_app.models import SignIn, User
from todo_app.security_log import SecurityEvent, record, record_after_commit
from todo_app.services import second_step, sessions, tickets
from todo_app.services.actor import Actor
from todo_app.services.sessions import Kind, NewSession
from todo_app.services.tickets import Ticket

BAD_CREDENTIALS = "Invalid email or password"


@dataclass(frozen=True)
class FirstStep:
    """Somebody has shown the password with the digest of this hash: just now, or on the page before, from where they bring a
    ticket."""

    user_id: uuid.UUID
    hash_digest: str
    ticket: Ticket | None = None


def refused(user_id: uuid.UUID | None, detail: str = BAD_CREDENTIALS) -> BadCredentials:
    """The error for whoever could not show that they are this person, or named nobody; the security log has it from here."""
    record(SecurityEvent.LOGIN_FAIL, user_id)
    return BadCredentials(detail)


def begin(session: Session, first: FirstStep, kind: Kind, user_agent: str, code: str | None) -> tuple[NewSession, User]:
    """Signs somebody in. Raises `BadCredentials` if the password changed since it was checked, `CodeNeeded` or `WrongCode` where
    two-step sign-in is on, `Conflict` if the first step was used already.
    """
    user = _hold(session, first.user_id)
    if user is None or sessions.digest_of(user.password_hash) != first.hash_digest:
        raise refused(first.user_id)
    method = second_step.take(session, user.id, code)
    if first.ticket:
        tickets.spend(session, first.ticket, user.id)
    record_after_commit(session, SecurityEvent.LOGIN_SUCCESS, user.id, method=method)
    return sessions.begin(session, user.id, kind, user_agent, method), user


def begin_with_passkey(session: Session, user_id: uuid.UUID, ticket: Ticket, user_agent: str) -> tuple[NewSession, User]:
    """Signs in somebody whose passkey has been verified: the device asked for a finger, face or PIN, so it is both steps.
    Raises `NotSignedIn` if the account is gone, `Conflict` if the passkey's answer was used already.
    """
    user = _hold(session, user_id)
    if user is None:
        raise NotSignedIn(sessions.ENDED)
    tickets.spend(session, ticket, user.id)
    record_after_commit(session, SecurityEvent.LOGIN_SUCCESS, user.id, method="passkey")
    return sessions.begin(session, user.id, "browser", user_agent, "passkey"), user


def begin_anew(session: Session, actor: Actor, user_agent: str) -> NewSession:
    """A new session in place of the actor's own and all others, which end. For those who have just shown again that it is them;
    raises `NotSignedIn` if their own has ended.
    """
    own = session.exec(select(SignIn).where(SignIn.id == actor.session_id, SignIn.user_id == actor.user_id)).first()
    if own is None:
        raise NotSignedIn(sessions.ENDED)
    sessions.end_all(session, actor.user_id)
    return sessions.begin(session, actor.user_id, "browser" if own.kind == "browser" else "api", user_agent, own.method)


def _hold(session: Session, user_id: uuid.UUID) -> User | None:
    """The account, kept as it is until this transaction ends."""
    return session.exec(select(User).where(User.id == user_id).with_for_update(key_share=True)).first()
