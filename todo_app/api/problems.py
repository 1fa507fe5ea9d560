"""Errors as RFC 9457 `application/problem+json`: the one place where the API maps them."""

from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from pydantic.json_schema import SkipJsonSchema
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from todo_app.errors import DomainError, FieldError, Invalid, NotSignedIn, TooMany
from todo_app.logs import log_bug
from todo_app.schemas.fields import field_errors
from todo_app.security_log import record_refusal

MEDIA_TYPE = "application/problem+json"
UNREADABLE = "This is no JSON that can be read."
_OF_A_FILTER = "Of a filter, without the white space around it:"


class FieldProblem(BaseModel):
    """One thing wrong with one field."""

    pointer: str = Field(description="A JSON pointer (RFC 6901) into what was sent; a query parameter or header by its name.")
    detail: str
    start: int | SkipJsonSchema[None] = Field(None, description=f"{_OF_A_FILTER} where in it, in characters (code points).")
    end: int | SkipJsonSchema[None] = Field(None, description=f"{_OF_A_FILTER} the character after the last of that place.")
    suggestion: str | SkipJsonSchema[None] = Field(None, description=f"{_OF_A_FILTER} what may stand in that place instead.")


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field("about:blank", description="about:blank: the status says it all.", examples=["/problems/code-needed"])
    title: str
    status: int
    detail: str = Field(description="What happened and what to do, for a person to read.")


class InvalidProblem(Problem):
    """What is wrong with what was sent, field by field."""

    errors: list[FieldProblem]


_DESCRIPTIONS = {
    401: "No access token, or one that is not valid any more; or email, password or code don't sign in",
    403: "The password is wrong, or this is not allowed here",
    404: "There is nothing of yours with this id",
    408: "The body took longer than 30 seconds to arrive",
    409: "It can't be done to what is there now",
    412: "It has changed since the version in If-Match",
    413: "The body is larger than 1 MiB",
    415: "The body is of another media type",
    422: "What was sent breaks a rule",
    429: "Too many attempts; Retry-After says for how many seconds to wait",
    503: "The database is out of reach for the moment",
    507: "The database has no room left to write",
}
_HEADERS = {401: "WWW-Authenticate", 429: "Retry-After"}


def declared(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer, for its OpenAPI description: any may find the database away or full, and a body that
    may be too large may also be too slow.
    """
    slow = (408,) if 413 in statuses else ()
    return {status: _declaration(status) for status in sorted((*slow, *statuses, 503, 507))}


def _declaration(status: int) -> dict[str, Any]:
    name = InvalidProblem.__name__ if status == 422 else Problem.__name__
    declaration: dict[str, Any] = {
        "description": _DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{name}"}}},
    }
    if header := _HEADERS.get(status):
        declaration["headers"] = {header: {"schema": {"type": "string"}, "required": True}}
    return declaration


def schemas() -> dict[str, Any]:
    """The JSON schemas that `declared` refers to."""
    template = "#/components/schemas/{model}"
    named = {model.__name__: model.model_json_schema(ref_template=template) for model in (Problem, InvalidProblem, FieldProblem)}
    for schema in named.values():
        schema.pop("$defs", None)
    return named


def problem(
    status: int,
    detail: str,
    title: str | None = None,
    errors: Sequence[FieldError] = (),
    headers: dict[str, str] | None = None,
    type_: str = DomainError.type,
) -> Response:
    """A problem as an answer."""
    shown = {"type": type_, "title": title or HTTPStatus(status).phrase, "status": status, "detail": detail}
    content = (
        InvalidProblem(**shown, errors=[FieldProblem(**asdict(error)) for error in errors]) if status == 422 else Problem(**shown)
    )
    headers = {"Cache-Control": "no-store", **(headers or {})}
    return Response(content.model_dump_json(exclude_none=True), status_code=status, headers=headers, media_type=MEDIA_TYPE)


async def on_domain_error(request: Request, error: Exception) -> Response:
    """An error that a service raised."""
    assert isinstance(error, DomainError)  # noqa: S101 - Starlette hands over what was registered
    record_refusal(error, resource=f"{request.method} {request.scope['route'].path}")
    headers: dict[str, str] = {}
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.retry_after)
    errors = error.errors if isinstance(error, Invalid) else ()
    return problem(error.status, error.detail, error.title, errors, headers, error.type)


async def on_validation_error(_request: Request, error: Exception) -> Response:
    """What FastAPI found wrong with a body, a query or a header."""
    assert isinstance(error, RequestValidationError)  # noqa: S101
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return _unreadable()
    # FastAPI puts where it looked ("body", "query", "path", "header") before the field.
    errors = field_errors([{**each, "loc": each["loc"][1:]} for each in found])
    return problem(422, Invalid(errors).detail, Invalid.title, errors)


def _unreadable() -> Response:
    return problem(422, UNREADABLE, Invalid.title, [FieldError("", UNREADABLE)])


async def on_http_error(_request: Request, error: Exception) -> Response:
    """What Starlette and FastAPI themselves refuse: an unknown path, a wrong method, a body that can't be read."""
    assert isinstance(error, HTTPException)  # noqa: S101
    if error.status_code == 400:  # FastAPI's word for JSON nested too deep or a form of too many fields
        return _unreadable()
    headers = dict(error.headers or {})
    return problem(error.status_code, error.detail, headers=headers)


class CatchBugs:
    """ASGI middleware: an error nobody expected becomes a 500 with an id to find it by in the log, and goes no further.

    The log gets where it happened and what kind it was. It gets no message and no values: those may be someone's words or secrets.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        has_begun = False

        async def watched_send(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched_send)
        except Exception as error:
            error_id = log_bug("unexpected_error", error, method=scope["method"])
            if has_begun:  # too late for another answer: let the server cut this one off
                raise RuntimeError(f"error {error_id} in the middle of an answer") from None
            answer = problem(
                500, f"Something went wrong on our side. If it happens again, tell whoever runs this: error {error_id}."
            )
            await answer(scope, receive, send)


def map_errors(api: FastAPI) -> None:
    """Has every error that `api` raises on purpose answered as a problem; `CatchBugs` is for the others."""
    api.add_exception_handler(DomainError, on_domain_error)
    api.add_exception_handler(RequestValidationError, on_validation_error)
    api.add_exception_handler(HTTPException, on_http_error)
