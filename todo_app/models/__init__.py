"""The tables. Importing this package makes them all known to SQLModel's metadata, which Alembic reads."""

from todo_app.models.change import Change, ChangeItem, IdempotencyKey
from todo_app.models.label import Label, TaskLabel
from todo_app.models.mail import MailLink, OutgoingMail
from todo_app.models.project import Project, Section
from todo_app.models.saved_filter import SavedFilter
from todo_app.models.second_step import Authenticator, Passkey, RecoveryCode, SpentTicket
from todo_app.models.task import Task
from todo_app.models.user import SessionToken, SignIn, User

__all__ = [
    "Authenticator",
    "Change",
    "ChangeItem",
    "IdempotencyKey",
    "Label",
    "MailLink",
    "OutgoingMail",
    "Passkey",
    "Project",
    "RecoveryCode",
    "SavedFilter",
    "Section",
    "SessionToken",
    "SignIn",
    "SpentTicket",
    "Task",
    "TaskLabel",
    "User",
]
