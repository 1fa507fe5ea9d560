"""The FastAPI application."""

from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.routing import Match

from todo_app import __version__
from todo_app.api import (
    auth,
    changes,
    filter_language,
    health,
    labels,
    me,
    metrics,
    projects,
    quick_add,
    recovery,
    reference,
    saved_filters,
    sections,
    tasks,
    two_step,
)
from todo_app.api.body import CheckBody
from todo_app.api.origin import RefuseCrossSite
from todo_app.api.problems import CatchBugs, map_errors, schemas
from todo_app.config import Settings

_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
# They are tried in this order: what is asked most comes first.
_ROUTERS = (
    tasks.router,
    health.router,
    metrics.router,
    auth.router,
    recovery.router,
    me.router,
    two_step.router,
    quick_add.router,
    projects.router,
    sections.router,
    labels.router,
    saved_filters.router,
    filter_language.router,
    changes.router,
    reference.router,
)


def create_api(settings: Settings) -> FastAPI:
    """The API for one deployment. It opens no connection: `database()` does, at the first request."""
    api = FastAPI(
        title=settings.api_name,
        version=__version__,
        summary="The same tasks as in the pages, over REST.",
        docs_url=None,
        redoc_url=None,
        debug=False,
        generate_unique_id_function=lambda route: route.name,
        redirect_slashes=False,
        # Traces (see tracing.py) have a span for each request and the transactions below it, and nobody's words.
        telemetry={"operation_spans": False, "logs": False, "metrics": False},
    )
    api.state.settings = settings
    map_errors(api)
    for router in (*_ROUTERS, _leftovers()):
        api.include_router(router)
    _describe_problems(api)
    # The last one added sees a request first.
    api.add_middleware(CatchBugs)
    api.add_middleware(CheckBody)
    api.add_middleware(RefuseCrossSite, own_origin=settings.frontend_url)
    api.add_middleware(
        CORSMiddleware,
        allow_origins=[settings.frontend_url],
        allow_credentials=True,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "If-Match", "Idempotency-Key"],
        expose_headers=["ETag", "Location", "Retry-After", "X-Request-ID"],
    )
    return api


def _leftovers() -> APIRouter:
    """Answers for every other path of the API, which would reach the pages mounted below otherwise."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/api", methods=_METHODS)
    @router.api_route("/api/{path:path}", methods=_METHODS)
    async def refuse(request: Request) -> None:
        allowed = [method for method in _METHODS if _is_routed(request, method)]
        if allowed:
            raise HTTPException(405, "This can't be done here.", {"Allow": ", ".join(allowed)})
        raise HTTPException(404, "There is nothing here.")

    return router


def _is_routed(request: Request, method: str) -> bool:
    scope = {**request.scope, "method": method}
    own = [route for router in _ROUTERS for route in router.routes if isinstance(route, APIRoute)]
    return any(route.matches(scope)[0] == Match.FULL for route in own)


def _describe_problems(api: FastAPI) -> None:
    """Adds the problems to the OpenAPI document: routes refer to them by name only."""
    generate = api.openapi

    def openapi() -> dict[str, Any]:
        document = generate()
        document["components"]["schemas"].update(schemas())
        return document

    api.openapi = openapi  # type: ignore[method-assign]
