"""The native form posts that begin and end a session, and those of the settings page that need the password.

A post answers 303 and the page loads anew, so that its websocket carries the new cookie. What was wrong is told by a flash.
"""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response

from todo_app.client import client_of
from todo_app.config import get_settings
from todo_app.db import database
from todo_app.errors import CodeNeeded, DomainError, Invalid, NotSignedIn, WrongPassword
from todo_app.logs import note_user
from todo_app.schemas.accounts import Confirmation, Credentials, EmailChange, PasswordChange, Registration, UserView
from todo_app.schemas.fields import parse, time_zone_names
from todo_app.security_log import record_refusal
from todo_app.services import accounts, sessions
from todo_app.services.entry import FirstStep
from todo_app.services.export import export_all
from todo_app.services.limits import limits
from todo_app.services.sessions import WHOLE_LIFE, NewSession, Visitor
from todo_app.ui import routes
from todo_app.ui.handshake import cookie_name
from todo_app.ui.signing_in import flash
from todo_app.ui.signing_in.flash import Flash
from todo_app.ui.signing_in.ticket_cookies import keep_ticket

router = APIRouter(prefix=routes.FORMS, include_in_schema=False)

Text = Annotated[str, Form()]


def go(target: str, message: Flash | None = None) -> RedirectResponse:
    """Sends the browser to a page, with something to say there."""
    answer = RedirectResponse(routes.page_address(target), status_code=303)
    if message:
        tell(answer, message)
    return answer


def tell(answer: Response, message: Flash) -> None:
    """Has the next page say something."""
    answer.set_cookie(
        flash.COOKIE,
        message.encode(),
        max_age=flash.LIFE_SECONDS,
        httponly=True,
        secure=get_settings().secure,
        samesite="strict",
    )


def signed_in(target: str, session: NewSession) -> RedirectResponse:
    """`go`, with the cookie of a new session."""
    answer = go(target)
    answer.set_cookie(
        cookie_name(),
        session.token,
        max_age=int(WHOLE_LIFE.total_seconds()),
        httponly=True,
        secure=get_settings().secure,
        samesite="strict",
        path="/",
    )
    answer.delete_cookie(flash.COOKIE)
    return answer


def signed_out(target: str, message: Flash | None = None) -> RedirectResponse:
    """`go`, without the session's cookie."""
    answer = go(target, message)
    answer.delete_cookie(cookie_name(), path="/", secure=get_settings().secure, httponly=True, samesite="strict")
    return answer


def problems_of(error: DomainError) -> dict[str, str]:
    """An error's messages by field; one that is not about a field stands for the whole form."""
    if isinstance(error, Invalid):
        return {found.pointer.strip("/") or "form": found.detail for found in error.errors}
    return {"form": error.detail}


async def visitor_of(request: Request) -> Visitor:
    """The signed-in person; raises `NotSignedIn`."""
    token = request.cookies.get(cookie_name(), "")
    try:
        visitor = await database().read(sessions.by_digest, sessions.digest_of(token))
    except NotSignedIn as error:
        record_refusal(error, resource=f"{request.method} {request.url.path}")
        raise
    note_user(visitor.actor.user_id)
    return visitor


@router.post("/sign-up")
async def sign_up(
    request: Request,
    name: Text = "",
    email: Text = "",
    password: Text = "",
    time_zone: Text = "",
    after: Text = "",
) -> RedirectResponse:
    """Makes an account with something to try out, and signs its owner in."""
    zone = time_zone if time_zone in time_zone_names() else "UTC"
    client = client_of(request)
    try:
        data = parse(Registration, {"name": name, "email": email, "password": password, "time_zone": zone})
        await accounts.register(database(), limits(), data, client, with_practice=True)
        credentials = Credentials(email=email, password=password)
        session = (await accounts.sign_in(database(), limits(), credentials, client, "browser")).session
    except DomainError as error:
        typed = {"name": name, "email": email}
        here = routes.with_query(routes.SIGNUP, {"next": after and routes.own_path(after)})
        return go(here, Flash(routes.SIGNUP, problems_of(error), typed))
    return signed_in(routes.own_path(after), session)


@router.post("/sign-in")
async def sign_in(request: Request, email: Text = "", password: Text = "", after: Text = "") -> RedirectResponse:
    """Signs a person in, to the page they asked for."""
    try:
        missing = {"email": "Enter your email.", "password": "Enter your password."}
        given = {"email": email.strip(), "password": password}
        if problems := {field: message for field, message in missing.items() if not given[field]}:
            return back_to_sign_in(after, email, problems)
        client = client_of(request)
        credentials = parse(Credentials, {"email": email, "password": password})
        first = await accounts.check_credentials(database(), limits(), credentials, client)
        try:
            entered = await accounts.enter(database(), limits(), first, client, "browser")
        except CodeNeeded:
            return _ask_for_code(after, first)
    except DomainError as error:
        return back_to_sign_in(after, email, problems_of(error))
    return signed_in(routes.own_path(after), entered.session)


