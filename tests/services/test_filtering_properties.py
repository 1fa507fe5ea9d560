"""Filters over rows, compared with a second reading of them in plain Python, written for these tests alone."""

import datetime as dt
import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as bounds
from hypothesis import strategies as st
from sqlmodel import Session

from tests.engines.filters.test_properties import is_true, trees
from tests.services.filter_cast import stop_the_clock
from todo_app.db import Database
from todo_app.filters import (
    Clause,
    DateClause,
    Filter,
    LabelClause,
    Not,
    Pattern,
    PriorityClause,
    ProjectClause,
    SectionClause,
    State,
    StateClause,
    TextClause,
    clauses,
    render,
)
from todo_app.models import Label, Project, Section, Task
from todo_app.schemas.tasks import TaskQuery
from todo_app.services import filtering, task_lists
from todo_app.services.actor import Actor

NOW = dt.datetime(2026, 3, 29, 1, 15, tzinfo=dt.UTC)  # a quarter of an hour after Berlin's clocks went forward
TASKS, EXAMPLES = 60, 120

NAMES = ("a", "ab", "abc", "Bé", "b%", "c_d", "cxd")
WORDS = ("a", "b", "c d", "%", "_", "É", "\\", "'")
DAYS = [dt.date(2026, 3, 29) + dt.timedelta(days=n) for n in (-30, -2, -1, 0, 1, 2, 30)]
CLOCKS = ("Europe/Berlin", "Pacific/Kiritimati", "Etc/GMT+12", "America/New_York")
# Each project with the place, in this list, of the one it lies in.
PROJECTS = (("a", None), ("ab", 0), ("Bé", 1), ("c_d", None), ("cxd", 3), ("a", 4))


@dataclass(frozen=True)
class Facts:
    """What is known of one task, as a person would say it."""

    title: str
    notes: str
    completed_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime
    start: dt.date | None
    due: dt.date | None
    time: dt.time | None
    zone: str | None
    priority: int
    labels: tuple[str, ...]
    project: int | None
    section: str | None
    recurs: bool
    parent: int | None
    has_children: bool


def some_facts(source: random.Random) -> list[Facts]:
    def maybe(values: Sequence[Any]) -> Any:
        return source.choice([*values, None])

    def moment() -> dt.datetime:
        near_midnight = dt.datetime.combine(source.choice(DAYS), dt.time(), ZoneInfo("Europe/Berlin")).astimezone(dt.UTC)
        return near_midnight + source.choice([-1, 0, 1]) * dt.timedelta(microseconds=1)

    parents = [maybe(range(n)) if n and source.random() < 0.5 else None for n in range(TASKS)]
    found = []
    for n in range(TASKS):
        due = maybe(DAYS)
        time = maybe([dt.time(0), dt.time(2, 30), dt.time(3, 15), dt.time(3, 16), dt.time(23, 59)]) if due else None
        project = maybe(range(len(PROJECTS)))
        found.append(
            Facts(
                title=f"{n:03} {source.choice(WORDS)} {source.choice(WORDS)}",
                notes=source.choice(["", "", *WORDS]),
                completed_at=moment() if source.random() < 0.4 else None,
                created_at=moment(),
                updated_at=moment(),
                start=maybe(DAYS),
                due=due,
                time=time,
                zone=source.choice(CLOCKS) if time is not None else None,
                priority=source.randint(1, 4),
                labels=tuple(source.sample(NAMES, source.choice([0, 0, 1, 2]))),
                project=project,
                section=maybe(NAMES[:3]) if project is not None else None,
                recurs=bool(due) and source.random() < 0.3,
                parent=parents[n],
                has_children=n in parents,
            )
        )
    return found


# -- The rows ---------------------------------------------------------------------------------------------------------


