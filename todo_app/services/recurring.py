"""Tasks that come again. The rules of recurrence are in todo_app/recurrence; here they meet the rows."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from todo_app.errors import Invalid
from todo_app.models import Task
from todo_app.models.base import utc_now
from todo_app.recurrence import Recurrence, Step, complete, describe, first, following, skip, upcoming
from todo_app.schemas.tasks import OccurrenceList, OccurrenceView
from todo_app.services.actor import Actor

# So many dates of a task are foreseen, and no more: what is counted from completion has to be gone through one by one.
FORESEEN = 1000


def zone_of(task: Task, actor: Actor) -> ZoneInfo:
    """The clock that the task's due time is meant on, else its owner's."""
    return ZoneInfo(task.time_zone) if task.time_zone else actor.zone


def of(task: Task) -> Recurrence | None:
    """The recurrence of a task, if it has one."""
    if task.rrule is None or task.due_date is None:
        return None
    return Recurrence(task.rrule, task.rrule_start or task.due_date, task.from_completion)


def settle(task: Task, actor: Actor, *, is_new_rule: bool) -> None:
    """Brings rule, first day and due date in line with each other, after any of them was set."""
    if task.rrule is None:
        task.rrule_start, task.from_completion = None, False
        return
    if task.due_date is None and is_new_rule:
        whole = Recurrence(task.rrule, actor.today, task.from_completion)
        task.due_date = first(whole, task.due_time, utc_now(), zone_of(task, actor))
        if task.due_date is None:
            raise Invalid.field("rrule", "This recurrence has no days left. Give it a later end, or none.")
    if task.due_date is None:  # without a day there is nothing to come again
        task.rrule, task.rrule_start, task.from_completion = None, None, False
    elif is_new_rule or task.rrule_start is None or task.due_date < task.rrule_start:
        task.rrule_start = task.due_date


def advance(task: Task, actor: Actor, now: datetime) -> bool:
    """Moves a task on to its next date, as when it was completed at `now`; False if there is none."""
    recurrence = of(task)
    if recurrence is None or task.due_date is None:
        return False
    step = complete(recurrence, task.due_date, task.due_time, now, zone_of(task, actor))
    if step is None:
        return False
    _go(task, step)
    task.last_completed_at = now
    return True


def skip_occurrence(task: Task, actor: Actor) -> None:
    """Moves a task on to its next date without completing it; raises `Invalid` if there is none."""
    recurrence = of(task)
    step = skip(recurrence, task.due_date, task.due_time, zone_of(task, actor)) if recurrence and task.due_date else None
    if step is None:
        raise Invalid.field("rrule", "This task has no next date to skip to.")
    _go(task, step)


def _go(task: Task, step: Step) -> None:
    task.due_date = step.due
    task.rrule, task.rrule_start = step.recurrence.rule, step.recurrence.start


def occurrences(task: Task, actor: Actor, count: int) -> OccurrenceList:
    """The next dates of a task, this one included, each with its reason; empty if it does not recur."""
    recurrence = of(task)
    if recurrence is None or task.due_date is None:
        return OccurrenceList(rule="", items=[])
    found = upcoming(recurrence, task.due_date, task.due_time, zone_of(task, actor), count)
    items = [OccurrenceView(due_date=each.due, moment=each.moment, reason=each.reason) for each in found]
    return OccurrenceList(rule=describe(recurrence.rule), items=items)


def dates_to_come(task: Task, actor: Actor, first_day: date, last_day: date) -> Iterator[date]:
    """The dates after the one a task is due, as far as they lie between two days."""
    recurrence = of(task)
    if recurrence is None or task.due_date is None:
        return
    # A rule can be entered anywhere; what is counted from completion stands on each date before.
    since = task.due_date if recurrence.from_completion else max(task.due_date, first_day - timedelta(days=1))
    for step in islice(following(recurrence, since, task.due_time, zone_of(task, actor)), FORESEEN):
        if step.due > last_day:
            return
        if step.due >= first_day:
            yield step.due
