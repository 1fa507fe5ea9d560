"""What browsers send to sign in with more than a password: the code of the second step, or a passkey."""

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from todo_app.client import client_of
from todo_app.db import database
from todo_app.errors import CodeNeeded, DomainError, TooMany, WrongCode
from todo_app.schemas.fields import parse
from todo_app.schemas.second_step import FirstCode
from todo_app.services import accounts, passkeys
from todo_app.services.limits import limits
from todo_app.ui import routes
from todo_app.ui.signing_in.flash import Flash
from todo_app.ui.signing_in.forms import Text, back_to_sign_in, go, problems_of, signed_in
from todo_app.ui.signing_in.ticket_cookies import drop_ticket, keep_ticket, ticket_in

router = APIRouter(prefix=routes.FORMS, include_in_schema=False)


@router.post("/second-step")
async def take_second_step(request: Request, code: Text = "", recovery_code: Text = "", after: Text = "") -> Response:
    """Signs a person in who has given their password on the page before."""
    page, field = (routes.RECOVERY_CODE, "recovery_code") if recovery_code else (routes.CODE, "code")
    try:
        first = accounts.resume(ticket_in(request, "second-step"))
        given = parse(FirstCode, {"code": recovery_code or code}).code
        entered = await accounts.enter(database(), limits(), first, client_of(request), "browser", given)
    except (CodeNeeded, WrongCode) as error:
        return _again(page, after, {field: error.detail})
    except TooMany as error:
        return _again(page, after, problems_of(error))
    except DomainError as error:  # its time is over, or the password has changed since
        return back_to_sign_in(after, "", problems_of(error))
    answer = signed_in(routes.own_path(after), entered.session)
    drop_ticket(answer, "second-step")
    return answer


def _again(page: str, after: str, problems: dict[str, str]) -> RedirectResponse:
    here = routes.with_query(page, {"next": after and routes.own_path(after)})
    return go(here, Flash(page, problems))


@router.post("/passkey-challenge")
async def challenge() -> Response:
    """What a page's script asks the browser's `navigator.credentials.get`."""
    asked = passkeys.challenge_to_sign_in()
    answer = Response(asked.options, media_type="application/json", headers={"Cache-Control": "no-store"})
    keep_ticket(answer, "passkey-sign-in", asked.ticket)
    return answer


@router.post("/passkey")
async def sign_in_with_passkey(request: Request, answer: Text = "", after: Text = "") -> Response:
    """Signs in with what the browser has answered."""
    try:
        ticket = ticket_in(request, "passkey-sign-in")
        entered = await passkeys.sign_in(database(), limits(), answer, ticket, client_of(request))
    except DomainError as error:
        return back_to_sign_in(after, "", problems_of(error))
    done = signed_in(routes.own_path(after), entered.session)
    drop_ticket(done, "passkey-sign-in")
    return done
