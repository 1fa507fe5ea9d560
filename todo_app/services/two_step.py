"""Two-step sign-in in the settings: switching it on and off, and its recovery codes. What counts as a code is in second_step.py."""

import uuid
from datetime import timedelta

import pyotp
from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.errors import Conflict, Invalid, NotSignedIn, WrongCode
from todo_app.models import Authenticator, RecoveryCode, User
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import Confirmation
from todo_app.schemas.second_step import FirstCode, RecoveryCodesView, SetUpView, TwoStepView
from todo_app.security_log import SecurityEvent, record_after_commit
from todo_app.services import accounts, second_step, sessions
from todo_app.services.actor import Actor, Client
from todo_app.services.confirming import confirm
from todo_app.services.limits import Limits
from todo_app.services.sealing import seal

# How long a set-up waits for its first code.
SET_UP_LIFE = timedelta(minutes=30)
ALREADY_ON = "Two-step sign-in is on already. Turn it off first."
IS_OFF = "Two-step sign-in is off. Set it up first."
BEGIN_ANEW = "This set-up is not there any more. Please begin again."


def get_two_step(session: Session, actor: Actor) -> TwoStepView:
    """Whether it is on, and how many recovery codes are left."""
    count = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == actor.user_id)
    return TwoStepView(
        on=second_step.authenticator_of(session, actor.user_id) is not None, recovery_codes_left=session.exec(count).one()
    )


async def set_up(db: Database, limits: Limits, actor: Actor, data: Confirmation, client: Client) -> SetUpView:
    """Begins: makes a secret, which counts once `turn_on` has seen a code of it. Raises what `confirm` does, and `Conflict` if
    two-step sign-in is on.
    """
    return await confirm(db, limits, actor, data, client, _set_up)


def _set_up(session: Session, actor: Actor) -> SetUpView:
    user = _hold(session, actor.user_id)
    if second_step.authenticator_of(session, user.id):
        raise Conflict(ALREADY_ON)
    session.connection().execute(delete(Authenticator).where(col(Authenticator.user_id) == user.id))
    secret = pyotp.random_base32()
    session.add(Authenticator(user_id=user.id, sealed_secret=seal(secret)))
    return SetUpView(secret=secret, uri=pyotp.TOTP(secret).provisioning_uri(name=user.email, issuer_name=get_settings().page_name))


async def turn_on(db: Database, limits: Limits, actor: Actor, data: FirstCode, client: Client) -> RecoveryCodesView:
    """Ends the set-up with a first code; gives the recovery codes, which are shown this once. Raises `Invalid` at `code`,
    `Conflict` if nothing was set up lately, `TooMany`.
    """
    try:
        async with limits.code(actor.user_id, client.address):
            return await db.write(_turn_on, actor, data.code)
    except WrongCode as error:
        raise Invalid.field("code", error.detail) from error


def _turn_on(session: Session, actor: Actor, code: str) -> RecoveryCodesView:
    _hold(session, actor.user_id)
    authenticator = session.exec(select(Authenticator).where(Authenticator.user_id == actor.user_id)).first()
    if authenticator is None or authenticator.created_at < utc_now() - SET_UP_LIFE:
        raise Conflict(BEGIN_ANEW)
    if authenticator.confirmed_at:
        raise Conflict(ALREADY_ON)
    if not second_step.take_step(session, authenticator, second_step.plain(code)):
        raise WrongCode
    authenticator.confirmed_at = utc_now()
    return _renewed(session, actor, "two_step recovery_codes")


async def renew_recovery_codes(db: Database, limits: Limits, actor: Actor, data: Confirmation, client: Client) -> RecoveryCodesView:
    """New recovery codes in place of those from before. Raises what `confirm` does, and `Conflict` if two-step sign-in is off."""
    return await confirm(db, limits, actor, data, client, _renew)


def _renew(session: Session, actor: Actor) -> RecoveryCodesView:
    _require_on(session, actor.user_id)
    return _renewed(session, actor, "recovery_codes")


def _renewed(session: Session, actor: Actor, fields: str) -> RecoveryCodesView:
    codes = second_step.renew_recovery_codes(session, actor.user_id)
    record_after_commit(session, SecurityEvent.USER_UPDATED, actor.user_id, fields=fields)
    return RecoveryCodesView(recovery_codes=codes)


async def turn_off(db: Database, limits: Limits, actor: Actor, data: Confirmation, client: Client) -> None:
    """The password alone is enough from now on. Raises what `confirm` does, and `Conflict` if two-step sign-in is off."""
    await confirm(db, limits, actor, data, client, _turn_off)


def turn_off_for(session: Session, email: str) -> None:
    """The same for somebody who has lost phone and recovery codes, by those who run the site. Raises `NotFound`, `Conflict`."""
    _take_away(session, accounts.by_email(session, email).id)


def _turn_off(session: Session, actor: Actor) -> None:
    _take_away(session, actor.user_id)


def _take_away(session: Session, user_id: uuid.UUID) -> None:
    _require_on(session, user_id)
    for table in (RecoveryCode, Authenticator):
        session.connection().execute(delete(table).where(col(table.user_id) == user_id))
    record_after_commit(session, SecurityEvent.USER_UPDATED, user_id, fields="two_step")


def _require_on(session: Session, user_id: uuid.UUID) -> None:
    _hold(session, user_id)
    if second_step.authenticator_of(session, user_id) is None:
        raise Conflict(IS_OFF)


def _hold(session: Session, user_id: uuid.UUID) -> User:
    """The person's account, kept as it is until this transaction ends: switches of two tabs come one after the other."""
    user = session.exec(select(User).where(User.id == user_id).with_for_update(key_share=True)).first()
    if user is None:
        raise NotSignedIn(sessions.ENDED)
    return user
