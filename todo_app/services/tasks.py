"""Tasks: adding, changing, completing, moving, Trash. Lists of them are in services/task_lists.py."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, bindparam
from sqlmodel import Session, col, select

from todo_app.change_feed import record_purge
from todo_app.errors import Invalid, NotFound, Stale
from todo_app.models import ChangeItem, Task
from todo_app.models.base import utc_now
from todo_app.schemas.tasks import ChangeList, MoveRequest, OccurrenceList, TaskFields, TaskPatch, TaskView
from todo_app.services import changes, placing, recurring, references, subtasks
from todo_app.services.actor import Actor
from todo_app.services.positions import at_top
from todo_app.services.rows import Versions, position_after, require_version, take_turns
from todo_app.services.subtasks import Below
from todo_app.services.task_lists import view_of, views_of

NO_SUCH_TASK = "There is no such task."
_OWN = select(Task).where(
    Task.id == bindparam("id"),
    Task.owner_id == bindparam("owner"),
    col(Task.deleted_at).is_not(None) == bindparam("in_trash", type_=Boolean),
)
_OWN_HELD = _OWN.with_for_update()


def find(session: Session, actor: Actor, task_id: uuid.UUID, *, in_trash: bool = False, for_update: bool = False) -> Task:
    """The actor's task of this id; raises `NotFound` alike for a missing and for somebody else's."""
    wanted = {"id": task_id, "owner": actor.user_id, "in_trash": in_trash}
    task = session.exec(_OWN_HELD if for_update else _OWN, params=wanted).first()
    if task is None:
        raise NotFound(NO_SUCH_TASK)
    return task


def _find_to_change(session: Session, actor: Actor, task_id: uuid.UUID, versions: Versions) -> Task:
    task = find(session, actor, task_id, for_update=True)
    require_version(task, versions, "task")
    return task


def get_task(session: Session, actor: Actor, task_id: uuid.UUID) -> TaskView:
    """One task; raises `NotFound`."""
    return _seen(session, find(session, actor, task_id))


def _seen(session: Session, task: Task) -> TaskView:
    return views_of(session, task.owner_id, [task])[0]


def history(session: Session, actor: Actor, task_id: uuid.UUID) -> ChangeList:
    """The recorded changes of a task, in Trash or not, newest first; raises `NotFound`."""
    if session.exec(select(Task.id).where(Task.id == task_id, Task.owner_id == actor.user_id)).first() is None:
        raise NotFound(NO_SUCH_TASK)
    return changes.history_of(session, actor, task_id)


def _settle(task: Task, actor: Actor, values: Mapping[str, Any]) -> None:
    """Brings the fields that depend on others in line; called after `values` were set."""
    recurring.settle(task, actor, is_new_rule=values.get("rrule") is not None)
    if task.due_date is None and task.due_time is not None:
        raise Invalid.field("due_time", "A due time needs a due date.")
    if task.due_time is None:
        task.time_zone = None
    elif task.time_zone is None:
        task.time_zone = actor.time_zone
    if not task.completed:
        task.completed_at = None
    elif task.completed_at is None:
        task.completed_at = utc_now()


def create_task(session: Session, actor: Actor, fields: TaskFields) -> TaskView:
    """Adds a task: a subtask behind its siblings, any other at the top of its list."""
    task = make(actor, placing.resolve(session, actor, fields.model_dump()), utc_now())
    session.add(task)
    reopen_above(session, task)
    session.flush()
    return view_of(task)


def make(actor: Actor, values: Mapping[str, Any], moment: datetime) -> Task:
    """A new row, made at `moment` and not yet added; `values` are all fields, as `placing.resolve` gives them."""
    task = Task(owner_id=actor.user_id, created_at=moment, updated_at=moment, day_position=at_top(moment), **values)
    _settle(task, actor, values)
    return task


def change(session: Session, actor: Actor, task: Task, values: Mapping[str, Any]) -> None:
    """Sets fields of a row at hand, by the rules of `update_task`, and writes them."""
    apply(session, actor, task, values, lambda row: subtasks.below(session, actor.user_id, [row.id]))
    session.flush()


def apply(session: Session, actor: Actor, task: Task, values: Mapping[str, Any], below: Below) -> None:
    """As `change`, and leaves the writing to the caller, who says how to find what lies below the task."""
    completed = values.get("completed", task.completed)
    values = {name: value for name, value in values.items() if name != "completed"}
    if values.get("rrule") == task.rrule and values.get("due_date", task.due_date):
        values.pop("rrule", None)  # the same rule again: it goes on counting from where it began
    is_elsewhere = _put(task, placing.resolve(session, actor, values, task), below)
    _settle(task, actor, values)
    is_opened = task.completed and not completed
    if completed and not task.completed:
        _complete(actor, task, below)
    elif is_opened:
        task.completed, task.completed_at = False, None
    if is_elsewhere or is_opened:
        reopen_above(session, task)


def _put(task: Task, values: Mapping[str, Any], below: Below) -> bool:
    """Sets the values, and takes the subtasks along to where the task goes; says whether it went anywhere."""
    before = [getattr(task, name) for name in placing.PLACE]
    for name, value in values.items():
        setattr(task, name, value)
    if (task.project_id, task.section_id) != (before[0], before[1]):
        for child in below(task):
            child.project_id, child.section_id = task.project_id, task.section_id
    return before != [getattr(task, name) for name in placing.PLACE]


def _complete(actor: Actor, task: Task, below: Below) -> None:
    """Completes a task with all its subtasks; a recurring one moves on to its next date, and its subtasks begin anew."""
    now = utc_now()
    moved_on = recurring.advance(task, actor, now)
    if not moved_on:
        task.completed, task.completed_at = True, now
    _complete_all(below(task), None if moved_on else now)


def _complete_all(tasks: Iterable[Task], moment: datetime | None) -> None:
    """Completes the open ones among tasks, or opens the completed ones if there is no moment."""
    for task in tasks:
        if task.completed == (moment is None) and task.deleted_at is None:
            task.completed, task.completed_at = moment is not None, moment


def reopen_above(session: Session, task: Task) -> None:
    """Opens what an open task lies in: nothing is done while a part of it is not."""
    if task.completed or task.deleted_at is not None:
        return
    for each in subtasks.above(session, task):
        each.completed, each.completed_at = False, None


def replace_task(session: Session, actor: Actor, task_id: uuid.UUID, fields: TaskFields, versions: Versions = None) -> TaskView:
    """Sets every field. `versions`: the versions one of which it must have, else `Stale`; None for any."""
    task = _find_to_change(session, actor, task_id, versions)
    change(session, actor, task, fields.model_dump())
    return _seen(session, task)


def update_task(
    session: Session,
    actor: Actor,
    task_id: uuid.UUID,
    patch: TaskPatch,
    versions: Versions = None,
    seen: Mapping[str, Any] | None = None,
) -> TaskView:
    """Sets the fields given. `seen` names values the person saw when they began to edit: raises `Stale` if one is
    neither that any more nor what they want it to be, so that no one's words are overwritten unread."""
    task = _find_to_change(session, actor, task_id, versions)
    values = patch.given()
    for name, value in (seen or {}).items():
        if getattr(task, name) not in (value, values.get(name, value)):
            raise Stale("This was changed somewhere else while you were editing.")
    change(session, actor, task, without_time(task, values))
    return _seen(session, task)


