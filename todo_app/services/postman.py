"""Takes mail from the outbox to the server, one after the other, beside everything else that this process does."""

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass

import structlog
from sqlmodel import Session

from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.errors import Unavailable
from todo_app.services import letters, mail, outbox
from todo_app.services.mail import Letter, MailFailed

SECONDS_BETWEEN_LOOKS = 2.0


@dataclass(frozen=True)
class _Parcel:
    mail_id: uuid.UUID
    kind: str
    attempt: int
    letter: Letter


async def deliver_until(stop: asyncio.Event, db: Database) -> None:
    """Sends what is due, now and from now on; returns once `stop` is set and the mail in hand is sent."""
    while not stop.is_set():
        try:
            while await send_next(db) and not stop.is_set():
                pass
        except Unavailable as error:
            structlog.get_logger().warning("mail_waits", reason=error.detail)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), SECONDS_BETWEEN_LOOKS)


async def send_next(db: Database) -> bool:
    """Sends the mail that is due longest; False if there is none."""
    if not await db.read(outbox.is_any_due):
        return False
    parcel = await db.write(_take)
    if parcel is not None:
        await _send(db, parcel)
    return True


def _take(session: Session) -> _Parcel | None:
    waiting = outbox.take(session)
    if waiting is None:
        return None
    letter = letters.write(session, waiting)
    if letter is None:
        outbox.done(session, waiting.id)
        return None
    return _Parcel(waiting.id, waiting.kind, waiting.attempts, letter)


async def _send(db: Database, parcel: _Parcel) -> None:
    log = structlog.get_logger().bind(kind=parcel.kind, attempt=parcel.attempt)
    settings = get_settings()
    domain = (settings.mail_from or "").rpartition("@")[2].strip("> ")
    try:
        # Another id for each attempt: should two of them arrive, the links in the later one are those that work.
        message_id = f"<{parcel.mail_id}.{parcel.attempt}@{domain}>"
        await asyncio.to_thread(mail.deliver, settings, parcel.letter, message_id)
    except MailFailed as error:
        stays = not error.is_final and await db.write(outbox.put_off, parcel.mail_id)
        log.warning("mail_failed", reason=error.reason, effect="it is tried again" if stays else "it is given up")
        if stays:
            return
    else:
        log.info("mail_sent")
    await db.write(outbox.done, parcel.mail_id)
