"""Labels."""

import uuid

from fastapi import APIRouter, Response

from todo_app.api.answers import answer, created_in, declared_creation, declared_row, nothing, row_answer
from todo_app.api.dependencies import IfMatch, SignedIn
from todo_app.api.idempotency import Once
from todo_app.api.problems import declared
from todo_app.schemas.organise import LabelFields, LabelList, LabelPatch, LabelView, PlaceRequest
from todo_app.services import labels

router = APIRouter(prefix="/api/labels", tags=["Labels"])


@router.get("", response_model=LabelList, responses=declared(401))
async def list_labels(me: SignedIn) -> Response:
    """All labels."""
    return answer(await me.read(labels.list_labels))


@router.post("", status_code=201, response_model=LabelView, responses=declared_creation(401, 409, 413, 415, 422))
async def create_label(once: Once, fields: LabelFields) -> Response:
    """Adds a label. Each name is there once, whatever its case and accents."""
    return await once.write(created_in("/api/labels"), labels.create_label, fields)


@router.get("/{label_id}", response_model=LabelView, responses=declared_row(401, 404, 422))
async def get_label(me: SignedIn, label_id: uuid.UUID) -> Response:
    """One label."""
    return row_answer(await me.read(labels.get_label, label_id))


@router.patch("/{label_id}", response_model=LabelView, responses=declared_row(401, 404, 409, 412, 413, 415, 422))
async def update_label(me: SignedIn, label_id: uuid.UUID, patch: LabelPatch, versions: IfMatch) -> Response:
    """Sets some fields: what is left out stays, null sets it back to its default."""
    return row_answer(await me.write(labels.update_label, label_id, patch, versions))


@router.post("/{label_id}/place", response_model=LabelView, responses=declared_row(401, 404, 413, 415, 422))
async def place_label(once: Once, label_id: uuid.UUID, data: PlaceRequest) -> Response:
    """Puts a label behind another one, or before all."""
    return await once.write(row_answer, labels.place_label, label_id, data.after)


@router.delete("/{label_id}", status_code=204, responses=declared(401, 404, 412, 422))
async def delete_label(me: SignedIn, label_id: uuid.UUID, versions: IfMatch) -> Response:
    """Deletes a label and takes it off its tasks. One undo puts it back on."""
    await me.write(labels.delete_label, label_id, versions)
    return nothing()
