"""The state of the week above Upcoming: its days with how much is due on each, and links to their headings."""

import datetime as dt
from dataclasses import dataclass

import reflex as rx

from todo_app.db import database
from todo_app.services import overview
from todo_app.services.actor import Actor
from todo_app.ui import routes
from todo_app.ui.live import refreshes
from todo_app.ui.session import actor_of
from todo_app.ui.task_list.groups import DAYS_SHOWN_EMPTY


@dataclass(frozen=True)
class WeekDay:
    """A day: `spoken` is its link's name."""

    href: str
    weekday: str
    number: int
    count: int
    spoken: str


class Week(rx.State):
    """The coming days."""

    days: list[WeekDay] = []

    @rx.event
    async def load(self) -> None:
        """Fills the strip."""
        await self._show(await actor_of(self))

    async def _show(self, actor: Actor) -> None:
        first = actor.today + dt.timedelta(days=1)
        counts = await database().read(overview.open_by_day, actor, first, first + dt.timedelta(days=DAYS_SHOWN_EMPTY))
        days = [_day(day, count) for day, count in counts.items()]
        if days != self.days:
            self.days = days


def _day(day: dt.date, count: int) -> WeekDay:
    tasks = "no tasks" if count == 0 else "1 task" if count == 1 else f"{count} tasks"
    return WeekDay(f"#day-{day.isoformat()}", f"{day:%a}", day.day, count, f"{day:%A} {day.day} {day:%B}, {tasks}")


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    if routes.clean_path(state.router.url.path) == routes.UPCOMING:
        await (await state.get_state(Week))._show(actor)
