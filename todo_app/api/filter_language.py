"""The filter language: why a task fits a filter, or doesn't."""

from fastapi import APIRouter, Response

from todo_app.api.answers import answer
from todo_app.api.dependencies import SignedIn
from todo_app.api.problems import declared
from todo_app.schemas.filters import ExplainRequest, ExplanationView
from todo_app.services import filtering

router = APIRouter(prefix="/api", tags=["Filters"])


@router.post("/filters/explain", response_model=ExplanationView, responses=declared(401, 404, 413, 415, 422))
async def explain_filter(me: SignedIn, data: ExplainRequest) -> Response:
    """Whether a task fits a filter, and which conditions of it settle that."""
    return answer(await me.read(filtering.explain, data.filter, data.task_id))
