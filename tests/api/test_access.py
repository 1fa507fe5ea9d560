"""Who may do what: every route of the API × {nobody, a stranger, the owner, a session that has ended}."""

import json
import uuid
from typing import Any

import pytest
from fastapi.routing import APIRoute

from tests.api.conftest import Api, assert_problem
from tests.authenticators import leave_second_steps
from tests.people import PASSWORD
from todo_app.api.app import _ROUTERS
from todo_app.db import database
from todo_app.services.limits import limits

NOBODY_S = uuid.uuid4()
# Every route that needs somebody, with a body that would do: a new route without a row here fails the first test.
SIGNED_IN: list[tuple[str, str, Any]] = [
    ("POST", "/api/auth/logout", None),
    ("GET", "/api/me", None),
    ("PATCH", "/api/me", {"name": "Eve"}),
    ("DELETE", "/api/me", {"password": PASSWORD}),
    ("POST", "/api/me/email/confirmation", None),
    ("POST", "/api/me/email", {"email": "eve@example.com", "password": PASSWORD}),
    ("POST", "/api/me/password", {"current_password": PASSWORD, "new_password": "five red foxes"}),
    ("GET", "/api/me/export", None),
    ("GET", "/api/me/sessions", None),
    ("DELETE", "/api/me/sessions/{session_id}", None),
    ("GET", "/api/me/two-step", None),
    ("POST", "/api/me/two-step", {"password": PASSWORD}),
    ("POST", "/api/me/two-step/confirm", {"code": "123456"}),
    ("POST", "/api/me/two-step/recovery-codes", {"password": PASSWORD}),
    ("DELETE", "/api/me/two-step", {"password": PASSWORD}),
    ("GET", "/api/me/passkeys", None),
    ("DELETE", "/api/me/passkeys/{passkey_id}", {"password": PASSWORD}),
    ("GET", "/api/tasks", None),
    ("POST", "/api/tasks", {"title": "Eve was here"}),
    ("GET", "/api/tasks/{task_id}", None),
    ("PUT", "/api/tasks/{task_id}", {"title": "Eve was here"}),
    ("PATCH", "/api/tasks/{task_id}", {"title": "Eve was here"}),
    ("PATCH", "/api/tasks/{task_id}/complete", None),
    ("DELETE", "/api/tasks/{task_id}", None),
    ("POST", "/api/tasks/{task_id}/restore", None),
    ("POST", "/api/tasks/{task_id}/revert", {"change_id": 1}),
    ("GET", "/api/tasks/{task_id}/history", None),
    ("GET", "/api/trash", None),
    ("DELETE", "/api/trash/{task_id}", None),
    ("GET", "/api/changes", None),
    ("POST", "/api/undo", None),
    ("POST", "/api/redo", None),
    ("POST", "/api/tasks/bulk", {"ids": [str(NOBODY_S)], "delete": True}),
    ("POST", "/api/tasks/{task_id}/move", {"after": None}),
    ("POST", "/api/tasks/{task_id}/duplicate", None),
    ("POST", "/api/tasks/{task_id}/skip", None),
    ("GET", "/api/tasks/{task_id}/occurrences", None),
    ("POST", "/api/parse", {"text": "Eve was here"}),
    ("POST", "/api/quick-add", {"text": "Eve was here #Home @eve"}),
    ("GET", "/api/projects", None),
    ("POST", "/api/projects", {"name": "Eve was here"}),
    ("GET", "/api/projects/{project_id}", None),
    ("PATCH", "/api/projects/{project_id}", {"name": "Eve was here"}),
    ("GET", "/api/projects/{project_id}/contents", None),
    ("POST", "/api/projects/{project_id}/place", {"after": None}),
    ("DELETE", "/api/projects/{project_id}", None),
    ("GET", "/api/sections", None),
    ("POST", "/api/sections", {"name": "Eve was here", "project_id": str(NOBODY_S)}),
    ("GET", "/api/sections/{section_id}", None),
    ("PATCH", "/api/sections/{section_id}", {"name": "Eve was here"}),
    ("POST", "/api/sections/{section_id}/place", {"after": None}),
    ("DELETE", "/api/sections/{section_id}", None),
    ("GET", "/api/labels", None),
    ("POST", "/api/labels", {"name": "Eve was here"}),
    ("GET", "/api/labels/{label_id}", None),
    ("PATCH", "/api/labels/{label_id}", {"name": "Eve was here"}),
    ("POST", "/api/labels/{label_id}/place", {"after": None}),
    ("DELETE", "/api/labels/{label_id}", None),
    ("GET", "/api/filters", None),
    ("POST", "/api/filters", {"name": "Eve was here", "query": "today"}),
    ("GET", "/api/filters/{filter_id}", None),
    ("PATCH", "/api/filters/{filter_id}", {"name": "Eve was here"}),
    ("POST", "/api/filters/{filter_id}/place", {"after": None}),
    ("DELETE", "/api/filters/{filter_id}", None),
    ("POST", "/api/filters/explain", {"filter": "today", "task_id": str(uuid.uuid4())}),
]
PUBLIC = {
    ("GET", "/health"),
    ("POST", "/api/auth/register"),
    ("POST", "/api/auth/login"),
    ("POST", "/api/auth/token"),
    ("POST", "/api/auth/refresh"),
    ("POST", "/api/auth/reset"),
    ("POST", "/api/auth/reset/confirm"),
    ("POST", "/api/auth/email/confirm"),
}
OF_A_ROW = [row for row in SIGNED_IN if "_id}" in row[1]]
KINDS = ("task_id", "project_id", "section_id", "label_id", "filter_id", "session_id", "passkey_id")


