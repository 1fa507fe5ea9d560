"""Two people, what they may do, and a plain model of what must come of it. Hypothesis chooses; a `Driver` does it to the app.

After every step: each of the two has what the model says, every change is in the feed once and with the next number, and an undo or
redo has brought back exactly what was.
"""

import asyncio
import copy
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlmodel import Session, col, select

from todo_app.change_feed import TRACKED, to_json
from todo_app.db import Database
from todo_app.models import Change, Task, User
from todo_app.schemas.tasks import MAX_PAGE, TaskQuery, TrashQuery
from todo_app.services import labels, projects, sections, task_lists
from todo_app.services.actor import Actor

# What is not put back by an undo: how often and when a row was written.
UNDOABLE_ONLY = {"version", "updated_at"}
# When a task that comes every day is due at first: far enough away for "the next day" to be the next day.
FIRST_DAY = date(2030, 1, 1)

Values = dict[str, Any]


@dataclass
class World:
    """What one person has, as a child would write it down. A task's `trashed` says what it was thrown away with, by a number."""

    tasks: dict[str, Values] = field(default_factory=dict)
    projects: dict[str, Values] = field(default_factory=dict)
    sections: dict[str, Values] = field(default_factory=dict)
    labels: dict[str, Values] = field(default_factory=dict)

    def visible(self) -> list[str]:
        """The tasks that are not in Trash."""
        return [task_id for task_id, task in self.tasks.items() if not task["trashed"]]

    def trash(self) -> list[str]:
        """Those that are."""
        return [task_id for task_id, task in self.tasks.items() if task["trashed"]]

    def inbox(self) -> list[str]:
        """What the inbox lists: no subtasks."""
        places = {task_id: (self.tasks[task_id]["project"], self.tasks[task_id]["parent"]) for task_id in self.visible()}
        return [task_id for task_id, place in places.items() if place == (None, None)]

    def shown(self) -> "World":
        """The same without what nobody is told: which went to Trash together."""
        told = copy.deepcopy(self)
        for task in told.tasks.values():
            task["trashed"] = bool(task["trashed"])
        return told

    # -- Trees ---------------------------------------------------------------------------------------------------------

    def above(self, task_id: str) -> list[str]:
        """What it lies in, the nearest first."""
        parent = self.tasks[task_id]["parent"]
        return [parent, *self.above(parent)] if parent else []

    def below(self, task_id: str) -> list[Values]:
        """What lies in it, however deep."""
        return [task for each, task in self.tasks.items() if task_id in self.above(each)]

    def _top_first(self, ids: Iterable[str]) -> list[str]:
        return sorted(ids, key=lambda task_id: len(self.above(task_id)))

    # -- What becomes of it --------------------------------------------------------------------------------------------

    def add(self, new: str, title: str, parent: str | None = None, due: date | None = None) -> None:
        """A new task: in the inbox, or where its parent is."""
        place = {name: self.tasks[parent][name] if parent else None for name in ("project", "section")}
        fresh = {"title": title, "done": False, "labels": set(), "trashed": None, "due": due}
        self.tasks[new] = {**fresh, **place, "parent": parent}
        self._open_above(new)

    def _open_above(self, task_id: str) -> None:
        """Nothing is done while a part of it is not."""
        if not self.tasks[task_id]["done"]:
            for each in self.above(task_id):
                self.tasks[each]["done"] = False

    def complete(self, task_id: str) -> None:
        """With all that lies in it. What comes every day is due a day later, and what lies in it is to be done anew."""
        task = self.tasks[task_id]
        if task["done"]:
            return
        comes_again = task["due"] is not None
        if comes_again:
            task["due"] += timedelta(days=1)
        for each in [task, *(child for child in self.below(task_id) if not child["trashed"])]:
            each["done"] = not comes_again

    def complete_all(self, ids: list[str]) -> None:
        """What lies in others first."""
        for task_id in reversed(self._top_first(ids)):
            self.complete(task_id)

    def open(self, task_id: str) -> None:
        """And what it lies in."""
        self.tasks[task_id]["done"] = False
        self._open_above(task_id)

    def discard(self, ids: list[str], batch: int) -> None:
        """To Trash, with what lies in them; what is there already stays as it was thrown away."""
        for task_id in ids:
            for task in (self.tasks[task_id], *self.below(task_id)):
                task["trashed"] = task["trashed"] or batch

    def restore(self, task_id: str) -> None:
        """With what went together with it. It lies in nothing that is still in Trash."""
        task = self.tasks[task_id]
        for child in self.below(task_id):
            if child["trashed"] == task["trashed"]:
                child["trashed"] = None
        task["trashed"] = None
        if any(self.tasks[each]["trashed"] for each in self.above(task_id)):
            task["parent"] = None
        self._open_above(task_id)

    def put(self, ids: list[str], project: str | None, section: str | None) -> None:
        """To another place, with what lies in them, and out of what they lie in. What is there already stays."""
        for task_id in self._top_first(ids):
            task = self.tasks[task_id]
            if (task["project"], task["section"]) != (project, section):
                for each in (task, *self.below(task_id)):
                    each.update(project=project, section=section)
                task["parent"] = None

    def delete_section(self, section_id: str) -> None:
        """Its tasks stay in the project."""
        del self.sections[section_id]
        for task in self.tasks.values():
            if task["section"] == section_id:
                task["section"] = None

    def delete_project(self, project_id: str, batch: int) -> None:
        """With its sections; its tasks go to Trash."""
        del self.projects[project_id]
        self.sections = {each: section for each, section in self.sections.items() if section["project"] != project_id}
        for task in self.tasks.values():
            if task["project"] == project_id:
                task.update(project=None, section=None, trashed=task["trashed"] or batch)

    def delete_label(self, label_id: str) -> None:
        """From all tasks too."""
        del self.labels[label_id]
        for task in self.tasks.values():
            task["labels"].discard(label_id)


