"""Passkeys (WebAuthn): a way in that is both steps at once, since the device asks for a finger, a face or a PIN.

The browser brings an answer to a challenge of ours. The challenge travels in a ticket, so an answer is good for one use, for ten
minutes, and in the browser that asked.
"""

import secrets
import struct
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic_core import from_json
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.authentication.verify_authentication_response import VerifiedAuthentication
from webauthn.helpers import bytes_to_base64url, decode_credential_public_key, decoded_public_key_to_cryptography
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.errors import Conflict, NotFound
from todo_app.models import Passkey
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import Confirmation
from todo_app.schemas.second_step import PasskeyList, PasskeyName, PasskeyView
from todo_app.security_log import SecurityEvent, record_after_commit
from todo_app.services import accounts, entry, tickets
from todo_app.services.accounts import SignedIn
from todo_app.services.actor import Actor, Client
from todo_app.services.confirming import confirm
from todo_app.services.limits import Limits
from todo_app.services.tickets import Ticket

MOST = 20
NOT_ACCEPTED = "This passkey was not accepted. Try again, or sign in with your password."
NOT_ADDED = "This passkey could not be added. Please try again."

# What the library raises for an answer that no browser gave: its own, and what parsing such bytes leads to.
_BROKEN = (WebAuthnException, ValueError, TypeError, KeyError, IndexError, AttributeError, OverflowError, struct.error)


@dataclass(frozen=True)
class Challenge:
    """`options`: JSON for the browser's `navigator.credentials`; `ticket`: to be brought back with its answer."""

    options: str
    ticket: str


def _site() -> str:
    """The relying party id: a passkey belongs to this host, and browsers offer it nowhere else."""
    return urlsplit(get_settings().frontend_url).hostname or ""


# -- Signing in -------------------------------------------------------------------------------------------------------


def challenge_to_sign_in() -> Challenge:
    """Asks for any passkey of this site that the device knows."""
    challenge = secrets.token_bytes(32)
    options = generate_authentication_options(
        rp_id=_site(), challenge=challenge, user_verification=UserVerificationRequirement.REQUIRED
    )
    return Challenge(options_to_json(options), tickets.issue("passkey-sign-in", None, bytes_to_base64url(challenge)))


async def sign_in(db: Database, limits: Limits, answer: str, ticket: str, client: Client) -> SignedIn:
    """Begins a browser session. Raises `BadCredentials` for any answer that is not right, `Conflict` if its time is over or it was
    used before, `TooMany`.
    """
    asked = tickets.read("passkey-sign-in", ticket)
    async with limits.passkey(client.address):
        return await db.write(_sign_in, _parsed(answer), asked, client.user_agent)


def _parsed(answer: str) -> dict[str, Any]:
    """The browser's JSON; nothing where it is none."""
    try:
        parsed = from_json(answer)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _sign_in(session: Session, answer: dict[str, Any], asked: Ticket, user_agent: str) -> SignedIn:
    passkey = session.exec(select(Passkey).where(Passkey.credential_id == _text(answer.get("id"))).with_for_update()).first()
    if passkey is None:
        raise entry.refused(None, NOT_ACCEPTED)
    passkey.sign_count = _verified(answer, asked, passkey).new_sign_count
    passkey.last_used_at = utc_now()
    begun, user = entry.begin_with_passkey(session, passkey.user_id, asked, user_agent)
    return SignedIn(accounts.view_of(user), begun)


def _text(value: Any) -> str:
    """A text that both databases take in a query; none of ours where it is no such text."""
    return value if isinstance(value, str) and value.isascii() and value.isprintable() else ""


def _verified(answer: dict[str, Any], asked: Ticket, passkey: Passkey) -> VerifiedAuthentication:
    try:
        # The device says whose passkey it is; that must be whose row we found.
        if base64url_to_bytes(answer["response"]["userHandle"]) != passkey.user_id.bytes:
            raise entry.refused(passkey.user_id, NOT_ACCEPTED)
        return verify_authentication_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(asked.data),
            expected_rp_id=_site(),
            expected_origin=get_settings().frontend_url,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=True,
        )
    except _BROKEN as error:
        raise entry.refused(passkey.user_id, NOT_ACCEPTED) from error


