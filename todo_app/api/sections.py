"""Sections: the parts of a project."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response

from todo_app.api.answers import answer, created_in, declared_creation, declared_row, nothing, row_answer
from todo_app.api.dependencies import IfMatch, SignedIn
from todo_app.api.idempotency import Once
from todo_app.api.problems import declared
from todo_app.schemas.organise import PlaceRequest, SectionFields, SectionList, SectionPatch, SectionQuery, SectionView
from todo_app.services import sections

router = APIRouter(prefix="/api/sections", tags=["Sections"])


@router.get("", response_model=SectionList, responses=declared(401, 422))
async def list_sections(me: SignedIn, query: Annotated[SectionQuery, Query()]) -> Response:
    """The sections of a project, or of all."""
    return answer(await me.read(sections.list_sections, query.project_id))


@router.post("", status_code=201, response_model=SectionView, responses=declared_creation(401, 413, 415, 422))
async def create_section(once: Once, fields: SectionFields) -> Response:
    """Adds a section, at the end of its project."""
    return await once.write(created_in("/api/sections"), sections.create_section, fields)


@router.get("/{section_id}", response_model=SectionView, responses=declared_row(401, 404, 422))
async def get_section(me: SignedIn, section_id: uuid.UUID) -> Response:
    """One section."""
    return row_answer(await me.read(sections.get_section, section_id))


@router.patch("/{section_id}", response_model=SectionView, responses=declared_row(401, 404, 412, 413, 415, 422))
async def update_section(me: SignedIn, section_id: uuid.UUID, patch: SectionPatch, versions: IfMatch) -> Response:
    """Sets the name."""
    return row_answer(await me.write(sections.update_section, section_id, patch, versions))


@router.post("/{section_id}/place", response_model=SectionView, responses=declared_row(401, 404, 413, 415, 422))
async def place_section(once: Once, section_id: uuid.UUID, data: PlaceRequest) -> Response:
    """Puts a section behind another one of its project, or before all."""
    return await once.write(row_answer, sections.place_section, section_id, data.after)


@router.delete("/{section_id}", status_code=204, responses=declared(401, 404, 412, 422))
async def delete_section(me: SignedIn, section_id: uuid.UUID, versions: IfMatch) -> Response:
    """Deletes a section; its tasks stay in the project."""
    await me.write(sections.delete_section, section_id, versions)
    return nothing()
