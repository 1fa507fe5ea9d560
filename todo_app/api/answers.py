"""Answers of the API. Views are already valid, so they are written as JSON at once and not checked a second time."""

from collections.abc import Callable, Mapping
from typing import Any

from fastapi import Response

from todo_app.api.problems import declared
from todo_app.schemas.fields import Output
from todo_app.schemas.organise import FilterView, LabelView, ProjectView, SectionView
from todo_app.schemas.tasks import TaskView

# Rows that have an address and a version of their own.
RowView = TaskView | ProjectView | SectionView | LabelView | FilterView

_ETAG = {"ETag": {"description": "The version, to be sent as If-Match.", "schema": {"type": "string"}, "required": True}}
_LOCATION = {"Location": {"description": "Where it is.", "schema": {"type": "string"}, "required": True}}


def answer(view: Output, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A view as JSON."""
    return Response(view.model_dump_json(), status_code=status, headers=headers, media_type="application/json")


def row_answer(row: RowView) -> Response:
    """A row, with its version as ETag."""
    return answer(row, headers={"ETag": f'"{row.version}"'})


def created_in(path: str) -> Callable[[RowView], Response]:
    """How to answer with a row just made, with the address below `path` it can be found at."""

    def created(row: RowView) -> Response:
        return answer(row, 201, {"ETag": f'"{row.version}"', "Location": f"{path}/{row.id}"})

    return created


def nothing() -> Response:
    """204: done, and nothing to say."""
    return Response(status_code=204)


def declared_row(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The answers of a route that gives a row, for its OpenAPI description: the row, and these problems."""
    return {200: {"headers": _ETAG}, **declared(*statuses)}


def declared_creation(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The same for a route that makes one."""
    return {201: {"headers": {**_ETAG, **_LOCATION}}, **declared(*statuses)}
