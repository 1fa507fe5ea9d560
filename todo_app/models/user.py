"""The people, their sign-ins, and the tokens that prove those."""

import uuid
from datetime import datetime

from sqlmodel import Field, SQLModel

from todo_app import lengths
from todo_app.models.base import UtcDateTime, new_id, utc_now


class User(SQLModel, table=True):
    """One account."""

    __tablename__ = "users"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    email: str = Field(max_length=lengths.EMAIL)
    # The email as compared: folded, so that Ana@Example.com and ana@example.com are one account.
    email_key: str = Field(unique=True, index=True)
    # What speaks for it being theirs: "signup" (they signed up with it), "changed" (set later, on a site without mail), or
    # "confirmed" (a link that was mailed to it has been used). Decides who gets a link for a new password.
    email_standing: str = "signup"
    # The address that takes the place of `email` once it is confirmed.
    new_email: str | None = Field(default=None, max_length=lengths.EMAIL)
    password_hash: str
    name: str = Field(max_length=lengths.NAME)
    time_zone: str = "UTC"
    theme: str = "system"
    week_start: int = 0
    # How they write in quick add: see todo_app/quick_add.
    language: str = "en"
    date_order: str = "dmy"
    # Whether single keys are shortcuts; some people's aids type by themselves.
    shortcuts: bool = True
    # The number of the last entry in this person's change feed; see todo_app/change_feed.py.
    last_change: int = 0
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)

    @property
    def email_confirmed(self) -> bool:
        """Whether they have shown that mail to `email` reaches them."""
        return self.email_standing == "confirmed"


class SignIn(SQLModel, table=True):
    """One signed-in browser or script. Deleting the row ends it at once, tokens and all."""

    __tablename__ = "sessions"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    user_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    kind: str  # "browser" or "api"
    # What its owner has shown: "password", "code" or "recovery_code" (with the password), or "passkey".
    method: str = "password"
    user_agent: str = ""
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    last_used_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)


class SessionToken(SQLModel, table=True):
    """A secret handed out for a session, stored only as its SHA-256.

    A browser session has one for its life. An API session gets a new one at each refresh; the used ones stay, so that a second use
    of one, the sign of a theft, can be seen.
    """

    __tablename__ = "session_tokens"

    digest: str = Field(primary_key=True)
    session_id: uuid.UUID = Field(foreign_key="sessions.id", ondelete="CASCADE", index=True)
    user_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