def without_time(task: Task, values: Mapping[str, Any]) -> dict[str, Any]:
    """A patch's values; where it takes the due day away, the time goes too."""
    lone_time = {"due_time": None} if values.get("due_date", task.due_date) is None else {}
    return {**lone_time, **values}


def toggle_task(session: Session, actor: Actor, task_id: uuid.UUID) -> TaskView:
    """Completes an open task, and opens a completed one."""
    task = find(session, actor, task_id, for_update=True)
    change(session, actor, task, {"completed": not task.completed})
    return _seen(session, task)


def move_task(session: Session, actor: Actor, task_id: uuid.UUID, request: MoveRequest, versions: Versions = None) -> TaskView:
    """Puts a task into another list, and behind another task of it by hand. Where it stays in its list, one row is written."""
    take_turns(session, actor)  # two moves at once into one gap would give the same place
    task = _find_to_change(session, actor, task_id, versions)
    change(session, actor, task, request.place())
    leader = find(session, actor, request.after) if request.after else None
    if leader is task:
        raise Invalid.field("after", "A task can't stand behind itself.")
    peers = [col(Task.owner_id) == actor.user_id, col(Task.deleted_at).is_(None), col(Task.id) != task.id]
    if request.order == "day":
        task.day_position = position_after(session, Task, peers, leader, "day_position")
    else:
        if leader is not None and any(getattr(leader, name) != getattr(task, name) for name in ("project_id", "parent_id")):
            raise Invalid.field("after", "That task is in another list.")
        peers += [col(Task.project_id) == task.project_id, col(Task.parent_id) == task.parent_id]
        task.position = position_after(session, Task, peers, leader)
    session.flush()
    return _seen(session, task)


