"""`Idempotency-Key`: a POST that arrives twice is done once and answered the same."""

from collections.abc import Callable
from typing import Annotated, Concatenate, ParamSpec, TypeVar

from fastapi import Depends, Header, Request, Response
from sqlmodel import Session

from todo_app.api.dependencies import SignedIn, SignedInPerson
from todo_app.services import idempotency
from todo_app.services.actor import Actor
from todo_app.services.idempotency import Answer

P = ParamSpec("P")
R = TypeVar("R")

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern="^[!-~]+$",
        description="Any text of your own for one request: sending both again gives the same answer and does nothing twice.",
    ),
]
_KEPT_HEADERS = ("etag", "location")


class OnceOnly:
    """How a POST does its work: once per key."""

    def __init__(self, me: SignedInPerson, key: str | None, request: str) -> None:
        self._me = me
        self._key = key
        self._request = request

    async def write(
        self,
        render: Callable[[R], Response],
        work: Callable[Concatenate[Session, Actor, P], R],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Response:
        """`render(work(session, actor, …))`; the answer is kept in the transaction of the work, and given again to a repeat.

        Raises what `work` does, and `Invalid` if the key came with another request before.
        """
        key = self._key
        if key is None:
            return render(await self._me.write(work, *args, **kwargs))

        def at_most_once(session: Session, actor: Actor) -> Answer:
            return idempotency.once(
                session, actor, key, self._request, lambda session: _kept(render(work(session, actor, *args, **kwargs)))
            )

        return _given_again(await self._me.write(at_most_once))


def _kept(response: Response) -> Answer:
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    # The text and not its parsed form: PostgreSQL's JSONB would put the members in another order.
    return {"status": response.status_code, "headers": headers, "body": bytes(response.body).decode()}


def _given_again(answer: Answer) -> Response:
    return Response(answer["body"], answer["status"], answer["headers"], media_type="application/json")


async def _once(request: Request, me: SignedIn, key: Key = None) -> OnceOnly:
    body = (await request.body()).decode("latin-1")  # any bytes are text by it
    return OnceOnly(me, key, f"{request.method} {request.url.path} {body}")


Once = Annotated[OnceOnly, Depends(_once)]
