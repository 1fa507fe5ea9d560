"""Two people, what they may do, and a plain model of what must come of it. Hypothesis chooses; a `Driver` does it to the app.

After every step: each of the two has what the model says, every change is in the feed once and with the next number, and an undo or
redo has brought back exactly what was.
"""

import asyncio
import copy
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from sqlmodel import Session, col, select

from todo_app.change_feed import TRACKED, to_json
from todo_app.db import Database
from todo_app.models import Change, Task, User
from todo_app.schemas.tasks import MAX_PAGE, TaskQuery, TrashQuery
from todo_app.services import labels, projects, task_lists
from todo_app.services.actor import Actor

# What is not put back by an undo: how often and when a row was written.
UNDOABLE_ONLY = {"version", "updated_at"}

Values = dict[str, Any]


@dataclass
class World:
    """What one person has, as a child would write it down."""

    tasks: dict[str, Values] = field(default_factory=dict)
    projects: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    def visible(self) -> list[str]:
        """The tasks that are not in Trash."""
        return [task_id for task_id, task in self.tasks.items() if not task["trashed"]]

    def trash(self) -> list[str]:
        """Those that are."""
        return [task_id for task_id, task in self.tasks.items() if task["trashed"]]


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
    async def rename(self, who: int, tab: int, task_id: str, old: str, title: str) -> None: ...
    async def set_done(self, who: int, tab: int, task_id: str, done: bool) -> None: ...
    async def delete(self, who: int, tab: int, task_id: str) -> None: ...
    async def restore(self, who: int, tab: int, task_id: str) -> None: ...
    async def move(self, who: int, tab: int, ids: list[str], project_id: str | None) -> None: ...
    async def order(self, who: int, tab: int, task_id: str, after: str | None) -> None: ...
    async def complete_all(self, who: int, tab: int, ids: list[str]) -> None: ...
    async def delete_all(self, who: int, tab: int, ids: list[str]) -> None: ...
    async def label_all(self, who: int, tab: int, ids: list[str], add: list[str], remove: list[str]) -> None: ...
    async def add_project(self, who: int, tab: int, name: str) -> None: ...
    async def delete_project(self, who: int, tab: int, project_id: str) -> None: ...
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
            "project": str(view.project_id) if view.project_id else None,
            "labels": {str(label_id) for label_id in view.label_ids},
            "trashed": view.deleted_at is not None,
        }

    listed = task_lists.list_tasks(session, actor, TaskQuery(limit=MAX_PAGE)).items
    trashed = task_lists.list_trash(session, actor, TrashQuery(limit=MAX_PAGE)).items
    return World(
        tasks={str(view.id): task(view) for view in (*listed, *trashed)},
        projects={str(view.id): view.name for view in projects.list_projects(session, actor).items},
        labels={str(view.id): view.name for view in labels.list_labels(session, actor).items},
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

    # -- What people do ------------------------------------------------------------------------------------------------

    @rule(who=people, tab=tabs)
    def add(self, who: int, tab: int) -> None:
        title = self._new("Thing")
        self._do(who, self._driver.add(who, tab, title), lambda world: self._adopt(who, world.tasks, title))

    def _adopt(self, who: int, mine: dict[str, Any], name: str) -> None:
        """Only the app knows the id of what it has made; nothing else of it is taken on trust."""
        found = self._db.read_now(world_of, self._people[who].actor)
        everything: Mapping[str, Any] = {**found.tasks, **found.projects, **found.labels}
        [new] = [each for each, value in everything.items() if name in (value, value["title"] if isinstance(value, dict) else "")]
        is_task = name.startswith("Thing")
        mine[new] = {"title": name, "done": False, "project": None, "labels": set(), "trashed": False} if is_task else name

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
            self._do(who, self._driver.set_done(who, tab, task_id, done), lambda world: world.tasks[task_id].update(done=done))

    @rule(who=people, tab=tabs, which=choice)
    def delete(self, who: int, tab: int, which: int) -> None:
        if task_id := self._one(self._people[who].world.visible(), which):
            self._do(who, self._driver.delete(who, tab, task_id), lambda world: world.tasks[task_id].update(trashed=True))

    @rule(who=people, tab=tabs, which=choice)
    def restore(self, who: int, tab: int, which: int) -> None:
        if task_id := self._one(self._people[who].world.trash(), which):
            self._do(who, self._driver.restore(who, tab, task_id), lambda world: world.tasks[task_id].update(trashed=False))

    @rule(who=people, tab=tabs, which=choice, where=choice)
    def move(self, who: int, tab: int, which: int, where: int) -> None:
        world = self._people[who].world
        ids, project = self._some(world.visible(), which), self._one([*world.projects, ""], where) or None
        if ids:
            work = self._driver.move(who, tab, ids, project)
            self._do(who, work, lambda world: [world.tasks[task_id].update(project=project) for task_id in ids] and None)

    @rule(who=people, tab=tabs, which=choice, behind=choice)
    def order(self, who: int, tab: int, which: int, behind: int) -> None:
        world = self._people[who].world
        inbox = [task_id for task_id in world.visible() if world.tasks[task_id]["project"] is None]
        task_id, after = self._one(inbox, which), self._one([*inbox, ""], behind) or None
        if task_id and task_id != after:
            self._do(who, self._driver.order(who, tab, task_id, after), lambda _world: None)

    @rule(who=people, tab=tabs, which=choice)
    def complete_all(self, who: int, tab: int, which: int) -> None:
        if ids := self._some(self._people[who].world.visible(), which):
            work = self._driver.complete_all(who, tab, ids)
            self._do(who, work, lambda world: [world.tasks[task_id].update(done=True) for task_id in ids] and None)

    @rule(who=people, tab=tabs, which=choice)
    def delete_all(self, who: int, tab: int, which: int) -> None:
        if ids := self._some(self._people[who].world.visible(), which):
            work = self._driver.delete_all(who, tab, ids)
            self._do(who, work, lambda world: [world.tasks[task_id].update(trashed=True) for task_id in ids] and None)

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
        self._do(who, self._driver.add_project(who, tab, name), lambda world: self._adopt(who, world.projects, name))

    @rule(who=people, tab=tabs, which=choice)
    def delete_project(self, who: int, tab: int, which: int) -> None:
        if project_id := self._one(list(self._people[who].world.projects), which):

            def change(world: World) -> None:
                del world.projects[project_id]
                for task in world.tasks.values():
                    if task["project"] == project_id:
                        task.update(project=None, trashed=True)

            self._do(who, self._driver.delete_project(who, tab, project_id), change)

    @rule(who=people, tab=tabs)
    def add_label(self, who: int, tab: int) -> None:
        name = self._new("label")
        self._do(who, self._driver.add_label(who, tab, name), lambda world: self._adopt(who, world.labels, name))

    @rule(who=people, tab=tabs, which=choice)
    def delete_label(self, who: int, tab: int, which: int) -> None:
        if label_id := self._one(list(self._people[who].world.labels), which):

            def change(world: World) -> None:
                del world.labels[label_id]
                for task in world.tasks.values():
                    task["labels"].discard(label_id)

            self._do(who, self._driver.delete_label(who, tab, label_id), change)

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
            assert self._db.read_now(world_of, person.actor) == person.world
            assert self._db.read_now(rows_of, person.actor) == person.stored
            assert self._db.read_now(numbers_after, person.actor, person.feed) == ([], person.feed)

    @invariant()
    def and_is_shown_it_and_nothing_of_the_other_s(self) -> None:
        worlds = [person.world for person in self._people]
        for who in (0, 1):
            self._run(self._driver.check(who, worlds[who], worlds[1 - who]))
