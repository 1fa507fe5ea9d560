"""The state of a list of tasks."""

from collections.abc import Mapping, Sequence
from typing import Any

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app import lengths
from todo_app.db import database
from todo_app.errors import Invalid
from todo_app.schemas.fields import parse
from todo_app.schemas.quick_add import QuickAddRequest
from todo_app.schemas.tasks import MoveRequest, TaskPatch, TaskQuery, TaskView
from todo_app.services import task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.ui import routes
from todo_app.ui.dates import day_in_words
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live, refreshes
from todo_app.ui.notices import hush, quoted, say
from todo_app.ui.once import add_once
from todo_app.ui.quick_add.added import say_added
from todo_app.ui.quick_add.state import dismissed_in
from todo_app.ui.sending import show
from todo_app.ui.session import Next, actor_of
from todo_app.ui.sidebar import Sidebar
from todo_app.ui.task_list.groups import Group, Head
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.reading import Read, columns, part, query_of, read_list, read_nothing, rows_read
from todo_app.ui.task_list.rows import Row
from todo_app.ui.task_list.slots import CHUNKS, lay, marks_of, with_mark
from todo_app.ui.task_list.views import Parts, View, parts_of, view_of
from todo_app.ui.task_panel.state import TaskPanel
from todo_app.ui.window import SIZE, Window

# Orders in which a tick puts a task somewhere else.
_MOVED_BY_TICKS = ("updated", "-updated", "completed", "-completed")
# What a move into another group of the list changes.
_GROUPED_BY = ("due_date", "priority", "label_ids", "section_id")