def _ask_for_code(after: str, first: FirstStep) -> RedirectResponse:
    answer = go(routes.with_query(routes.CODE, {"next": after and routes.own_path(after)}))
    keep_ticket(answer, "second-step", accounts.suspend(first))
    return answer


def back_to_sign_in(after: str, email: str, problems: dict[str, str]) -> RedirectResponse:
    """Sends the browser to the login page, which says what is wrong."""
    here = routes.with_query(routes.LOGIN, {"next": after and routes.own_path(after)})
    return go(here, Flash(routes.LOGIN, problems, {"email": email}))


@router.post("/sign-out")
async def sign_out(request: Request) -> RedirectResponse:
    """Ends this browser's session; its open pages go to the login page."""
    try:
        visitor = await visitor_of(request)
        await database().write(sessions.end_current, visitor.actor)
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    return signed_out(routes.LOGIN)


@router.post("/sign-out-everywhere")
async def sign_out_everywhere(request: Request) -> RedirectResponse:
    """Ends every session of the person, this one too."""
    try:
        visitor = await visitor_of(request)
        await database().write(sessions.end_all, visitor.actor.user_id)
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    return signed_out(routes.LOGIN, Flash(routes.LOGIN, message="You are signed out everywhere."))


def settings_problems(error: DomainError, password_field: str, code_field: str) -> Flash:
    """What the settings page says of an error, at the fields that its form has for password and code."""
    problems = {"password": error.detail} if isinstance(error, WrongPassword) else problems_of(error)
    fields = {"password": password_field, "code": code_field}
    return Flash(routes.SETTINGS, {fields.get(name, name): message for name, message in problems.items()})


@router.post("/password")
async def change_password(
    request: Request, current_password: Text = "", new_password: Text = "", password_code: Text = ""
) -> RedirectResponse:
    """Sets a new password, ends every session, and begins a new one for this browser."""
    try:
        visitor = await visitor_of(request)
        given = {"current_password": current_password, "new_password": new_password, "code": password_code}
        data = parse(PasswordChange, given)
        session = await accounts.change_password_and_stay(database(), limits(), visitor.actor, data, client_of(request))
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    except DomainError as error:
        return go(routes.SETTINGS, settings_problems(error, "current_password", "password_code"))
    answer = signed_in(routes.SETTINGS, session)
    done = Flash(routes.SETTINGS, message="Your password is changed, and every other place is signed out.")
    tell(answer, done)
    return answer


@router.post("/email")
async def change_email(request: Request, email: Text = "", email_password: Text = "", email_code: Text = "") -> RedirectResponse:
    """Sets a new email address, or has it confirmed first."""
    try:
        visitor = await visitor_of(request)
        data = parse(EmailChange, {"email": email, "password": email_password, "code": email_code})
        user = await accounts.change_email(database(), limits(), visitor.actor, data, client_of(request))
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    except DomainError as error:
        return go(routes.SETTINGS, settings_problems(error, "email_password", "email_code"))
    return go(routes.SETTINGS, Flash(routes.SETTINGS, message=_what_became_of_it(visitor.email, user)))


def _what_became_of_it(old_email: str, user: UserView) -> str:
    if user.new_email:
        return f"A link is on its way to {user.new_email}. Your email changes once you have confirmed it there."
    return "Your email stays as it is." if user.email == old_email else "Your email is changed."


@router.post("/delete-account")
async def delete_account(request: Request, deletion_password: Text = "", deletion_code: Text = "") -> RedirectResponse:
    """Deletes the account and everything in it."""
    try:
        visitor = await visitor_of(request)
        data = parse(Confirmation, {"password": deletion_password, "code": deletion_code})
        await accounts.delete_account(database(), limits(), visitor.actor, data, client_of(request))
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    except DomainError as error:
        return go(routes.SETTINGS, settings_problems(error, "deletion_password", "deletion_code"))
    return signed_out(routes.LOGIN, Flash(routes.LOGIN, message="Your account is deleted. Thank you for having been here."))


@router.get("/export")
async def export(request: Request) -> Response:
    """Everything of the person's, as a file."""
    try:
        visitor = await visitor_of(request)
    except NotSignedIn:
        return signed_out(routes.LOGIN)
    document = await database().read(export_all, visitor.actor)
    headers = {"Content-Disposition": 'attachment; filename="todo-export.json"', "Cache-Control": "no-store"}
    return Response(document.model_dump_json(indent=1), media_type="application/json", headers=headers)
