"""What is due on the days of a calendar, the coming dates of recurring tasks included."""

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session, col, or_, select

from todo_app.models import Task
from todo_app.schemas.calendar import CalendarEntry
from todo_app.schemas.tasks import TaskQuery
from todo_app.services import recurring
from todo_app.services.actor import Actor
from todo_app.services.task_lists import conditions, values_of, view_of

MOST_TASKS = 500


def entries(session: Session, actor: Actor, query: TaskQuery, first: date, last: date) -> list[CalendarEntry]:
    """Of the tasks that `query` asks for those due from `first` to `last`, by day; open recurring ones also on the dates to come.

    One query.
    """
    statement = select(Task).where(
        *conditions(actor, query),
        col(Task.due_date) <= last,
        or_(col(Task.due_date) >= first, col(Task.rrule).is_not(None)),
    )
    in_order = statement.order_by(col(Task.due_date), col(Task.due_time), col(Task.position)).limit(MOST_TASKS)
    rows = session.exec(in_order, params=values_of(actor, query))
    found = [entry for task in rows for entry in _of(task, actor, first, last)]
    return sorted(found, key=lambda entry: entry.day)


def _of(task: Task, actor: Actor, first: date, last: date) -> Iterator[CalendarEntry]:
    view = view_of(task)
    if task.due_date and task.due_date >= first:
        yield CalendarEntry(day=task.due_date, task=view, to_come=False)
    if task.completed:
        return
    for day in recurring.dates_to_come(task, actor, first, last):
        yield CalendarEntry(day=day, task=view, to_come=True)
