"""Filters over the API: lists by `?filter=`, what is wrong with a filter, and why a task is (not) there."""

import uuid

import pytest

from tests.api.conftest import Api, assert_problem
from tests.people import ANA, BOB, statements, user_row
from tests.services.filter_cast import add_cast, stop_the_clock
from tests.services.filter_truth import TRUTH, titles
from todo_app.db import Database
from todo_app.services.actor import Actor


def actor_of(db: Database, email: str) -> Actor:
    user = user_row(db, email)
    return Actor(user.id, uuid.uuid4(), user.time_zone)


@pytest.fixture
def cast(db: Database, ana: Api, bob: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.patch("/api/me", json={"time_zone": "Europe/Berlin"})
    db.write_now(add_cast, actor_of(db, ANA), actor_of(db, BOB))
    stop_the_clock(monkeypatch)


def found(api: Api, text: str, **params: str) -> frozenset[str]:
    answer = api.get("/api/tasks", params={"filter": text, "limit": "500", **params})
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["items"])
    return frozenset(task["title"] for task in page["items"])


def task_id(api: Api, title: str) -> str:
    (task,) = (task for task in api.get("/api/tasks", params={"limit": "500"}).json()["items"] if task["title"] == title)
    return str(task["id"])


def test_the_list_over_the_api_is_the_one_the_pages_show(ana: Api, cast: None) -> None:
    assert {text: found(ana, text) for text in TRUTH} == {text: titles(said) for text, said in TRUTH.items()}


def test_a_saved_filter_finds_what_its_text_does(ana: Api, cast: None) -> None:
    for text, said in list(TRUTH.items())[::5]:
        saved = ana.post("/api/filters", json={"name": "One", "query": text})
        assert saved.status_code == 201, saved.text
        kept = ana.get(f"/api/filters/{saved.json()['id']}").json()["query"]
        assert found(ana, kept) == titles(said), text


def test_what_is_no_filter_is_not_saved(ana: Api) -> None:
    answer = ana.post("/api/filters", json={"name": "One", "query": "today tody"})
    assert_problem(answer, 422, "/query")
    (error,) = answer.json()["errors"]
    assert (error["start"], error["end"], error["suggestion"]) == (6, 10, "& tody")


def test_a_filter_goes_with_all_else_that_a_list_can_be_asked_for(ana: Api, cast: None) -> None:
    assert found(ana, "overdue", status="open") == found(ana, "overdue & open")
    assert found(ana, "overdue", status="completed") == {"done late"}
    assert found(ana, "@work", q="LAB") == {"work in the lab"}
    assert found(ana, "@work", project_id="none") == {"work", "work in the lab"}
    page = ana.get("/api/tasks", params={"filter": "overdue", "sort": "due", "limit": "2", "offset": "1"}).json()
    assert page["total"] == len(found(ana, "overdue"))
    assert [task["title"] for task in page["items"]] == ["done late", "yesterday"]


def test_a_filter_that_is_none_is_refused_with_the_place_and_a_suggestion(ana: Api) -> None:
    answer = ana.get("/api/tasks", params={"filter": "p1 | ovredue"})
    assert_problem(answer, 422, "/filter")
    detail = "At character 6: Filters don't know `ovredue`. Did you mean `overdue`?"
    assert answer.json()["detail"] == detail
    assert answer.json()["errors"] == [{"pointer": "/filter", "detail": detail, "start": 5, "end": 12, "suggestion": "overdue"}]


def test_where_there_is_nothing_to_suggest_nothing_is(ana: Api) -> None:
    errors = ana.get("/api/tasks", params={"filter": "today &"}).json()["errors"]
    assert errors == [{"pointer": "/filter", "detail": "At character 7: Say a condition after `&`.", "start": 6, "end": 7}]


def test_errors_of_other_fields_have_no_place(ana: Api) -> None:
    assert [set(error) for error in ana.get("/api/tasks?limit=x").json()["errors"]] == [{"pointer", "detail"}]


def test_places_are_counted_in_characters_without_the_space_around(ana: Api) -> None:
    (error,) = ana.get("/api/tasks", params={"filter": "  @🥞 & tody "}).json()["errors"]
    assert (error["start"], error["end"], error["suggestion"]) == (5, 9, "today")


def test_too_long_a_filter_is_refused(ana: Api) -> None:
    assert ana.get("/api/tasks", params={"filter": "@" + "x" * 999}).json()["items"] == []
    assert_problem(ana.get("/api/tasks", params={"filter": "@" + "x" * 1000}), 422, "/filter")


def test_the_document_knows_the_place(api: Api) -> None:
    problem = api.get("/openapi.json").json()["components"]["schemas"]["FieldProblem"]
    assert set(problem["properties"]) == {"pointer", "detail", "start", "end", "suggestion"}
    assert problem["required"] == ["pointer", "detail"]
    assert problem["properties"]["start"]["type"] == "integer"


def test_why_a_task_is_there(ana: Api, cast: None) -> None:
    body = {"filter": "(today | overdue) & !@work", "task_id": task_id(ana, "passed")}
    assert ana.post("/api/filters/explain", json=body).json() == {
        "matches": True,
        "sentence": "Here because it is due today and has no `@work`.",
        "clauses": [
            {"start": 1, "end": 6, "text": "today", "holds": True, "decides": True},
            {"start": 9, "end": 16, "text": "overdue", "holds": True, "decides": False},
            {"start": 21, "end": 26, "text": "@work", "holds": False, "decides": True},
        ],
    }


def test_why_a_task_is_not_there(ana: Api, cast: None) -> None:
    body = {"filter": "p1 & /Ideas", "task_id": task_id(ana, "home idea")}
    answer = ana.post("/api/filters/explain", json=body).json()
    assert (answer["matches"], answer["sentence"]) == (False, "Not here because it is not `p1`.")


def test_explaining_a_filter_that_is_none_is_refused(ana: Api) -> None:
    body = {"filter": "tody", "task_id": str(uuid.uuid4())}
    answer = ana.post("/api/filters/explain", json=body)
    assert_problem(answer, 422, "/filter")
    assert answer.json()["errors"][0]["suggestion"] == "today"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"filter": "today"}, "/task_id"),
        ({"task_id": str(uuid.UUID(int=1))}, "/filter"),
        ({"filter": "today", "task_id": "x"}, "/task_id"),
        ({"filter": None, "task_id": str(uuid.UUID(int=1))}, "/filter"),
        ({"filter": "today", "task_id": str(uuid.UUID(int=1)), "more": 1}, "/more"),
    ],
)
def test_what_is_missing_wrong_or_unknown_is_refused(ana: Api, body: dict[str, object], pointer: str) -> None:
    assert_problem(ana.post("/api/filters/explain", json=body), 422, pointer)


def test_a_stranger_s_task_is_explained_like_a_missing_one(ana: Api, bob: Api) -> None:
    foreign, missing = (
        bob.post("/api/filters/explain", json={"filter": "all", "task_id": each})
        for each in (ana.add("Ana's secret")["id"], str(uuid.uuid4()))
    )
    assert_problem(foreign, 404)
    assert (foreign.content, foreign.headers.raw) == (missing.content, missing.headers.raw)


def test_explaining_takes_two_queries_who_asks_and_what_is_so(ana: Api, db: Database) -> None:
    task = ana.add("milk")
    body = {"filter": "@a & ##b | /c & overdue | has subtasks & search: milk", "task_id": task["id"]}
    with statements(db) as seen:
        assert ana.post("/api/filters/explain", json=body).status_code == 200
    assert len(seen) == 2
