"""The state of the open task's subtasks."""

import uuid
from typing import Any

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app import lengths
from todo_app.db import database
from todo_app.errors import Invalid, NotFound
from todo_app.schemas.fields import parse
from todo_app.schemas.quick_add import QuickAddRequest
from todo_app.schemas.tasks import MoveRequest, TaskQuery
from todo_app.services import task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.services.details import MOST_SUBTASKS, Details
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live
from todo_app.ui.notices import quoted, say
from todo_app.ui.once import add_once
from todo_app.ui.sending import show
from todo_app.ui.session import Next, actor_of
from todo_app.ui.task_list.rows import Names, Row, rows_of
from todo_app.ui.task_panel.choices import texts_of


class Subtasks(rx.State):
    """The subtasks, in their order by hand. `TaskPanel` fills it. `marks`: a 1 for each that is done and a 0 for the others."""

    rows: list[Row] = []
    marks: str = ""
    done: int = 0
    total: int = 0
    problem: str = ""
    added: str = ""  # the key of the subtask added last, for the browser to forget its words

    def _fill(self, actor: Actor, details: Details) -> None:
        names = Names({}, {str(each.id): each for each in details.labels})
        items = details.subtasks.items
        show(
            self,
            rows=rows_of(items, actor.time_zone, names, with_project=False),
            marks="".join("1" if each.completed else "0" for each in items),
            done=details.task.subtasks_completed,
            total=details.task.subtasks,
        )

    def _forget(self) -> None:
        """Another task is opened, or none."""
        show(self, problem="")

    @rx.event
    async def add(self, task_id: str, form: dict[str, Any]) -> Next:
        """Adds what the line says below a task. `key` is made by the browser: should the form arrive twice, it is done once."""
        actor = await actor_of(self)
        given = texts_of(form)
        key = given.get("key", "")[: lengths.KEY]
        show(self, problem="")
        try:
            request = parse(QuickAddRequest, {"text": given.get("title", ""), "parent_id": read_id(task_id)})
            await database().write(add_once, actor, request, key)
        except Invalid as error:
            self.problem = error.detail
            return Live.start_over  # the browser puts the words back
        self.added = key
        return Live.catch_up

    @rx.event
    async def move(self, task_id: str, step: int) -> Next:
        """Moves a subtask up (-1) or down (1) among its siblings, and says where it is then."""
        actor = await actor_of(self)
        said, change_id = await database().change(_move, actor, read_id(task_id), 1 if step == 1 else -1)
        await say(self, said, change_id)
        return Live.catch_up


def _move(session: DbSession, actor: Actor, task_id: uuid.UUID, step: int) -> str:
    task = tasks.get_task(session, actor, task_id)
    query = TaskQuery(parent_id=task.parent_id, sort="position", limit=MOST_SUBTASKS)
    ids = [each.id for each in task_lists.list_tasks(session, actor, query).items]
    if task.parent_id is None or task.id not in ids:
        raise NotFound("There is no such subtask.")
    here = ids.index(task.id)
    there = max(0, min(len(ids) - 1, here + step))
    ids.remove(task.id)
    if there != here:
        after = ids[there - 1] if there else None
        tasks.move_task(session, actor, task.id, parse(MoveRequest, {"after": after}))
    return f"{quoted(task.title)} moved to position {there + 1} of {len(ids) + 1}"
