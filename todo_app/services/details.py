"""All that is to be shown of one task: where it is, what lies in it, what it could be given, and what happened to it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from todo_app.models import Task
from todo_app.schemas.organise import LabelView, ProjectView, SectionView
from todo_app.schemas.tasks import ChangeView, OccurrenceView, TaskPage, TaskQuery, TaskView
from todo_app.services import changes, labels, projects, sections, subtasks, task_lists, tasks
from todo_app.services.actor import Actor

MOST_SUBTASKS = 500
NEXT_DATES = 12


@dataclass(frozen=True)
class Details:
    """A task with what is around it. `above`: what it lies in, the outermost first; `titles`: of tasks that its history names."""

    task: TaskView
    above: Sequence[TaskView]
    subtasks: TaskPage
    occurrences: Sequence[OccurrenceView]
    projects: Sequence[ProjectView]
    sections: Sequence[SectionView]
    labels: Sequence[LabelView]
    history: Sequence[ChangeView]
    titles: Mapping[uuid.UUID, str]


def read_details(session: Session, actor: Actor, task_id: uuid.UUID) -> Details:
    """Everything about the actor's task; raises `NotFound`."""
    row = tasks.find(session, actor, task_id)
    history = changes.history_of(session, actor, row.id).items
    below = TaskQuery(parent_id=row.id, sort="position", limit=MOST_SUBTASKS)
    return Details(
        task=tasks.get_task(session, actor, row.id),
        above=[task_lists.view_of(each) for each in reversed(subtasks.above(session, row, lock=False))],
        subtasks=task_lists.list_tasks(session, actor, below),
        occurrences=tasks.occurrences(session, actor, row.id, NEXT_DATES).items if row.rrule else [],
        projects=projects.list_projects(session, actor).items,
        sections=sections.list_sections(session, actor).items,
        labels=labels.list_labels(session, actor).items,
        history=history,
        titles=_titles(session, actor, history),
    )


def _titles(session: Session, actor: Actor, history: Sequence[ChangeView]) -> Mapping[uuid.UUID, str]:
    """The titles of the tasks that this one has been a part of."""
    named = {
        values.get("parent_id") for change in history for item in change.items for values in (item.before or {}, item.after or {})
    }
    ids = [uuid.UUID(each) for each in named if each]
    own = select(Task.id, Task.title).where(Task.owner_id == actor.user_id, col(Task.id).in_(ids))
    return dict(session.exec(own).all()) if ids else {}
