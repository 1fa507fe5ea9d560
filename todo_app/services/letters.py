"""The words of each kind of mail. None holds what a person has typed, least of all a name: who signs up with somebody else's
address could have us send them anything."""

from collections.abc import Callable

from sqlmodel import Session, select

from todo_app.config import get_settings
from todo_app.models import OutgoingMail, User
from todo_app.services import mail_links
from todo_app.services.accounts import email_key
from todo_app.services.mail import Letter

# Pages that a link leads to. The secret stands behind the #, which browsers send nowhere: not to a server, nor to its log.
NEW_PASSWORD_PAGE = "/new-password"  # noqa: S105 - an address
CONFIRM_PAGE = "/confirm"


def write(session: Session, mail: OutgoingMail) -> Letter | None:
    """What to send for a mail in the outbox, with a link made just now if it has one; None if there is nothing to send any more."""
    return _WRITERS[mail.kind](session, mail)


def _site() -> str:
    return get_settings().page_name


def _letter(to: str, subject: str, *paragraphs: str) -> Letter:
    text = "\n\n".join(("Hello,", *paragraphs))
    return Letter(to, f"{_site()}: {subject}", f"{text}\n\n-- \n{_site()}, {get_settings().frontend_url}\n")


def link_to(page: str, token: str) -> str:
    """The address to open; the token stays out of what a browser sends."""
    return f"{get_settings().frontend_url}{page}#token={token}"


def _reset(session: Session, mail: OutgoingMail) -> Letter | None:
    user = session.exec(select(User).where(User.email_key == email_key(mail.email))).first()
    if user is None or user.email_standing == "changed":
        return None
    # To the address as it is stored, and not as somebody typed it: two that count as one may be two mailboxes.
    return _letter(
        user.email,
        "choose a new password",
        f"somebody, hopefully you, asked for a new password for {_site()}. Choose it here:",
        link_to(NEW_PASSWORD_PAGE, mail_links.make(session, "reset", user.id, user.email)),
        "The link works once, and for an hour. If it was not you, there is nothing to do: your password stays as it is.",
    )


def _confirm(session: Session, mail: OutgoingMail) -> Letter | None:
    user = session.get(User, mail.user_id)
    if user is None or not (mail.email == user.new_email or (mail.email == user.email and not user.email_confirmed)):
        return None
    return _letter(
        mail.email,
        "is this your address?",
        "please confirm that this address is yours:",
        link_to(CONFIRM_PAGE, mail_links.make(session, "confirm", user.id, mail.email)),
        f"The link works once, and for an hour. If you don't know {_site()}, please ignore this mail: then nothing happens.",
    )


def _email_changing(_session: Session, mail: OutgoingMail) -> Letter:
    return _letter(
        mail.email,
        "your email address is about to change",
        f"somebody who knows your password, hopefully you, asked for another email address for your account at {_site()}."
        " It changes as soon as the new address is confirmed.",
        "If it was not you, sign in and change your password now: that stops it, and signs everybody else out.",
    )


def _password_changed(_session: Session, mail: OutgoingMail) -> Letter:
    return _letter(
        mail.email,
        "your password was changed",
        f"the password of your account at {_site()} was changed just now, and every other place is signed out.",
        "If it was not you, choose a new one at once: on the page to sign in, follow 'Forgot your password?'.",
    )


_WRITERS: dict[str, Callable[[Session, OutgoingMail], Letter | None]] = {
    "reset": _reset,
    "confirm": _confirm,
    "email_changing": _email_changing,
    "password_changed": _password_changed,
}
