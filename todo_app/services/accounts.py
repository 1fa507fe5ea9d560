"""Accounts: registering, signing in, changing and deleting one.

What needs a password is `async` and takes the database and not a session: bcrypt takes a quarter of a second, far too long to hold
a transaction open for.
"""

import unicodedata
import uuid
from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from todo_app.change_feed import notify_after_commit
from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.errors import Conflict, Forbidden, NotFound, NotSignedIn
from todo_app.live import Notice
from todo_app.models import User
from todo_app.schemas.accounts import (
    Confirmation,
    Credentials,
    EmailChange,
    PasswordChange,
    ProfilePatch,
    Registration,
    UserView,
)
from todo_app.security_log import SecurityEvent, record_after_commit
from todo_app.services import entry, first_run, mail_links, outbox, passwords, sessions, tickets
from todo_app.services.actor import Actor, Client
from todo_app.services.confirming import confirm
from todo_app.services.entry import FirstStep
from todo_app.services.limits import Limits
from todo_app.services.sessions import Kind, NewSession

EMAIL_IS_TAKEN = "There is already an account with this email. Sign in instead, or use another one."
SIGNUP_IS_CLOSED = "New accounts can't be made here at the moment. Please ask whoever runs this for one."


@dataclass(frozen=True)
class SignedIn:
    """A person just signed in, and their new session."""

    user: UserView
    session: NewSession


def email_key(email: str) -> str:
    """The email as it is compared; an accent counts the same however a keyboard composes it."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def by_email(session: Session, email: str) -> User:
    """The account with this email; raises `NotFound`. For those who run the site: to anybody else it would tell who has one."""
    user = session.exec(select(User).where(User.email_key == email_key(email))).first()
    if user is None:
        raise NotFound("There is no account with this email.")
    return user


def view_of(user: User) -> UserView:
    """A row as it goes out."""
    return UserView.model_validate(user)


async def register(
    db: Database,
    limits: Limits,
    data: Registration,
    client: Client,
    *,
    allow_signup: bool | None = None,
    with_practice: bool = False,
) -> UserView:
    """Makes an account, with the practice tasks if they are asked for. Raises `Invalid`, `TooMany`, and `Conflict` if the email
    has one already.

    `allow_signup` is the setting of that name unless given; where it is off, raises `Forbidden`.
    """
    if not (get_settings().allow_signup if allow_signup is None else allow_signup):
        raise Forbidden(SIGNUP_IS_CLOSED)
    passwords.check_new_password(data.password, data.email, data.name, "password")
    limits.note_registration(client.address)
    hashed = await passwords.hash_password(data.password)
    return await db.write(_add_user, data, hashed, with_practice)


def _add_user(session: Session, data: Registration, password_hash: str, with_practice: bool = False) -> UserView:
    user = User(
        email=data.email,
        email_key=email_key(data.email),
        name=data.name,
        time_zone=data.time_zone,
        password_hash=password_hash,
    )
    session.add(user)
    _flush_email(session)
    outbox.put(session, "confirm", user.email, user.id)
    if with_practice:
        not_signed_in_yet = uuid.UUID(int=0)
        first_run.add_practice_tasks(session, Actor(user.id, not_signed_in_yet, user.time_zone))
    record_after_commit(session, SecurityEvent.USER_CREATED, user.id)
    return view_of(user)


def _flush_email(session: Session) -> None:
    """The unique index decides, and not a look beforehand: two may come at the same moment."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict(EMAIL_IS_TAKEN) from error


def _password_hash(session: Session, key: str) -> tuple[uuid.UUID, str] | None:
    found = session.exec(select(User.id, User.password_hash).where(User.email_key == key)).first()
    return (found[0], found[1]) if found else None


async def sign_in(db: Database, limits: Limits, credentials: Credentials, client: Client, kind: Kind) -> SignedIn:
    """Begins a session. Raises `NotSignedIn`, alike and equally late for a wrong password and an unknown person, or `TooMany`; and
    where two-step sign-in is on, `CodeNeeded` or `WrongCode`.
    """
    first = await check_credentials(db, limits, credentials, client)
    return await enter(db, limits, first, client, kind, credentials.code)


async def check_credentials(db: Database, limits: Limits, credentials: Credentials, client: Client) -> FirstStep:
    """The first step of signing in: email and password. Raises as `sign_in` does."""
    key = email_key(credentials.email)
    async with limits.login(key, client.address):
        found = await db.read(_password_hash, key) if _is_storable(key) else None
        if not await passwords.matches(credentials.password, found[1] if found else None) or found is None:
            raise entry.refused(found[0] if found else None)
        return FirstStep(found[0], sessions.digest_of(found[1]))


def suspend(first: FirstStep) -> str:
    """A ticket for whoever has taken the first step, to come back with for the second; good for ten minutes and one session."""
    return tickets.issue("second-step", first.user_id, first.hash_digest)


def resume(ticket: str) -> FirstStep:
    """The first step that a ticket of `suspend` stands for; raises `Conflict` if its time is over."""
    read = tickets.read("second-step", ticket)
    if read.subject is None:
        raise Conflict(tickets.OVER)
    return FirstStep(read.subject, read.data, read)


async def enter(db: Database, limits: Limits, first: FirstStep, client: Client, kind: Kind, code: str | None = None) -> SignedIn:
    """The second step, and the session. Raises as `sign_in` does, and `Conflict` if the first step was used already."""
    async with limits.code(first.user_id, client.address):
        return await db.write(_begin, first, kind, client.user_agent, code)


