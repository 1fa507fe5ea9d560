"""Tasks and Trash."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response

from todo_app.api.answers import answer, created_in, declared_creation, declared_row, nothing, row_answer
from todo_app.api.dependencies import IfMatch, SignedIn
from todo_app.api.idempotency import Once
from todo_app.api.problems import declared
from todo_app.schemas.tasks import (
    BulkRequest,
    BulkResult,
    ChangeList,
    MoveRequest,
    OccurrenceList,
    OccurrencesQuery,
    RevertRequest,
    TaskFields,
    TaskPage,
    TaskPatch,
    TaskQuery,
    TaskView,
    TrashQuery,
)
from todo_app.services import bulk, duplicating, task_lists, tasks

router = APIRouter(prefix="/api", tags=["Tasks"])


@router.get("/tasks", response_model=TaskPage, responses=declared(401, 422))
async def list_tasks(me: SignedIn, query: Annotated[TaskQuery, Query()]) -> Response:
    """The tasks that are not in Trash."""
    return answer(await me.read(task_lists.list_tasks, query))


@router.post("/tasks", status_code=201, response_model=TaskView, responses=declared_creation(401, 413, 415, 422))
async def create_task(once: Once, fields: TaskFields) -> Response:
    """Adds a task."""
    return await once.write(created_in("/api/tasks"), tasks.create_task, fields)


@router.post("/tasks/bulk", response_model=BulkResult, responses=declared(401, 404, 413, 415, 422))
async def change_many(once: Once, data: BulkRequest) -> Response:
    """Changes many tasks at once: all of them, or none if one can't be."""
    return await once.write(answer, bulk.act, data)


@router.get("/tasks/{task_id}", response_model=TaskView, responses=declared_row(401, 404, 422))
async def get_task(me: SignedIn, task_id: uuid.UUID) -> Response:
    """One task."""
    return row_answer(await me.read(tasks.get_task, task_id))


@router.put("/tasks/{task_id}", response_model=TaskView, responses=declared_row(401, 404, 412, 413, 415, 422))
async def replace_task(me: SignedIn, task_id: uuid.UUID, fields: TaskFields, versions: IfMatch) -> Response:
    """Sets every field: what is left out gets its default."""
    return row_answer(await me.write(tasks.replace_task, task_id, fields, versions))


@router.patch("/tasks/{task_id}", response_model=TaskView, responses=declared_row(401, 404, 412, 413, 415, 422))
async def update_task(me: SignedIn, task_id: uuid.UUID, patch: TaskPatch, versions: IfMatch) -> Response:
    """Sets some fields: what is left out stays, null clears."""
    return row_answer(await me.write(tasks.update_task, task_id, patch, versions))


@router.patch("/tasks/{task_id}/complete", response_model=TaskView, responses=declared_row(401, 404, 422))
async def toggle_task(me: SignedIn, task_id: uuid.UUID) -> Response:
    """Completes an open task, opens a completed one."""
    return row_answer(await me.write(tasks.toggle_task, task_id))


@router.post("/tasks/{task_id}/move", response_model=TaskView, responses=declared_row(401, 404, 412, 413, 415, 422))
async def move_task(once: Once, task_id: uuid.UUID, data: MoveRequest, versions: IfMatch) -> Response:
    """Puts a task into another list, or at another place of its own."""
    return await once.write(row_answer, tasks.move_task, task_id, data, versions)


@router.post("/tasks/{task_id}/duplicate", status_code=201, response_model=TaskView, responses=declared_creation(401, 404, 422))
async def duplicate_task(once: Once, task_id: uuid.UUID) -> Response:
    """Adds a copy of a task and its subtasks right below it, to be done anew."""
    return await once.write(created_in("/api/tasks"), duplicating.duplicate_task, task_id)


@router.post("/tasks/{task_id}/skip", response_model=TaskView, responses=declared_row(401, 404, 412, 422))
async def skip_occurrence(once: Once, task_id: uuid.UUID, versions: IfMatch) -> Response:
    """Moves a recurring task on to its next date without completing it."""
    return await once.write(row_answer, tasks.skip_occurrence, task_id, versions)


@router.get("/tasks/{task_id}/occurrences", response_model=OccurrenceList, responses=declared(401, 404, 422))
async def list_occurrences(me: SignedIn, task_id: uuid.UUID, query: Annotated[OccurrencesQuery, Query()]) -> Response:
    """The next dates of a recurring task, each with its reason."""
    return answer(await me.read(tasks.occurrences, task_id, query.count))


@router.delete("/tasks/{task_id}", status_code=204, responses=declared(401, 404, 412, 422))
async def delete_task(me: SignedIn, task_id: uuid.UUID, versions: IfMatch) -> Response:
    """Moves a task to Trash."""
    await me.write(tasks.delete_task, task_id, versions)
    return nothing()


@router.post("/tasks/{task_id}/restore", response_model=TaskView, responses=declared_row(401, 404, 422))
async def restore_task(once: Once, task_id: uuid.UUID) -> Response:
    """Takes a task back out of Trash."""
    return await once.write(row_answer, tasks.restore_task, task_id)


@router.post("/tasks/{task_id}/revert", response_model=TaskView, responses=declared_row(401, 404, 413, 415, 422))
async def revert_task(once: Once, task_id: uuid.UUID, data: RevertRequest) -> Response:
    """Sets a task back to what it was just after one of its changes."""
    return await once.write(row_answer, tasks.revert_task, task_id, data.change_id)


@router.get("/tasks/{task_id}/history", response_model=ChangeList, responses=declared(401, 404, 422))
async def task_history(me: SignedIn, task_id: uuid.UUID) -> Response:
    """The recorded changes of a task, in Trash or not, newest first."""
    return answer(await me.read(tasks.history, task_id))


@router.get("/trash", response_model=TaskPage, responses=declared(401, 422))
async def list_trash(me: SignedIn, query: Annotated[TrashQuery, Query()]) -> Response:
    """What is in Trash, the last deleted first."""
    return answer(await me.read(task_lists.list_trash, query))


@router.delete("/trash/{task_id}", status_code=204, responses=declared(401, 404, 422))
async def purge_task(me: SignedIn, task_id: uuid.UUID) -> Response:
    """Deletes a task in Trash for good, its history too."""
    await me.write(tasks.purge_task, task_id)
    return nothing()
