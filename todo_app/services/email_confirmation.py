"""Whether an email address is the person's own, shown by a link that was mailed to it."""

from sqlmodel import Session

from todo_app.change_feed import notify_after_commit
from todo_app.db import Database
from todo_app.errors import Conflict, NotSignedIn
from todo_app.live import Notice
from todo_app.models import User
from todo_app.schemas.accounts import UserView
from todo_app.services import accounts, mail_links, outbox
from todo_app.services.accounts import email_key
from todo_app.services.actor import Actor, Client
from todo_app.services.limits import Limits


def address_to_confirm(user: UserView) -> str:
    """The address that a link is to confirm: the one they change to, else their own; nothing if it is confirmed already."""
    return user.new_email or ("" if user.email_confirmed else user.email)


def confirm(session: Session, token: str) -> None:
    """Uses a link up. A changed address takes effect now. Raises `NotSignedIn` if the link is no good, and `Conflict` if somebody
    else has the address by now. It tells nothing of the account: the address may have been given by another person."""
    link = mail_links.use_up(session, "confirm", token)
    user = session.get_one(User, link.user_id)
    if link.email == user.new_email:
        accounts.put_email(session, user, link.email)
    elif link.email != user.email:
        raise NotSignedIn(mail_links.NO_GOOD)
    user.email_standing = "confirmed"
    session.flush()
    notify_after_commit(session, Notice(user.id))


async def send_again(db: Database, limits: Limits, actor: Actor, client: Client) -> str:
    """Has another link mailed, and gives the address it goes to. Raises `Conflict` if there is nothing to confirm, or `TooMany`."""
    address = address_to_confirm(await db.read(accounts.get_user, actor))
    if not address or not outbox.is_open():
        raise Conflict("There is nothing to confirm.")
    limits.note_mail(email_key(address), client.address)
    await db.write(outbox.put, "confirm", address, actor.user_id)
    return address
