"""Addresses of pages, and how to build them."""

from collections.abc import Mapping
from urllib.parse import urlencode

from reflex.config import get_config
from reflex.utils.exec import is_prod_mode

from todo_app.config import get_settings
from todo_app.services.letters import CONFIRM_PAGE, NEW_PASSWORD_PAGE

HOME = "/today"
LOGIN = "/login"
SIGNUP = "/signup"
# Steps of signing in: like all that begins with /login, they are for those who are not signed in.
CODE = "/login-code"
RECOVERY_CODE = "/login-recovery"
RESET = "/reset"
# These two are linked to in mail; see services/letters.py.
NEW_PASSWORD = NEW_PASSWORD_PAGE
CONFIRM = CONFIRM_PAGE
INBOX = "/inbox"
TODAY = "/today"
UPCOMING = "/upcoming"
SEARCH = "/search"
COMPLETED = "/completed"
TRASH = "/trash"
SETTINGS = "/settings"
# With an id behind them.
PROJECT = "/project"
LABEL = "/label"

# The pages for those who are not signed in.
PUBLIC = (LOGIN, SIGNUP, RESET, NEW_PASSWORD, CONFIRM)

# The pages with a line to add a task.
LISTS = (INBOX, TODAY, UPCOMING, COMPLETED, SEARCH, PROJECT, LABEL)

# Where the native forms post to; see signing_in/forms.py.
FORMS = "/session"

# It travels in a header, and servers and proxies refuse long ones.
_LONGEST_TARGET = 2000


def form_address(name: str) -> str:
    """Where a form posts to: this very origin, except under `make dev`, where the API has a port of its own."""
    return f"{'' if is_prod_mode() else get_config().api_url}{FORMS}/{name}"


def page_address(path: str) -> str:
    """The reverse of `form_address`: from the API's origin to a page."""
    return path if is_prod_mode() else f"{get_settings().frontend_url}{path}"


def with_query(path: str, query: Mapping[str, str]) -> str:
    """`path?query`, leaving out what is empty."""
    given = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(given, errors='replace')}" if given else path


def own_path(target: str) -> str:
    """`target` if it is a path of this site, else the home page: nobody is sent elsewhere by a link to the login page.

    Browsers read `//host`, `/\\host` and paths with control characters as addresses of other sites.
    """
    is_own = target.startswith("/") and not target.startswith("//") and len(target) <= _LONGEST_TARGET
    if not is_own or "\\" in target or any(ord(c) <= 32 or ord(c) == 127 or 0xD800 <= ord(c) <= 0xDFFF for c in target):
        return HOME
    return HOME if target.startswith((*PUBLIC, FORMS)) else target


def clean_path(path: str) -> str:
    """A page's path without the slash that static servers add at its end."""
    return "/" + path.strip("/")