class TaskList(Window, rx.State):
    """What a list page shows. The address holds the choices: `?status=`, `?sort=`, `?q=`, `?filter=`.

    The rows are in `rows_0`, `rows_1` … (see slots.py), added below the class.
    """

    loaded: bool = False
    groups: list[Group] = []
    tail: list[Head] = []
    marks: list[int] = []
    status: str = "all"
    sort: str = "position"
    q: str = ""
    filter: str = ""
    filter_problem: str = ""
    add_problem: str = ""
    # By key, what was added last and what was refused last: the browser forgets its words, or brings them back.
    added: str = ""
    refused: str = ""
    # By key, the last move that the rows shown have behind them.
    moved: str = ""
    _moved: str = ""
    # The slot of each task that is on the list, by its id.
    _slots: dict[str, int] = {}

    @rx.event
    async def load(self) -> None:
        """Shows the page's list from its top."""
        actor = await actor_of(self)
        view = self._view
        if view is None:
            return
        query = query_of(view, self._asked)
        own_filter = str(view.query.get("filter", ""))
        show(
            self,
            status=query.status,
            sort=query.sort,
            q=query.q,
            filter=query.filter if query.filter != own_filter else "",
            add_problem="",
        )
        self._offset = 0
        await self._show(actor)
        await hush(self)
        await (await self.get_state(Live))._has_shown_all()

    @property
    def _view(self) -> View | None:
        return view_of(routes.clean_path(self.router.url.path))

    @property
    def _asked(self) -> Mapping[str, str]:
        return self.router.url.query_parameters

    async def _show(self, actor: Actor) -> None:
        """Reads the window at `_offset` and sends what differs from what the browser has."""
        view = self._view
        if view is None:
            return
        query = query_of(view, self._asked, self._offset)
        try:
            found = await database().read(read_list, actor, view, query)
            problem = ""
        except Invalid as error:  # an id or a filter that is none
            found, problem = await database().read(read_nothing, actor, view), error.detail
        if not found.page.items and found.page.total:  # the list has become shorter than where the window stood
            self._offset = max(0, found.page.total - SIZE)
            query = query_of(view, self._asked, self._offset)
            found = await database().read(read_list, actor, view, query)
        place = await self.get_state(Place)
        by = self._asked.get("by", "")
        place._describe(view, found.around, actor.today, self._asked.get("view", ""))
        show(place, by=by if by in ("priority", "label") else "section")
        self._lay(actor, view, query, found, place)
        show(self, filter_problem=problem, loaded=True)
        if view.kind == "today":
            show(place, done=found.done_today)

    def _lay(self, actor: Actor, view: View, query: TaskQuery, found: Read, place: Place) -> None:
        items = found.page.items
        before = [getattr(self, f"rows_{number}") for number in range(CHUNKS)]
        laid = lay(rows_read(actor, view, query, found), before)
        self._slots = {str(task.id): slot for task, slot in zip(items, laid.order, strict=True)}
        if place.view == "board":
            parted = columns(parts_of(view, "board", self._asked.get("by", "")), found, laid.order)
        else:
            parted = part(view, query, found, laid.order, actor.today)
        show(
            self,
            **{f"rows_{number}": chunk for number, chunk in enumerate(laid.chunks)},
            groups=parted.groups,
            tail=parted.tail,
            marks=marks_of(laid.order, [task.completed for task in items]),
            total=found.page.total,
            moved=self._moved,
            has_earlier=self._offset > 0,
            has_later=self._offset + len(items) < found.page.total,
        )

    @rx.event
    async def add(self, form: dict[str, Any]) -> Next:
        """Adds what the line says, where the page is. `key` is made by the browser: it is done once, however often it comes."""
        actor = await actor_of(self)
        show(self, add_problem="")
        key = str(form.get("key", ""))[: lengths.KEY]
        try:
            request = parse(QuickAddRequest, {"text": form.get("title", ""), **self._defaults(actor), **_chosen(form)})
            made, change_id = await database().change(add_once, actor, request, key)
        except Invalid as error:
            self.add_problem, self.refused = error.detail, key
            return rx.set_focus("qa")
        self.added = key
        await self._tell_where(actor, made, change_id)
        return Live.catch_up

    def _defaults(self, actor: Actor) -> dict[str, Any]:
        """Where a new task goes unless its line says otherwise: to where the person is."""
        view = self._view
        if view is None:
            return {}
        place: Mapping[str, dict[str, Any]] = {
            "today": {"due_date": actor.today.isoformat()},
            "project": {"project_id": view.id},
            "label": {"label_ids": [view.id]},
        }
        return place.get(view.kind, {})

    async def _tell_where(self, actor: Actor, made: Sequence[str], change_id: int | None) -> None:
        """Says where a new task went, if it is not on this list, and that several were added, which one Undo takes back."""
        view = self._view
        if view is None or not made or change_id is None:
            return
        query = query_of(view, self._asked).model_copy(update={"limit": 1})
        if len(made) > 1 or not await database().read(task_lists.has_all, actor, query, made):
            await say_added(self, actor, made, change_id)

    @rx.event
    async def set_done(self, task_id: str, done: bool, stamp: str = "") -> Next:
        """Completes or opens a task. The browser has drawn it already; this sends a mark.

        `stamp` is the row's: should the message come twice, a recurring task is moved on once.
        """
        actor = await actor_of(self)
        patch = parse(TaskPatch, {"completed": done})
        task, change_id = await database().change(_set_done_once, actor, read_id(task_id), patch, stamp)
        if change_id is None:
            return None
        await say(self, _what_was_done(actor, task, done), change_id)
        slot = self._slots.get(str(task.id))
        stays = self._stays(task)
        is_in_panel = (await self.get_state(TaskPanel)).task_id == str(task.id)
        if slot is not None and stays and not is_in_panel and not task.subtasks and task.parent_id is None:
            self.marks = with_mark(self.marks, slot, task.completed)
            if (await self.get_state(Live))._follows(change_id):
                (await self.get_state(Sidebar))._note_done(actor, task)
                return None
        return Live.catch_up

    def _stays(self, task: TaskView) -> bool:
        """Whether a task that was just ticked is where it was, with nothing else of the page changed by it."""
        view = self._view
        is_asked_for = self.status in ("all", "completed" if task.completed else "open") and not self.filter
        return (
            view is not None and view.kind != "today" and is_asked_for and self.sort not in _MOVED_BY_TICKS and task.rrule is None
        )

    @rx.event
    async def delete(self, task_id: str) -> Next:
        """Moves a task to Trash."""
        actor = await actor_of(self)
        title, change_id = await database().change(_delete, actor, read_id(task_id))
        await say(self, f"{quoted(title)} moved to Trash", change_id)
        return Live.catch_up

    @rx.event
    async def move(self, task_id: str, after: str, group: str, key: str) -> Next:
        """Puts a task behind another one of the list ("": at its beginning), in the group of this key.

        The browser has drawn it already. `key` is made by the browser, and comes back with the rows in their new order.
        """
        actor = await actor_of(self)
        view = self._view
        if view is None:
            return None
        layout = (await self.get_state(Place))._layout
        parts: Parts = "days" if layout == "calendar" else parts_of(view, layout, self._asked.get("by", ""))
        moved, change_id = await database().change(_move, actor, view, parts, read_id(task_id), str(after), str(group))
        if moved:
            await say(self, f"{quoted(moved)} moved", change_id)
        self._moved = str(key)[: lengths.KEY]
        if change_id is None:
            self.moved = self._moved
        return Live.catch_up


