"""With a hundred thousand tasks every list is found by an index: neither database reads all rows of the table."""

import datetime as dt
import random
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, text
from sqlmodel import Session, select

from tests.growing import check_no_references, multiply_tasks
from tests.people import ANA, insert_untracked, register
from tests.servers import SECRET
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.models import Label, Project, Task, TaskLabel, User
from todo_app.models.base import utc_now
from todo_app.schemas.tasks import ChangesQuery, TaskQuery, TrashQuery
from todo_app.services import changes, overview, subtasks, task_lists
from todo_app.services.actor import Actor

# Each task that is made is then copied this often.
COPIES = 99
MODELS = {"bob": 50, "ana": 1000, "cleo": 50}
PROJECTS, LABELS = 20, 30


@dataclass(frozen=True)
class Crowd:
    """A database with three owners, and Ana, whose rows are most of it."""

    db: Database
    ana: Actor
    project: uuid.UUID
    label: uuid.UUID


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def crowd(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Crowd]:
    directory = tmp_path_factory.mktemp("crowd")
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), directory / "todo.db")
        yield from _crowded(f"sqlite:///{directory}/todo.db", directory)
    else:
        template = request.getfixturevalue("postgres_template")
        with request.getfixturevalue("postgres").copy_of(template) as url:
            yield from _crowded(url, directory)


def _crowded(url: str, directory: Path) -> Iterator[Crowd]:
    db = Database(Settings(database_url=url, auth_secret=SECRET, data_dir=directory))
    ana, project, label = db.write_now(_populate)
    db.write_now(lambda session: session.connection().execute(text("ANALYZE")))
    yield Crowd(db, ana, project, label)
    db.engine.dispose()


def _populate(session: Session) -> tuple[Actor, uuid.UUID, uuid.UUID]:
    """Without the change feed, and mostly inside the database: anything else would take its time."""
    connection, source = session.connection(), random.Random(1)
    check_no_references(connection)
    made = {}
    for name, number in MODELS.items():
        user = User(email=name, email_key=name, password_hash="", name=name)
        base = {"owner_id": user.id, "position": "V"}
        projects = [Project(name=f"Project {n}", name_key=f"project {n}", **base) for n in range(PROJECTS)]
        labels = [Label(name=f"label{n}", name_key=f"label{n}", **base) for n in range(LABELS)]
        tasks = [_task(source, user.id, n, number, projects) for n in range(number)]
        for rows in ([user], projects, labels, tasks):
            insert_untracked(connection, rows)
        made[name] = Actor(user.id, uuid.uuid4(), "Europe/Berlin"), projects[7].id, labels[7].id
    multiply_tasks(connection, COPIES)
    _put_labels_on(connection, source)
    _tell_the_feed(connection)
    return made["ana"]


