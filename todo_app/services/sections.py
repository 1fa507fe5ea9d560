"""Sections: the parts of a project."""

import uuid

from sqlmodel import Session, col, select

from todo_app.errors import Invalid
from todo_app.models import Project, Section, Task
from todo_app.models.base import utc_now
from todo_app.schemas.organise import SectionFields, SectionList, SectionPatch, SectionView
from todo_app.services.actor import Actor
from todo_app.services.positions import at_end
from todo_app.services.rows import Versions, assign, find, find_to_change, position_after, take_turns


def view_of(section: Section) -> SectionView:
    """A row as it goes out."""
    return SectionView.model_validate(section)


def list_sections(session: Session, actor: Actor, project_id: uuid.UUID | None = None) -> SectionList:
    """The sections of a project, or of all."""
    statement = select(Section).where(Section.owner_id == actor.user_id)
    if project_id is not None:
        statement = statement.where(Section.project_id == project_id)
    rows = session.exec(statement.order_by(col(Section.project_id), col(Section.position), col(Section.id)))
    return SectionList(items=[view_of(row) for row in rows])


def get_section(session: Session, actor: Actor, section_id: uuid.UUID) -> SectionView:
    """One section; raises `NotFound`."""
    return view_of(find(session, actor, Section, section_id, "section"))


def create_section(session: Session, actor: Actor, fields: SectionFields) -> SectionView:
    """Adds a section at the end of its project; raises `Invalid` if there is no such project."""
    own = select(Project.id).where(Project.id == fields.project_id, Project.owner_id == actor.user_id)
    # Held, so that it is not deleted before this is written: the database itself looks only at the commit.
    if session.exec(own.with_for_update(read=True, key_share=True)).first() is None:
        raise Invalid.field("project_id", "There is no such project.")
    now = utc_now()
    section = Section(owner_id=actor.user_id, created_at=now, updated_at=now, position=at_end(now), **fields.model_dump())
    session.add(section)
    session.flush()
    return view_of(section)


def update_section(
    session: Session, actor: Actor, section_id: uuid.UUID, patch: SectionPatch, versions: Versions = None
) -> SectionView:
    """Sets the fields given."""
    section = find_to_change(session, actor, Section, section_id, "section", versions)
    assign(session, section, patch.given())
    return view_of(section)


def place_section(session: Session, actor: Actor, section_id: uuid.UUID, after: uuid.UUID | None) -> SectionView:
    """Moves a section behind another one of its project, or before all of them."""
    take_turns(session, actor)
    section = find(session, actor, Section, section_id, "section", for_update=True)
    leader = find(session, actor, Section, after, "section") if after else None
    if leader is not None and leader.project_id != section.project_id:
        raise Invalid.field("after", "That section is in another project.")
    peers = [col(Section.project_id) == section.project_id, col(Section.id) != section.id]
    assign(session, section, {"position": position_after(session, Section, peers, leader)})
    return view_of(section)


def delete_section(session: Session, actor: Actor, section_id: uuid.UUID, versions: Versions = None) -> None:
    """Deletes a section; its tasks stay in the project, outside of sections."""
    section = find_to_change(session, actor, Section, section_id, "section", versions)
    for task in session.exec(select(Task).where(Task.owner_id == actor.user_id, Task.section_id == section.id).with_for_update()):
        task.section_id = None
    session.delete(section)
    session.flush()