for _number in range(CHUNKS):
    TaskList.add_var(f"rows_{_number}", list[Row], [])


def _what_was_done(actor: Actor, task: TaskView, done: bool) -> str:
    if done and not task.completed and task.due_date:
        return f"Done. Next: {day_in_words(task.due_date, actor.today)}"
    return "Completed" if task.completed else "Opened again"


def _chosen(form: Mapping[str, Any]) -> dict[str, Any]:
    """What the browser adds to the line: the section or day it was opened at, and the words that stay title."""
    place = {name: form[name] for name in ("section_id", "due_date") if form.get(name)}
    return {**place, "dismissed": dismissed_in(form)}


def _set_done_once(session: DbSession, actor: Actor, task_id: Any, patch: TaskPatch, stamp: str) -> TaskView:
    if stamp:
        task = tasks.get_task(session, actor, task_id)
        if task.rrule and str(task.due_date) != stamp:
            return task
    return tasks.update_task(session, actor, task_id, patch)


def _delete(session: DbSession, actor: Actor, task_id: Any) -> str:
    title = tasks.find(session, actor, task_id).title
    tasks.delete_task(session, actor, task_id)
    return title


def _move(session: DbSession, actor: Actor, view: View, parts: Parts, task_id: Any, after: str, group: str) -> str:
    """Makes a task part of a group of the list, and puts it behind another task where the list has an order by hand.

    Gives its title if the group is another one now: an order alone tells of itself.
    """
    before = tasks.get_task(session, actor, task_id)
    place: dict[str, Any] = {"after": after or None, "order": view.order}
    match parts:
        case "days" | "today" if group not in ("", "late"):
            tasks.update_task(session, actor, task_id, parse(TaskPatch, {"due_date": group}))
        case "priority":
            tasks.update_task(session, actor, task_id, parse(TaskPatch, {"priority": int(group) if group.isdigit() else group}))
        case "label":
            others = [str(label_id) for label_id in tasks.get_task(session, actor, task_id).label_ids[1:]]
            label_ids = [label_id for label_id in (group, *others) if label_id]
            tasks.update_task(session, actor, task_id, parse(TaskPatch, {"label_ids": label_ids}))
        case "sections":
            place |= {"project_id": view.id, "section_id": group} if group else {"section_id": None}
    if view.order and parts != "days":
        tasks.move_task(session, actor, task_id, parse(MoveRequest, place))
    task = tasks.get_task(session, actor, task_id)
    return task.title if any(getattr(task, name) != getattr(before, name) for name in _GROUPED_BY) else ""


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    task_list = await state.get_state(TaskList)
    if task_list._view is not None and task_list.loaded:
        await task_list._show(actor)