def add_all(session: Session, actor: Actor, facts: Sequence[Facts]) -> None:
    base = {"owner_id": actor.user_id, "position": "V"}
    projects: list[Project] = []
    for name, inside in PROJECTS:
        projects.append(Project(name=name, parent_id=None if inside is None else projects[inside].id, **base))
    sections = {(n, name): Section(name=name, project_id=projects[n].id, **base) for n in range(6) for name in NAMES[:3]}
    labels = {name: Label(name=name, **base) for name in NAMES}
    session.add_all([*projects, *sections.values(), *labels.values()])
    session.flush()
    rows: list[Task] = []
    for fact in facts:
        rows.append(_row(actor, fact, rows, projects, sections, labels))
        session.add(rows[-1])
        session.flush()


def _row(
    actor: Actor,
    fact: Facts,
    rows: Sequence[Task],
    projects: Sequence[Project],
    sections: Mapping[tuple[int, str], Section],
    labels: Mapping[str, Label],
) -> Task:
    return Task(
        owner_id=actor.user_id,
        title=fact.title,
        notes=fact.notes,
        completed=fact.completed_at is not None,
        completed_at=fact.completed_at,
        created_at=fact.created_at,
        updated_at=fact.updated_at,
        start_date=fact.start,
        due_date=fact.due,
        due_time=fact.time,
        time_zone=fact.zone,
        priority=fact.priority,
        label_ids=[str(labels[name].id) for name in fact.labels],
        project_id=None if fact.project is None else projects[fact.project].id,
        section_id=sections[fact.project, fact.section].id if fact.project is not None and fact.section else None,
        rrule="FREQ=DAILY" if fact.recurs else None,
        rrule_start=fact.due if fact.recurs else None,
        parent_id=None if fact.parent is None else rows[fact.parent].id,
    )


# -- The second reading -----------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(char) != "Mn")


def fits(pattern: Pattern, name: str | None) -> bool:
    """By taking the pieces off the name one after the other, from the left."""
    if name is None:
        return False
    first, *others = map(plain, pattern.parts)
    rest = plain(name)
    if not others:
        return rest == first
    if not rest.startswith(first):
        return False
    rest = rest[len(first) :]
    *middle, last = others
    for piece in middle:
        if piece not in rest:
            return False
        rest = rest[rest.index(piece) + len(piece) :]
    return rest.endswith(last)


def project_names(fact: Facts, *, with_parents: bool) -> list[str]:
    names, at = [], fact.project
    while at is not None:
        name, inside = PROJECTS[at]
        names.append(name)
        at = inside if with_parents else None
    return names


def day_of(fact: Facts, field: str, zone: ZoneInfo) -> dt.date | None:
    if field in ("due", "start"):
        day: dt.date | None = getattr(fact, field)
        return day
    moment: dt.datetime | None = getattr(fact, f"{field}_at")
    return moment.astimezone(zone).date() if moment else None


def is_overdue(fact: Facts, zone: ZoneInfo) -> bool:
    if fact.due is None:
        return False
    if fact.time is None or fact.zone is None:
        return fact.due < NOW.astimezone(zone).date()
    return dt.datetime.combine(fact.due, fact.time, ZoneInfo(fact.zone)).timestamp() < NOW.timestamp()


def is_so(fact: Facts, state: State, zone: ZoneInfo) -> bool:
    return {
        "all": True,
        "open": not fact.completed_at,
        "completed": bool(fact.completed_at),
        "overdue": is_overdue(fact, zone),
        "recurring": fact.recurs,
        "subtask": fact.parent is not None,
        "has subtasks": fact.has_children,
        "has notes": bool(fact.notes),
        "no date": fact.due is None,
        "no time": fact.time is None,
        "no start date": fact.start is None,
        "no labels": not fact.labels,
        "no project": fact.project is None,
        "no section": fact.section is None,
    }[state]


def says(fact: Facts, word: str) -> bool:
    return any(plain(word) in plain(text) for text in (fact.title, fact.notes, *fact.labels))


