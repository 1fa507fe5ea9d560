"""Ana's tasks, read on Wednesday 4 March 2026 at noon in Berlin: one for each thing that a filter can tell apart."""

import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from sqlmodel import Session

from todo_app.models import Label, Project, Section, Task
from todo_app.services import filtering
from todo_app.services.actor import Actor
from todo_app.services.positions import at_end

NOW = dt.datetime(2026, 3, 4, 11, tzinfo=dt.UTC)
# When all were made and changed that say nothing else.
MORNING = dt.datetime(2026, 3, 4, 8, tzinfo=dt.UTC)

LABELS = ("work", "Lab", "label", "Two words", "Café", "50%", "a_b", "axb", "'; DROP TABLE tasks; --")
# Each with the one it lies in.
PROJECTS: Mapping[str, str | None] = {
    "Home": None,
    "Garden": "Home",
    "Roses": "Garden",
    "Work": None,
    "Homework": "Work",
    "R&D": None,
    "Big deal": None,
    "Old": None,
}
SECTIONS = (("Home", "Ideas"), ("Work", "Ideas"), ("Work", "Later"))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def due(text: str, at: str | None = None, zone: str | None = "Europe/Berlin") -> dict[str, Any]:
    return {"due_date": day(text)} | ({"due_time": dt.time.fromisoformat(at), "time_zone": zone} if at else {})


def moments(**fields: str) -> dict[str, Any]:
    return {f"{name}_at": dt.datetime.fromisoformat(text) for name, text in fields.items()}


def done(text: str) -> dict[str, Any]:
    return {"completed": True, **moments(completed=text)}


CAST: Mapping[str, Mapping[str, Any]] = {
    "plain": {},
    # Due
    "yesterday": due("2026-03-03"),
    "today": due("2026-03-04"),
    "tomorrow": due("2026-03-05"),
    "friday": due("2026-03-06"),
    "sunday": due("2026-03-08"),
    "in a week": due("2026-03-11"),
    "last year": due("2025-03-04"),
    "passed": due("2026-03-04", "11:59"),
    "this minute": due("2026-03-04", "12:00"),
    "coming": due("2026-03-04", "12:01"),
    "Tokyo passed": due("2026-03-04", "19:30", "Asia/Tokyo"),
    "New York coming": due("2026-03-04", "06:30", "America/New_York"),
    "Kiritimati passed": due("2026-03-05", "00:30", "Pacific/Kiritimati"),
    "far west coming": due("2026-03-03", "23:30", "Etc/GMT+12"),
    # Start
    "started": {"start_date": day("2026-03-01")},
    "starts today": {"start_date": day("2026-03-04")},
    "starts monday": {"start_date": day("2026-03-09")},
    # Created and updated
    "new year": moments(created="2025-12-31T23:00:00Z", updated="2026-03-01T12:00:00Z"),
    "old year": moments(created="2025-12-31T22:59:59.999999Z", updated="2026-03-01T12:00:00Z"),
    "touched yesterday": moments(created="2026-02-01T12:00:00Z", updated="2026-03-03T22:59:59.999999Z"),
    "touched at midnight": moments(created="2026-02-01T12:00:00Z", updated="2026-03-03T23:00:00Z"),
    # Completed
    "done late": {**due("2026-03-01"), **done("2026-03-02T12:00:00Z")},
    "done today": done("2026-03-04T07:00:00Z"),
    "done long ago": done("2025-06-01T12:00:00Z"),
    # Labels
    "work": {"labels": ["work"]},
    "work in the lab": {"labels": ["work", "Lab"]},
    "label": {"labels": ["label"]},
    "two words": {"labels": ["Two words"]},
    "coffee": {"labels": ["Café"]},
    "half": {"labels": ["50%"]},
    "a_b": {"labels": ["a_b"]},
    "axb": {"labels": ["axb"]},
    "Bobby": {"labels": ["'; DROP TABLE tasks; --"]},
    # Projects and sections
    "home": {"project": "Home"},
    "home idea": {"project": "Home", "section": "Ideas"},
    "garden": {"project": "Garden"},
    "roses": {"project": "Roses"},
    "office": {"project": "Work"},
    "office idea": {"project": "Work", "section": "Ideas", "labels": ["work"], "priority": 1, **due("2026-03-04")},
    "office later": {"project": "Work", "section": "Later"},
    "homework": {"project": "Homework"},
    "research": {"project": "R&D"},
    "big": {"project": "Big deal"},
    "archived": {"project": "Old"},
    # Priority
    "first": {"priority": 1},
    "second": {"priority": 2},
    "third": {"priority": 3},
    # What they are
    "weekly": {"rrule": "FREQ=WEEKLY", "rrule_start": day("2026-03-02"), **due("2026-03-09")},
    "parent": {},
    "child": {"parent": "parent"},
    "left alone": {},
    # Texts
    "noted": {"notes": "Ask for FRESH milk: 50% & more"},
    "Crème brûlée": {"notes": "milk that is fresh"},
    "Straße™": {},
    "per%cent": {},
    "under_score": {},
    "back\\slash": {},
    "🥞": {},
}
TITLES = frozenset(CAST)


def stop_the_clock(monkeypatch: pytest.MonkeyPatch, now: dt.datetime = NOW) -> None:
    """For filters it is this moment."""
    monkeypatch.setattr(filtering, "utc_now", lambda: now)


def add_cast(session: Session, owner: Actor, stranger: Actor) -> None:
    """Ana's tasks. Bob's are just such: whatever is found of his is one too many, as are those in Trash."""
    for actor, mark in ((owner, ""), (stranger, "Bob's ")):
        ids = _add_places(session, actor)
        for title, said in CAST.items():
            row = _task(actor, mark + title, said, ids)
            ids["task", title] = row.id
            session.add(row)
            session.flush()
        session.add(_task(actor, "in Trash", {**due("2026-03-04"), "parent": "left alone", "deleted_at": MORNING}, ids))


def _add_places(session: Session, actor: Actor) -> dict[tuple[str, ...], uuid.UUID]:
    base = {"owner_id": actor.user_id, "created_at": MORNING, "updated_at": MORNING, "position": at_end(MORNING)}
    ids: dict[tuple[str, ...], uuid.UUID] = {}
    for name, parent in PROJECTS.items():
        project = Project(name=name, parent_id=ids["project", parent] if parent else None, **base)
        project.archived_at = MORNING if name == "Old" else None
        ids["project", name] = project.id
        session.add(project)
    for in_project, name in SECTIONS:
        section = Section(name=name, project_id=ids["project", in_project], **base)
        ids["section", in_project, name] = section.id
        session.add(section)
    for name in LABELS:
        label = Label(name=name, **base)
        ids["label", name] = label.id
        session.add(label)
    session.flush()
    return ids


def _task(actor: Actor, title: str, said: Mapping[str, Any], ids: Mapping[tuple[str, ...], uuid.UUID]) -> Task:
    values = {"created_at": MORNING, "updated_at": MORNING, **said}
    project, section, parent = (values.pop(name, None) for name in ("project", "section", "parent"))
    labels = [str(ids["label", name]) for name in values.pop("labels", [])]
    return Task(
        owner_id=actor.user_id,
        title=title,
        label_ids=labels,
        project_id=ids["project", project] if project else None,
        section_id=ids["section", project, section] if project and section else None,
        parent_id=ids["task", parent] if parent else None,
        **values,
    )
