"""A request costs the same number of queries whether there is one row or fifty."""

from typing import Any

import pytest

from tests.api.conftest import Api
from tests.people import statements
from todo_app.db import Database

# Who is asking is one query of each of these.
QUERIES: dict[tuple[str, str], int] = {
    ("GET", "/api/me"): 2,
    ("GET", "/api/me/sessions"): 2,
    ("GET", "/api/me/export"): 14,
    # The tasks, their subtasks, and how many there are in all if they don't fit on the page.
    ("GET", "/api/tasks?limit=1"): 4,
    ("GET", "/api/tasks?limit=500"): 3,
    ("GET", "/api/tasks?q=milk&status=open&sort=due&limit=500"): 3,
    ("GET", "/api/tasks?filter=(overdue|@home)%26%23%23Home&limit=500"): 3,
    ("GET", "/api/tasks?project_id={project}&sort=position&limit=500"): 3,
    ("GET", "/api/tasks?label_id={label}&limit=500"): 3,
    ("GET", "/api/tasks?status=completed&sort=-completed&limit=500"): 3,
    ("GET", "/api/tasks?filter=due <= today&status=open&sort=day&limit=500"): 3,
    ("GET", "/api/tasks/{id}"): 3,
    ("GET", "/api/tasks/{id}/occurrences"): 2,
    ("GET", "/api/tasks/{id}/history"): 3,
    ("GET", "/api/trash"): 3,
    ("GET", "/api/changes"): 3,
    ("GET", "/api/projects"): 2,
    ("GET", "/api/projects/{project}/contents"): 5,
    ("GET", "/api/sections"): 2,
    ("GET", "/api/labels"): 2,
    ("GET", "/api/filters"): 2,
    # Who, read, write, subtasks, number, change, items.
    ("PATCH", "/api/tasks/{id}"): 7,
    ("POST", "/api/tasks"): 5,
    # And those below it.
    ("PATCH", "/api/tasks/{id}/complete"): 8,
    ("DELETE", "/api/tasks/{id}"): 7,
}


def counts(db: Database, ana: Api, project: str, label: str) -> dict[tuple[str, str], int]:
    task = ana.add("milk", project_id=project, label_ids=[label], due_date="2026-01-01")
    ana.add("bread", completed=True)
    found = {}
    for method, path in QUERIES:
        body: Any = {"json": {"title": "milk and bread"}} if method != "GET" else {}
        with statements(db) as seen:
            answer = ana(method, path.format(id=task["id"], project=project, label=label), **body)
        assert answer.is_success, answer.text
        found[method, path] = len(seen)
    return found


def test_queries_per_request_are_few_and_constant(ana: Api, db: Database) -> None:
    project = ana.post("/api/projects", json={"name": "Home"}).json()["id"]
    label = ana.post("/api/labels", json={"name": "errand"}).json()["id"]
    assert counts(db, ana, project, label) == QUERIES
    for n in range(30):
        task = ana.add(f"milk {n}", project_id=project, label_ids=[label])
        ana.add(f"oat milk {n}", parent_id=task["id"])
        ana.post("/api/projects", json={"name": f"Home {n}", "parent_id": project})
        ana.post("/api/sections", json={"name": f"Part {n}", "project_id": project})
        ana.post("/api/labels", json={"name": f"errand {n}"})
        ana.post("/api/filters", json={"name": f"Soon {n}", "query": "today"})
        if n % 3 == 0:
            ana.delete(f"/api/tasks/{task['id']}")
    ana.sign_in("ana@example.com")
    assert counts(db, ana, project, label) == QUERIES


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_use_of_the_session_is_written_down_only_now_and_then(ana: Api, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from todo_app.services import sessions

    monkeypatch.setattr(sessions, "USE_IS_NOTED_EVERY", timedelta(0))
    before = ana.get("/api/me/sessions").json()["items"][0]["last_used_at"]
    with statements(db) as seen:
        ana.get("/api/me")
        ana.post("/api/tasks", json={"title": "x"})
    assert sum("UPDATE sessions" in statement for statement in seen) == 2
    assert ana.get("/api/me/sessions").json()["items"][0]["last_used_at"] > before
