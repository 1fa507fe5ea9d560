"""What tests of mail share: sending what waits, and reading the link in it."""

import asyncio

from sqlmodel import Session, col, select

from tests.servers import MailServer, token_in
from todo_app.db import Database
from todo_app.models import OutgoingMail
from todo_app.services import postman


def send_all(db: Database) -> None:
    """Sends what is due."""

    async def main() -> None:
        while await postman.send_next(db):
            pass

    asyncio.run(main())


def waiting(db: Database) -> list[tuple[str, str]]:
    """Kind and address of each mail in the outbox, the first one first."""

    def read(session: Session) -> list[tuple[str, str]]:
        return [(mail.kind, mail.email) for mail in session.exec(select(OutgoingMail).order_by(col(OutgoingMail.id)))]

    return db.read_now(read)


def link_for(db: Database, server: MailServer, email: str) -> str:
    """The secret in the newest mail to this address, once all is sent."""
    send_all(db)
    return token_in(server.to(email)[-1].get_content())
