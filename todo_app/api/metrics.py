"""`GET /metrics`: figures for whoever runs this, and for nobody else."""

import asyncio
import secrets

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.exceptions import HTTPException

from todo_app import metrics
from todo_app.api.dependencies import settings_of

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def read_metrics(request: Request) -> Response:
    """The figures, for `Authorization: Bearer` with METRICS_TOKEN. For others, and without that setting, there is nothing here."""
    token = settings_of(request).metrics_token
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if token is None or not secrets.compare_digest(given.encode(), token.encode()):
        raise HTTPException(404, "There is nothing here.")
    figures = await asyncio.to_thread(metrics.exposition)
    return Response(figures, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})
