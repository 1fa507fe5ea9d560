"""The state of the Trash page."""

from dataclasses import dataclass

import reflex as rx

from todo_app.db import database
from todo_app.schemas.tasks import TrashQuery
from todo_app.services import task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.ui import routes
from todo_app.ui.dates import local_now, moment_in_words
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live, refreshes
from todo_app.ui.notices import hush, say
from todo_app.ui.session import Next, actor_of
from todo_app.ui.window import SIZE, Window


@dataclass(frozen=True)
class TrashRow:
    """A task in Trash."""

    id: str
    title: str
    deleted: str


class Trash(Window, rx.State):
    """A window onto what is in Trash, the last deleted first."""

    loaded: bool = False
    rows: list[TrashRow] = []
    # The task that is asked about before it is deleted for good.
    asking_id: str = ""
    asking_title: str = ""

    @rx.event
    async def load(self) -> None:
        """Shows the list from its top."""
        actor = await actor_of(self)
        self._offset = 0
        self.asking_id = self.asking_title = ""
        await self._show(actor)
        await hush(self)
        await (await self.get_state(Live))._has_shown_all()

    async def _show(self, actor: Actor) -> None:
        query = TrashQuery(limit=SIZE, offset=self._offset)
        page = await database().read(task_lists.list_trash, actor, query)
        now = local_now(actor.time_zone)
        self.rows = [
            TrashRow(id=str(task.id), title=task.title, deleted=moment_in_words(task.deleted_at, now))
            for task in page.items
            if task.deleted_at
        ]
        self.total, self.loaded = page.total, True
        self.has_earlier, self.has_later = self._offset > 0, self._offset + len(page.items) < page.total

    @rx.event
    async def restore(self, task_id: str) -> Next:
        """Takes a task back out of Trash."""
        actor = await actor_of(self)
        _, change_id = await database().change(tasks.restore_task, actor, read_id(task_id))
        await say(self, "Task restored", change_id)
        return Live.catch_up

    @rx.event
    async def ask(self, task_id: str) -> None:
        """Asks before a task is deleted for good: that can't be undone."""
        await actor_of(self)
        row = next((row for row in self.rows if row.id == task_id), None)
        if row:
            self.asking_id, self.asking_title = row.id, row.title

    @rx.event
    async def cancel(self) -> None:
        """Leaves the task where it is."""
        await actor_of(self)
        self.asking_id = self.asking_title = ""

    @rx.event
    async def purge(self) -> Next:
        """Deletes the task asked about for good."""
        actor = await actor_of(self)
        task_id, self.asking_id, self.asking_title = self.asking_id, "", ""
        await database().write(tasks.purge_task, actor, read_id(task_id))
        await say(self, "Task deleted for good")
        return Live.catch_up


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    trash = await state.get_state(Trash)
    if trash.loaded and routes.clean_path(state.router.url.path) == routes.TRASH:
        await trash._show(actor)
