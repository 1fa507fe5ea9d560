"""The change feed: what has changed, undo and redo."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from todo_app.api.answers import answer
from todo_app.api.dependencies import SignedIn
from todo_app.api.idempotency import Once
from todo_app.api.problems import declared
from todo_app.schemas.tasks import ChangeList, ChangesQuery, ChangeView, UndoRequest
from todo_app.services import changes

router = APIRouter(prefix="/api", tags=["Changes"])


@router.get("/changes", response_model=ChangeList, responses=declared(401, 422))
async def list_changes(me: SignedIn, query: Annotated[ChangesQuery, Query()]) -> Response:
    """Everything that changed after a number one has seen, oldest first."""
    return answer(await me.read(changes.list_changes, query))


@router.post("/undo", response_model=ChangeView, responses=declared(401, 404, 409, 413, 415, 422))
async def undo(once: Once, data: UndoRequest | None = None) -> Response:
    """Takes back one change, the last one unless said."""
    return await once.write(answer, changes.undo, data.change_id if data else None)


@router.post("/redo", response_model=ChangeView, responses=declared(401, 404, 409, 422))
async def redo(once: Once) -> Response:
    """Does the last undone change again."""
    return await once.write(answer, changes.redo)
