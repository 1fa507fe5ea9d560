"""What time makes superfluous: old Trash, ended sessions, links, mail and steps out of date, answers nobody will ask for again.

And what a wrong clock has left: a time further ahead than any that is ever set. By the right one a session would last for years; so
it is brought back to the latest that it can be.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Mapped
from sqlmodel import Session, SQLModel, col, select

from todo_app.models import Authenticator, IdempotencyKey, MailLink, OutgoingMail, SignIn, SpentTicket, Task
from todo_app.models.base import utc_now
from todo_app.services import mail_links, outbox, tasks
from todo_app.services.idempotency import KEPT_FOR
from todo_app.services.sessions import IDLE_LIFE, WHOLE_LIFE
from todo_app.services.two_step import SET_UP_LIFE

# How far ahead of now each time may lie.
_FURTHEST: list[tuple[type[SQLModel], Mapped[datetime], timedelta]] = [
    (SignIn, col(SignIn.expires_at), WHOLE_LIFE),
    (SignIn, col(SignIn.last_used_at), timedelta()),
    (MailLink, col(MailLink.expires_at), mail_links.LIFE),
    (OutgoingMail, col(OutgoingMail.due_at), outbox.LONGEST_PAUSE),
    (IdempotencyKey, col(IdempotencyKey.created_at), timedelta()),
    (Authenticator, col(Authenticator.created_at), timedelta()),
]
TRASH_IS_KEPT = timedelta(days=30)
BATCH = 500


def tidy(session: Session) -> bool:
    """Deletes for good what has outlived its time, at most `BATCH` tasks of one person at a time; says whether there may be more.
    Safe at any time, anywhere."""
    now = utc_now()
    for model, time, ahead in _FURTHEST:
        session.connection().execute(update(model).where(time > now + ahead).values({time: now + ahead}))
    is_more = _purge_old_trash(session, now - TRASH_IS_KEPT)
    connection = session.connection()
    connection.execute(delete(MailLink).where(col(MailLink.expires_at) < now))
    connection.execute(delete(OutgoingMail).where(col(OutgoingMail.due_at) < now - outbox.KEPT_FOR))
    connection.execute(delete(IdempotencyKey).where(col(IdempotencyKey.created_at) < now - KEPT_FOR))
    connection.execute(delete(SignIn).where(or_(col(SignIn.expires_at) < now, col(SignIn.last_used_at) < now - IDLE_LIFE)))
    connection.execute(delete(SpentTicket).where(col(SpentTicket.expires_at) < now))
    unconfirmed = col(Authenticator.confirmed_at).is_(None)
    connection.execute(delete(Authenticator).where(unconfirmed, col(Authenticator.created_at) < now - SET_UP_LIFE))
    return is_more


def _purge_old_trash(session: Session, before: datetime) -> bool:
    """Of the first person found; False if there was none, or another process is at it."""
    old = col(Task.deleted_at) < before
    owner = session.exec(select(Task.owner_id).where(old).limit(1)).first()
    if owner is None:
        return False
    doomed = session.exec(select(Task).where(old, Task.owner_id == owner).limit(BATCH).with_for_update(skip_locked=True)).all()
    tasks.purge(session, doomed)
    return bool(doomed)
