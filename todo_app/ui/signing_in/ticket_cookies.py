"""The cookies in which a browser keeps a ticket between two steps: out of the reach of scripts, and gone after ten minutes."""

from fastapi import Request
from fastapi.responses import Response

from todo_app.config import get_settings
from todo_app.services.tickets import LIFE, Purpose


def _name(purpose: Purpose) -> str:
    return f"__Host-{purpose}" if get_settings().secure else purpose


def ticket_in(request: Request, purpose: Purpose) -> str:
    """The ticket that the browser brings, or nothing."""
    return request.cookies.get(_name(purpose), "")


def keep_ticket(answer: Response, purpose: Purpose, ticket: str) -> None:
    """Has the browser keep a ticket."""
    answer.set_cookie(
        _name(purpose),
        ticket,
        max_age=int(LIFE.total_seconds()),
        httponly=True,
        secure=get_settings().secure,
        samesite="strict",
        path="/",
    )


def drop_ticket(answer: Response, purpose: Purpose) -> None:
    """Has the browser forget it."""
    answer.delete_cookie(_name(purpose), path="/", secure=get_settings().secure, httponly=True, samesite="strict")
