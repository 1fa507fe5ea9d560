"""The state of the task panel."""

import asyncio
import contextlib
from collections.abc import Mapping
from typing import Any

import reflex as rx

from todo_app.db import database
from todo_app.errors import Invalid, NotFound, Stale
from todo_app.schemas.fields import parse
from todo_app.schemas.tasks import RevertRequest, TaskPatch, TaskView
from todo_app.services import tasks
from todo_app.services.actor import Actor
from todo_app.services.details import read_details
from todo_app.ui import routes
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live, refreshes
from todo_app.ui.markdown import to_html
from todo_app.ui.notices import say
from todo_app.ui.sending import show
from todo_app.ui.session import Next, actor_of
from todo_app.ui.task_panel.choices import PanelChoices
from todo_app.ui.task_panel.history import Entry, entries_of, names_in
from todo_app.ui.task_panel.subtasks import Subtasks

# The fields the panel edits; nothing else can be set through it.
EDITABLE = ("title", "notes", "start_date", "due_date", "due_time", "priority")
# Where two people's, or two tabs', words could overwrite each other.
TEXTS = ("title", "notes")


class TaskPanel(rx.State):
    """The open task, as the browser last got it from us. What lies around it is in `PanelChoices` and `Subtasks`."""

    task_id: str = ""
    # The path of the page it was opened on, since another page may come a moment before it is closed.
    page: str = ""
    title: str = ""
    notes: str = ""
    notes_html: str = ""  # "" for notes without Markdown
    completed: bool = False
    # Another one after each occurrence of a recurring task, so that its box is drawn anew, without the tick.
    stamp: str = ""
    priority: str = "4"
    start_date: str = ""
    due_date: str = ""
    due_time: str = ""
    history: list[Entry] = []
    problem: str = ""
    problem_field: str = ""
    # Two versions of one text, for the person to choose from: what is stored, and what they typed.
    conflict_field: str = ""
    theirs: str = ""
    mine: str = ""
    # What this page itself has stored of the open task's texts: not somebody else's words.
    _stored: dict[str, str] = {}
    # Of each text, the typing that was stored last.
    _done: dict[str, str] = {}
    # The tasks that the open one lies in, the nearest last: one of them takes its place should it go.
    _above: list[str] = []

    @rx.event
    async def open_task(self, task_id: str) -> None:
        """Shows a task beside the list; nothing if it is gone."""
        actor = await actor_of(self)
        await self._clear()
        self.page = routes.clean_path(self.router.url.path)
        try:
            await self._show(actor, task_id)
        except NotFound as error:
            await say(self, error.detail)

    @rx.event
    async def reopen(self) -> None:
        """Opens the task that the address names, as it does after a reload; closes any other. A list's page has loaded then."""
        actor = await actor_of(self)
        task_id = self.router.url.fragment.removeprefix("task=")
        self.page = routes.clean_path(self.router.url.path)
        if not task_id:
            await self._clear()
        elif task_id != self.task_id:
            await self._clear()
            with contextlib.suppress(NotFound):
                await self._show(actor, task_id)
        (await self.get_state(Live))._note_connection()

    @rx.event
    async def close(self) -> None:
        """Closes the panel."""
        await actor_of(self)
        await self._clear()

    async def _clear(self) -> None:
        self.task_id = self.title = self.notes = self.notes_html = self.stamp = ""
        self.start_date = self.due_date = self.due_time = ""
        self.completed, self.priority, self.history = False, "4", []
        self._stored, self._above = {}, []
        self._forget_problems()
        (await self.get_state(PanelChoices))._forget()
        (await self.get_state(Subtasks))._forget()

    def _forget_problems(self) -> None:
        self.problem = self.problem_field = self.conflict_field = self.theirs = self.mine = ""

    async def _show(self, actor: Actor, task_id: str) -> None:
        details = await database().read(read_details, actor, read_id(task_id))
        task = details.task
        show(
            self,
            task_id=str(task.id),
            title=task.title,
            notes=task.notes,
            notes_html=await asyncio.to_thread(to_html, task.notes),
            completed=task.completed,
            stamp=str(task.due_date) if task.rrule else "",
            priority=str(task.priority),
            start_date=task.start_date.isoformat() if task.start_date else "",
            due_date=task.due_date.isoformat() if task.due_date else "",
            due_time=task.due_time.strftime("%H:%M") if task.due_time else "",
            history=entries_of(details.history, actor.time_zone, names_in(details)),
        )
        self._above = [str(each.id) for each in details.above]
        (await self.get_state(PanelChoices))._fill(actor, details)
        (await self.get_state(Subtasks))._fill(actor, details)

    @rx.event
    async def save(self, task_id: str, field: str, value: str, base: str | None = None, typed: str | None = None) -> Next:
        """Saves one field of the task that was open when it was edited. `base`: what was stored when the typing began.

        `typed` says which typing this is. It comes twice, on leaving the field and a second after the last key, and an undo
        in between must hold.
        """
        actor = await actor_of(self)
        if field not in EDITABLE:
            raise Invalid.field(str(field), "There is no such field here.")
        if typed and self._done.get(field) == typed:
            return None
        is_open = task_id == self.task_id
        try:
            patch = parse(TaskPatch, {field: _typed(field, value)})
            task, change_id = await self._store(actor, task_id, field, patch, base)
        except Invalid as error:
            self.problem, self.problem_field = error.detail, field
            return None
        except Stale:
            if is_open:
                await self._offer_both(actor, field, value)
            else:  # the browser keeps the words, and brings them when the task is opened again
                await say(self, "That task was changed in two places. Open it to choose.")
            return None
        if isinstance(typed, str) and typed:
            self._done[field] = typed
        if is_open:
            self._forget_problems()
            if field in TEXTS:
                self._stored[field] = getattr(task, field)
                setattr(self, field, getattr(task, field))
        return Live.catch_up if change_id else None

    async def _store(
        self, actor: Actor, task_id: str, field: str, patch: TaskPatch, base: str | None
    ) -> tuple[TaskView, int | None]:
        """Raises `Stale` if what is stored is neither what the writer saw, nor what this page stored since."""

        async def store(seen: Mapping[str, str]) -> tuple[TaskView, int | None]:
            return await database().change(tasks.update_task, actor, read_id(task_id), patch, seen=seen)

        if field not in TEXTS:
            return await store({})
        try:
            return await store({field: base if isinstance(base, str) else getattr(self, field)})
        except Stale:
            if task_id != self.task_id or field not in self._stored:
                raise
            return await store({field: self._stored[field]})

    async def _offer_both(self, actor: Actor, field: str, mine: str) -> None:
        task = await database().read(tasks.get_task, actor, read_id(self.task_id))
        self.conflict_field, self.theirs, self.mine = field, getattr(task, field), mine

    @rx.event
    async def keep_mine(self) -> Next:
        """Of two versions of a text, stores the one typed here."""
        actor = await actor_of(self)
        if self.conflict_field:
            patch = parse(TaskPatch, {self.conflict_field: self.mine})
            await database().write(tasks.update_task, actor, read_id(self.task_id), patch)
            self._forget_problems()
        return Live.start_over

    @rx.event
    async def keep_theirs(self) -> Next:
        """Of two versions of a text, keeps the one stored."""
        await actor_of(self)
        self._forget_problems()
        return Live.start_over

    @rx.event
    async def restore(self, change_id: int) -> Next:
        """Sets the task back to what it was after an earlier change."""
        actor = await actor_of(self)
        request = parse(RevertRequest, {"change_id": change_id})
        _, made = await database().change(tasks.revert_task, actor, read_id(self.task_id), request.change_id)
        await say(self, "Earlier version restored", made)
        return Live.start_over


def _typed(field: str, value: Any) -> Any:
    """A form's text as the field's type; an emptied field is cleared."""
    if field in TEXTS:
        return value
    if field == "priority":
        return int(value) if str(value) in {"1", "2", "3", "4"} else value
    return value or None


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    panel = await state.get_state(TaskPanel)
    # The open task may have gone, here or elsewhere.
    for task_id in [panel.task_id, *reversed(panel._above)] if panel.task_id else []:
        try:
            await panel._show(actor, task_id)
            return
        except NotFound:
            await panel._clear()
