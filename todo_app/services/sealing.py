"""Secrets that we must be able to read again, sealed with a key that is not in the database: a copy of it gives nobody codes."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from todo_app.config import get_settings


@lru_cache(maxsize=4)
def _fernet(auth_secret: str) -> Fernet:
    """Derived from `AUTH_SECRET`, and of no use for what that signs."""
    derived = HKDF(SHA256(), length=32, salt=None, info=b"todo_app sealing").derive(auth_secret.encode())
    return Fernet(base64.urlsafe_b64encode(derived))


def seal(secret: str) -> str:
    """`secret` as it may be stored."""
    return _fernet(get_settings().auth_secret).encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The reverse. Raises cryptography's `InvalidToken` if it was sealed under another `AUTH_SECRET`."""
    return _fernet(get_settings().auth_secret).decrypt(sealed.encode()).decode()
