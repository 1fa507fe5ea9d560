"""Mail that waits to be sent, and the secrets in the links of mail that was."""

import uuid
from datetime import datetime

from sqlmodel import Field, SQLModel

from todo_app import lengths
from todo_app.models.base import UtcDateTime, new_id, utc_now


class OutgoingMail(SQLModel, table=True):
    """One mail to be sent. Its words are written when it goes (see services/letters.py), so that no secret waits here."""

    __tablename__ = "outgoing_mail"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    kind: str
    # As somebody typed it, where nobody has looked yet whose it is; then `user_id` is null.
    email: str
    user_id: uuid.UUID | None = Field(default=None, foreign_key="users.id", ondelete="CASCADE", index=True)
    # Not before this moment. A process that takes the mail moves it on, so that no other takes it meanwhile.
    due_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
    attempts: int = 0


class MailLink(SQLModel, table=True):
    """The secret in a mailed link, stored only as its SHA-256. Its use deletes it."""

    __tablename__ = "mail_links"

    digest: str = Field(primary_key=True)
    kind: str  # "reset" or "confirm"
    user_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", index=True)
    # The address it went to, which is the only one that it proves.
    email: str = Field(max_length=lengths.EMAIL)
    expires_at: datetime = Field(sa_type=UtcDateTime)
