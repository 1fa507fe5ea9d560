"""What is due on the days of a calendar."""

import datetime as dt

from tests.people import statements
from todo_app.db import Database
from todo_app.schemas.organise import ProjectFields
from todo_app.schemas.tasks import TaskFields, TaskPatch, TaskQuery
from todo_app.services import calendar, projects, tasks
from todo_app.services.actor import Actor

FIRST, LAST = dt.date(2030, 1, 1), dt.date(2030, 1, 31)


def test_tasks_stand_on_their_days_and_recurring_ones_on_those_to_come(db: Database, ana: Actor, bob: Actor) -> None:
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home")).id
    for fields in (
        TaskFields(title="Pay", due_date=dt.date(2030, 1, 15), project_id=home),
        TaskFields(title="Sweep", due_date=dt.date(2030, 1, 7), rrule="FREQ=WEEKLY;COUNT=3", project_id=home),
        TaskFields(title="Before", due_date=dt.date(2029, 12, 31), project_id=home),
        TaskFields(title="Elsewhere", due_date=dt.date(2030, 1, 15)),
        TaskFields(title="No day", project_id=home),
    ):
        db.write_now(tasks.create_task, ana, fields)
    with statements(db) as seen:
        found = db.read_now(calendar.entries, ana, TaskQuery(project_id=home), FIRST, LAST)
    assert [(entry.day.day, entry.task.title, entry.to_come) for entry in found] == [
        (7, "Sweep", False),
        (14, "Sweep", True),
        (15, "Pay", False),
        (21, "Sweep", True),
    ]
    assert len(seen) == 1
    assert db.read_now(calendar.entries, bob, TaskQuery(project_id=home), FIRST, LAST) == []


def test_a_daily_task_from_before_the_month_stands_on_each_of_its_days(db: Database, ana: Actor) -> None:
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home")).id
    fields = TaskFields(title="Walk", due_date=dt.date(2025, 12, 20), rrule="FREQ=DAILY", project_id=home)
    db.write_now(tasks.create_task, ana, fields)
    found = db.read_now(calendar.entries, ana, TaskQuery(project_id=home), FIRST, LAST)
    assert [entry.day.day for entry in found] == list(range(1, 32))


def test_the_filter_and_the_search_hold_on_the_calendar_too(db: Database, ana: Actor) -> None:
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home")).id
    for title in ("Pay the rent", "Pay the gas"):
        made = db.write_now(tasks.create_task, ana, TaskFields(title=title, due_date=dt.date(2030, 1, 15), project_id=home))
    db.write_now(tasks.update_task, ana, made.id, TaskPatch(completed=True))

    def titles(**choices: str) -> set[str]:
        query = TaskQuery.model_validate({"project_id": home, **choices})
        return {entry.task.title for entry in db.read_now(calendar.entries, ana, query, FIRST, LAST)}

    assert titles() == {"Pay the rent", "Pay the gas"}
    assert titles(status="open") == titles(q="RENT") == {"Pay the rent"}
    assert titles(status="completed") == {"Pay the gas"}


def test_what_is_counted_from_completion_stands_on_the_same_days_whatever_month_is_looked_at(db: Database, ana: Actor) -> None:
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home")).id
    for title, rule in (("Weekly", "FREQ=WEEKLY"), ("Monthly", "FREQ=MONTHLY"), ("Twice", "FREQ=WEEKLY;COUNT=2")):
        fields = TaskFields(title=title, due_date=dt.date(2030, 1, 2), rrule=rule, from_completion=True, project_id=home)
        made = db.write_now(tasks.create_task, ana, fields)
    whole = db.read_now(calendar.entries, ana, TaskQuery(project_id=home), FIRST, dt.date(2030, 3, 31))
    assert [(f"{entry.day:%d %b}", entry.task.title) for entry in whole if entry.to_come and entry.task.title != "Weekly"] == [
        ("09 Jan", "Twice"),
        ("02 Feb", "Monthly"),
        ("02 Mar", "Monthly"),
    ]
    march = db.read_now(calendar.entries, ana, TaskQuery(project_id=home), dt.date(2030, 3, 1), dt.date(2030, 3, 31))
    assert march == [entry for entry in whole if entry.day.month == 3]
    foretold = db.read_now(tasks.occurrences, ana, made.id, 12).items
    assert [each.due_date for each in foretold] == [dt.date(2030, 1, 2), dt.date(2030, 1, 9)]
