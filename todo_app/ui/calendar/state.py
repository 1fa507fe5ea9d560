"""The state of a project's calendar."""

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass, field
from typing import cast

import reflex as rx

from todo_app.db import database
from todo_app.schemas.calendar import CalendarEntry
from todo_app.schemas.tasks import Status, TaskQuery
from todo_app.services import calendar
from todo_app.services.actor import Actor
from todo_app.ui.calendar.span import Span, span_of
from todo_app.ui.dates import day_in_words
from todo_app.ui.ids import read_id
from todo_app.ui.live import refreshes
from todo_app.ui.sending import show
from todo_app.ui.session import actor_of
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.state import TaskList


@dataclass(frozen=True)
class Entry:
    """A task on a day; `to_come` for a later date of a recurring one."""

    key: str
    id: str
    title: str
    time: str
    priority: int
    done: bool
    to_come: bool
    stamp: str


@dataclass(frozen=True)
class Day:
    """A day. `spoken` is its whole name."""

    iso: str
    number: int
    spoken: str
    kind: str  # "today", "outside" or ""
    tasks: list[Entry] = field(default_factory=list)


class Calendar(rx.State):
    """A month or a week of the project that the page shows; which one stands in the address (`?span=`, `?on=`)."""

    # The project whose days these are.
    project: str = ""
    title: str = ""
    span: str = "month"
    earlier: str = ""
    later: str = ""
    weekdays: list[str] = []
    weeks: list[list[Day]] = []

    @rx.event
    async def load(self) -> None:
        """Shows the days that the address names."""
        await self._show(await actor_of(self))

    async def _show(self, actor: Actor) -> None:
        place = await self.get_state(Place)
        if place.kind != "project" or place.view != "calendar" or place.missing:
            return
        asked = self.router.url.query_parameters
        kind = "week" if asked.get("span") == "week" else "month"
        span = span_of(kind, str(asked.get("on", "")), actor.today, actor.preferences.week_start)
        chosen = await self.get_state(TaskList)
        query = TaskQuery(project_id=read_id(place.id), status=cast("Status", chosen.status), q=chosen.q)
        found = await database().read(calendar.entries, actor, query, span.days[0], span.days[-1])
        days = _days(span, found, actor.today)
        show(
            self,
            project=place.id,
            title=span.title,
            span=kind,
            earlier=span.earlier,
            later=span.later,
            weekdays=[f"{day:%a}" for day in span.days[:7]],
            weeks=[days[start : start + 7] for start in range(0, len(days), 7)],
        )


def _days(span: Span, found: list[CalendarEntry], today: dt.date) -> list[Day]:
    on: dict[dt.date, list[Entry]] = defaultdict(list)
    for entry in found:
        on[entry.day].append(_entry(entry))
    return [Day(day.isoformat(), day.day, day_in_words(day, today), _kind(day, span, today), on[day]) for day in span.days]


def _kind(day: dt.date, span: Span, today: dt.date) -> str:
    if day == today:
        return "today"
    return "outside" if span.month and day.month != span.month else ""


def _entry(entry: CalendarEntry) -> Entry:
    task = entry.task
    return Entry(
        key=f"{task.id}{entry.day}",
        id=str(task.id),
        title=task.title,
        time=f"{task.due_time:%H:%M}" if task.due_time else "",
        priority=task.priority,
        done=task.completed,
        to_come=entry.to_come,
        stamp=str(task.due_date) if task.rrule else "",
    )


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    await (await state.get_state(Calendar))._show(actor)