@dataclass
class Person:
    """One of the two: their world, and the worlds before and after each change of theirs, as undo goes through them."""

    actor: Actor
    world: World = field(default_factory=World)
    stored: Values = field(default_factory=dict)
    feed: int = 0
    past: list[tuple[World, Values, World, Values]] = field(default_factory=list)
    future: list[tuple[World, Values, World, Values]] = field(default_factory=list)


class Driver(Protocol):
    """How something is done to the app, by whom, and through which of their tabs. What is made has a title or name of its own."""

    async def begin(self, people: list[Actor]) -> None: ...
    async def end(self) -> None: ...
    async def add(self, who: int, tab: int, title: str) -> None: ...
    async def add_daily(self, who: int, tab: int, title: str) -> None: ...
    async def add_subtask(self, who: int, tab: int, title: str, parent: str) -> None: ...
    async def rename(self, who: int, tab: int, task_id: str, old: str, title: str) -> None: ...
    async def set_done(self, who: int, tab: int, task_id: str, done: bool) -> None: ...
    async def delete(self, who: int, tab: int, task_id: str) -> None: ...
    async def restore(self, who: int, tab: int, task_id: str) -> None: ...
    async def move(self, who: int, tab: int, ids: list[str], project: str | None, section: str | None) -> None: ...
    async def order(self, who: int, tab: int, task_id: str, after: str | None) -> None: ...
    async def complete_all(self, who: int, tab: int, ids: list[str]) -> None: ...
    async def delete_all(self, who: int, tab: int, ids: list[str]) -> None: ...
    async def label_all(self, who: int, tab: int, ids: list[str], add: list[str], remove: list[str]) -> None: ...
    async def add_project(self, who: int, tab: int, name: str) -> None: ...
    async def delete_project(self, who: int, tab: int, project_id: str) -> None: ...
    async def add_section(self, who: int, tab: int, name: str, project_id: str) -> None: ...
    async def delete_section(self, who: int, tab: int, section_id: str) -> None: ...
    async def add_label(self, who: int, tab: int, name: str) -> None: ...
    async def delete_label(self, who: int, tab: int, label_id: str) -> None: ...
    async def undo(self, who: int, tab: int) -> None: ...
    async def redo(self, who: int, tab: int) -> None: ...
    async def check(self, who: int, world: World, others: World) -> None: ...


