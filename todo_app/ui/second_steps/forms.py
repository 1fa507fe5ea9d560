"""What the settings page sends to switch two-step sign-in and to keep passkeys.

Secrets that are shown once go to a script of the page (assets/second_step.js) and from there to the eye: in a state they would be
stored, and in a flash too. Everything else is a native form post.
"""

from typing import Any

import segno
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from todo_app.client import client_of
from todo_app.db import database
from todo_app.errors import DomainError, NotSignedIn
from todo_app.schemas.accounts import Confirmation
from todo_app.schemas.fields import parse
from todo_app.schemas.second_step import FirstCode, PasskeyChoice, PasskeyName, RecoveryCodesView
from todo_app.services import passkeys, two_step
from todo_app.services.limits import limits
from todo_app.ui import routes
from todo_app.ui.signing_in.flash import Flash
from todo_app.ui.signing_in.forms import Text, go, problems_of, settings_problems, signed_out, visitor_of
from todo_app.ui.signing_in.ticket_cookies import drop_ticket, keep_ticket, ticket_in

router = APIRouter(prefix=routes.FORMS, include_in_schema=False)


def _shown(**secrets: Any) -> Response:
    return JSONResponse(secrets, headers={"Cache-Control": "no-store"})


def _refused(error: DomainError) -> Response:
    """What is wrong, for the script to say in its form."""
    return JSONResponse({"problem": " ".join(problems_of(error).values())}, error.status, {"Cache-Control": "no-store"})


def _codes(view: RecoveryCodesView) -> Response:
    return _shown(codes=view.recovery_codes)


@router.post("/two-step")
async def set_up(request: Request, set_up_password: Text = "") -> Response:
    """A secret, to be read by an authenticator app or typed in."""
    try:
        actor = (await visitor_of(request)).actor
        data = parse(Confirmation, {"password": set_up_password})
        made = await two_step.set_up(database(), limits(), actor, data, client_of(request))
    except DomainError as error:
        return _refused(error)
    return _shown(qr=segno.make(made.uri).svg_data_uri(scale=4, border=2), secret=made.secret)


@router.post("/two-step-confirm")
async def turn_on(request: Request, set_up_code: Text = "") -> Response:
    """Two-step sign-in from now on; the recovery codes."""
    try:
        actor = (await visitor_of(request)).actor
        return _codes(
            await two_step.turn_on(database(), limits(), actor, parse(FirstCode, {"code": set_up_code}), client_of(request))
        )
    except DomainError as error:
        return _refused(error)


@router.post("/recovery-codes")
async def renew_recovery_codes(request: Request, renew_password: Text = "", renew_code: Text = "") -> Response:
    """New recovery codes."""
    try:
        actor = (await visitor_of(request)).actor
        data = parse(Confirmation, {"password": renew_password, "code": renew_code})
        return _codes(await two_step.renew_recovery_codes(database(), limits(), actor, data, client_of(request)))
    except DomainError as error:
        return _refused(error)


@router.post("/two-step-off")
async def turn_off(request: Request, off_password: Text = "", off_code: Text = "") -> RedirectResponse:
    """The password alone from now on."""
    try:
        actor = (await visitor_of(request)).actor
        data = parse(Confirmation, {"password": off_password, "code": off_code})
        await two_step.turn_off(database(), limits(), actor, data, client_of(request))
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    except DomainError as error:
        return go(routes.SETTINGS, settings_problems(error, "off_password", "off_code"))
    return go(routes.SETTINGS, Flash(routes.SETTINGS, message="Two-step sign-in is off."))


@router.post("/new-passkey")
async def ask_for_passkey(request: Request, passkey_password: Text = "", passkey_code: Text = "") -> Response:
    """What the page's script asks the browser's `navigator.credentials.create`."""
    try:
        actor = (await visitor_of(request)).actor
        data = parse(Confirmation, {"password": passkey_password, "code": passkey_code})
        asked = await passkeys.challenge_to_add(database(), limits(), actor, data, client_of(request))
    except DomainError as error:
        return _refused(error)
    answer = Response(asked.options, media_type="application/json", headers={"Cache-Control": "no-store"})
    keep_ticket(answer, "passkey-registration", asked.ticket)
    return answer


@router.post("/add-passkey")
async def add_passkey(request: Request, passkey_name: Text = "", answer: Text = "") -> RedirectResponse:
    """Keeps what the browser has made."""
    try:
        actor = (await visitor_of(request)).actor
        ticket = ticket_in(request, "passkey-registration")
        await database().write(passkeys.add, actor, parse(PasskeyName, {"name": passkey_name}), answer, ticket)
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    except DomainError as error:
        return go(routes.SETTINGS, Flash(routes.SETTINGS, {"form": " ".join(problems_of(error).values())}))
    done = go(routes.SETTINGS, Flash(routes.SETTINGS, message="Your passkey is added. You can sign in with it from now on."))
    drop_ticket(done, "passkey-registration")
    return done


@router.post("/remove-passkey")
async def remove_passkey(
    request: Request, passkey: Text = "", remove_password: Text = "", remove_code: Text = ""
) -> RedirectResponse:
    """Forgets one."""
    try:
        actor = (await visitor_of(request)).actor
        chosen = parse(PasskeyChoice, {"passkey": passkey})
        data = parse(Confirmation, {"password": remove_password, "code": remove_code})
        await passkeys.remove(database(), limits(), actor, chosen.passkey, data, client_of(request))
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    except DomainError as error:
        return go(routes.SETTINGS, settings_problems(error, "remove_password", "remove_code"))
    return go(routes.SETTINGS, Flash(routes.SETTINGS, message="The passkey is removed. Remove it from your device too."))
