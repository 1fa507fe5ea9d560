"""Sending one mail, by SMTP. It blocks for as long as the server takes: call it in a thread, and in no transaction."""

import smtplib
import ssl
from contextlib import closing, suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from urllib.parse import parse_qs, unquote, urlsplit

from email_validator import validate_email

from todo_app.config import Settings
from todo_app.models.base import utc_now
from todo_app.schemas.fields import one_line

# For each step of the conversation with the server.
TIMEOUT_SECONDS = 15
# As long as SMTP allows: folded at 78, a link would be encoded, and its text no longer be found in the mail.
_POLICY = SMTP.clone(max_line_length=998)
_LOCAL = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True)
class Letter:
    """A mail in plain text. It is about one thing and goes to one address."""

    to: str
    subject: str
    text: str


class MailFailed(Exception):
    """The server did not take a mail. `is_final`: nor will it when asked again, since it knows no such address."""

    def __init__(self, reason: str, *, is_final: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.is_final = is_final


def compose(letter: Letter, sender: str, message_id: str) -> EmailMessage:
    """The letter as it goes over the wire. What could begin a header of its own is refused by the library, with a `ValueError`."""
    message = EmailMessage(_POLICY)
    message["From"] = sender
    message["To"] = _in_ascii(letter.to)
    message["Subject"] = one_line(letter.subject)
    message["Date"] = format_datetime(utc_now())
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # so that nobody's holiday note answers (RFC 3834)
    message.set_content(letter.text)
    return message


def _in_ascii(address: str) -> str:
    """The address with its domain as every server takes it. A part before the @ that is not in ASCII stays as it is."""
    return validate_email(address, check_deliverability=False, test_environment=True).ascii_email or address


def deliver(settings: Settings, letter: Letter, message_id: str) -> None:
    """Hands the letter to the server of `SMTP_URL`; raises `MailFailed`, whose reason holds no address and no secret."""
    try:
        message = compose(letter, settings.mail_from or "", message_id)
        _converse(message, settings.smtp_url or "")
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _words in error.recipients.values()]
        raise MailFailed(f"recipient refused with {codes[0]}", is_final=min(codes) >= 500) from error
    except smtplib.SMTPResponseException as error:
        raise MailFailed(f"{type(error).__name__} {error.smtp_code}", is_final=False) from error
    except (smtplib.SMTPException, OSError) as error:
        raise MailFailed(type(error).__name__, is_final=False) from error
    except ValueError as error:  # no address, or none that can be written down
        raise MailFailed(type(error).__name__, is_final=True) from error


def _converse(message: EmailMessage, url: str) -> None:
    address, context = urlsplit(url), ssl.create_default_context()
    host = address.hostname or ""
    asked = parse_qs(address.query).get("starttls")
    # A password crosses the network in no other way, unless somebody insists.
    wants_starttls = asked == ["yes"] if asked else bool(address.username) and host not in _LOCAL
    if address.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, address.port or 465, timeout=TIMEOUT_SECONDS, context=context)
    else:
        server = smtplib.SMTP(host, address.port or (587 if wants_starttls else 25), timeout=TIMEOUT_SECONDS)
    with closing(server):
        if wants_starttls and address.scheme == "smtp":
            server.starttls(context=context)
        if address.username:
            server.login(unquote(address.username), unquote(address.password or ""))
        server.send_message(message)
        with suppress(smtplib.SMTPException, OSError):  # it has the mail: how it says goodbye is its own affair
            server.quit()
