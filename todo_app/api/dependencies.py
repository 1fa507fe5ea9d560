"""What routes ask for: the person behind the access token, where the request came from, the versions in `If-Match`."""

import re
from collections.abc import Callable
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Header, Request
from fastapi.security import OAuth2PasswordBearer
from sqlmodel import Session

from todo_app.api.body import FORM_PATH
from todo_app.client import client_of
from todo_app.config import Settings
from todo_app.db import database
from todo_app.errors import NotSignedIn
from todo_app.logs import note_user
from todo_app.services import access_tokens, sessions
from todo_app.services.access_tokens import Claims
from todo_app.services.actor import Actor, Client
from todo_app.services.sessions import Visitor

P = ParamSpec("P")
R = TypeVar("R")

_bearer = OAuth2PasswordBearer(FORM_PATH, scheme_name="AccessToken", auto_error=False)


def settings_of(request: Request) -> Settings:
    """The settings that this API was made with."""
    settings: Settings = request.app.state.settings
    return settings


class SignedInPerson:
    """The person behind a valid access token. What they do runs in the transaction that sees that their session still holds."""

    def __init__(self, claims: Claims) -> None:
        self._claims = claims

    async def actor(self) -> Actor:
        """Who it is, for services that run transactions of their own; raises `NotSignedIn` if the session has ended."""
        return await self.read(lambda _session, actor: actor)

    async def read(self, work: Callable[Concatenate[Session, Actor, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `work(session, actor, …)`, which only reads; raises `NotSignedIn` if the session has ended."""

        def as_visitor(session: Session) -> tuple[R, Visitor]:
            visitor = sessions.by_id(session, self._claims.session_id, self._claims.user_id)
            return work(session, visitor.actor, *args, **kwargs), visitor

        result, visitor = await database().read(as_visitor)
        await sessions.keep_alive(database(), visitor)
        return result

    async def write(self, work: Callable[Concatenate[Session, Actor, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `work(session, actor, …)` as one transaction; raises `NotSignedIn` if the session has ended."""

        def as_visitor(session: Session) -> R:
            visitor = sessions.by_id(session, self._claims.session_id, self._claims.user_id, hold=True)
            if sessions.use_is_due(visitor):
                sessions.note_use(session, visitor.actor)
            return work(session, visitor.actor, *args, **kwargs)

        return await database().write(as_visitor)


async def _signed_in(request: Request, token: Annotated[str | None, Depends(_bearer)]) -> SignedInPerson:
    if token is None:
        raise NotSignedIn("Sign in first: this needs the header Authorization: Bearer with an access token.")
    claims = access_tokens.read(token, settings_of(request).auth_secret)
    note_user(claims.user_id)
    return SignedInPerson(claims)


async def _client(request: Request) -> Client:
    return client_of(request)


# One member of the list; the possessive + keeps a hostile header from taking long.
_MEMBER = re.compile(r'[ \t]*+(?:(W/)?"([^"]*+)"[ \t]*+)?(?:,|$)')
_VERSION = re.compile(r"[1-9][0-9]{0,17}")


def versions_in(header: str) -> frozenset[int] | None:
    """The versions that an `If-Match` names, None for `*`. A weak or foreign tag matches nothing, and nor does nonsense."""
    if header.strip() == "*":
        return None
    versions: set[int] = set()
    position = 0
    while position < len(header):
        member = _MEMBER.match(header, position)
        if member is None:
            return frozenset()
        position = member.end()
        weak, tag = member.groups()
        if tag and not weak and _VERSION.fullmatch(tag):
            versions.add(int(tag))
    return frozenset(versions)


async def _if_match(
    header: Annotated[
        list[str] | None, Header(alias="If-Match", description="Versions (ETags), one of which the task must still have.")
    ] = None,
) -> frozenset[int] | None:
    return None if header is None else versions_in(",".join(header))


SignedIn = Annotated[SignedInPerson, Depends(_signed_in)]
Caller = Annotated[Client, Depends(_client)]
IfMatch = Annotated[frozenset[int] | None, Depends(_if_match)]
