"""What a page sends a second time, after its line was down, is done once."""

from collections.abc import Callable
from typing import Any

from sqlmodel import Session as DbSession

from todo_app.schemas.quick_add import QuickAddRequest
from todo_app.services import idempotency, quick_add
from todo_app.services.actor import Actor


def once(session: DbSession, actor: Actor, key: str, request: str, work: Callable[[DbSession], dict[str, Any]]) -> dict[str, Any]:
    """What `work` gives, the first time that this `key` of the browser's comes, and every time. Without a key it is just done."""
    return idempotency.once(session, actor, f"page:{key}", request, work) if key else work(session)


def add_once(session: DbSession, actor: Actor, request: QuickAddRequest, key: str) -> list[str]:
    """Adds what the lines say; the ids of the tasks made."""

    def add(session: DbSession) -> dict[str, Any]:
        return {"ids": [str(task.id) for task in quick_add.add(session, actor, request)]}

    return list(once(session, actor, key, f"{request.parent_id} {request.text}", add)["ids"])
