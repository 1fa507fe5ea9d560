"""`reset-link` and `turn-off-two-step`: for people who can't come in by themselves. Make sure first that it is them who ask."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from todo_app.commands.migrate import check
from todo_app.db import database
from todo_app.errors import Conflict, NotFound
from todo_app.services import recovery, two_step


def reset_link(email: str) -> None:
    """Prints a link to choose a new password with; ends the process with one line if there is no such account."""
    with _explained():
        print(database().write_now(recovery.make_link, email))


def turn_off_two_step(email: str) -> None:
    """Leaves the password alone as the way in, and says so; ends the process with one line if there is nothing to turn off."""
    with _explained():
        database().write_now(two_step.turn_off_for, email)
        print("Two-step sign-in is off for this account: its password is enough now.")


@contextmanager
def _explained() -> Iterator[None]:
    check()
    try:
        yield
    except (NotFound, Conflict) as error:
        sys.exit(error.detail)
