"""`GET /health`: whether this process can do its work, for load balancers and people with a pager."""

from typing import Literal

from fastapi import APIRouter, Request, Response
from sqlalchemy import text
from sqlmodel import Session

from todo_app import __version__
from todo_app.api.answers import answer
from todo_app.api.dependencies import settings_of
from todo_app.db import database
from todo_app.errors import Unavailable
from todo_app.schemas.fields import Output

router = APIRouter(tags=["Health"])
_UNCACHED = {"Cache-Control": "no-store"}


class Health(Output):
    """How it goes. It names no cause: the log does."""

    status: Literal["ok", "unavailable"]
    app: str
    version: str


def _look(session: Session) -> None:
    session.connection().execute(text("SELECT 1"))


@router.get("/health", response_model=Health, responses={503: {"model": Health, "description": "The database is out of reach"}})
async def health(request: Request) -> Response:
    """Whether the database answers."""
    name = settings_of(request).api_name
    try:
        await database().read(_look)
    except Unavailable:
        return answer(Health(status="unavailable", app=name, version=__version__), 503, _UNCACHED)
    return answer(Health(status="ok", app=name, version=__version__), headers=_UNCACHED)
