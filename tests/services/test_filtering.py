"""Filters over rows: which tasks each one finds, and why."""

import datetime as dt
import uuid
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from tests.people import statements
from tests.services.filter_cast import CAST, add_cast, stop_the_clock
from tests.services.filter_truth import TRUTH, titles
from todo_app.db import Database
from todo_app.errors import FieldError, Invalid, NotFound
from todo_app.quick_add import Preferences
from todo_app.schemas.tasks import TaskFields, TaskPatch, TaskQuery
from todo_app.services import filtering, task_lists, tasks
from todo_app.services.actor import Actor

ZONES = ("Etc/GMT+12", "Pacific/Niue", "America/St_Johns", "UTC", "Europe/Berlin", "Asia/Kathmandu", "Pacific/Kiritimati")


@pytest.fixture
def cast(db: Database, ana: Actor, bob: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    db.write_now(add_cast, ana, bob)
    stop_the_clock(monkeypatch)


def found(db: Database, actor: Actor, text: str) -> frozenset[str]:
    page = db.read_now(task_lists.list_tasks, actor, TaskQuery(filter=text, limit=500))
    assert page.total == len(page.items)
    return frozenset(task.title for task in page.items)


def add(db: Database, actor: Actor, title: str, **fields: object) -> uuid.UUID:
    return db.write_now(tasks.create_task, actor, TaskFields.model_validate({"title": title, **fields})).id


def ids_of(db: Database, actor: Actor) -> dict[str, uuid.UUID]:
    return {task.title: task.id for task in db.read_now(task_lists.list_tasks, actor, TaskQuery(limit=500)).items}


# -- Which ------------------------------------------------------------------------------------------------------------


def test_every_filter_finds_what_it_says_and_nobody_else_s(db: Database, ana: Actor, cast: None) -> None:
    assert {text: found(db, ana, text) for text in TRUTH} == {text: titles(said) for text, said in TRUTH.items()}


def test_the_opposite_of_a_filter_finds_exactly_the_others(db: Database, ana: Actor, cast: None) -> None:
    for text, said in TRUTH.items():
        if text.strip():
            assert found(db, ana, f"!({text})") == frozenset(CAST) - titles(said), text


def test_days_that_only_quick_add_knows_are_read_as_there(db: Database, ana: Actor, cast: None) -> None:
    add(db, ana, "found", due_date="2026-04-03")
    for text in ("due: 3/4", "3/4/2026", "due >= 3/4"):
        assert found(db, ana, text) == {"found"}, text
    american = replace(ana, preferences=Preferences(date_order="mdy"))
    assert found(db, american, "due: 4/3") == {"found"}
    german = replace(ana, preferences=Preferences(language="de"))
    assert found(db, german, "due: heute & !no time") == titles("passed, this minute, coming, Tokyo passed, New York coming")


@pytest.mark.parametrize("phrase", ["today at 5", "every day", "friday @work", "p1 friday", "#Home friday", "milk friday", "17:00"])
def test_what_is_more_or_less_than_a_day_for_quick_add_is_no_day(db: Database, ana: Actor, phrase: str) -> None:
    with pytest.raises(Invalid):
        filtering.check(ana, f"due: {phrase}", "filter")


def test_weeks_begin_when_the_person_s_do(db: Database, ana: Actor, cast: None) -> None:
    sundays = replace(ana, preferences=Preferences(week_start=6))
    assert found(db, sundays, "last week") == frozenset()
    assert found(db, sundays, "this week & !due >= yesterday") == {"done late"}
    assert found(db, sundays, "next week") == {"sunday", "weekly", "in a week"}


# -- Days and moments -------------------------------------------------------------------------------------------------


def test_a_day_without_a_time_is_that_day_on_every_clock(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    add(db, ana, "whole day", due_date="2026-03-04")
    for zone in ZONES:
        there = replace(ana, time_zone=zone)
        begin, end = dt.datetime(2026, 3, 4, tzinfo=ZoneInfo(zone)), dt.datetime(2026, 3, 5, tzinfo=ZoneInfo(zone))
        second = dt.timedelta(seconds=1)
        for now, expected in (
            (begin - second, ["tomorrow"]),
            (begin, ["today"]),
            (end - second, ["today"]),
            (end, ["yesterday", "overdue"]),
        ):
            stop_the_clock(monkeypatch, now.astimezone(dt.UTC))
            hits = [text for text in ("tomorrow", "today", "yesterday", "overdue") if found(db, there, text)]
            assert hits == expected, (zone, now)


# A day and time, its zone, and when that is.
TIMED = [
    ("2026-03-04", "10:00", "Europe/Berlin", "2026-03-04T09:00Z"),
    ("2026-03-04", "23:59", "Pacific/Kiritimati", "2026-03-04T09:59Z"),
    ("2026-03-04", "00:00", "Etc/GMT+12", "2026-03-04T12:00Z"),
    ("2026-03-29", "02:30", "Europe/Berlin", "2026-03-29T01:30Z"),  # skipped by the clocks
    ("2026-10-25", "02:30", "Europe/Berlin", "2026-10-25T00:30Z"),  # shown twice: the first
]


@pytest.mark.parametrize(("day", "time", "zone", "moment"), TIMED)
def test_a_task_with_a_time_is_overdue_from_that_moment_on_whoever_reads_it_where(
    db: Database, ana: Actor, day: str, time: str, zone: str, moment: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(db, ana, "timed", due_date=day, due_time=time, time_zone=zone)
    at = dt.datetime.fromisoformat(moment)
    for reader in ZONES:
        there = replace(ana, time_zone=reader)
        for now, is_overdue in ((at, False), (at + dt.timedelta(microseconds=1), True)):
            stop_the_clock(monkeypatch, now)
            assert bool(found(db, there, "overdue")) == is_overdue, reader
            assert bool(found(db, there, "!overdue")) != is_overdue, reader


def test_what_is_overdue_follows_every_change_of_when_it_is_due(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)
    task = add(db, ana, "moving", due_date="2026-03-04", due_time="11:00")
    assert found(db, ana, "overdue")
    for change, is_overdue in (
        ({"due_time": "13:00"}, False),
        ({"time_zone": "Asia/Tokyo"}, True),
        ({"due_date": "2026-03-05"}, False),
        ({"due_date": "2026-03-03", "due_time": None}, True),
        ({"due_date": None}, False),
    ):
        db.write_now(tasks.update_task, ana, task, TaskPatch.model_validate(change))
        assert bool(found(db, ana, "overdue")) == is_overdue, change


def test_the_ends_of_the_calendar_can_be_due_days_too(db: Database, ana: Actor) -> None:
    for zone in ("Etc/GMT+12", "Pacific/Kiritimati"):
        for day in ("0001-01-01", "9999-12-31"):
            add(db, ana, f"{day} {zone}", due_date=day, due_time="12:00", time_zone=zone)
    first = {"0001-01-01 Etc/GMT+12", "0001-01-01 Pacific/Kiritimati"}
    last = {"9999-12-31 Etc/GMT+12", "9999-12-31 Pacific/Kiritimati"}
    assert found(db, ana, "overdue") == found(db, ana, "due < 1000-01-02") == first
    assert found(db, ana, "!overdue") == found(db, ana, "due > 9998-12-30") == last


# -- Errors -----------------------------------------------------------------------------------------------------------


def test_a_filter_that_is_none_says_what_is_wrong_where_and_what_may_stand_there(ana: Actor) -> None:
    with pytest.raises(Invalid) as refused:
        filtering.check(ana, "p1 | ovredue", "query")
    detail = "At character 6: Filters don't know `ovredue`. Did you mean `overdue`?"
    assert refused.value.errors == [FieldError("/query", detail, start=5, end=12, suggestion="overdue")]
    with pytest.raises(Invalid) as refused:
        filtering.condition(ana, "p1 &")
    assert refused.value.errors == [FieldError("/filter", "At character 4: Say a condition after `&`.", start=3, end=4)]


def test_a_filter_that_is_one_passes(ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_the_clock(monkeypatch)
    for text in TRUTH:
        filtering.check(ana, text, "query")


# -- Size -------------------------------------------------------------------------------------------------------------

BIGGEST = [
    "|".join(["overdue"] * 100),
    "&".join(f"!##a{n}" for n in range(100)),
    "|".join(f"@*{n}*" for n in range(100)),
    "|".join(f"/sec{n}" for n in range(100)),
    "&".join(['"a_%b"'] * 100),
    "search: " + " ".join("x" * n for n in range(1, 43)),
    "&".join(["!no labels"] * 50 + ["!has subtasks"] * 30),
    "@" + "*a" * 499,
    "(" * 50 + "p1" + ")" * 50,
    "!" * 50 + "p1",
    "(p1|(p2&" * 24 + "p3" + "))" * 24,
    "(p1|(p2&" * 24 + "has subtasks" + "))" * 24,
    "!(p1|!(p2&" * 12 + "!has subtasks" + "))" * 12,
]


def test_the_biggest_filters_work(db: Database, ana: Actor) -> None:
    task = add(db, ana, "here")
    for text in BIGGEST:
        assert len(text) <= 1000
        explanation = db.read_now(filtering.explain, ana, text, task)
        assert explanation.matches == (found(db, ana, text) == {"here"}), text


@pytest.mark.parametrize("side", ["{} & ({})", "{} | ({})", "({}) & {}"])
def test_deep_filters_work_whichever_side_they_grow_on(db: Database, ana: Actor, side: str) -> None:
    """SQLite's parser has a small stack."""
    add(db, ana, "here")
    text = "p4"
    for n in range(48):
        text = side.format("p4" if n % 2 else "!overdue", text) if side.startswith("{}") else side.format(text, "p4")
        assert found(db, ana, text) == {"here"}, n


def test_filters_that_fork_as_often_as_they_can_work(db: Database, ana: Actor) -> None:
    add(db, ana, "here")
    text = "p4"
    for joint in ("&", "|") * 3:
        text = f"!(!({text}){joint}!({text}))"
    assert text.count("p4") == 64
    assert found(db, ana, text) == {"here"}


# -- Why --------------------------------------------------------------------------------------------------------------


def test_why_a_task_is_there_or_not_is_said_in_a_sentence_and_clause_by_clause(db: Database, ana: Actor, cast: None) -> None:
    text = "(today | overdue) & @work & !p4"
    ids = ids_of(db, ana)
    there = db.read_now(filtering.explain, ana, text, ids["office idea"])
    assert there.matches
    assert there.sentence == "Here because it is due today, has `@work` and has a priority."
    assert [(clause.text, clause.holds, clause.decides) for clause in there.clauses] == [
        ("today", True, True),
        ("overdue", False, False),
        ("@work", True, True),
        ("p4", False, True),
    ]
    assert [text[clause.start : clause.end] for clause in there.clauses] == [clause.text for clause in there.clauses]
    missing = db.read_now(filtering.explain, ana, text, ids["today"])
    assert not missing.matches
    assert missing.sentence == "Not here because it has no `@work`."


def test_every_explanation_agrees_with_the_list(db: Database, ana: Actor, cast: None) -> None:
    ids = ids_of(db, ana)
    for n, (text, said) in enumerate(TRUTH.items()):
        for title in sorted(ids)[n % 20 :: 20]:
            explanation = db.read_now(filtering.explain, ana, text, ids[title])
            assert explanation.matches == (title in titles(said)), (text, title)


def test_the_same_condition_in_two_places_is_told_of_both(db: Database, ana: Actor, cast: None) -> None:
    explanation = db.read_now(filtering.explain, ana, "@work & p1 | !@work & p2", ids_of(db, ana)["work"])
    assert [(clause.text, clause.start, clause.holds) for clause in explanation.clauses] == [
        ("@work", 0, True),
        ("p1", 8, False),
        ("@work", 14, True),
        ("p2", 22, False),
    ]


def test_an_empty_filter_has_every_task(db: Database, ana: Actor, cast: None) -> None:
    explanation = db.read_now(filtering.explain, ana, " ", ids_of(db, ana)["plain"])
    assert (explanation.matches, explanation.sentence, explanation.clauses) == (True, "Here because it is a task.", [])


def test_an_explanation_is_one_query_however_many_clauses(db: Database, ana: Actor, cast: None) -> None:
    task = ids_of(db, ana)["plain"]
    for text in ("p1", "|".join(f"##a{n}&@b{n}" for n in range(50))):
        with statements(db) as seen:
            db.read_now(filtering.explain, ana, text, task)
        assert len(seen) == 1


def test_a_stranger_s_a_missing_and_a_trashed_task_are_not_explained(db: Database, ana: Actor, bob: Actor) -> None:
    own, trashed = add(db, ana, "own"), add(db, ana, "trashed")
    db.write_now(tasks.delete_task, ana, trashed)
    said = set()
    for actor, task in ((bob, own), (bob, uuid.uuid4()), (ana, trashed)):
        with pytest.raises(NotFound) as refused:
            db.read_now(filtering.explain, actor, "all", task)
        said.add(refused.value.detail)
    assert said == {tasks.NO_SUCH_TASK}


def test_a_filter_costs_no_query_more(db: Database, ana: Actor, cast: None) -> None:
    counts = set()
    for text in ("", "today", "##Home | @work | overdue | has subtasks | search: milk | no labels"):
        with statements(db) as seen:
            found(db, ana, text)
        counts.add(len(seen))
    assert len(counts) == 1


def test_words_of_a_filter_change_nothing(db: Database, ana: Actor, cast: None) -> None:
    before = ids_of(db, ana)
    for inside in ("'; DELETE FROM tasks; --", "' OR '1'='1", "%' OR 1=1 --", "x' ESCAPE ''", "$1 %s %(a)s ? :a", "a\\\\' b"):
        for text in (f'@"{inside}"', f'#"{inside}"', f'##"{inside}"', f'/"{inside}"', f'"{inside}"', f'@*"{inside}"*'):
            assert found(db, ana, text) == frozenset(), text
    assert ids_of(db, ana) == before
