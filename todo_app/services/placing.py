"""Where a task may be: checks the project, section, parent and labels that were asked for, and completes each from the others."""

import uuid
from typing import Any, TypeVar

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from todo_app.errors import Invalid
from todo_app.models import Label, Project, Section, Task
from todo_app.models.base import utc_now
from todo_app.services import subtasks
from todo_app.services.actor import Actor
from todo_app.services.positions import at_end, at_top

Values = dict[str, Any]
PLACE = ("project_id", "section_id", "parent_id")
Found = TypeVar("Found")
Place = TypeVar("Place", Project, Section)


def _kept(statement: SelectOfScalar[Found]) -> SelectOfScalar[Found]:
    """Keeps what is found from being deleted until this transaction has ended: the database itself looks only at the commit."""
    return statement.with_for_update(read=True, key_share=True)


def _held(session: Session, actor: Actor, model: type[Place], row_id: uuid.UUID) -> Place | None:
    """The actor's project or section, kept from being deleted. For many tasks that go to one place it is asked for once."""
    held: dict[tuple[type, uuid.UUID], Any] = session.info.setdefault("held_places", {})
    if (model, row_id) not in held:
        own = select(model).where(model.id == row_id, model.owner_id == actor.user_id)
        held[model, row_id] = session.exec(_kept(own)).first()
    found: Place | None = held[model, row_id]
    return found


def resolve(session: Session, actor: Actor, values: Values, task: Task | None = None) -> Values:
    """`values` with the place made whole: a subtask is where its parent is, a section says the project, and a new place has a
    position. Raises `Invalid` for what isn't there, or can't be."""
    values = dict(values)
    if values.get("label_ids"):
        check_labels(session, actor, values["label_ids"])
    said = {name: values[name] for name in PLACE if name in values}
    if task is None or any(value != getattr(task, name) for name, value in said.items()):
        values.update(_place(session, actor, said, task))
    if task is None or any(getattr(task, name) != values.get(name, getattr(task, name)) for name in PLACE):
        now = utc_now()
        values["position"] = at_end(now) if values.get("parent_id") else at_top(now)
    return values


def _place(session: Session, actor: Actor, said: Values, task: Task | None) -> Values:
    if said.get("parent_id") is not None:
        parent = _parent(session, actor, said["parent_id"], task)
        return {"parent_id": parent.id, "project_id": parent.project_id, "section_id": parent.section_id}
    if said.get("section_id") is not None:
        section = _held(session, actor, Section, said["section_id"])
        if section is None:
            raise Invalid.field("section_id", "There is no such section.")
        if said.get("project_id") not in (None, section.project_id):
            raise Invalid.field("section_id", "That section is in another project.")
        return {"parent_id": None, "project_id": section.project_id, "section_id": section.id}
    if "project_id" in said and (task is None or said["project_id"] != task.project_id):
        _check_project(session, actor, said["project_id"])
        return {"parent_id": None, "project_id": said["project_id"], "section_id": None}
    # A subtask that becomes a task of its own, or one that leaves its section.
    section_id = said.get("section_id", task.section_id) if task else None
    return {"parent_id": None, "project_id": task.project_id if task else None, "section_id": section_id}


def _parent(session: Session, actor: Actor, parent_id: uuid.UUID, task: Task | None) -> Task:
    own = select(Task).where(Task.id == parent_id, Task.owner_id == actor.user_id, col(Task.deleted_at).is_(None))
    parent = session.exec(_kept(own)).first()
    if parent is None:
        raise Invalid.field("parent_id", "There is no such task.")
    if task is not None and (parent.id == task.id or task.id in {each.id for each in subtasks.above(session, parent)}):
        raise Invalid.field("parent_id", "A task can't be its own subtask.")
    return parent


def _check_project(session: Session, actor: Actor, project_id: uuid.UUID | None) -> None:
    if project_id is not None and _held(session, actor, Project, project_id) is None:
        raise Invalid.field("project_id", "There is no such project.")


def check_labels(session: Session, actor: Actor, label_ids: list[str], field: str = "label_ids") -> None:
    """Raises `Invalid` at `field` unless all of these are the actor's labels. Each is asked for once in a transaction."""
    held: set[str] = session.info.setdefault("held_labels", set())
    wanted = [uuid.UUID(label_id) for label_id in label_ids if label_id not in held]
    if not wanted:
        return
    own = select(Label.id).where(Label.owner_id == actor.user_id, col(Label.id).in_(wanted))
    if len(session.exec(_kept(own)).all()) != len(wanted):
        raise Invalid.field(field, "There is no such label.")
    held.update(label_ids)
