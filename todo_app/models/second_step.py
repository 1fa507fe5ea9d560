"""What people sign in with besides their password. None of it is in the change feed: it must be readable nowhere else."""

import uuid
from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from todo_app import lengths
from todo_app.models.base import UtcDateTime, new_id, utc_now


class Authenticator(SQLModel, table=True):
    """A person's app for codes (TOTP, RFC 6238). It counts once a first code has confirmed it."""

    __tablename__ = "authenticators"

    user_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    sealed_secret: str  # see services/sealing.py
    # The time step (half minutes since 1970) of the last code that was taken: none is taken twice.
    last_step: int = 0
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RecoveryCode(SQLModel, table=True):
    """A code for the day the phone is lost, as its SHA-256. It is deleted when it is used."""

    __tablename__ = "recovery_codes"

    user_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    digest: str = Field(primary_key=True)


class Passkey(SQLModel, table=True):
    """A WebAuthn credential. The public key opens nothing."""

    __tablename__ = "passkeys"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    credential_id: str = Field(unique=True)  # base64url
    public_key: bytes
    # Goes up with each use, on devices that count; else it stays 0. Up to 2**32 - 1.
    sign_count: int = Field(sa_type=BigInteger)
    name: str = Field(max_length=lengths.NAME)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    last_used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class SpentTicket(SQLModel, table=True):
    """A ticket that was used and must not be again; see services/tickets.py."""

    __tablename__ = "spent_tickets"

    id: uuid.UUID = Field(primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    expires_at: datetime = Field(sa_type=UtcDateTime, index=True)
