"""A new password for those who can't sign in any more, by a link that is mailed to them.

The link goes to the address that the account was made with, or to one that was confirmed; never to one that is only claimed.
"""

from sqlmodel import Session

from todo_app.db import Database
from todo_app.models import User
from todo_app.schemas.accounts import PasswordReset, ResetRequest, UserView
from todo_app.services import accounts, letters, mail_links, outbox, passkeys, passwords, sessions
from todo_app.services.accounts import email_key
from todo_app.services.actor import Client
from todo_app.services.limits import Limits

# In place of the address that a link went to.
_NOT_MAILED = ""


async def ask_for_link(db: Database, limits: Limits, data: ResetRequest, client: Client) -> None:
    """Has a link mailed to the person with this email, if there is one; raises `TooMany`.

    Nobody is looked up here: whoever has the mail to send does that. So an unknown email takes exactly what a known one takes.
    """
    limits.note_mail(email_key(data.email), client.address)
    await db.write(outbox.put, "reset", data.email)


async def set_new_password(db: Database, limits: Limits, data: PasswordReset) -> None:
    """Uses a link up: sets the password and ends every session. Signing in comes after it, with all that it asks for.

    Raises `NotSignedIn` if the link is no good, and `Invalid` for an easily guessed password, which leaves the link as it is.
    """
    user = await db.read(_holder, data.token)
    passwords.check_new_password(data.new_password, user.email, user.name, "new_password")
    hashed = await passwords.hash_password(data.new_password)
    await db.write(_set, data.token, hashed)
    limits.forgive(email_key(user.email))


def make_link(session: Session, email: str) -> str:
    """A link to hand over in another way than by mail, for the account with this email; raises `NotFound` if there is none."""
    user_id = accounts.by_email(session, email).id
    return letters.link_to(letters.NEW_PASSWORD_PAGE, mail_links.make(session, "reset", user_id, _NOT_MAILED))


def _holder(session: Session, token: str) -> UserView:
    return accounts.view_of(session.get_one(User, mail_links.find(session, "reset", token).user_id))


def _set(session: Session, token: str, password_hash: str) -> None:
    link = mail_links.use_up(session, "reset", token)
    user = session.get_one(User, link.user_id)
    if link.email != _NOT_MAILED:
        if not user.email_confirmed:  # until now, whoever signed up may have had nothing but a name for their mailbox
            passkeys.forget_all(session, user.id)
        user.email_standing = "confirmed"  # the link was in it
    accounts.put_password(session, user, password_hash)
    sessions.end_all(session, user.id)
