"""The second step: what shows, after the password, that it is you. A code of an authenticator app, or a recovery code."""

import base64
import hmac
import re
import secrets
import uuid
from typing import Literal

import pyotp
import structlog
from cryptography.fernet import InvalidToken
from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from todo_app.errors import CodeNeeded, WrongCode
from todo_app.models import Authenticator, RecoveryCode
from todo_app.models.base import utc_now
from todo_app.security_log import SecurityEvent, record
from todo_app.services.sealing import unseal
from todo_app.services.sessions import digest_of

STEP_SECONDS = 30
RECOVERY_CODES = 10

# How a session was begun.
Method = Literal["password", "code", "recovery_code", "passkey"]


def authenticator_of(session: Session, user_id: uuid.UUID) -> Authenticator | None:
    """The person's authenticator if two-step sign-in is on."""
    statement = select(Authenticator).where(Authenticator.user_id == user_id, col(Authenticator.confirmed_at).is_not(None))
    return session.exec(statement).first()


def take(session: Session, user_id: uuid.UUID, code: str | None) -> Method:
    """Takes the second step for a person whose password is right, and uses the code up. Says what they have shown.

    Raises `CodeNeeded` if two-step sign-in is on and no code is given, `WrongCode` if it is none of theirs or was used before.
    """
    authenticator = authenticator_of(session, user_id)
    if authenticator is None:
        return "password"
    given = plain(code or "")
    if not given:
        raise CodeNeeded
    if take_step(session, authenticator, given):
        return "code"
    if _take_recovery_code(session, user_id, given):
        return "recovery_code"
    record(SecurityEvent.LOGIN_FAIL, user_id, step="code")
    raise WrongCode


def plain(code: str) -> str:
    """A code as it is compared: people write it with spaces and hyphens."""
    return re.sub(r"[\s-]", "", code).lower()


def take_step(session: Session, authenticator: Authenticator, code: str) -> bool:
    """Whether this is the code of now, or one step to either side for clocks that differ, and later than the last one taken."""
    try:
        totp = pyotp.TOTP(unseal(authenticator.sealed_secret))
    except InvalidToken:
        structlog.get_logger().error("two_step_secret_unreadable", mend="set AUTH_SECRET back to what it was")
        return False
    now = int(utc_now().timestamp()) // STEP_SECONDS
    given = code.encode()
    found = [step for step in (now - 1, now, now + 1) if hmac.compare_digest(totp.generate_otp(step).encode(), given)]
    if not found:
        return False
    # One statement asks and remembers: of two that bring the same code at once, one is late.
    taken = session.connection().execute(
        update(Authenticator)
        .where(col(Authenticator.user_id) == authenticator.user_id, col(Authenticator.last_step) < found[0])
        .values(last_step=found[0])
    )
    return bool(taken.rowcount)


def _take_recovery_code(session: Session, user_id: uuid.UUID, code: str) -> bool:
    used = session.connection().execute(
        delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id, col(RecoveryCode.digest) == digest_of(code))
    )
    return bool(used.rowcount)


def renew_recovery_codes(session: Session, user_id: uuid.UUID) -> list[str]:
    """New recovery codes, to be shown once; those from before are void. 80 random bits each, so that a digest is enough."""
    session.connection().execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    codes = [base64.b32encode(secrets.token_bytes(10)).decode().lower() for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, digest=digest_of(code)) for code in codes)
    session.flush()
    return ["-".join(re.findall("....", code)) for code in codes]
