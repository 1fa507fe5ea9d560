"""How errors look: unknown paths, wrong methods, outages, and bugs of ours."""

import asyncio
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.api.conftest import Api, assert_problem
from todo_app.api.app import create_api
from todo_app.api.problems import CatchBugs
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.services import task_lists


def test_one_shape_for_every_error(ana: Api) -> None:
    problem = ana.post("/api/tasks", json={"title": "", "priority": 9}).json()
    assert problem == {
        "type": "about:blank",
        "title": "Unprocessable content",
        "status": 422,
        "detail": "The title can't be empty. Input should be less than or equal to 4",
        "errors": [
            {"pointer": "/title", "detail": "The title can't be empty."},
            {"pointer": "/priority", "detail": "Input should be less than or equal to 4"},
        ],
    }


def test_what_was_sent_is_not_repeated(ana: Api) -> None:
    answer = ana.post("/api/me/password", json={"current_password": ["canary"], "new_password": "canary"})
    assert_problem(answer, 422)
    assert "canary" not in answer.text


def test_an_unknown_path_below_api_is_a_404_problem(api: Api) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
        for path in ("/api", "/api/", "/api/nothing", "/api/tasks/", "/api/../x", "/api/tasks/1/2/3", "/api/%00"):
            assert_problem(api(method, path), 404)


def test_a_method_that_is_not_there_is_a_405_problem(api: Api) -> None:
    answer = api("DELETE", "/api/tasks")
    assert_problem(answer, 405)
    assert answer.headers["allow"] == "GET, POST"
    assert_problem(api.get("/api/auth/login"), 405)
    assert_problem(api.post("/api/tasks/x"), 405)
    assert_problem(api.post("/health"), 405)


def test_other_paths_reach_what_is_mounted_below(settings: Settings) -> None:
    app = create_api(settings)
    app.mount("", Starlette(routes=[Route("/inbox", lambda _request: PlainTextResponse("the page"))]))
    assert Api(app).get("/inbox").text == "the page"
    assert_problem(Api(app).get("/api/inbox"), 404)
    assert_problem(Api(app)("DELETE", "/api/tasks"), 405)


def test_a_bug_is_a_500_with_an_id_and_without_internals(
    ana: Api, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_args: Any) -> None:
        title = "a canary in a local variable"
        raise KeyError(f"{title} and in the message")

    monkeypatch.setattr(task_lists, "list_tasks", fail)
    answer = ana.get("/api/tasks")
    assert_problem(answer, 500)
    assert "canary" not in answer.text
    assert "KeyError" not in answer.text
    error_id = answer.json()["detail"].split()[-1].rstrip(".")
    log = capsys.readouterr().out
    assert error_id in log
    assert "KeyError" in log
    assert "test_problems.py" in log
    assert "canary" not in log


def test_a_bug_in_the_middle_of_an_answer_cuts_it_off(capsys: pytest.CaptureFixture[str]) -> None:
    async def app(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        try:
            raise ValueError("canary")
        except ValueError as error:
            raise LookupError("canary") from error

    async def nothing(*_args: Any) -> None: ...

    with pytest.raises(RuntimeError, match=r"^error [0-9a-f]{12} in the middle of an answer$"):
        asyncio.run(CatchBugs(app)({"type": "http", "method": "GET"}, nothing, nothing))
    log = capsys.readouterr().out
    assert "LookupError" in log
    assert "ValueError" in log
    assert "canary" not in log


def test_sockets_pass_the_catcher_of_bugs() -> None:
    async def app(*_args: Any) -> None:
        raise KeyError

    async def nothing(*_args: Any) -> None: ...

    with pytest.raises(KeyError):
        asyncio.run(CatchBugs(app)({"type": "websocket"}, nothing, nothing))


def test_a_database_out_of_reach_is_a_503_problem(ana: Api, api: Api, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("canary: connection refused"))

    monkeypatch.setattr(db.engine.pool, "connect", fail)
    for answer in (
        ana.get("/api/tasks"),
        ana.post("/api/tasks", json={"title": "x"}),
        api.post("/api/auth/login", json={"email": "ana@example.com", "password": "x"}),
    ):
        assert_problem(answer, 503)
        assert "canary" not in answer.text
