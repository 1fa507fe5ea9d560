"""The sidebar: every list and how many tasks are open there."""

import datetime as dt

import pytest

from tests.people import statements
from tests.services.test_bulk import add
from todo_app.db import Database
from todo_app.schemas.organise import FilterFields, LabelFields, ProjectFields, ProjectPatch, SidebarView
from todo_app.services import labels, overview, projects, saved_filters, tasks
from todo_app.services.actor import Actor


def sidebar(db: Database, actor: Actor) -> SidebarView:
    return db.read_now(overview.sidebar, actor)


def test_somebody_new_has_nothing(db: Database, ana: Actor) -> None:
    assert sidebar(db, ana) == SidebarView(inbox=0, today=0, projects=[], archived=[], labels=[], filters=[])


def test_open_tasks_are_counted_where_they_are(db: Database, ana: Actor, bob: Actor) -> None:
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home", color="red")).id
    work = db.write_now(labels.create_label, ana, LabelFields(name="work")).id
    db.write_now(labels.create_label, ana, LabelFields(name="idle"))
    db.write_now(saved_filters.create_filter, ana, FilterFields(name="Soon", query="today | overdue"))
    add(db, bob, "Bob's")
    add(db, ana, "Done", completed=True)
    db.write_now(tasks.delete_task, ana, add(db, ana, "Deleted", due_date="2026-01-01", label_ids=[work]))
    inbox = add(db, ana, "In the inbox", due_date=str(ana.today), label_ids=[work])
    add(db, ana, "A part of it", parent_id=inbox)
    add(db, ana, "At home", project_id=home, due_date="2026-01-01")
    add(db, ana, "At home, later", project_id=home, due_date=str(ana.today + dt.timedelta(days=1)), label_ids=[work])
    found = sidebar(db, ana)
    assert (found.inbox, found.today) == (1, 2)
    assert [(each.name, each.color, each.depth, each.open) for each in found.projects] == [("Home", "red", 0, 2)]
    assert [(each.name, each.open) for each in found.labels] == [("work", 2), ("idle", 0)]
    assert [(each.name, each.query) for each in found.filters] == [("Soon", "today | overdue")]


def test_today_is_on_the_clock_of_the_person(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.people import register
    from todo_app.services import actor as who

    late = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)
    ana, kiri = (
        register(db, f"{name}@example.com", name, zone) for name, zone in (("ana", "America/Lima"), ("kiri", "Pacific/Auckland"))
    )
    monkeypatch.setattr(who, "utc_now", lambda: late)
    for person in (ana, kiri):
        add(db, person, "x", due_date="2026-03-05")
    assert [sidebar(db, person).today for person in (ana, kiri)] == [0, 1]


def test_projects_are_a_tree_without_the_archived(db: Database, ana: Actor) -> None:
    def add_project(name: str, **values: object) -> object:
        return db.write_now(projects.create_project, ana, ProjectFields.model_validate({"name": name, **values})).id

    home = add_project("Home")
    old = add_project("Old")
    add_project("Garden", parent_id=add_project("Outside", parent_id=home))
    add_project("In the old one", parent_id=old)
    db.write_now(projects.update_project, ana, old, ProjectPatch(archived=True))
    assert [(each.name, each.depth) for each in sidebar(db, ana).projects] == [("Home", 0), ("Outside", 1), ("Garden", 2)]
    assert [each.name for each in sidebar(db, ana).archived] == ["Old"]


def test_it_takes_five_queries_however_much_there_is(db: Database, ana: Actor) -> None:
    for n in range(50):
        project = db.write_now(projects.create_project, ana, ProjectFields(name=f"Project {n}"))
        label = db.write_now(labels.create_label, ana, LabelFields(name=f"label {n}"))
        add(db, ana, f"Task {n}", project_id=project.id, label_ids=[label.id])
        if n in (0, 49):
            with statements(db) as seen:
                assert len(sidebar(db, ana).projects) == n + 1
            assert len(seen) == 5
