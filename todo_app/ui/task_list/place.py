"""The state of what a list page is about: its name, and the project or label it shows."""

import datetime as dt
from dataclasses import dataclass

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app.schemas.organise import FilterView, LabelView, ProjectView, SectionView
from todo_app.schemas.tasks import TaskQuery
from todo_app.services import labels, projects, saved_filters, sections
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
    # The saved filter that the page shows.
    filter: FilterView | None


def read_around(session: DbSession, actor: Actor, view: View, query: TaskQuery | None) -> Around:
    """Projects and labels by id, and the sections of the project or the saved filter shown. At most three queries."""
    every_project = projects.list_projects(session, actor).items
    every_label = labels.list_labels(session, actor).items
    found = sections.list_sections(session, actor, read_id(view.id)).items if view.kind == "project" else []
    names = Names({str(each.id): each for each in every_project}, {str(each.id): each for each in every_label})
    saved = saved_filters.list_filters(session, actor).items if view.kind == "search" and query and query.filter else []
    shown = next((each for each in saved if query and each.query == query.filter), None)
    return Around(names, {str(section.id): section for section in found}, shown)


class Place(rx.State):
    """What the page is about: `id` is that of a project, label or saved filter. It has no handlers: the list tells it."""

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
    # How many are done today.
    done: int = 0

    @property
    def _layout(self) -> Layout:
        return layout_of(self.view, "list")

    def _describe(self, view: View, around: Around, today: dt.date, asked: str) -> None:
        """`asked`: how the address wants a project shown."""
        subject = _subject(view, around)
        note = f"{today:%A} {today.day} {today:%B}" if view.kind == "today" else getattr(subject, "description", "")
        show(
            self,
            kind=view.kind,
            id=str(subject.id) if subject else view.id,
            title=subject.name if subject else view.title,
            note=note,
            color=subject.color if subject else "",
            archived=bool(getattr(subject, "archived", False)),
            view=layout_of(asked, subject.view) if isinstance(subject, ProjectView) else "list",
            missing=subject is None and view.id != "",
        )


def _subject(view: View, around: Around) -> ProjectView | LabelView | FilterView | None:
    match view.kind:
        case "project":
            return around.names.projects.get(view.id)
        case "label":
            return around.names.labels.get(view.id)
    return around.filter