def send(api: Api, method: str, path: str, body: Any) -> Any:
    return api(method, path, **({} if body is None else {"json": body}))


def rows_of(api: Api) -> dict[str, str]:
    """One row of each kind, by what a path calls its id."""
    project = api.post("/api/projects", json={"name": "Ana's project"}).json()
    section = api.post("/api/sections", json={"name": "Ana's section", "project_id": project["id"]}).json()
    label = api.post("/api/labels", json={"name": "Ana's label"}).json()
    saved = api.post("/api/filters", json={"name": "Ana's filter", "query": "today"}).json()
    task = api.add("Ana's task", section_id=section["id"], label_ids=[label["id"]])
    session = api.get("/api/me/sessions").json()["items"][0]
    database().write_now(leave_second_steps, uuid.UUID(api.get("/api/me").json()["id"]))
    passkey = api.get("/api/me/passkeys").json()["items"][0]
    return dict(zip(KINDS, (row["id"] for row in (task, project, section, label, saved, session, passkey)), strict=True))


def ids(value: object) -> dict[str, object]:
    """This for every id that a path may have."""
    return dict.fromkeys(KINDS, value)


def everything_of(api: Api) -> Any:
    """A person's export without the moment it was made at."""
    return {**api.get("/api/me/export").json(), "exported_at": None}


def test_every_route_is_in_these_tables() -> None:
    routes = {
        (method, route.path)
        for router in _ROUTERS
        for route in router.routes
        if isinstance(route, APIRoute) and route.include_in_schema
        for method in route.methods
    }
    assert routes == PUBLIC | {(method, path) for method, path, _body in SIGNED_IN}


def test_without_a_token_nothing_is_done_and_nothing_said(api: Api, ana: Api) -> None:
    rows = rows_of(ana)
    before = everything_of(ana)
    for method, path, body in SIGNED_IN:
        answer = send(api, method, path.format(**rows), body)
        assert_problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        # A malformed request gets no further than a good one.
        assert_problem(send(api, method, path.format(**ids("x")), {"surprise": 1}), 401)
    assert everything_of(ana) == before


def test_with_the_token_of_an_ended_session_likewise(api: Api, ana: Api) -> None:
    rows = rows_of(ana)
    ended = ana.sign_in("ana@example.com")
    ended.post("/api/auth/logout")
    before = everything_of(ana)
    for method, path, body in SIGNED_IN:
        answer = send(ended, method, path.format(**rows), body)
        assert_problem(answer, 401)
        assert answer.headers["www-authenticate"] == "Bearer"
        assert answer.json()["detail"] == "Session expired. Please sign in again."
    assert everything_of(ana) == before


# Where a row of the table finds nothing to do, or names what is not there, even for its owner.
NOT_DONE = {
    ("POST", "/api/me/two-step/confirm"): 422,
    ("POST", "/api/me/email/confirmation"): 409,
    ("POST", "/api/me/two-step/recovery-codes"): 409,
    ("DELETE", "/api/me/two-step"): 409,
    ("POST", "/api/tasks/bulk"): 404,
    ("POST", "/api/tasks/{task_id}/skip"): 422,
    ("POST", "/api/tasks/{task_id}/restore"): 404,
    ("POST", "/api/tasks/{task_id}/revert"): 404,
    ("DELETE", "/api/trash/{task_id}"): 404,
    ("POST", "/api/sections"): 422,
    ("POST", "/api/redo"): 404,
    ("POST", "/api/filters/explain"): 404,
}


