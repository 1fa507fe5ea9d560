"""Saved filters."""

import uuid

from fastapi import APIRouter, Response

from todo_app.api.answers import answer, created_in, declared_creation, declared_row, nothing, row_answer
from todo_app.api.dependencies import IfMatch, SignedIn
from todo_app.api.idempotency import Once
from todo_app.api.problems import declared
from todo_app.schemas.organise import FilterFields, FilterList, FilterPatch, FilterView, PlaceRequest
from todo_app.services import saved_filters

router = APIRouter(prefix="/api/filters", tags=["Filters"])


@router.get("", response_model=FilterList, responses=declared(401))
async def list_filters(me: SignedIn) -> Response:
    """All saved filters."""
    return answer(await me.read(saved_filters.list_filters))


@router.post("", status_code=201, response_model=FilterView, responses=declared_creation(401, 413, 415, 422))
async def create_filter(once: Once, fields: FilterFields) -> Response:
    """Saves a filter."""
    return await once.write(created_in("/api/filters"), saved_filters.create_filter, fields)


@router.get("/{filter_id}", response_model=FilterView, responses=declared_row(401, 404, 422))
async def get_filter(me: SignedIn, filter_id: uuid.UUID) -> Response:
    """One saved filter."""
    return row_answer(await me.read(saved_filters.get_filter, filter_id))


@router.patch("/{filter_id}", response_model=FilterView, responses=declared_row(401, 404, 412, 413, 415, 422))
async def update_filter(me: SignedIn, filter_id: uuid.UUID, patch: FilterPatch, versions: IfMatch) -> Response:
    """Sets some fields: what is left out stays, null sets it back to its default."""
    return row_answer(await me.write(saved_filters.update_filter, filter_id, patch, versions))


@router.post("/{filter_id}/place", response_model=FilterView, responses=declared_row(401, 404, 413, 415, 422))
async def place_filter(once: Once, filter_id: uuid.UUID, data: PlaceRequest) -> Response:
    """Puts a saved filter behind another one, or before all."""
    return await once.write(row_answer, saved_filters.place_filter, filter_id, data.after)


@router.delete("/{filter_id}", status_code=204, responses=declared(401, 404, 412, 422))
async def delete_filter(me: SignedIn, filter_id: uuid.UUID, versions: IfMatch) -> Response:
    """Deletes a saved filter; the tasks it found stay."""
    await me.write(saved_filters.delete_filter, filter_id, versions)
    return nothing()
