"""`reset-link`: a link to choose a new password with, for somebody to whom the site can't mail one."""

import sys

from todo_app.commands.migrate import check
from todo_app.db import database
from todo_app.errors import NotFound
from todo_app.services import recovery


def reset_link(email: str) -> None:
    """Prints the link, or ends the process with one line if there is no such account. Whoever gets it must be that person."""
    check()
    try:
        print(database().write_now(recovery.make_link, email))
    except NotFound as error:
        sys.exit(error.detail)