# -- In the settings --------------------------------------------------------------------------------------------------


def list_passkeys(session: Session, actor: Actor) -> PasskeyList:
    """The person's passkeys, the oldest first."""
    return PasskeyList(items=[PasskeyView.model_validate(row) for row in _own(session, actor)])


def _own(session: Session, actor: Actor) -> Sequence[Passkey]:
    return session.exec(select(Passkey).where(Passkey.user_id == actor.user_id).order_by(col(Passkey.id))).all()


async def challenge_to_add(db: Database, limits: Limits, actor: Actor, data: Confirmation, client: Client) -> Challenge:
    """Asks the device for a new passkey. Raises what `confirm` does, and `Conflict` if there are too many."""
    return await confirm(db, limits, actor, data, client, _challenge_to_add)


def _challenge_to_add(session: Session, actor: Actor) -> Challenge:
    own = _own(session, actor)
    if len(own) >= MOST:
        raise Conflict(f"You have {MOST} passkeys already. Remove one that you don't use.")
    user = accounts.get_user(session, actor)
    challenge = secrets.token_bytes(32)
    options = generate_registration_options(
        rp_id=_site(),
        rp_name=get_settings().page_name,
        user_id=actor.user_id.bytes,
        user_name=user.email,
        user_display_name=user.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(row.credential_id)) for row in own],
    )
    ticket = tickets.issue("passkey-registration", actor.user_id, bytes_to_base64url(challenge))
    return Challenge(options_to_json(options), ticket)


def add(session: Session, actor: Actor, data: PasskeyName, answer: str, ticket: str) -> PasskeyView:
    """Keeps a new passkey. Raises `Conflict` if the time is over, if it is here already, or if the answer is not right."""
    asked = tickets.read("passkey-registration", ticket)
    if asked.subject != actor.user_id:
        raise Conflict(tickets.OVER)
    made = _verified_new(_parsed(answer), asked)
    tickets.spend(session, asked, actor.user_id)
    passkey = Passkey(
        user_id=actor.user_id,
        credential_id=bytes_to_base64url(made.credential_id),
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
        name=data.name,
    )
    session.add(passkey)
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("This passkey is here already.") from error
    record_after_commit(session, SecurityEvent.USER_UPDATED, actor.user_id, fields="passkeys")
    return PasskeyView.model_validate(passkey)


def _verified_new(answer: dict[str, Any], asked: Ticket) -> VerifiedRegistration:
    try:
        made = verify_registration_response(
            credential=answer,
            expected_challenge=base64url_to_bytes(asked.data),
            expected_rp_id=_site(),
            expected_origin=get_settings().frontend_url,
            require_user_verification=True,
        )
        decoded_public_key_to_cryptography(
            decode_credential_public_key(made.credential_public_key)
        )  # else none could sign in by it
    except _BROKEN as error:
        raise Conflict(NOT_ADDED) from error
    return made


async def remove(db: Database, limits: Limits, actor: Actor, passkey_id: uuid.UUID, data: Confirmation, client: Client) -> None:
    """Forgets a passkey. Raises what `confirm` does, and `NotFound`."""
    await confirm(db, limits, actor, data, client, _remove, passkey_id)


def _remove(session: Session, actor: Actor, passkey_id: uuid.UUID) -> None:
    removed = session.connection().execute(
        delete(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.user_id) == actor.user_id)
    )
    if not removed.rowcount:
        raise NotFound("There is no such passkey.")
    record_after_commit(session, SecurityEvent.USER_UPDATED, actor.user_id, fields="passkeys")


def forget_all(session: Session, user_id: uuid.UUID) -> None:
    """Takes every passkey of an account away."""
    forgotten = session.connection().execute(delete(Passkey).where(col(Passkey.user_id) == user_id))
    if forgotten.rowcount:
        record_after_commit(session, SecurityEvent.USER_UPDATED, user_id, fields="passkeys")
