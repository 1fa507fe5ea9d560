"""The practice tasks of somebody new."""

import re

from todo_app.db import Database
from todo_app.schemas.tasks import ChangesQuery, TaskQuery
from todo_app.services import changes, first_run, projects, task_lists
from todo_app.services.actor import Actor
from todo_app.ui.components.keys import KEYS


def test_there_is_a_project_with_five_tasks_the_first_on_top_and_due_today(db: Database, ana: Actor) -> None:
    db.write_now(first_run.add_practice_tasks, ana)
    (project,) = db.read_now(projects.list_projects, ana).items
    by_hand = db.read_now(task_lists.list_tasks, ana, TaskQuery(project_id=project.id, sort="position")).items
    newest = db.read_now(task_lists.list_tasks, ana, TaskQuery()).items
    assert [task.title for task in by_hand] == [title for title, _notes in first_run.PRACTICE]
    assert by_hand == newest
    assert [task.due_date for task in by_hand] == [ana.today, None, None, None, None]
    assert all(task.notes for task in by_hand)


def test_one_undo_takes_it_all_away(db: Database, ana: Actor) -> None:
    db.write_now(first_run.add_practice_tasks, ana)
    assert len(db.read_now(changes.list_changes, ana, ChangesQuery()).items) == 1
    db.write_now(changes.undo, ana)
    assert db.read_now(projects.list_projects, ana).items == []
    assert db.read_now(task_lists.list_tasks, ana, TaskQuery()).total == 0


def test_the_keys_they_name_are_those_of_the_key_sheet() -> None:
    known = {key for rows in KEYS.values() for _what, keys in rows for key in (keys, *keys.split())}
    named = {key for _title, notes in first_run.PRACTICE for key in re.findall(r"`([^`@]+)`", notes)}
    assert named - {"⌘ Z", "Alt"} <= known
