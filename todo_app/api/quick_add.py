"""Quick add: what a line means, and tasks made of lines."""

from fastapi import APIRouter, Response

from todo_app.api.answers import answer
from todo_app.api.dependencies import SignedIn
from todo_app.api.idempotency import Once
from todo_app.api.problems import declared
from todo_app.schemas.quick_add import AddedTasks, ParsedView, ParseRequest, QuickAddRequest
from todo_app.schemas.tasks import TaskView
from todo_app.services import quick_add

router = APIRouter(prefix="/api", tags=["Tasks"])


@router.post("/parse", response_model=ParsedView, responses=declared(401, 413, 415, 422))
async def parse_text(me: SignedIn, data: ParseRequest) -> Response:
    """The task that a line of text means."""
    return answer(await me.read(quick_add.parse_text, data))


@router.post("/quick-add", status_code=201, response_model=AddedTasks, responses=declared(401, 413, 415, 422))
async def add_lines(once: Once, data: QuickAddRequest) -> Response:
    """Makes a task of each line of text, with the projects and labels it names."""
    return await once.write(_added, quick_add.add, data)


def _added(tasks: list[TaskView]) -> Response:
    return answer(AddedTasks(items=tasks), 201)
