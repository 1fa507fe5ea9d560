"""The state of what the open task can be given: a place, labels, a recurrence."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from todo_app import lengths
from todo_app.db import database
from todo_app.errors import Invalid
from todo_app.schemas.fields import parse
from todo_app.schemas.tasks import TaskPatch, TaskView
from todo_app.services import labelling, repeating, tasks
from todo_app.services.actor import Actor
from todo_app.services.details import Details
from todo_app.ui import routes
from todo_app.ui.dates import day_in_words
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live
from todo_app.ui.sending import show
from todo_app.ui.session import Next, actor_of

INBOX = "inbox"
# Deeper ones are no further to the right: there is no room.
_DEEPEST = 4


@dataclass(frozen=True)
class Crumb:
    """A task that the open one lies in."""

    id: str
    title: str


@dataclass(frozen=True)
class Choice:
    """A place: a project, or a section of it."""

    value: str
    text: str


@dataclass(frozen=True)
class LabelChip:
    """A label of the open task."""

    id: str
    name: str
    color: str


@dataclass(frozen=True)
class NextDate:
    """A day on which a recurring task is due, and why."""

    day: str
    iso: str
    reason: str


class PanelChoices(rx.State):
    """What the open task has, and what there is to choose from. `TaskPanel` fills it."""

    place: str = INBOX
    place_name: str = ""
    color: str = ""
    href: str = ""
    parents: list[Crumb] = []
    places: list[Choice] = []
    labels: list[LabelChip] = []
    label_names: list[str] = []
    label_problem: str = ""
    labelled: str = ""  # the key of the label put on last, for the browser to forget its words
    repeat: str = ""
    recurrence: str = ""
    repeat_problem: str = ""
    next_dates: list[NextDate] = []
    # The words this page has stored, and what they mean: as long as they hold, they are shown as they were typed.
    _typed: tuple[str, tuple[Any, ...]] = ("", ())

    def _fill(self, actor: Actor, details: Details) -> None:
        task = details.task
        project = next((each for each in details.projects if each.id == task.project_id), None)
        show(
            self,
            place=_place_of(task),
            place_name=project.name if project else "Inbox",
            color=project.color if project else "",
            href=f"{routes.PROJECT}/{project.id}" if project else routes.INBOX,
            parents=[Crumb(str(each.id), each.title) for each in details.above],
            places=list(_places(details)),
            labels=_chips(details),
            label_names=[each.name for each in details.labels if each.id not in task.label_ids],
            repeat=self._typed[0] if self._typed[1] == _meaning(task) else repeating.words_of(actor, task),
            recurrence=repeating.in_words(task),
            next_dates=[
                NextDate(day_in_words(each.due_date, actor.today), each.due_date.isoformat(), each.reason)
                for each in details.occurrences
            ],
        )

    def _forget(self) -> None:
        """Another task is opened, or none: what was said of the last one holds no more."""
        show(self, label_problem="", repeat_problem="")
        self._typed = ("", ())

    @rx.event
    async def move_to(self, task_id: str, place: str) -> Next:
        """Moves a task to a project or section. A subtask leaves what it lies in."""
        actor = await actor_of(self)
        patch = parse(TaskPatch, _patch_for(place))
        _, change_id = await database().change(tasks.update_task, actor, read_id(task_id), patch)
        return Live.catch_up if change_id else None

    @rx.event
    async def add_label(self, task_id: str, form: dict[str, Any]) -> Next:
        """Puts a label on a task; one that there is none of yet is made."""
        actor = await actor_of(self)
        given = texts_of(form)
        show(self, label_problem="")
        try:
            await database().write(labelling.put_on, actor, read_id(task_id), given.get("title", ""))
        except Invalid as error:
            self.label_problem = error.detail
            return Live.start_over  # the browser puts the words back
        self.labelled = given.get("key", "")[: lengths.KEY]
        return Live.catch_up

    @rx.event
    async def remove_label(self, task_id: str, label_id: str) -> Next:
        """Takes a label off a task."""
        actor = await actor_of(self)
        await database().write(labelling.take_off, actor, read_id(task_id), read_id(label_id))
        return Live.catch_up

    @rx.event
    async def set_repeat(self, task_id: str, words: str) -> Next:
        """Has a task recur as the words say; without any it no longer does."""
        actor = await actor_of(self)
        if not isinstance(words, str) or words.strip() == self.repeat:
            show(self, repeat_problem="")
            return None
        return await self._repeat(actor, task_id, words.strip())

    @rx.event
    async def end_repeat(self, task_id: str) -> Next:
        """Has a task recur no longer."""
        return await self._repeat(await actor_of(self), task_id, "")

    async def _repeat(self, actor: Actor, task_id: str, words: str) -> Next:
        try:
            task = await database().write(repeating.repeat, actor, read_id(task_id), words)
        except Invalid as error:
            self.repeat_problem = error.detail
            return None
        show(self, repeat_problem="")
        self._typed = (words, _meaning(task))
        return Live.catch_up


def _meaning(task: TaskView) -> tuple[Any, ...]:
    return (task.id, task.rrule, task.from_completion)


def texts_of(form: Any) -> Mapping[str, str]:
    """What a form brings, as far as it is text."""
    return {name: text for name, text in form.items() if isinstance(text, str)} if isinstance(form, dict) else {}


def _chips(details: Details) -> list[LabelChip]:
    by_id = {each.id: each for each in details.labels}
    found = [by_id[label_id] for label_id in details.task.label_ids if label_id in by_id]
    return [LabelChip(str(each.id), each.name, each.color) for each in found]


def _place_of(task: TaskView) -> str:
    if task.section_id:
        return f"section:{task.section_id}"
    return f"project:{task.project_id}" if task.project_id else INBOX


def _patch_for(place: Any) -> dict[str, Any]:
    kind, _, row_id = str(place).partition(":")
    if kind == "section":
        return {"section_id": row_id}
    return {"project_id": None if place == INBOX else row_id, "section_id": None}


def _places(details: Details) -> Iterator[Choice]:
    """The projects in the order of their tree, each with its sections; what is archived only if the task is there."""
    depths: dict[Any, int] = {None: -1}
    for project in details.projects:
        is_archived = project.archived or project.parent_id not in depths
        if is_archived and project.id != details.task.project_id:
            continue
        depths[project.id] = depths.get(project.parent_id, -1) + 1
        name = "\u2003" * min(depths[project.id], _DEEPEST) + project.name
        yield Choice(f"project:{project.id}", name)
        for section in details.sections:
            if section.project_id == project.id:
                yield Choice(f"section:{section.id}", f"{name} / {section.name}")
