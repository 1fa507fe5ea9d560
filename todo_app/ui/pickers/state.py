"""The states behind the pickers: what a phrase of time means, and the sections that tasks can move to."""

from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app import lengths
from todo_app.db import database
from todo_app.errors import Invalid
from todo_app.recurrence import describe
from todo_app.schemas.fields import Input, parse
from todo_app.schemas.quick_add import ParsedView, ParseRequest, QuickAddText
from todo_app.schemas.tasks import MAX_PAGE, BulkRequest, TaskPatch, TaskQuery
from todo_app.services import bulk, quick_add, sections, task_lists
from todo_app.services.actor import Actor
from todo_app.ui.dates import day_in_words
from todo_app.ui.live import Live, refreshes
from todo_app.ui.notices import say
from todo_app.ui.selection.state import in_words
from todo_app.ui.session import Next, actor_of

# What takes a date away, whatever the language.
NO_DATE = ("no date", "kein datum")
EXAMPLE = "Try “tomorrow 9am”, “every mon” or “no date”."


@dataclass(frozen=True)
class When:
    """A phrase of time: what it changes of a task, and how it reads."""

    patch: TaskPatch
    words: str


class Asked(Input):
    """A phrase, and the language it is in if that is not the person's own."""

    text: QuickAddText
    language: Literal["", "en"] = ""


class Scheduling(rx.State):
    """The dialog that asks when. `asked` is the phrase that the rest is about; `done` the key of the last one that was obeyed."""

    asked: str = ""
    words: str = ""
    problem: str = ""
    done: str = ""

    @rx.event
    async def understand(self, text: str) -> None:
        """Shows what a phrase means."""
        actor = await actor_of(self)
        await self._read(actor, {"text": text})

    @rx.event
    async def schedule(self, ids: list[str], text: str, language: str, key: str) -> Next:
        """Gives tasks the date that a phrase means."""
        actor = await actor_of(self)
        when = await self._read(actor, {"text": text, "language": language})
        if when is None:
            return None
        request = parse(BulkRequest, {"ids": ids})
        _, change_id = await database().change(bulk.act, actor, request.model_copy(update={"patch": when.patch}))
        return await self._tell(len(request.ids), when, key, change_id)

    @rx.event
    async def reschedule(self, text: str, language: str, key: str) -> Next:
        """Gives all that is overdue the date that a phrase means."""
        actor = await actor_of(self)
        when = await self._read(actor, {"text": text, "language": language})
        if when is None:
            return None
        count, change_id = await database().change(_reschedule, actor, when.patch)
        return await self._tell(count, when, key, change_id)

    async def _read(self, actor: Actor, values: dict[str, Any]) -> When | None:
        asked = parse(Asked, values)
        self.asked, self.words, self.problem = asked.text.strip(), "", ""
        if not self.asked:
            return None
        try:
            when = await database().read(_when, actor, asked)
        except Invalid as error:
            self.problem = error.detail
            return None
        self.words = when.words
        return when

    async def _tell(self, count: int, when: When, key: str, change_id: int | None) -> Next:
        self.done = str(key)[: lengths.KEY]
        if change_id is None:
            return None
        await say(self, f"{in_words(count)}: {when.words}", change_id)
        return Live.catch_up


def _when(session: DbSession, actor: Actor, asked: Asked) -> When:
    if asked.text.strip().casefold() in NO_DATE:
        return When(TaskPatch(due_date=None, due_time=None, rrule=None), "No date")
    values: dict[str, Any] = {"text": asked.text, **({"language": asked.language} if asked.language else {})}
    said = quick_add.parse_text(session, actor, parse(ParseRequest, values))
    strange = said.title or said.project or said.labels or said.priority
    if strange or said.due_date is None:
        raise Invalid.field("text", f"“{said.title or asked.text.strip()}” is no day or time we know. {EXAMPLE}")
    changed: dict[str, Any] = {"due_date": said.due_date}
    if said.due_time is not None:
        changed["due_time"] = said.due_time
    if said.rrule is not None:
        changed |= {"rrule": said.rrule, "from_completion": said.from_completion}
    return When(TaskPatch.model_validate(changed), _in_words(said, actor))


def _in_words(said: ParsedView, actor: Actor) -> str:
    day = day_in_words(said.due_date, actor.today) if said.due_date else ""
    clock = f" {said.due_time:%H:%M}" if said.due_time else ""
    rule = describe(said.rrule) if said.rrule else ""
    return ", ".join(filter(None, [day + clock, rule[:1].lower() + rule[1:]]))


def _reschedule(session: DbSession, actor: Actor, patch: TaskPatch) -> int:
    """Changes every overdue task; how many there were."""
    ids: list[Any] = []
    total = 1
    while len(ids) < total:
        query = TaskQuery(status="open", filter="due < today", sort="created", limit=MAX_PAGE, offset=len(ids))
        page = task_lists.list_tasks(session, actor, query)
        ids += [task.id for task in page.items]
        total = page.total
    for start in range(0, len(ids), MAX_PAGE):
        bulk.act(session, actor, BulkRequest(ids=ids[start : start + MAX_PAGE], patch=patch))
    return len(ids)


@dataclass(frozen=True)
class SectionOption:
    """A section that tasks can move to, and its project."""

    key: str
    name: str
    project: str


class Sections(rx.State):
    """Every section; the projects are in the sidebar's state."""

    options: list[SectionOption] = []

    @rx.event
    async def load(self) -> None:
        """Fills the list for a page."""
        await self._show(await actor_of(self))

    async def _show(self, actor: Actor) -> None:
        found = await database().read(sections.list_sections, actor)
        options = [SectionOption(str(each.id), each.name, str(each.project_id)) for each in found.items]
        if options != self.options:
            self.options = options


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    await (await state.get_state(Sections))._show(actor)
