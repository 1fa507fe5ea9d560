"""Asking a signed-in person to show once more that it is them, before what can't be taken back or opens their account."""

import uuid
from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from sqlmodel import Session, select

from todo_app.db import Database
from todo_app.errors import CodeNeeded, Invalid, NotSignedIn, WrongCode, WrongPassword
from todo_app.models import User
from todo_app.schemas.accounts import Confirmation
from todo_app.security_log import SecurityEvent, record
from todo_app.services import passwords, second_step, sessions
from todo_app.services.actor import Actor, Client
from todo_app.services.limits import Limits

P = ParamSpec("P")
R = TypeVar("R")

WRONG_PASSWORD = "This is not your password. Please try again."  # noqa: S105 - a message


async def confirm(
    db: Database,
    limits: Limits,
    actor: Actor,
    given: Confirmation,
    client: Client,
    work: Callable[Concatenate[Session, Actor, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Runs `work(session, actor, …)` as one transaction for a person who gives their password and, where two-step sign-in is on, a
    code. The code is used up only if the work succeeds.

    Raises `WrongPassword`, `Invalid` at `code`, and `TooMany` after too many wrong ones of either.
    """
    await check_password(db, limits, actor, given.password, client)

    def confirmed(session: Session) -> R:
        second_step.take(session, actor.user_id, given.code)
        return work(session, actor, *args, **kwargs)

    try:
        async with limits.code(actor.user_id, client.address):
            return await db.write(confirmed)
    except (CodeNeeded, WrongCode) as error:  # the session goes on: it is a field that is missing or wrong
        raise Invalid.field("code", error.detail) from error


async def check_password(db: Database, limits: Limits, actor: Actor, password: str, client: Client) -> None:
    """Asks a signed-in person for their password once more; raises `WrongPassword`, or `TooMany` after too many wrong ones."""
    email_key, password_hash = await db.read(_own_password, actor.user_id)
    async with limits.login(email_key, client.address):
        if await passwords.matches(password, password_hash):
            return
        record(SecurityEvent.LOGIN_FAIL, actor.user_id)
        raise WrongPassword(WRONG_PASSWORD)


def _own_password(session: Session, user_id: uuid.UUID) -> tuple[str, str]:
    found = session.exec(select(User.email_key, User.password_hash).where(User.id == user_id)).first()
    if found is None:
        raise NotSignedIn(sessions.ENDED)
    return found[0], found[1]
