"""Registering, signing in and out."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from todo_app.api.answers import answer, nothing
from todo_app.api.dependencies import Caller, SignedIn, settings_of
from todo_app.api.problems import declared
from todo_app.config import Settings
from todo_app.db import database
from todo_app.errors import NotSignedIn
from todo_app.schemas.accounts import Credentials, PasswordForm, RefreshRequest, Registration, TokenView, UserView
from todo_app.services import access_tokens, accounts, sessions
from todo_app.services.actor import Client
from todo_app.services.limits import limits
from todo_app.services.sessions import NewSession

router = APIRouter(prefix="/api/auth", tags=["Signing in"])


def _tokens(settings: Settings, session: NewSession, user: UserView) -> Response:
    return answer(
        TokenView(
            access_token=access_tokens.issue(session.user_id, session.session_id, settings.auth_secret),
            expires_in=int(access_tokens.LIFE.total_seconds()),
            refresh_token=session.token,
            user=user,
        )
    )


async def _sign_in(settings: Settings, credentials: Credentials, client: Client) -> Response:
    signed_in = await accounts.sign_in(database(), limits(), credentials, client, "api")
    return _tokens(settings, signed_in.session, signed_in.user)


@router.post("/register", status_code=201, response_model=UserView, responses=declared(403, 409, 413, 415, 422, 429))
async def register(request: Request, data: Registration, client: Caller) -> Response:
    """Makes an account."""
    user = await accounts.register(database(), limits(), data, client, allow_signup=settings_of(request).allow_signup)
    return answer(user, 201)


@router.post("/login", response_model=TokenView, responses=declared(401, 413, 415, 422, 429))
async def login(request: Request, credentials: Credentials, client: Caller) -> Response:
    """Signs in with email and password, and a code where two-step sign-in is on: a 401 of type `/problems/code-needed` asks for it,
    and one of type `/problems/invalid-code` refuses it.
    """
    return await _sign_in(settings_of(request), credentials, client)


@router.post("/token", response_model=TokenView, responses=declared(401, 413, 415, 422, 429))
async def token(request: Request, form: Annotated[PasswordForm, Form()], client: Caller) -> Response:
    """The same as an OAuth 2 password form, which the button Authorize of this page's documentation sends."""
    credentials = Credentials(email=form.username, password=form.password, code=form.code)
    return await _sign_in(settings_of(request), credentials, client)


@router.post("/refresh", response_model=TokenView, responses=declared(401, 413, 415, 422))
async def refresh(request: Request, data: RefreshRequest) -> Response:
    """Changes a refresh token for a new pair. It works once: a second use ends the session."""
    rotated = await database().write(sessions.rotate, data.refresh_token)
    if rotated is None:
        raise NotSignedIn(sessions.ENDED)
    session, user = rotated
    return _tokens(settings_of(request), session, accounts.view_of(user))


@router.post("/logout", status_code=204, responses=declared(401))
async def logout(me: SignedIn) -> Response:
    """Ends this session, and with it both of its tokens."""
    await me.write(sessions.end_current)
    return nothing()