def _task(source: random.Random, owner_id: uuid.UUID, n: int, number: int, projects: list[Project]) -> Task:
    """Over three years: one in ten still open, half with a day, one in twenty in the inbox, one in a hundred in Trash.

    The days follow each other from two months ahead, so that none near today is left out, whatever the clock says.
    """
    now = utc_now()
    created = now - dt.timedelta(days=3 * 365 * n / number)
    is_open = source.random() < 0.1
    return Task(
        owner_id=owner_id,
        created_at=created,
        updated_at=created,
        completed=not is_open,
        completed_at=None if is_open else created,
        title=f"Task {n}",
        title_key=f"task {n}",
        search_text=f"task {n}\n",
        due_date=now.date() + dt.timedelta(days=60 - n // 2) if n % 2 else None,
        project_id=None if source.random() < 0.05 else source.choice(projects).id,
        position=f"{n:04}",
        day_position=f"{n:04}",
        deleted_at=now if n % 100 == 99 else None,
    )


def _put_labels_on(connection: Connection, source: random.Random) -> None:
    labels: dict[uuid.UUID, list[uuid.UUID]] = {}
    for owner_id, label_id in connection.execute(select(Label.owner_id, Label.id)):
        labels.setdefault(owner_id, []).append(label_id)
    pairs = [
        {"task_id": task_id, "label_id": source.choice(labels[owner_id]), "owner_id": owner_id}
        for task_id, owner_id in connection.execute(select(Task.id, Task.owner_id))
        if source.random() < 0.1
    ]
    connection.execute(TaskLabel.__table__.insert(), pairs)


def _tell_the_feed(connection: Connection) -> None:
    """A change for each task."""
    numbered = "FROM (SELECT *, row_number() OVER (PARTITION BY owner_id ORDER BY id) AS number FROM tasks) AS numbered"
    changed = "INSERT INTO changes (owner_id, id, at, kind, undone) SELECT owner_id, number, created_at, 'do', FALSE"
    items = "INSERT INTO change_items (owner_id, change_id, position, entity, entity_id) SELECT owner_id, number, 0, 'tasks', id"
    connection.execute(text(f"{changed} {numbered}"))
    connection.execute(text(f"{items} {numbered}"))


# What each list asks for, and the column that its rows must be found by.
QUERIES: dict[str, tuple[Callable[[Crowd], TaskQuery], str]] = {
    "today": (lambda _: TaskQuery(filter="due <= today", status="open", sort="day"), "due_date"),
    "upcoming": (lambda _: TaskQuery(filter="due > today", status="open", sort="due"), "due_date"),
    "inbox": (lambda _: TaskQuery(project_id="none", parent_id="none", sort="position"), "project_id"),
    "project": (lambda crowd: TaskQuery(project_id=crowd.project, parent_id="none", sort="position"), "project_id"),
    "label": (lambda crowd: TaskQuery(label_id=crowd.label, status="open"), "label_id"),
    "@label7": (lambda _: TaskQuery(filter="@label7"), "label_id"),
    "open": (lambda _: TaskQuery(status="open"), "completed"),
    "created > -7d": (lambda _: TaskQuery(filter="created > -7d"), "created_at"),
    "due: today": (lambda _: TaskQuery(filter="due: today"), "due_date"),
    "overdue": (lambda _: TaskQuery(filter="overdue", status="open", sort="due"), "due_date"),
    "(today | overdue) & !@label7": (lambda _: TaskQuery(filter="(today | overdue) & !@label7", status="open"), "completed"),
}


@dataclass(frozen=True)
class Plan:
    """How a database goes about a statement: the conditions it looks up in an index, the tables it reads from end to end, and how
    far it has to go: SQLite counts steps of its machine, PostgreSQL rows.
    """

    lookups: str
    scans: frozenset[str]
    effort: int


def plan_of(session: Session, statement: str, parameters: Any = ()) -> Plan:
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        details = [row.detail for row in rows]
        scans = {detail.split()[1] for detail in details if detail.startswith("SCAN")}
        lookups = " ".join(detail for detail in details if detail.startswith("SEARCH"))
        return Plan(lookups, frozenset(scans), _steps_of(connection, statement, parameters))
    (((document,),),) = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).all()
    nodes = list(_nodes(document["Plan"]))
    scans = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    lookups = " ".join(node.get("Index Cond", "") for node in nodes)
    return Plan(lookups, frozenset(scans), round(max(node["Actual Rows"] for node in nodes)))


def _steps_of(connection: Connection, statement: str, parameters: Any) -> int:
    steps = count()
    sqlite = connection.connection.driver_connection
    sqlite.set_progress_handler(lambda: next(steps) < 0, 1)
    connection.exec_driver_sql(statement, parameters).all()
    sqlite.set_progress_handler(None, 1)
    return next(steps)


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for inner in node.get("Plans", []):
        yield from _nodes(inner)


