"""Projects."""

import uuid

from fastapi import APIRouter, Response

from todo_app.api.answers import answer, created_in, declared_creation, declared_row, nothing, row_answer
from todo_app.api.dependencies import IfMatch, SignedIn
from todo_app.api.idempotency import Once
from todo_app.api.problems import declared
from todo_app.schemas.organise import PlaceRequest, ProjectContents, ProjectFields, ProjectList, ProjectPatch, ProjectView
from todo_app.services import projects

router = APIRouter(prefix="/api/projects", tags=["Projects"])


@router.get("", response_model=ProjectList, responses=declared(401))
async def list_projects(me: SignedIn) -> Response:
    """All projects, the archived ones too, each before those in it."""
    return answer(await me.read(projects.list_projects))


@router.post("", status_code=201, response_model=ProjectView, responses=declared_creation(401, 413, 415, 422))
async def create_project(once: Once, fields: ProjectFields) -> Response:
    """Adds a project, behind its siblings."""
    return await once.write(created_in("/api/projects"), projects.create_project, fields)


@router.get("/{project_id}", response_model=ProjectView, responses=declared_row(401, 404, 422))
async def get_project(me: SignedIn, project_id: uuid.UUID) -> Response:
    """One project."""
    return row_answer(await me.read(projects.get_project, project_id))


@router.patch("/{project_id}", response_model=ProjectView, responses=declared_row(401, 404, 412, 413, 415, 422))
async def update_project(me: SignedIn, project_id: uuid.UUID, patch: ProjectPatch, versions: IfMatch) -> Response:
    """Sets some fields: what is left out stays, null sets it back to its default."""
    return row_answer(await me.write(projects.update_project, project_id, patch, versions))


@router.get("/{project_id}/contents", response_model=ProjectContents, responses=declared(401, 404, 422))
async def get_contents(me: SignedIn, project_id: uuid.UUID) -> Response:
    """What would go with a project if it were deleted."""
    return answer(await me.read(projects.contents_of, project_id))


@router.post("/{project_id}/place", response_model=ProjectView, responses=declared_row(401, 404, 413, 415, 422))
async def place_project(once: Once, project_id: uuid.UUID, data: PlaceRequest) -> Response:
    """Puts a project behind another one, and into what that lies in; or before all its siblings."""
    return await once.write(row_answer, projects.place_project, project_id, data.after)


@router.delete("/{project_id}", status_code=204, responses=declared(401, 404, 412, 422))
async def delete_project(me: SignedIn, project_id: uuid.UUID, versions: IfMatch) -> Response:
    """Deletes a project with the projects and sections in it, and moves their tasks to Trash. One undo brings all of it back."""
    await me.write(projects.delete_project, project_id, versions)
    return nothing()
