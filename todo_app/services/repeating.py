"""A recurrence in a person's own words."""

import uuid
from dataclasses import replace
from datetime import date
from typing import Any

from sqlmodel import Session

from todo_app.errors import Invalid
from todo_app.models import Task
from todo_app.models.base import utc_now
from todo_app.quick_add import ParsedTask, parse, render
from todo_app.recurrence import Recurrence, describe, first
from todo_app.schemas import fields
from todo_app.schemas.tasks import TaskPatch, TaskView
from todo_app.services import recurring, tasks
from todo_app.services.actor import Actor

LONGEST_WORDS = 500
_EXAMPLES = {"de": "„jeden Montag“, „alle! 3 Tage“ or „jeden letzten Tag“"}


def repeat(session: Session, actor: Actor, task_id: uuid.UUID, words: str) -> TaskView:
    """Makes a task recur as the words say, such as `every other friday`; without words it no longer does.

    Its due date stays if it is a day of the recurrence, and else becomes the first one after it that is not past, unless the words
    say when to begin. Raises `Invalid` at `rrule` for words that say no recurrence, or more than that.
    """
    task = tasks.find(session, actor, task_id, for_update=True)
    if not words.strip():
        return tasks.update_task(session, actor, task_id, TaskPatch(rrule=None))
    parsed = _read(actor, words)
    rule = fields.parse(TaskPatch, {"rrule": parsed.rrule}).rrule or ""
    due = _due(actor, task, parsed, Recurrence(rule, task.due_date or actor.today, parsed.from_completion))
    if due is None:
        raise Invalid.field("rrule", "This recurrence has no days left. Give it a later end, or none.")
    values: dict[str, Any] = {"rrule": rule, "from_completion": parsed.from_completion, "due_date": due}
    if parsed.due_time is not None:
        values |= {"due_time": parsed.due_time, "time_zone": actor.time_zone}
    return tasks.update_task(session, actor, task_id, fields.parse(TaskPatch, values))


def words_of(actor: Actor, task: TaskView) -> str:
    """What a person would type for a task's recurrence; "" if it has none, or none that can be typed."""
    if task.rrule is None:
        return ""
    bare = ParsedTask(title="", rrule=task.rrule, from_completion=task.from_completion)
    try:
        words = render(bare, utc_now(), actor.zone, actor.preferences)
        said = _read(actor, words)
        again = fields.parse(TaskPatch, {"rrule": said.rrule}).rrule
    except (ValueError, Invalid):
        return ""
    return words if (again, said.from_completion) == (task.rrule, task.from_completion) else ""


def in_words(task: TaskView) -> str:
    """A task's recurrence as a phrase; "" if it has none."""
    if task.rrule is None:
        return ""
    return describe(task.rrule) + (", counted from the day it is done" if task.from_completion else "")


def _read(actor: Actor, words: str) -> ParsedTask:
    if len(words) > LONGEST_WORDS:
        raise Invalid.field("rrule", f"This can have at most {LONGEST_WORDS} characters; it has {len(words)}.")
    parsed = parse(words, utc_now(), actor.zone, actor.preferences)
    if parsed.rrule is None:
        example = _EXAMPLES.get(actor.preferences.language, "“every mon”, “every! 3 days” or “every last day”")
        raise Invalid.field("rrule", f"This says no recurrence. Write it like {example}.")
    strange = [words[span.start : span.end] for span in parsed.spans if span.kind not in ("recurrence", "date", "time")]
    if parsed.title or strange:
        raise Invalid.field(
            "rrule", f"“{' '.join(filter(None, [parsed.title, *strange]))}” is no part of a recurrence. Leave it out."
        )
    return parsed


def _due(actor: Actor, task: Task, parsed: ParsedTask, recurrence: Recurrence) -> date | None:
    """The day a task is due that recurs from now on as parsed."""
    if task.due_date is None or _says_when_to_begin(actor, parsed):
        return parsed.due_date
    return first(recurrence, parsed.due_time or task.due_time, utc_now(), recurring.zone_of(task, actor))


def _says_when_to_begin(actor: Actor, parsed: ParsedTask) -> bool:
    now = utc_now()
    bare = render(replace(parsed, due_date=None), now, actor.zone, actor.preferences)
    return parse(bare, now, actor.zone, actor.preferences).due_date != parsed.due_date