def rows_of(session: Session, actor: Actor) -> Values:
    """Every row of a person that undo is about, in full, and the order of their lists."""
    stored: Values = {}
    for name, model in TRACKED.items():
        for row in session.exec(select(model).where(model.owner_id == actor.user_id)):
            stored[f"{name} {row.id}"] = to_json(row.model_dump(exclude=UNDOABLE_ONLY))
    in_order = select(Task.id).where(Task.owner_id == actor.user_id).order_by(col(Task.position), col(Task.id))
    stored["order"] = [str(task_id) for task_id in session.exec(in_order)]
    return stored


def world_of(session: Session, actor: Actor) -> World:
    """What a person is shown, put into the words of the model."""

    def task(view: Any) -> Values:
        return {
            "title": view.title,
            "done": view.completed,
            "due": view.due_date,
            "project": str(view.project_id) if view.project_id else None,
            "section": str(view.section_id) if view.section_id else None,
            "parent": str(view.parent_id) if view.parent_id else None,
            "labels": {str(label_id) for label_id in view.label_ids},
            "trashed": view.deleted_at is not None,
        }

    listed = task_lists.list_tasks(session, actor, TaskQuery(limit=MAX_PAGE)).items
    trashed = task_lists.list_trash(session, actor, TrashQuery(limit=MAX_PAGE)).items
    return World(
        tasks={str(view.id): task(view) for view in (*listed, *trashed)},
        projects={str(view.id): {"name": view.name} for view in projects.list_projects(session, actor).items},
        sections={
            str(view.id): {"name": view.name, "project": str(view.project_id)}
            for view in sections.list_sections(session, actor).items
        },
        labels={str(view.id): {"name": view.name} for view in labels.list_labels(session, actor).items},
    )


def numbers_after(session: Session, actor: Actor, number: int) -> tuple[list[tuple[int, str]], int]:
    """The changes after a number, and how far the person's feed counts."""
    found = session.exec(select(Change).where(Change.owner_id == actor.user_id, Change.id > number).order_by(col(Change.id)))
    counted = session.exec(select(User.last_change).where(User.id == actor.user_id)).one()
    return [(change.id, change.kind) for change in found], counted


people = st.integers(0, 1)
tabs = st.integers(0, 1)
choice = st.integers(0, 99)