def test_the_owner_is_let_in_by_the_same_requests(api: Api) -> None:
    """Else the others might be kept out by a mistake in the request."""
    refused = {}
    for method, path, body in SIGNED_IN:
        limits.cache_clear()
        me = api.sign_up(f"{uuid.uuid4()}@example.com", "Me")
        answer = send(me, method, path.format(**rows_of(me)), body)
        if not answer.is_success:
            refused[method, path] = answer.status_code
    assert refused == NOT_DONE


@pytest.mark.parametrize("is_in_trash", [False, True], ids=["a task", "a task in Trash"])
def test_a_stranger_s_id_is_answered_byte_for_byte_like_a_missing_one(ana: Api, bob: Api, is_in_trash: bool) -> None:
    rows = rows_of(ana)
    if is_in_trash:
        ana.delete(f"/api/tasks/{rows['task_id']}")
    before = everything_of(ana)
    for method, path, body in OF_A_ROW:
        foreign = send(bob, method, path.format(**rows), body)
        missing = send(bob, method, path.format(**ids(uuid.uuid4())), body)
        assert_problem(foreign, 404)
        assert (foreign.content, foreign.headers.raw) == (missing.content, missing.headers.raw)
        assert_problem(send(bob, method, path.format(**ids("not-an-id")), body), 422)
    assert everything_of(ana) == before


def test_a_stranger_s_id_in_a_body_is_answered_byte_for_byte_like_a_missing_one(ana: Api, bob: Api) -> None:
    rows, own = rows_of(ana), rows_of(bob)
    before = everything_of(ana)
    for method, path, body in (
        ("POST", "/api/tasks", {"title": "x", "project_id": "{project_id}"}),
        ("POST", "/api/tasks", {"title": "x", "section_id": "{section_id}"}),
        ("POST", "/api/tasks", {"title": "x", "parent_id": "{task_id}"}),
        ("PATCH", f"/api/tasks/{own['task_id']}", {"label_ids": ["{label_id}"]}),
        ("PUT", f"/api/tasks/{own['task_id']}", {"title": "x", "section_id": "{section_id}"}),
        ("POST", f"/api/tasks/{own['task_id']}/move", {"parent_id": "{task_id}"}),
        ("POST", f"/api/tasks/{own['task_id']}/move", {"after": "{task_id}"}),
        ("POST", "/api/tasks/bulk", {"ids": ["{task_id}"], "delete": True}),
        ("POST", "/api/tasks/bulk", {"ids": [own["task_id"]], "add_label_ids": ["{label_id}"]}),
        ("POST", "/api/quick-add", {"text": "x", "project_id": "{project_id}"}),
        ("POST", "/api/projects", {"name": "x", "parent_id": "{project_id}"}),
        ("POST", f"/api/projects/{own['project_id']}/place", {"after": "{project_id}"}),
        ("POST", "/api/sections", {"name": "x", "project_id": "{project_id}"}),
        ("POST", f"/api/sections/{own['section_id']}/place", {"after": "{section_id}"}),
        ("POST", f"/api/labels/{own['label_id']}/place", {"after": "{label_id}"}),
        ("POST", f"/api/filters/{own['filter_id']}/place", {"after": "{filter_id}"}),
        ("GET", "/api/sections?project_id={project_id}", None),
        ("GET", "/api/tasks?project_id={project_id}", None),
        ("GET", "/api/tasks?label_id={label_id}", None),
    ):
        foreign, missing = (send(bob, method, *filled(path, body, those)) for those in (rows, ids(str(uuid.uuid4()))))
        assert foreign.status_code in ((404, 422) if method != "GET" else (200,)), (path, foreign.text)
        assert (foreign.status_code, foreign.content) == (missing.status_code, missing.content)
    assert everything_of(ana) == before


def filled(path: str, body: Any, ids: dict[str, Any]) -> tuple[str, Any]:
    """A request with ids in their places."""
    text = json.dumps(body)
    for name, value in ids.items():
        path, text = path.replace(f"{{{name}}}", value), text.replace(f"{{{name}}}", value)
    return path, json.loads(text)


def test_a_stranger_sees_nothing_of_mine_in_any_list(ana: Api, bob: Api) -> None:
    rows_of(ana)
    ana.delete(f"/api/tasks/{ana.add('Ana’s secret too')['id']}")
    lists = ("tasks", "tasks?q=Ana", "trash", "changes", "projects", "sections", "labels", "filters", "me/export", "me/sessions")
    for path in lists:
        assert "Ana" not in json.dumps(bob.get(f"/api/{path}").json())
