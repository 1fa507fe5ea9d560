"""The native form posts of recovery. As those of signing in, they answer 303, and say what there is to say by a flash.

A refused link's page gets its secret back behind the #, where it came from: what is in an address but not sent is in no log.
"""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse

from todo_app.client import client_of
from todo_app.db import database
from todo_app.errors import Conflict, DomainError, NotSignedIn
from todo_app.schemas.accounts import EmailConfirmation, PasswordReset, ResetRequest
from todo_app.schemas.fields import parse
from todo_app.security_log import record_refusal
from todo_app.services import email_confirmation, recovery
from todo_app.services.limits import limits
from todo_app.ui import routes
from todo_app.ui.signing_in.flash import Flash
from todo_app.ui.signing_in.forms import Text, go, problems_of, signed_out, visitor_of

router = APIRouter(prefix=routes.FORMS, include_in_schema=False)

ON_ITS_WAY = "If there is an account with this email, a link is on its way to it. It works for an hour."
# Ours are shorter; anything may be posted, and an answer's headers must not grow with it.
_LONGEST_TOKEN = 100
CONFIRMED = "Your email address is confirmed."


@router.post("/reset")
async def ask_for_link(request: Request, email: Text = "") -> RedirectResponse:
    """Has a link for a new password mailed, and says the same whether or not there is somebody to mail it to."""
    try:
        await recovery.ask_for_link(database(), limits(), parse(ResetRequest, {"email": email}), client_of(request))
    except DomainError as error:
        return go(routes.RESET, Flash(routes.RESET, problems_of(error), {"email": email}))
    return go(routes.RESET, Flash(routes.RESET, typed={"email": email}, message=ON_ITS_WAY))


@router.post("/new-password")
async def set_new_password(request: Request, token: Text = "", new_password: Text = "") -> RedirectResponse:
    """Sets a new password by a mailed link; signing in comes next."""
    try:
        data = parse(PasswordReset, {"token": token, "new_password": new_password})
        await recovery.set_new_password(database(), limits(), data)
    except NotSignedIn as error:
        _record(request, error)
        return go(routes.RESET, Flash(routes.RESET, problems_of(error)))
    except DomainError as error:
        return _back(routes.NEW_PASSWORD, token, error)
    return signed_out(routes.LOGIN, Flash(routes.LOGIN, message="Your password is changed. Please sign in with it."))


@router.post("/confirm")
async def confirm(request: Request, token: Text = "") -> RedirectResponse:
    """Confirms an email address by a mailed link."""
    try:
        await database().write(email_confirmation.confirm, parse(EmailConfirmation, {"token": token}).token)
    except DomainError as error:
        _record(request, error)
        return _back(routes.CONFIRM, token, error)
    here = await _settings_or_login(request)
    return go(here, Flash(here, message=CONFIRMED))


def _record(request: Request, error: DomainError) -> None:
    record_refusal(error, resource=f"{request.method} {request.url.path}")


def _back(page: str, token: str, error: DomainError) -> RedirectResponse:
    return go(f"{page}#token={token[:_LONGEST_TOKEN]}", Flash(page, problems_of(error)))


async def _settings_or_login(request: Request) -> str:
    try:
        await visitor_of(request)
    except NotSignedIn:
        return routes.LOGIN
    return routes.SETTINGS


@router.post("/confirmation")
async def send_confirmation(request: Request) -> RedirectResponse:
    """Has another link mailed to the address that is not confirmed yet."""
    try:
        visitor = await visitor_of(request)
        address = await email_confirmation.send_again(database(), limits(), visitor.actor, client_of(request))
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    except Conflict as error:  # confirmed meanwhile, in another tab
        return go(routes.SETTINGS, Flash(routes.SETTINGS, message=error.detail))
    except DomainError as error:
        return go(routes.SETTINGS, Flash(routes.SETTINGS, problems_of(error)))
    return go(routes.SETTINGS, Flash(routes.SETTINGS, message=f"A link is on its way to {address}."))
