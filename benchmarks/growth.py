"""What a page of tasks costs as the tables grow: to one of many people, and to the one who has them all."""

import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from sqlalchemy import text
from sqlmodel import Session

from benchmarks.places import KINDS, new_database, somebody
from benchmarks.reasons import OF_COUNTING
from benchmarks.report import Line
from tests.growing import multiply_tasks
from tests.servers import Postgres
from todo_app.db import Database
from todo_app.schemas.tasks import TaskQuery
from todo_app.services import task_lists
from todo_app.services.actor import Actor

FIRST = 1000
COPIES = (9, 9, 9)  # ten times as many, three times over
READS = 200
# Whose lists: somebody's with a thousand tasks, and those of who has all the others.
MANY, ALL = "one of many", "owner of all"
QUERIES: dict[str, Callable[[], TaskQuery]] = {
    "inbox": lambda: TaskQuery(project_id="none", parent_id="none", sort="position", limit=50),
    "newest": lambda: TaskQuery(limit=50),
}


def measure(directory: Path, postgres: Postgres) -> tuple[list[Line], dict[str, list[float]]]:
    """A line per list, database and person; and the milliseconds of the inbox at each number of tasks."""
    lines, curves = [], {}
    for kind in KINDS:
        with new_database(kind, directory, postgres) as (_, db):
            people = {MANY: somebody(db, FIRST).actor, ALL: somebody(db, FIRST).actor}
            lists = {(whose, name): (actor, query) for whose, actor in people.items() for name, query in QUERIES.items()}
            took = {key: [_read(db, actor, query())] for key, (actor, query) in lists.items()}
            for copies in COPIES:
                db.write_now(_grow, copies, people[ALL])
                for key, (actor, query) in lists.items():
                    took[key].append(_read(db, actor, query()))
            for (whose, name), each in took.items():
                ratio = each[-1] / each[0]
                told = f"{ratio:.2f} × ({each[0] * 1000:.2f} → {each[-1] * 1000:.2f} ms)"
                what = f"50 tasks of {name}, {whose}, 1,000,000 beside 1,000, {kind}"
                lines.append(Line(what, "≤ 1.5 ×", told, ratio <= 1.5, OF_COUNTING))
            for whose in people:
                curves[f"{kind}, {whose}"] = [seconds * 1000 for seconds in took[whose, "inbox"]]
    return lines, curves


def _grow(session: Session, copies: int, actor: Actor) -> None:
    multiply_tasks(session.connection(), copies, actor.user_id)
    session.connection().execute(text("ANALYZE"))


def _read(db: Database, actor: Actor, query: TaskQuery) -> float:
    """The median of seconds."""
    took = []
    for _ in range(READS):
        began = time.perf_counter()
        db.read_now(task_lists.list_tasks, actor, query)
        took.append(time.perf_counter() - began)
    return median(took)
