"""Tasks as the rows of a list: what the browser gets of each, and no more."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from todo_app.schemas.organise import LabelView, ProjectView
from todo_app.schemas.tasks import TaskView
from todo_app.ui.dates import Kind, due_in_words, local_now


@dataclass(frozen=True)
class Tag:
    """A label on a row."""

    name: str
    color: str


@dataclass(frozen=True)
class Row:
    """One row. `due` is ready to read; `due_kind` says how near it is. Done or not is kept apart, see `Slots`.

    `stamp` is another one after each occurrence of a recurring task, so that its box is drawn anew, without the tick.
    """

    id: str = ""
    title: str = ""
    priority: int = 4
    due: str = ""
    due_kind: str = ""
    has_notes: bool = False
    repeats: bool = False
    stamp: str = ""
    subtasks: str = ""
    project: str = ""
    color: str = ""
    tags: list[Tag] = field(default_factory=list)


@dataclass(frozen=True)
class Names:
    """The projects and labels of a person by id, for the rows that name them."""

    projects: Mapping[str, ProjectView]
    labels: Mapping[str, LabelView]


def rows_of(tasks: Sequence[TaskView], zone: str, names: Names, *, with_project: bool, by_day: bool = False) -> list[Row]:
    """Rows for a person in this time zone, now. `with_project`: on a list of many projects, each row tells its own.

    `by_day`: each stands under its day or under Overdue, and does not repeat that day.
    """
    now = local_now(zone)

    def due(task: TaskView) -> tuple[str, Kind]:
        is_under_it = by_day and task.due_date is not None and task.due_date >= now.date()
        return due_in_words(task.due_date, task.due_time, task.time_zone, now, under=task.due_date if is_under_it else None)

    return [_row(task, due(task), names, with_project) for task in tasks]


def _row(task: TaskView, due: tuple[str, str], names: Names, with_project: bool) -> Row:
    project = names.projects.get(str(task.project_id)) if with_project else None
    labels = [names.labels[str(label_id)] for label_id in task.label_ids if str(label_id) in names.labels]
    return Row(
        id=str(task.id),
        title=task.title,
        priority=task.priority,
        due=due[0],
        due_kind=due[1],
        has_notes=task.notes != "",
        repeats=task.rrule is not None,
        stamp=str(task.due_date) if task.rrule else "",
        subtasks=f"{task.subtasks_completed}/{task.subtasks}" if task.subtasks else "",
        project=project.name if project else "",
        color=project.color if project else "",
        tags=[Tag(label.name, label.color) for label in labels],
    )