def _is_storable(text: str) -> bool:
    """PostgreSQL refuses a NUL in a query; nobody's email has one. (Half a surrogate pair gets through no schema.)"""
    return "\x00" not in text


def _begin(session: Session, first: FirstStep, kind: Kind, user_agent: str, code: str | None) -> SignedIn:
    begun, user = entry.begin(session, first, kind, user_agent, code)
    return SignedIn(view_of(user), begun)


def _own(session: Session, actor: Actor) -> User:
    user = session.get(User, actor.user_id)
    if user is None:
        raise NotSignedIn(sessions.ENDED)
    return user


def get_user(session: Session, actor: Actor) -> UserView:
    """The actor's own account."""
    return view_of(_own(session, actor))


def update_profile(session: Session, actor: Actor, patch: ProfilePatch) -> UserView:
    """Changes what needs no password; every open page of the person is told."""
    user = _own(session, actor)
    for name, value in patch.given().items():
        setattr(user, name, value)
    session.flush()
    record_after_commit(session, SecurityEvent.USER_UPDATED, user.id, fields=" ".join(patch.given()))
    notify_after_commit(session, Notice(user.id))
    return view_of(user)


async def change_password(db: Database, limits: Limits, actor: Actor, data: PasswordChange, client: Client) -> None:
    """Sets a new password and ends every session, this one too. Raises what `confirm` does, and `Invalid`."""
    hashed = await _checked_hash(db, actor, data)
    await confirm(db, limits, actor, _confirmation(data), client, _set_password, hashed)


async def change_password_and_stay(db: Database, limits: Limits, actor: Actor, data: PasswordChange, client: Client) -> NewSession:
    """The same, but a new session takes the place of this one."""
    hashed = await _checked_hash(db, actor, data)
    return await confirm(db, limits, actor, _confirmation(data), client, _set_password_and_stay, hashed, client.user_agent)


async def _checked_hash(db: Database, actor: Actor, data: PasswordChange) -> str:
    user = await db.read(get_user, actor)
    passwords.check_new_password(data.new_password, user.email, user.name, "new_password")
    return await passwords.hash_password(data.new_password)


def _confirmation(data: PasswordChange) -> Confirmation:
    return Confirmation(password=data.current_password, code=data.code)


def _set_password(session: Session, actor: Actor, password_hash: str) -> None:
    put_password(session, _own(session, actor), password_hash)
    sessions.end_all(session, actor.user_id)


def put_password(session: Session, user: User, password_hash: str) -> None:
    """A new password, and the end of what somebody who knew the old one may have begun: links, and the change to another email. The
    caller ends the sessions."""
    user.password_hash = password_hash
    user.new_email = None
    session.flush()
    mail_links.end_all(session, user.id, "reset", "confirm")
    outbox.put(session, "password_changed", user.email, user.id)
    record_after_commit(session, SecurityEvent.PASSWORD_CHANGE, user.id)


def _set_password_and_stay(session: Session, actor: Actor, password_hash: str, user_agent: str) -> NewSession:
    put_password(session, _own(session, actor), password_hash)
    return entry.begin_anew(session, actor, user_agent)


async def change_email(db: Database, limits: Limits, actor: Actor, data: EmailChange, client: Client) -> UserView:
    """Sets a new email; where the site sends mail, once it is confirmed. Raises what `confirm` does, and `Conflict` if somebody has
    it."""
    if not outbox.is_open():
        return await confirm(db, limits, actor, data, client, _set_email, data.email)
    limits.note_mail(email_key(data.email), client.address)
    return await confirm(db, limits, actor, data, client, _begin_email_change, data.email)


def _set_email(session: Session, actor: Actor, email: str) -> UserView:
    user = _own(session, actor)
    if email != user.email:
        put_email(session, user, email)
        user.email_standing = "changed"
    notify_after_commit(session, Notice(user.id))
    return view_of(user)


def _begin_email_change(session: Session, actor: Actor, email: str) -> UserView:
    user = _own(session, actor)
    mail_links.end_all(session, user.id, "confirm")
    user.new_email = email if email != user.email else None  # their own again: they have thought better of it
    if user.new_email:
        taken = select(User.id).where(User.email_key == email_key(email), User.id != user.id)
        if session.exec(taken).first() is not None:
            raise Conflict(EMAIL_IS_TAKEN)
        outbox.put(session, "confirm", email, user.id)
        outbox.put(session, "email_changing", user.email, user.id)
    notify_after_commit(session, Notice(user.id))
    return view_of(user)


def put_email(session: Session, user: User, email: str) -> None:
    """Another email; links that were mailed to the old one end. Raises `Conflict` if somebody has it."""
    user.email, user.email_key, user.new_email = email, email_key(email), None
    _flush_email(session)
    mail_links.end_all(session, user.id, "reset", "confirm")
    record_after_commit(session, SecurityEvent.USER_UPDATED, user.id, fields="email")


async def delete_account(db: Database, limits: Limits, actor: Actor, data: Confirmation, client: Client) -> None:
    """Deletes the account and every row of theirs. Raises what `confirm` does."""
    await confirm(db, limits, actor, data, client, _erase)


def _erase(session: Session, actor: Actor) -> None:
    # Every other table refers to users with ON DELETE CASCADE, so this leaves nothing.
    session.connection().execute(delete(User).where(col(User.id) == actor.user_id))
    record_after_commit(session, SecurityEvent.USER_DELETED, actor.user_id)
    notify_after_commit(session, Notice(actor.user_id))
