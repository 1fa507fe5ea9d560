"""Two-step sign-in and passkeys of one's own account."""

import uuid

from fastapi import APIRouter, Response

from todo_app.api.answers import answer, nothing
from todo_app.api.dependencies import Caller, SignedIn
from todo_app.api.problems import declared
from todo_app.db import database
from todo_app.schemas.accounts import Confirmation
from todo_app.schemas.second_step import FirstCode, PasskeyList, RecoveryCodesView, SetUpView, TwoStepView
from todo_app.services import passkeys, two_step
from todo_app.services.limits import limits

router = APIRouter(prefix="/api/me", tags=["Me"])


@router.get("/two-step", response_model=TwoStepView, responses=declared(401))
async def get_two_step(me: SignedIn) -> Response:
    """Whether my sign-in takes a second step."""
    return answer(await me.read(two_step.get_two_step))


@router.post("/two-step", response_model=SetUpView, responses=declared(401, 403, 409, 413, 415, 422, 429))
async def set_up_two_step(me: SignedIn, data: Confirmation, client: Caller) -> Response:
    """Begins the set-up: a secret for an authenticator app. It counts once a first code has confirmed it."""
    return answer(await two_step.set_up(database(), limits(), await me.actor(), data, client))


@router.post("/two-step/confirm", response_model=RecoveryCodesView, responses=declared(401, 409, 413, 415, 422, 429))
async def turn_on_two_step(me: SignedIn, data: FirstCode, client: Caller) -> Response:
    """Ends the set-up, and shows the recovery codes this once."""
    return answer(await two_step.turn_on(database(), limits(), await me.actor(), data, client))


@router.post("/two-step/recovery-codes", response_model=RecoveryCodesView, responses=declared(401, 403, 409, 413, 415, 422, 429))
async def renew_recovery_codes(me: SignedIn, data: Confirmation, client: Caller) -> Response:
    """New recovery codes; those from before are void."""
    return answer(await two_step.renew_recovery_codes(database(), limits(), await me.actor(), data, client))


@router.delete("/two-step", status_code=204, responses=declared(401, 403, 409, 413, 415, 422, 429))
async def turn_off_two_step(me: SignedIn, data: Confirmation, client: Caller) -> Response:
    """From now on the password alone is enough."""
    await two_step.turn_off(database(), limits(), await me.actor(), data, client)
    return nothing()


@router.get("/passkeys", response_model=PasskeyList, responses=declared(401))
async def list_passkeys(me: SignedIn) -> Response:
    """My passkeys. They are added in a browser."""
    return answer(await me.read(passkeys.list_passkeys))


@router.delete("/passkeys/{passkey_id}", status_code=204, responses=declared(401, 403, 404, 413, 415, 422, 429))
async def remove_passkey(me: SignedIn, passkey_id: uuid.UUID, data: Confirmation, client: Caller) -> Response:
    """Forgets a passkey."""
    await passkeys.remove(database(), limits(), await me.actor(), passkey_id, data, client)
    return nothing()