def skip_occurrence(session: Session, actor: Actor, task_id: uuid.UUID, versions: Versions = None) -> TaskView:
    """Moves a recurring task on to its next date without completing it; raises `Invalid` if there is none."""
    task = _find_to_change(session, actor, task_id, versions)
    recurring.skip_occurrence(task, actor)
    session.flush()
    return _seen(session, task)


def occurrences(session: Session, actor: Actor, task_id: uuid.UUID, count: int) -> OccurrenceList:
    """The next dates of a task, each with its reason."""
    return recurring.occurrences(find(session, actor, task_id), actor, count)


def delete_task(session: Session, actor: Actor, task_id: uuid.UUID, versions: Versions = None) -> None:
    """Moves a task to Trash, with its subtasks."""
    task = _find_to_change(session, actor, task_id, versions)
    discard(session, actor, [task])


def discard(session: Session, actor: Actor, tasks: Sequence[Task]) -> None:
    """Moves rows at hand to Trash, with their subtasks: all at one moment, so that they come back together."""
    now = utc_now()
    for each in (*tasks, *subtasks.below(session, actor.user_id, [task.id for task in tasks])):
        each.deleted_at = each.deleted_at or now
    session.flush()


def restore_task(session: Session, actor: Actor, task_id: uuid.UUID) -> TaskView:
    """Takes a task back out of Trash, with the subtasks that went there with it."""
    task = find(session, actor, task_id, in_trash=True, for_update=True)
    for child in subtasks.below(session, actor.user_id, [task.id]):
        if child.deleted_at == task.deleted_at:
            child.deleted_at = None
    task.deleted_at = None
    if any(parent.deleted_at for parent in subtasks.above(session, task)):
        task.parent_id = None
    reopen_above(session, task)
    session.flush()
    return _seen(session, task)


def purge_task(session: Session, actor: Actor, task_id: uuid.UUID) -> None:
    """Deletes a task in Trash for good, with its subtasks: the rows, and their words in the change feed."""
    purge(session, [find(session, actor, task_id, in_trash=True, for_update=True)])


def purge(session: Session, tasks: Iterable[Task]) -> None:
    """As `purge_task`, for rows of one person at hand. A subtask that is not in Trash becomes a task of its own."""
    doomed = {task.id: task for task in tasks}
    below = [
        child for owner_id in {task.owner_id for task in doomed.values()} for child in subtasks.below(session, owner_id, doomed)
    ]
    doomed.update({child.id: child for child in below if child.deleted_at is not None})
    for child in below:
        if child.parent_id in doomed and child.id not in doomed:
            child.parent_id = None
    for task in doomed.values():
        changes.erase_history(session, task.owner_id, task.id)
        record_purge(session, task)
        session.delete(task)
    session.flush()


def revert_task(session: Session, actor: Actor, task_id: uuid.UUID, change_id: int) -> TaskView:
    """Sets a task back to what it was just after one of its changes; raises `NotFound` if that is none of its."""
    task = find(session, actor, task_id, for_update=True)
    values: dict[str, Any] = {}
    items = session.exec(
        select(ChangeItem)
        .where(ChangeItem.owner_id == actor.user_id, ChangeItem.entity_id == task.id, ChangeItem.change_id >= change_id)
        .order_by(col(ChangeItem.change_id).desc())
    ).all()
    if not items or items[-1].change_id != change_id:
        raise NotFound("There is no such change of this task.")
    for item in items[:-1]:
        values.update(item.before or {})
    values.pop("deleted_at", None)
    was = changes.as_columns(Task, values)
    place = _place_again(session, actor, task, {name: was.pop(name) for name in placing.PLACE if name in was})
    _put(task, {**place, **was}, lambda row: subtasks.below(session, actor.user_id, [row.id]))
    task.label_ids = references.without_gone_labels(session, task)
    _settle(task, actor, {})
    if task.completed:
        _complete_all(subtasks.below(session, actor.user_id, [task.id]), task.completed_at)
    reopen_above(session, task)
    session.flush()
    return _seen(session, task)


def _place_again(session: Session, actor: Actor, task: Task, place: Mapping[str, Any]) -> dict[str, Any]:
    """Where a task was, as far as that is still there."""
    if not place:
        return {}
    nowhere: dict[str, Any] = dict.fromkeys(placing.PLACE)
    was = {name: place.get(name, getattr(task, name)) for name in placing.PLACE}
    for name in ("parent_id", "section_id", "project_id"):
        if was[name] is not None:
            with suppress(Invalid):
                return placing.resolve(session, actor, {**nowhere, name: was[name]}, task)
    return placing.resolve(session, actor, nowhere, task)
