"""Lines of text with the eyes of their owner (their clock, their language, their week): what they mean, and tasks made of them."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from todo_app.errors import Invalid
from todo_app.models import Task
from todo_app.models.base import fold, utc_now
from todo_app.quick_add import ParsedLine, ParsedTask, Preferences, parse, parse_lines
from todo_app.schemas import fields
from todo_app.schemas.organise import ProjectFields
from todo_app.schemas.quick_add import ParsedView, ParseRequest, QuickAddRequest
from todo_app.schemas.tasks import TaskFields, TaskView
from todo_app.services import labels, placing, projects, tasks
from todo_app.services.actor import Actor
from todo_app.services.colors import color_of
from todo_app.services.placing import PLACE
from todo_app.services.positions import at_end, at_top
from todo_app.services.rows import take_turns
from todo_app.services.task_lists import views_of

MOST_LINES = 500
NO_TITLE = "Write what there is to do, too."
_PLAIN_FIELDS = ("title", "due_date", "due_time", "rrule", "from_completion", "priority")

Ids = Mapping[str, uuid.UUID]


def parse_text(_session: Session, actor: Actor, data: ParseRequest) -> ParsedView:
    """What a line means, now or when it is said to be read."""
    own = actor.preferences
    preferences = Preferences(
        data.language or own.language,
        data.date_order or own.date_order,
        own.week_start if data.week_start is None else data.week_start,
    )
    task = parse(data.text, data.now or utc_now(), ZoneInfo(data.timezone or actor.time_zone), preferences, data.dismissed)
    return ParsedView.model_validate(task)


def add(session: Session, actor: Actor, request: QuickAddRequest) -> list[TaskView]:
    """Makes a task of each line, with all that it says; projects and labels there are none of yet are made too.

    Raises `Invalid` at `text` for a line that makes no task, and then none is made.
    """
    lines = _read(actor, request)
    texts = [line.strip() for line in request.text.splitlines() if line.strip()] or [""]
    given = placing.resolve(session, actor, request.model_dump(include={*PLACE, "label_ids"}))
    filled: list[TaskFields] = []
    for line, text in zip(lines, texts, strict=True):
        with _at(text, is_one=len(lines) == 1):
            filled.append(_fields(line.task, request))
    named = _named(session, actor, request, [line.task for line in lines])
    rows = _rows(actor, given, list(zip(lines, filled, strict=True)), *named)
    session.add_all(rows)
    if (child := next((row for row in rows if row.parent_id == given["parent_id"]), None)) is not None:
        tasks.reopen_above(session, child)
    session.flush()
    return views_of(session, actor.user_id, rows)


def _read(actor: Actor, request: QuickAddRequest) -> list[ParsedLine]:
    count = sum(1 for line in request.text.splitlines() if line.strip())
    if count > MOST_LINES:
        raise Invalid.field("text", f"This has {count} lines. Add at most {MOST_LINES} at a time.")
    if count <= 1:
        return [ParsedLine(parse(request.text, utc_now(), actor.zone, actor.preferences, request.dismissed))]
    if request.dismissed:
        raise Invalid.field("dismissed", "Only a single line can have places that stay title.")
    return parse_lines(request.text, utc_now(), actor.zone, actor.preferences)


@contextmanager
def _at(text: str, *, is_one: bool) -> Iterator[None]:
    """What is wrong meanwhile is wrong with this line of the text."""
    try:
        yield
    except Invalid as error:
        line = text if len(text) <= 40 else f"{text[:39]}…"
        raise Invalid.field("text", error.detail if is_one else f"“{line}”: {error.detail}") from error


def _fields(task: ParsedTask, request: QuickAddRequest) -> TaskFields:
    """What a line says, over what holds where it says nothing."""
    if not task.title:
        raise Invalid.field("text", NO_TITLE)
    said = task.said()
    due_date = said.get("due_date") or request.due_date
    says_a_day = any(span.kind in ("date", "recurrence") for span in task.spans)
    if due_date and request.due_date and not says_a_day:  # a time alone is today's or tomorrow's, or the later day's asked for
        due_date = max(due_date, request.due_date)
    values = {name: said[name] for name in _PLAIN_FIELDS if name in said}
    return fields.parse(TaskFields, {**values, "due_date": due_date})


def _named(session: Session, actor: Actor, request: QuickAddRequest, parsed: Sequence[ParsedTask]) -> tuple[Ids, Ids]:
    """The ids of the projects and of the labels that are named, by folded name."""
    project_names = _by_key(task.project for task in parsed if task.project)
    label_names = _by_key(name for task in parsed for name in task.labels)
    if project_names or label_names:
        take_turns(session, actor)  # so that two lines at once make one project
    is_one = len(parsed) == 1
    return (
        _projects(session, actor, project_names, request.project_id, is_one=is_one) if project_names else {},
        _labels(session, actor, label_names, is_one=is_one) if label_names else {},
    )


def _by_key(names: Iterable[str]) -> dict[str, str]:
    """Names by what they are compared by, each as it was written first."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    return found


def _projects(session: Session, actor: Actor, names: Mapping[str, str], here: uuid.UUID | None, *, is_one: bool) -> Ids:
    """Of several with one name it is the one where the person is, else the first that is not archived."""
    ids: dict[str, uuid.UUID] = {}
    for project in sorted(projects.in_order(session, actor), key=lambda row: (row.id != here, row.archived_at is not None)):
        ids.setdefault(project.name_key, project.id)
    for key, name in _missing(names, ids):
        with _at(f"#{name}", is_one=is_one):
            made = fields.parse(ProjectFields, {"name": name, "color": color_of(name)})
            ids[key] = projects.create_project(session, actor, made).id
    return ids


def _labels(session: Session, actor: Actor, names: Mapping[str, str], *, is_one: bool) -> Ids:
    ids = labels.find_named(session, actor, names)
    for key, name in _missing(names, ids):
        with _at(f"@{name}", is_one=is_one):
            ids[key] = labels.create_named(session, actor, name)
    return ids


def _missing(names: Mapping[str, str], ids: Ids) -> Iterable[tuple[str, str]]:
    return [(key, name) for key, name in names.items() if key not in ids]


def _rows(
    actor: Actor, given: Mapping[str, Any], lines: Sequence[tuple[ParsedLine, TaskFields]], projects: Ids, labels: Ids
) -> list[Task]:
    """The tasks, the first line first in the order by hand and as the newest."""
    now = utc_now()
    rows: list[Task] = []
    for n, (line, filled) in enumerate(lines):
        above = rows[line.parent] if line.parent is not None else None
        place = _place(given, above, projects[fold(line.task.project)] if line.task.project else None)
        shift = timedelta(microseconds=n)
        place["position"] = at_end(now + shift) if place["parent_id"] else at_top(now - shift)
        own_labels = [str(labels[fold(name)]) for name in line.task.labels]
        label_ids = list(dict.fromkeys([*given.get("label_ids", []), *own_labels]))
        rows.append(tasks.make(actor, {**filled.model_dump(), **place, "label_ids": label_ids}, now - shift))
    return rows


def _place(given: Mapping[str, Any], above: Task | None, project_id: uuid.UUID | None) -> dict[str, Any]:
    """A line is under the one above it or where it was asked for, unless it names another project."""
    if above is not None and project_id in (None, above.project_id):
        return {"project_id": above.project_id, "section_id": above.section_id, "parent_id": above.id}
    if project_id in (None, given["project_id"]):
        return {name: given[name] for name in PLACE}
    return {"project_id": project_id, "section_id": None, "parent_id": None}