def holds(clause: Clause, fact: Facts, zone: ZoneInfo) -> bool:
    match clause:
        case DateClause(field=field, since=since, before=before):
            day = day_of(fact, field, zone)
            return day is not None and (since is None or day >= since) and (before is None or day < before)
        case PriorityClause(level=level):
            return fact.priority == level
        case LabelClause(name=name):
            return any(fits(name, label) for label in fact.labels)
        case ProjectClause(name=name, with_subprojects=deep):
            return any(fits(name, each) for each in project_names(fact, with_parents=deep))
        case SectionClause(name=name):
            return fits(name, fact.section)
        case StateClause(state=state):
            return is_so(fact, state, zone)
        case TextClause(words=words):
            return all(says(fact, word) for word in words)


def matching(tree: Filter, facts: Sequence[Facts], zone: ZoneInfo) -> set[str]:
    each = set(clauses(tree))
    return {fact.title for fact in facts if is_true(tree, {clause: holds(clause, fact, zone) for clause in each})}


# -- Filters ----------------------------------------------------------------------------------------------------------

PARTS = st.sampled_from(["a", "b", "É", "bc", "%", "_", "d"])


@st.composite
def patterns(draw: st.DrawFn) -> Pattern:
    parts = draw(st.lists(PARTS, max_size=2))
    begins, ends = draw(st.booleans()), draw(st.booleans())
    made = ("",) * begins + tuple(parts) + ("",) * ends
    return Pattern(made if parts else ("", ""))


@st.composite
def date_clauses(draw: st.DrawFn) -> DateClause:
    field = draw(st.sampled_from(["due", "start", "created", "updated", "completed"]))
    since, last = sorted([draw(st.sampled_from(DAYS)), draw(st.sampled_from(DAYS))])
    return DateClause(field, *draw(st.sampled_from([(since, None), (None, since), (since, last + dt.timedelta(days=1))])))


NAME_PATTERNS = st.one_of(st.sampled_from(NAMES).map(lambda name: Pattern((name,))), patterns())
CLAUSES = st.one_of(
    date_clauses(),
    st.builds(PriorityClause, st.integers(1, 4)),
    st.builds(LabelClause, NAME_PATTERNS),
    st.builds(ProjectClause, NAME_PATTERNS, st.booleans()),
    st.builds(SectionClause, NAME_PATTERNS),
    st.builds(StateClause, st.sampled_from(get_args(State))),
    st.builds(TextClause, st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(tuple)),
)


def found(db: Database, actor: Actor, text: str) -> set[str]:
    return {task.title for task in db.read_now(task_lists.list_tasks, actor, TaskQuery(filter=text, limit=500)).items}


@pytest.mark.parametrize(
    "zone", ["Europe/Berlin", *(pytest.param(zone, marks=pytest.mark.slow) for zone in ("Pacific/Kiritimati", "Etc/GMT+12"))]
)
def test_rows_are_found_as_a_second_reading_finds_them(
    db: Database, ana: Actor, bob: Actor, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch, NOW)
    source = random.Random(zone)
    facts = some_facts(source)
    db.write_now(add_all, ana, facts)
    db.write_now(add_all, bob, some_facts(source))
    there = replace(ana, time_zone=zone)
    ids = {task.title: task.id for task in db.read_now(task_lists.list_tasks, ana, TaskQuery(limit=500)).items}

    @given(tree=trees(CLAUSES), one=st.sampled_from(facts))
    @bounds(max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    def run(tree: Filter, one: Facts) -> None:
        text = render(tree)
        assume(len(text) <= 990)
        expected = matching(tree, facts, ZoneInfo(zone))
        assert found(db, there, text) == expected
        assert found(db, there, render(Not(tree))) == ids.keys() - expected
        assert db.read_now(filtering.explain, there, text, ids[one.title]).matches == (one.title in expected)

    run()


def test_the_second_reading_has_something_to_find() -> None:
    """Else the test above could be right about nothing."""
    facts = some_facts(random.Random("Europe/Berlin"))
    berlin = ZoneInfo("Europe/Berlin")
    for state in get_args(State):
        matches = matching(StateClause(state), facts, berlin)
        assert matches, state
        assert len(matches) < TASKS or state == "all", state
