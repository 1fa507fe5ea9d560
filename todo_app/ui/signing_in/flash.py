"""What a form post has to say to the page it sends the browser back to: messages, and what was typed (never a password).

It travels in a cookie of a minute's life that scripts can't read. The handshake hands it to the page's state as a header.
"""

import base64
import secrets
from dataclasses import dataclass, field, replace

from pydantic import TypeAdapter

COOKIE = "flash"
HEADER = "x-flash"
LIFE_SECONDS = 60
# Cookies end at 4 KB.
_LONGEST = 3000


@dataclass(frozen=True)
class Flash:
    """`problems`: field name to message; a problem of the whole form has the name `form`. `nonce`: shown once."""

    page: str
    problems: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    message: str = ""
    nonce: str = field(default_factory=lambda: secrets.token_hex(4))

    def encode(self) -> str:
        """As a cookie's value; what was typed is left out if it would not fit."""
        for flash in (self, replace(self, typed={})):
            text = base64.urlsafe_b64encode(_FLASH.dump_json(flash)).decode()
            if len(text) <= _LONGEST:
                break
        return text


_FLASH = TypeAdapter(Flash)


def decode(text: str) -> Flash | None:
    """The reverse; None for any text that `encode` did not make. The browser may send anything."""
    try:
        return _FLASH.validate_json(base64.urlsafe_b64decode(text.encode()))
    except ValueError:  # no base64, or no flash
        return None
