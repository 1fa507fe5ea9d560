"""Projects: nested, ordered by hand, archived, deleted with what is in them.

What changes their tree takes turns: two moves at once could each be right and together make a circle.
"""

import uuid
from collections import defaultdict
from typing import Any

from sqlalchemy import bindparam, func
from sqlmodel import Session, col, select

from todo_app.errors import Invalid
from todo_app.models import Project, Section, Task
from todo_app.models.base import utc_now
from todo_app.schemas.organise import ProjectContents, ProjectFields, ProjectList, ProjectPatch, ProjectView
from todo_app.services.actor import Actor
from todo_app.services.positions import at_end
from todo_app.services.rows import Versions, assign, find, find_to_change, position_after, take_turns

MOST_PROJECTS = 1000
INSIDE_ITSELF = "A project can't lie inside itself."
_ALL = select(Project).where(Project.owner_id == bindparam("owner")).order_by(col(Project.position), col(Project.id))


def view_of(project: Project) -> ProjectView:
    """A row as it goes out."""
    return ProjectView.model_validate({**project.model_dump(), "archived": project.archived_at is not None})


def find_project(session: Session, actor: Actor, project_id: uuid.UUID, *, for_update: bool = False) -> Project:
    """The actor's project; raises `NotFound`."""
    return find(session, actor, Project, project_id, "project", for_update=for_update)


def in_order(session: Session, actor: Actor) -> list[Project]:
    """Every project in the order by hand, each parent before its children. One query."""
    rows = session.exec(_ALL, params={"owner": actor.user_id})
    children: dict[uuid.UUID | None, list[Project]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)
    found: list[Project] = []
    waiting = children[None][::-1]
    while waiting:
        found.append(waiting.pop())
        waiting += children[found[-1].id][::-1]
    return found


def list_projects(session: Session, actor: Actor) -> ProjectList:
    """Every project, the archived ones too."""
    return ProjectList(items=[view_of(row) for row in in_order(session, actor)])


def get_project(session: Session, actor: Actor, project_id: uuid.UUID) -> ProjectView:
    """One project; raises `NotFound`."""
    return view_of(find_project(session, actor, project_id))


def _tree(session: Session, actor: Actor, project: Project) -> list[Project]:
    """The project and everything nested in it, parents first."""
    found = {project.id: project}
    for row in in_order(session, actor):
        if row.parent_id in found:
            found[row.id] = row
    return list(found.values())


def _columns(session: Session, actor: Actor, values: dict[str, Any], project: Project | None = None) -> dict[str, Any]:
    """The fields as columns; raises `Invalid` for a parent that can't be one. A project in a new parent goes to its end."""
    parent_id = values.get("parent_id")
    if parent_id is not None:
        _check_parent(session, actor, parent_id, project)
    if project is None or values.get("parent_id", project.parent_id) != project.parent_id:
        values["position"] = at_end(utc_now())
    if "archived" in values:
        archived_at = project.archived_at if project else None
        values["archived_at"] = (archived_at or utc_now()) if values.pop("archived") else None
    return values


def _check_parent(session: Session, actor: Actor, parent_id: uuid.UUID, project: Project | None) -> None:
    own = select(Project.id).where(Project.id == parent_id, Project.owner_id == actor.user_id)
    if session.exec(own).first() is None:
        raise Invalid.field("parent_id", "There is no such project.")
    if project is not None and any(member.id == parent_id for member in _tree(session, actor, project)):
        raise Invalid.field("parent_id", INSIDE_ITSELF)


def create_project(session: Session, actor: Actor, fields: ProjectFields) -> ProjectView:
    """Adds a project, behind its siblings."""
    take_turns(session, actor)
    count = session.exec(select(func.count()).select_from(Project).where(Project.owner_id == actor.user_id)).one()
    if count >= MOST_PROJECTS:
        raise Invalid.field("name", f"There can be {MOST_PROJECTS} projects at most. Delete one first.")
    now = utc_now()
    columns = _columns(session, actor, fields.model_dump())
    project = Project(owner_id=actor.user_id, created_at=now, updated_at=now, **columns)
    session.add(project)
    session.flush()
    return view_of(project)


def update_project(
    session: Session, actor: Actor, project_id: uuid.UUID, patch: ProjectPatch, versions: Versions = None
) -> ProjectView:
    """Sets the fields given."""
    take_turns(session, actor)
    project = find_to_change(session, actor, Project, project_id, "project", versions)
    assign(session, project, _columns(session, actor, patch.given(), project))
    return view_of(project)


def place_project(session: Session, actor: Actor, project_id: uuid.UUID, after: uuid.UUID | None) -> ProjectView:
    """Moves a project behind another one, into whose parent it goes too, or before all its siblings."""
    take_turns(session, actor)
    project = find_project(session, actor, project_id, for_update=True)
    leader = find_project(session, actor, after) if after else None
    parent_id = leader.parent_id if leader else project.parent_id
    if leader is not project and leader in _tree(session, actor, project):
        raise Invalid.field("after", INSIDE_ITSELF)
    peers = [col(Project.owner_id) == actor.user_id, col(Project.parent_id) == parent_id, col(Project.id) != project.id]
    assign(session, project, {"parent_id": parent_id, "position": position_after(session, Project, peers, leader)})
    return view_of(project)


def contents_of(session: Session, actor: Actor, project_id: uuid.UUID) -> ProjectContents:
    """What would go with a project if it were deleted."""
    tree = _tree(session, actor, find_project(session, actor, project_id))
    ids = [member.id for member in tree]
    own_sections = (Section.owner_id == actor.user_id, col(Section.project_id).in_(ids))
    own_tasks = (Task.owner_id == actor.user_id, col(Task.project_id).in_(ids), col(Task.deleted_at).is_(None))
    count = select(func.count())
    return ProjectContents(
        projects=len(tree) - 1,
        sections=session.exec(count.select_from(Section).where(*own_sections)).one(),
        tasks=session.exec(count.select_from(Task).where(*own_tasks)).one(),
    )


def delete_project(session: Session, actor: Actor, project_id: uuid.UUID, versions: Versions = None) -> None:
    """Deletes a project, the projects and sections in it, and moves their tasks to Trash. One undo brings it all back."""
    take_turns(session, actor)
    project = find_to_change(session, actor, Project, project_id, "project", versions)
    tree = _tree(session, actor, project)
    ids = [member.id for member in tree]
    # Held before their tasks are looked for: what is put into one at this moment is seen, or refused there.
    session.exec(select(Project.id).where(col(Project.id).in_(ids)).with_for_update()).all()
    session.exec(select(Section.id).where(col(Section.project_id).in_(ids)).with_for_update()).all()
    now = utc_now()
    for task in session.exec(select(Task).where(Task.owner_id == actor.user_id, col(Task.project_id).in_(ids)).with_for_update()):
        task.project_id = task.section_id = None
        task.deleted_at = task.deleted_at or now
    for section in session.exec(select(Section).where(Section.owner_id == actor.user_id, col(Section.project_id).in_(ids))):
        session.delete(section)
    for member in tree:
        session.delete(member)
    session.flush()
