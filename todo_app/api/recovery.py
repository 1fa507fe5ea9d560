"""What is done with links in mail: a new password, a confirmed email."""

from fastapi import APIRouter, Response

from todo_app.api.answers import nothing
from todo_app.api.dependencies import Caller, SignedIn
from todo_app.api.problems import declared
from todo_app.db import database
from todo_app.schemas.accounts import EmailConfirmation, PasswordReset, ResetRequest
from todo_app.services import email_confirmation, recovery
from todo_app.services.limits import limits

router = APIRouter(prefix="/api", tags=["Signing in"])


@router.post("/auth/reset", status_code=202, response_class=Response, responses=declared(413, 415, 422, 429))
async def ask_for_reset(data: ResetRequest, client: Caller) -> None:
    """Has a link for a new password mailed, if there is such a person and this site sends mail. The answer never says."""
    await recovery.ask_for_link(database(), limits(), data, client)


@router.post("/auth/reset/confirm", status_code=204, responses=declared(401, 413, 415, 422))
async def reset_password(data: PasswordReset) -> Response:
    """Sets a new password by a mailed link, and ends every session."""
    await recovery.set_new_password(database(), limits(), data)
    return nothing()


@router.post("/auth/email/confirm", status_code=204, responses=declared(401, 409, 413, 415, 422))
async def confirm_email(data: EmailConfirmation) -> Response:
    """Confirms an email address by a mailed link; a changed one takes effect."""
    await database().write(email_confirmation.confirm, data.token)
    return nothing()


@router.post("/me/email/confirmation", status_code=202, response_class=Response, responses=declared(401, 409, 429), tags=["Me"])
async def send_confirmation(me: SignedIn, client: Caller) -> None:
    """Has another link mailed to the address that is not confirmed yet."""
    await email_confirmation.send_again(database(), limits(), await me.actor(), client)
