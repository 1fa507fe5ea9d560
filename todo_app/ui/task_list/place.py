"""The state of what a list page is about: its name, and the project or label it shows."""

import datetime as dt
from dataclasses import dataclass

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app.schemas.organise import LabelView, ProjectView, SectionView
from todo_app.services import labels, projects, sections
from todo_app.services.actor import Actor
from todo_app.ui.ids import read_id
from todo_app.ui.sending import show
from todo_app.ui.task_list.rows import Names
from todo_app.ui.task_list.views import Layout, View, layout_of


@dataclass(frozen=True)
class Around:
    """What a list needs besides its tasks."""

    names: Names
    sections: dict[str, SectionView]


def read_around(session: DbSession, actor: Actor, view: View) -> Around:
    """Projects and labels by id, and the sections of the project shown. At most three queries."""
    every_project = projects.list_projects(session, actor).items
    every_label = labels.list_labels(session, actor).items
    found = sections.list_sections(session, actor, read_id(view.id)).items if view.kind == "project" else []
    names = Names({str(each.id): each for each in every_project}, {str(each.id): each for each in every_label})
    return Around(names, {str(section.id): section for section in found})


class Place(rx.State):
    """What the page is about. It has no handlers: the list tells it."""

    kind: str = ""
    id: str = ""
    title: str = ""
    note: str = ""
    color: str = ""
    archived: bool = False
    # A page of something that is not there (any more).
    missing: bool = False
    # How a project is shown: "list", "board" or "calendar".
    view: str = "list"
    # By what a board's columns stand: "section", "priority" or "label".
    by: str = "section"
    # What is done today, and what is left.
    done: int = 0
    left: int = 0

    @property
    def _layout(self) -> Layout:
        return layout_of(self.view, "list")

    def _describe(self, view: View, around: Around, today: dt.date, asked: str) -> None:
        """`asked`: how the address wants a project shown."""
        subject = _subject(view, around.names)
        note = f"{today:%A} {today.day} {today:%B}" if view.kind == "today" else getattr(subject, "description", "")
        show(
            self,
            kind=view.kind,
            id=view.id,
            title=subject.name if subject else view.title,
            note=note,
            color=subject.color if subject else "",
            archived=bool(getattr(subject, "archived", False)),
            view=layout_of(asked, subject.view) if isinstance(subject, ProjectView) else "list",
            missing=subject is None and view.id != "",
        )


def _subject(view: View, names: Names) -> ProjectView | LabelView | None:
    if view.kind == "project":
        return names.projects.get(view.id)
    return names.labels.get(view.id) if view.kind == "label" else None