class TwoPeople(RuleBasedStateMachine):
    """The rules. A number chooses among what is there: hypothesis then needs to know nothing of ids."""

    def __init__(self, db: Database, driver: Driver, actors: Callable[[], list[Actor]], runner: asyncio.Runner) -> None:
        super().__init__()
        self._db, self._driver, self._runner = db, driver, runner
        self._people = [Person(actor) for actor in actors()]
        self._made = 0
        for person in self._people:
            self._look(person)
        self._run(driver.begin([person.actor for person in self._people]))

    def teardown(self) -> None:
        self._run(self._driver.end())

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        self._runner.run(work)

    def _look(self, person: Person) -> None:
        person.world = self._db.read_now(world_of, person.actor)
        person.stored = self._db.read_now(rows_of, person.actor)
        person.feed = self._db.read_now(numbers_after, person.actor, 0)[1]

    def _new(self, kind: str) -> str:
        self._made += 1
        return f"{kind} x{self._made}"

    def _batch(self) -> int:
        """A number for what is thrown away together."""
        self._made += 1
        return self._made

    def _do(self, who: int, work: Coroutine[Any, Any, None], change: Callable[[World], None]) -> None:
        """Does it, and expects what `change` does to the model."""
        person = self._people[who]
        before, stored = copy.deepcopy(person.world), person.stored
        self._run(work)
        change(person.world)
        new = self._expect_feed(person, "do", stored)
        if new:
            person.past.append((before, stored, copy.deepcopy(person.world), person.stored))
            person.future.clear()

    def _expect_feed(self, person: Person, kind: str, before: Values) -> bool:
        """At most one change more, of the next number; none only if nothing is different."""
        found, counted = self._db.read_now(numbers_after, person.actor, person.feed)
        person.stored = self._db.read_now(rows_of, person.actor)
        assert found in ([], [(person.feed + 1, kind)])
        assert counted == person.feed + len(found)
        assert bool(found) == (person.stored != before)
        person.feed = counted
        return bool(found)

    def _one(self, ids: list[str], number: int) -> str | None:
        return ids[number % len(ids)] if ids else None

    def _some(self, ids: list[str], number: int) -> list[str]:
        start = number % len(ids) if ids else 0
        return ids[start : start + 3]

    def _id_of(self, who: int, kind: str, name: str) -> str:
        """Only the app knows the id of what it has made; nothing else of it is taken on trust."""
        found = getattr(self._db.read_now(world_of, self._people[who].actor), kind)
        [new] = [each for each, values in found.items() if name in (values.get("title"), values.get("name"))]
        return str(new)

    # -- What people do ------------------------------------------------------------------------------------------------

    @rule(who=people, tab=tabs)
    def add(self, who: int, tab: int) -> None:
        title = self._new("Thing")
        self._do(who, self._driver.add(who, tab, title), lambda world: world.add(self._id_of(who, "tasks", title), title))

    @rule(who=people, tab=tabs)
    def add_daily(self, who: int, tab: int) -> None:
        title = self._new("Thing")
        work = self._driver.add_daily(who, tab, title)
        self._do(who, work, lambda world: world.add(self._id_of(who, "tasks", title), title, due=FIRST_DAY))

    @rule(who=people, tab=tabs, which=choice)
    def add_subtask(self, who: int, tab: int, which: int) -> None:
        if parent := self._one(self._people[who].world.visible(), which):
            title = self._new("Thing")
            work = self._driver.add_subtask(who, tab, title, parent)
            self._do(who, work, lambda world: world.add(self._id_of(who, "tasks", title), title, parent))

    @rule(who=people, tab=tabs, which=choice)
    def rename(self, who: int, tab: int, which: int) -> None:
        world = self._people[who].world
        if task_id := self._one(world.visible(), which):
            title = self._new("Thing")
            old = world.tasks[task_id]["title"]
            work = self._driver.rename(who, tab, task_id, old, title)
            self._do(who, work, lambda world: world.tasks[task_id].update(title=title))

    @rule(who=people, tab=tabs, which=choice, done=st.booleans())
    def set_done(self, who: int, tab: int, which: int, done: bool) -> None:
        if task_id := self._one(self._people[who].world.visible(), which):
            change = World.complete if done else World.open
            self._do(who, self._driver.set_done(who, tab, task_id, done), lambda world: change(world, task_id))

    @rule(who=people, tab=tabs, which=choice)
    def delete(self, who: int, tab: int, which: int) -> None:
        if task_id := self._one(self._people[who].world.visible(), which):
            self._do(who, self._driver.delete(who, tab, task_id), lambda world: world.discard([task_id], self._batch()))

    @rule(who=people, tab=tabs, which=choice)
    def restore(self, who: int, tab: int, which: int) -> None:
        if task_id := self._one(self._people[who].world.trash(), which):
            self._do(who, self._driver.restore(who, tab, task_id), lambda world: world.restore(task_id))

    @rule(who=people, tab=tabs, which=choice, where=choice)
    def move(self, who: int, tab: int, which: int, where: int) -> None:
        world = self._people[who].world
        ids, place = self._some(world.visible(), which), self._one(["", *world.projects, *world.sections], where) or None
        if ids:
            section = place if place in world.sections else None
            project = world.sections[section]["project"] if section else place
            work = self._driver.move(who, tab, ids, project, section)
            self._do(who, work, lambda world: world.put(ids, project, section))

    @rule(who=people, tab=tabs, which=choice, behind=choice)
    def order(self, who: int, tab: int, which: int, behind: int) -> None:
        inbox = self._people[who].world.inbox()
        task_id, after = self._one(inbox, which), self._one([*inbox, ""], behind) or None
        if task_id and task_id != after:
            self._do(who, self._driver.order(who, tab, task_id, after), lambda _world: None)

    @rule(who=people, tab=tabs, which=choice)
    def complete_all(self, who: int, tab: int, which: int) -> None:
        if ids := self._some(self._people[who].world.visible(), which):
            self._do(who, self._driver.complete_all(who, tab, ids), lambda world: world.complete_all(ids))

    @rule(who=people, tab=tabs, which=choice)
    def delete_all(self, who: int, tab: int, which: int) -> None:
        if ids := self._some(self._people[who].world.visible(), which):
            self._do(who, self._driver.delete_all(who, tab, ids), lambda world: world.discard(ids, self._batch()))

    @rule(who=people, tab=tabs, which=choice, first=choice, second=choice)
    def label_all(self, who: int, tab: int, which: int, first: int, second: int) -> None:
        world = self._people[who].world
        ids = self._some(world.visible(), which)
        add, remove = self._one(list(world.labels), first), self._one([*world.labels, ""], second) or None
        if ids and add and add != remove:

            def change(world: World) -> None:
                for task_id in ids:
                    world.tasks[task_id]["labels"] = world.tasks[task_id]["labels"] - {remove} | {add}

            self._do(who, self._driver.label_all(who, tab, ids, [add], [remove] if remove else []), change)

    @rule(who=people, tab=tabs)
    def add_project(self, who: int, tab: int) -> None:
        name = self._new("Project")
        work = self._driver.add_project(who, tab, name)
        self._do(who, work, lambda world: world.projects.update({self._id_of(who, "projects", name): {"name": name}}))

    @rule(who=people, tab=tabs, which=choice)
    def delete_project(self, who: int, tab: int, which: int) -> None:
        if project_id := self._one(list(self._people[who].world.projects), which):
            work = self._driver.delete_project(who, tab, project_id)
            self._do(who, work, lambda world: world.delete_project(project_id, self._batch()))

    @rule(who=people, tab=tabs, which=choice)
    def add_section(self, who: int, tab: int, which: int) -> None:
        if project_id := self._one(list(self._people[who].world.projects), which):
            name = self._new("Section")

            def change(world: World) -> None:
                world.sections[self._id_of(who, "sections", name)] = {"name": name, "project": project_id}

            self._do(who, self._driver.add_section(who, tab, name, project_id), change)

    @rule(who=people, tab=tabs, which=choice)
    def delete_section(self, who: int, tab: int, which: int) -> None:
        if section_id := self._one(list(self._people[who].world.sections), which):
            self._do(who, self._driver.delete_section(who, tab, section_id), lambda world: world.delete_section(section_id))

    @rule(who=people, tab=tabs)
    def add_label(self, who: int, tab: int) -> None:
        name = self._new("label")
        work = self._driver.add_label(who, tab, name)
        self._do(who, work, lambda world: world.labels.update({self._id_of(who, "labels", name): {"name": name}}))

    @rule(who=people, tab=tabs, which=choice)
    def delete_label(self, who: int, tab: int, which: int) -> None:
        if label_id := self._one(list(self._people[who].world.labels), which):
            self._do(who, self._driver.delete_label(who, tab, label_id), lambda world: world.delete_label(label_id))

    @rule(who=people, tab=tabs)
    def undo(self, who: int, tab: int) -> None:
        person = self._people[who]
        before = person.stored
        self._run(self._driver.undo(who, tab))
        if self._expect_feed(person, "undo", before):
            world, stored, *_ = person.past[-1]
            person.future.append(person.past.pop())
            person.world = copy.deepcopy(world)
            assert person.stored == stored
        else:
            assert not person.past

    @rule(who=people, tab=tabs)
    def redo(self, who: int, tab: int) -> None:
        person = self._people[who]
        before = person.stored
        self._run(self._driver.redo(who, tab))
        if self._expect_feed(person, "redo", before):
            *_, world, stored = person.future[-1]
            person.past.append(person.future.pop())
            person.world = copy.deepcopy(world)
            assert person.stored == stored
        else:
            assert not person.future

    # -- What must hold ------------------------------------------------------------------------------------------------

    @invariant()
    def each_has_what_the_model_says(self) -> None:
        for person in self._people:
            assert self._db.read_now(world_of, person.actor) == person.world.shown()
            assert self._db.read_now(rows_of, person.actor) == person.stored
            assert self._db.read_now(numbers_after, person.actor, person.feed) == ([], person.feed)

    @invariant()
    def and_is_shown_it_and_nothing_of_the_other_s(self) -> None:
        worlds = [person.world for person in self._people]
        for who in (0, 1):
            self._run(self._driver.check(who, worlds[who], worlds[1 - who]))
