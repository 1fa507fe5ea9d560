"""The four kinds of things that tasks are organised by, so that one handler does for all of them."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session as DbSession

from todo_app.errors import NotFound
from todo_app.schemas.organise import (
    FilterFields,
    FilterPatch,
    LabelFields,
    LabelPatch,
    ProjectContents,
    ProjectFields,
    ProjectPatch,
    SectionFields,
    SectionPatch,
)
from todo_app.services import labels, projects, saved_filters, sections
from todo_app.services.actor import Actor


@dataclass(frozen=True)
class Kind:
    """One of them. The functions are its services; `peers` lists those of a row's kind beside which it stands, in their order."""

    word: str
    fields: type[Any]
    patch: type[Any]
    get: Callable[..., Any]
    create: Callable[..., Any]
    update: Callable[..., Any]
    place: Callable[..., Any]
    delete: Callable[..., None]
    peers: Callable[[DbSession, Actor, Any], Sequence[Any]]


def _sibling_projects(session: DbSession, actor: Actor, project: Any) -> Sequence[Any]:
    every = projects.list_projects(session, actor).items
    return [each for each in every if each.parent_id == project.parent_id and each.archived == project.archived]


KINDS: Mapping[str, Kind] = {
    "project": Kind(
        "Project",
        ProjectFields,
        ProjectPatch,
        projects.get_project,
        projects.create_project,
        projects.update_project,
        projects.place_project,
        projects.delete_project,
        _sibling_projects,
    ),
    "section": Kind(
        "Section",
        SectionFields,
        SectionPatch,
        sections.get_section,
        sections.create_section,
        sections.update_section,
        sections.place_section,
        sections.delete_section,
        lambda session, actor, section: sections.list_sections(session, actor, section.project_id).items,
    ),
    "label": Kind(
        "Label",
        LabelFields,
        LabelPatch,
        labels.get_label,
        labels.create_label,
        labels.update_label,
        labels.place_label,
        labels.delete_label,
        lambda session, actor, _: labels.list_labels(session, actor).items,
    ),
    "filter": Kind(
        "Filter",
        FilterFields,
        FilterPatch,
        saved_filters.get_filter,
        saved_filters.create_filter,
        saved_filters.update_filter,
        saved_filters.place_filter,
        saved_filters.delete_filter,
        lambda session, actor, _: saved_filters.list_filters(session, actor).items,
    ),
}


def kind_of(name: Any) -> Kind:
    """The kind of this name; raises `NotFound`, as for an id nobody has."""
    if not isinstance(name, str) or name not in KINDS:
        raise NotFound("There is no such list.")
    return KINDS[name]


def in_words(contents: ProjectContents) -> str:
    """What lies in a project, such as `2 projects, 1 section and 41 tasks`; nothing for an empty one."""
    counts = {"project": contents.projects, "section": contents.sections, "task": contents.tasks}
    parts = [f"{count} {word}{'' if count == 1 else 's'}" for word, count in counts.items() if count]
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1]))) if parts else ""


def delete(session: DbSession, actor: Actor, kind: Kind, row_id: uuid.UUID) -> str:
    """Deletes a row, and says in words what has gone."""
    name = kind.get(session, actor, row_id).name
    inside = in_words(projects.contents_of(session, actor, row_id)) if kind is KINDS["project"] else ""
    kind.delete(session, actor, row_id)
    return f"{kind.word} {name} deleted{f' with {inside}' if inside else ''}"


def place(session: DbSession, actor: Actor, kind: Kind, row_id: uuid.UUID, after: uuid.UUID | None) -> str:
    """Puts a row behind another one, or before all, and says where it is now."""
    row = kind.place(session, actor, row_id, after)
    peers = [peer.id for peer in kind.peers(session, actor, row)]
    return f"{row.name} moved to position {peers.index(row.id) + 1} of {len(peers)}"


def step(session: DbSession, actor: Actor, kind: Kind, row_id: uuid.UUID, by: int) -> str:
    """Moves a row one place up (-1) or down (1), and says where it is now."""
    row = kind.get(session, actor, row_id)
    peers = [peer.id for peer in kind.peers(session, actor, row)]
    here = peers.index(row.id)
    there = here + by
    if not 0 <= there < len(peers):
        return f"{row.name} is the {'first' if by < 0 else 'last'} already"
    others = [*peers[:here], *peers[here + 1 :]]
    return place(session, actor, kind, row_id, others[there - 1] if there else None)