def ask(crowd: Crowd, work: Callable[..., Any], *args: Any) -> tuple[Any, list[Plan]]:
    """What a service answers Ana, and the plans of what it asked the database."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            seen.append((statement, parameters))

    event.listen(crowd.db.engine, "before_cursor_execute", note)
    answer = crowd.db.read_now(work, crowd.ana, *args)
    event.remove(crowd.db.engine, "before_cursor_execute", note)
    return answer, [crowd.db.read_now(plan_of, *each) for each in seen]


@pytest.mark.slow
def test_no_list_reads_the_whole_table(crowd: Crowd) -> None:
    for name, (query, column) in QUERIES.items():
        page, plans = ask(crowd, task_lists.list_tasks, query(crowd))
        assert page.total, name
        is_counted = len(page.items) == query(crowd).limit  # what fits on a page needs no counting
        assert len(plans) == (3 if is_counted else 2), name
        for plan in plans:
            assert "tasks" not in plan.scans, (name, plan)
        for plan in plans[:-1]:  # the rows themselves, and how many there are
            assert re.search(rf"\b{column}\b", plan.lookups), (name, plan)
        assert re.search(r"\bparent_id\b", plans[-1].lookups), (name, plans[-1])  # their subtasks


@pytest.mark.slow
def test_a_read_of_the_whole_table_would_be_seen(crowd: Crowd) -> None:
    plan = crowd.db.read_now(plan_of, "SELECT count(*) FROM tasks WHERE notes = 'x'")
    assert plan.scans == {"tasks"}
    assert crowd.db.read_now(task_lists.list_tasks, crowd.ana, TaskQuery()).total == 99_000
    assert crowd.db.read_now(task_lists.list_trash, crowd.ana, TrashQuery()).total == 1_000


@pytest.mark.slow
@pytest.mark.parametrize("name", ["inbox", "open", "newest", "oldest"])
def test_of_a_long_list_no_more_rows_are_read_than_a_page_shows(crowd: Crowd, name: str) -> None:
    orders = {"newest": TaskQuery(), "oldest": TaskQuery(sort="created")}
    query = orders.get(name) or QUERIES[name][0](crowd)
    in_order, by_title = (
        ask(crowd, task_lists.list_tasks, each)[1][0] for each in (query, query.model_copy(update={"sort": "title"}))
    )
    assert in_order.effort * 4 < by_title.effort, (in_order, by_title)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_counted_at_every_change_is_found_without_statistics_too(db: Database) -> None:
    """SQLite has none unless somebody asks for them."""
    alone = Crowd(db, register(db, ANA, "Ana"), uuid.uuid4(), uuid.uuid4())
    _view, (per_project, *_others) = ask(alone, overview.sidebar)
    assert "ix_tasks_owner_open" in per_project.lookups
    _done, (of_subtasks,) = ask(alone, lambda session, actor: subtasks.progress(session, actor.user_id, [uuid.uuid4()]))
    assert "ix_tasks_owner_parent_id" in of_subtasks.lookups


@pytest.mark.slow
def test_what_was_completed_last_is_found_without_all_the_rest(crowd: Crowd) -> None:
    page, plans = ask(crowd, task_lists.list_tasks, TaskQuery(status="completed", sort="-completed"))
    found = [task.completed_at for task in page.items]
    assert found == sorted(found, reverse=True)
    _page, by_title = ask(crowd, task_lists.list_tasks, TaskQuery(status="completed", sort="title"))
    assert plans[0].effort * 4 < by_title[0].effort, (plans[0], by_title[0])


@pytest.mark.slow
def test_what_was_completed_today_is_found_by_its_moment(crowd: Crowd) -> None:
    _count, (plan,) = ask(crowd, task_lists.completed_today)
    assert not plan.scans
    assert re.search(r"\bcompleted_at\b.*\blast_completed_at\b", plan.lookups), plan


@pytest.mark.slow
def test_trash_history_and_feed_are_found_by_their_indexes(crowd: Crowd) -> None:
    task_id = crowd.db.read_now(task_lists.list_tasks, crowd.ana, TaskQuery(limit=1)).items[0].id
    asked: dict[str, tuple[Callable[..., Any], Any]] = {
        "deleted_at": (task_lists.list_trash, TrashQuery()),
        "id": (changes.list_changes, ChangesQuery()),
        "entity_id": (changes.history_of, task_id),
    }
    for column, (work, query) in asked.items():
        answer, plans = ask(crowd, work, query)
        assert answer.items, column
        for plan in plans:
            assert not plan.scans, (column, plan)
        assert re.search(rf"\b{column}\b", plans[0].lookups), (column, plans)
