"""The security log: a line for everything that whoever watches over the app may want to know of.

    security_log.record(SecurityEvent.LOGIN_FAIL, user_id)
    security_log.record_after_commit(session, SecurityEvent.USER_CREATED, user.id)

The second is for work in a transaction, which may yet be rolled back or tried again. The lines stand among the others, marked
`"log": "security"`; the request's id and address come by themselves (see logs.py). Never pass what a person wrote: ids only, and
words of ours.
"""

import logging
import uuid
from enum import StrEnum
from functools import partial

import structlog
from sqlmodel import Session

from todo_app.change_feed import call_after_commit
from todo_app.errors import BadCredentials, DomainError, Forbidden, NotFound, NotSignedIn


class SecurityEvent(StrEnum):
    """What can happen, by its name in OWASP's Logging Vocabulary. `docs/operators.md` says when each is written."""

    LOGIN_SUCCESS = "authn_login_success"
    LOGIN_FAIL = "authn_login_fail"
    PASSWORD_CHANGE = "authn_password_change"  # noqa: S105 - a name
    TOKEN_REUSE = "authn_token_reuse"  # noqa: S105 - a name
    AUTHZ_FAIL = "authz_fail"
    RATE_LIMIT_EXCEEDED = "excess_rate_limit_exceeded"
    CROSS_SITE = "malicious_cors"
    SENSITIVE_READ = "sensitive_read"
    SESSION_CREATED = "session_created"
    SESSION_RENEWED = "session_renewed"
    SESSION_EXPIRED = "session_expired"
    USER_CREATED = "user_created"
    USER_UPDATED = "user_updated"
    USER_DELETED = "user_deleted"


_WARNINGS = {SecurityEvent.LOGIN_FAIL, SecurityEvent.AUTHZ_FAIL, SecurityEvent.RATE_LIMIT_EXCEEDED, SecurityEvent.CROSS_SITE}
_ALARMS = {SecurityEvent.TOKEN_REUSE}  # somebody else has had the token


def _level(event: SecurityEvent) -> int:
    return logging.CRITICAL if event in _ALARMS else logging.WARNING if event in _WARNINGS else logging.INFO


def record(event: SecurityEvent, user: uuid.UUID | None = None, /, **facts: str) -> None:
    """Writes one line. `user` is whose account it is about, where that is another than the one signed in, or nobody is."""
    if user is not None:
        facts["user"] = str(user)
    structlog.get_logger().log(_level(event), event.value, log="security", **facts)


def record_refusal(error: DomainError, **facts: str) -> None:
    """Writes one line if `error` keeps somebody from what is not theirs. Each edge calls this where it maps errors.

    A row that is missing and one that is somebody else's are one error, so both are written. What fails at signing in is written
    by the service, which knows whose account it was.
    """
    if isinstance(error, NotSignedIn | Forbidden | NotFound) and not isinstance(error, BadCredentials):
        record(SecurityEvent.AUTHZ_FAIL, reason=type(error).__name__, **facts)


def record_after_commit(session: Session, event: SecurityEvent, user: uuid.UUID | None = None, /, **facts: str) -> None:
    """Writes one line once this transaction is committed, and none if it is rolled back."""
    call_after_commit(session, partial(record, event, user, **facts))
