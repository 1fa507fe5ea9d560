"""Mail that is to be sent: put down in the transaction that is the reason for it, taken by one process, sent outside of any.

What goes wrong with a mail server is so nobody's to wait for, and nothing is mailed about a change that was rolled back.
"""

import uuid
from datetime import timedelta

from sqlalchemy import delete
from sqlmodel import Session, col, select

from todo_app.config import get_settings
from todo_app.models import OutgoingMail
from todo_app.models.base import utc_now

# Longer than sending ever takes. A process that dies in the middle leaves the mail to the next one after this.
CLAIM = timedelta(minutes=5)
ATTEMPTS = 5
# Mail that nobody sends, since the site stopped sending any, is no news later.
KEPT_FOR = timedelta(days=1)
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = FIRST_PAUSE * 4 ** (ATTEMPTS - 2)


def is_open() -> bool:
    """Whether this site sends mail at all."""
    return get_settings().smtp_url is not None


def put(session: Session, kind: str, email: str, user_id: uuid.UUID | None = None) -> None:
    """Has a mail sent once this transaction is committed; where the site sends none, does nothing."""
    if is_open():
        session.add(OutgoingMail(kind=kind, email=email, user_id=user_id))
        session.flush()


def is_any_due(session: Session) -> bool:
    """Whether there is something to send now."""
    return session.exec(select(OutgoingMail.id).where(OutgoingMail.due_at <= utc_now()).limit(1)).first() is not None


def take(session: Session) -> OutgoingMail | None:
    """The mail that has been due longest. Nobody else gets it before `CLAIM` is over."""
    due = select(OutgoingMail).where(OutgoingMail.due_at <= utc_now()).order_by(col(OutgoingMail.due_at))
    mail = session.exec(due.limit(1).with_for_update(skip_locked=True)).first()
    if mail is not None:
        mail.attempts += 1
        mail.due_at = utc_now() + CLAIM
    return mail


def done(session: Session, mail_id: uuid.UUID) -> None:
    """Forgets a mail that was sent, or that nobody wants sent any more."""
    session.connection().execute(delete(OutgoingMail).where(col(OutgoingMail.id) == mail_id))


def put_off(session: Session, mail_id: uuid.UUID) -> bool:
    """Has a mail tried again later, each time four times as late; False if it was tried often enough, and is given up."""
    mail = session.get(OutgoingMail, mail_id)
    if mail is None or mail.attempts >= ATTEMPTS:
        done(session, mail_id)
        return False
    mail.due_at = utc_now() + FIRST_PAUSE * 4 ** (mail.attempts - 1)
    return True
