"""Passwords: the rules for a new one, and bcrypt."""

import asyncio
import base64
import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from importlib import resources

import bcrypt

from todo_app.errors import Invalid

COST = 12
# Hashing takes a core for a quarter of a second each: threads of its own, so that it can't hold up the database's.
_threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 1, thread_name_prefix="bcrypt")


def _digest(password: str) -> bytes:
    """bcrypt reads at most 72 bytes and stops at a NUL; 64 base64 characters of SHA-384 are neither too long nor hold one."""
    return base64.b64encode(hashlib.sha384(password.encode("utf-8", "surrogatepass")).digest())


def _hash(password: str) -> str:
    return bcrypt.hashpw(_digest(password), bcrypt.gensalt(COST)).decode()


@lru_cache(maxsize=1)
def _hash_of_nothing() -> str:
    return _hash(os.urandom(16).hex())


def _matches(password: str, hashed: str | None) -> bool:
    """Compares with a throw-away hash where there is none, so that an unknown person takes as long as a wrong password."""
    stand_in = _hash_of_nothing()  # made for the first caller, whoever it is: else the first unknown person would wait longer
    return bcrypt.checkpw(_digest(password), (hashed or stand_in).encode()) and hashed is not None


async def hash_password(password: str) -> str:
    """A bcrypt hash of any text, off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _hash, password)


async def matches(password: str, hashed: str | None) -> bool:
    """Whether `password` is the hashed one; False, no sooner, where there is no hash."""
    return await asyncio.get_running_loop().run_in_executor(_threads, _matches, password, hashed)


@lru_cache(maxsize=1)
def common_passwords() -> frozenset[str]:
    """Passwords that are tried first by whoever guesses, in lower case."""
    text = resources.files("todo_app.services").joinpath("common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if not line.startswith("#"))


def check_new_password(password: str, email: str, name: str, field: str) -> None:
    """Raises `Invalid` at `field` for a password that is easily guessed. Its length is the schema's to check."""
    folded = password.casefold()
    if folded in common_passwords():
        raise Invalid.field(field, "This password is one of the most common ones. Please choose another.")
    if folded in {email.casefold(), email.casefold().partition("@")[0], name.casefold()}:
        raise Invalid.field(field, "Your password can't be your own email or name. Please choose another.")
