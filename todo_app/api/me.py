"""One's own account."""

import uuid

from fastapi import APIRouter, Response

from todo_app.api.answers import answer, nothing
from todo_app.api.dependencies import Caller, SignedIn
from todo_app.api.problems import declared
from todo_app.db import database
from todo_app.errors import Invalid, WrongPassword
from todo_app.schemas.accounts import Confirmation, EmailChange, ExportView, PasswordChange, ProfilePatch, SignInList, UserView
from todo_app.services import accounts, export, sessions
from todo_app.services.limits import limits

router = APIRouter(prefix="/api/me", tags=["Me"])


@router.get("", response_model=UserView, responses=declared(401))
async def get_me(me: SignedIn) -> Response:
    """My account."""
    return answer(await me.read(accounts.get_user))


@router.patch("", response_model=UserView, responses=declared(401, 413, 415, 422))
async def update_me(me: SignedIn, patch: ProfilePatch) -> Response:
    """Changes what needs no password."""
    return answer(await me.write(accounts.update_profile, patch))


@router.delete("", status_code=204, responses=declared(401, 403, 413, 415, 422, 429))
async def delete_me(me: SignedIn, data: Confirmation, client: Caller) -> Response:
    """Deletes the account and everything of it, at once and for good."""
    await accounts.delete_account(database(), limits(), await me.actor(), data, client)
    return nothing()


@router.post("/email", response_model=UserView, responses=declared(401, 403, 409, 413, 415, 422, 429))
async def change_email(me: SignedIn, data: EmailChange, client: Caller) -> Response:
    """Sets another email address."""
    return answer(await accounts.change_email(database(), limits(), await me.actor(), data, client))


@router.post("/password", status_code=204, responses=declared(401, 413, 415, 422, 429))
async def change_password(me: SignedIn, data: PasswordChange, client: Caller) -> Response:
    """Sets another password, and ends every session, this one too."""
    try:
        await accounts.change_password(database(), limits(), await me.actor(), data, client)
    except WrongPassword as error:  # here it is one of two fields, and the caller needs to know which
        raise Invalid.field("current_password", error.detail) from error
    return nothing()


@router.get("/export", response_model=ExportView, responses=declared(401))
async def export_me(me: SignedIn) -> Response:
    """Everything of mine in one document."""
    return answer(await me.read(export.export_all))


@router.get("/sessions", response_model=SignInList, responses=declared(401))
async def list_sessions(me: SignedIn) -> Response:
    """Where I am signed in."""
    return answer(await me.read(sessions.list_sessions))


@router.delete("/sessions/{session_id}", status_code=204, responses=declared(401, 404, 422))
async def end_session(me: SignedIn, session_id: uuid.UUID) -> Response:
    """Signs out there."""
    await me.write(sessions.end, session_id)
    return nothing()
