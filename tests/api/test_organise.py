"""Projects, sections, labels and saved filters over the API: all have the manners of tasks."""

import uuid
from typing import Any

import pytest

from tests.api.conftest import Api, assert_problem, together

KINDS = ("projects", "sections", "labels", "filters")


def fields(ana: Api, kind: str, name: str = "One") -> dict[str, Any]:
    """What makes a row of this kind."""
    if kind == "sections":
        found = ana.get("/api/projects").json()["items"] or [ana.post("/api/projects", json={"name": "Home"}).json()]
        return {"name": name, "project_id": found[0]["id"]}
    return {"name": name, **({"query": "today"} if kind == "filters" else {})}


def make(ana: Api, kind: str, name: str = "One", **more: Any) -> dict[str, Any]:
    made = ana.post(f"/api/{kind}", json={**fields(ana, kind, name), **more})
    assert made.status_code == 201, made.text
    row: dict[str, Any] = made.json()
    return row


def names(ana: Api, kind: str) -> list[str]:
    return [row["name"] for row in ana.get(f"/api/{kind}").json()["items"]]


@pytest.mark.parametrize("kind", KINDS)
def test_a_row_is_made_read_changed_and_deleted_and_each_can_be_undone(ana: Api, kind: str) -> None:
    made = ana.post(f"/api/{kind}", json=fields(ana, kind, "  One  "))
    assert (made.status_code, made.json()["name"], made.headers["etag"]) == (201, "One", '"1"')
    path = made.headers["location"]
    assert path == f"/api/{kind}/{made.json()['id']}"
    found = ana.get(path)
    assert (found.json(), found.headers["etag"]) == (made.json(), '"1"')
    changed = ana.patch(path, json={"name": "Two"})
    assert (changed.status_code, changed.json()["name"], changed.headers["etag"]) == (200, "Two", '"2"')
    assert ana.delete(path).status_code == 204
    assert_problem(ana.get(path), 404)
    assert "Two" not in names(ana, kind)
    for name in ("Two", "One"):
        ana.post("/api/undo")
        assert ana.get(path).json()["name"] == name


@pytest.mark.parametrize("kind", KINDS)
def test_an_old_version_changes_and_deletes_nothing(ana: Api, kind: str) -> None:
    path = f"/api/{kind}/{make(ana, kind)['id']}"
    ana.patch(path, json={"name": "Two"}, headers={"If-Match": '"1"'})
    for method, content in (("PATCH", {"json": {"name": "Three"}}), ("DELETE", {})):
        assert_problem(ana(method, path, headers={"If-Match": '"1"'}, **content), 412)
    assert ana.get(path).json()["name"] == "Two"
    assert ana.delete(path, headers={"If-Match": '"1", "2"'}).status_code == 204


@pytest.mark.parametrize("kind", KINDS)
def test_a_repeated_request_makes_one_row(ana: Api, kind: str) -> None:
    body = fields(ana, kind)
    before = len(names(ana, kind))
    answers = together(*[ana.send("POST", f"/api/{kind}", json=body, headers={"Idempotency-Key": "k"}) for _ in range(4)])
    assert {(each.status_code, each.content, each.headers["location"], each.headers["etag"]) for each in answers} == {
        (201, answers[0].content, answers[0].headers["location"], '"1"')
    }
    assert len(names(ana, kind)) == before + 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("name", "   "), ("name", "x" * 101), ("name", None), ("name", 5), ("name", "a\x00"), ("surprise", 1)],
)
def test_what_breaks_a_rule_is_named_and_saves_nothing(ana: Api, kind: str, field: str, value: Any) -> None:
    row = make(ana, kind)
    before = names(ana, kind)
    assert_problem(ana.post(f"/api/{kind}", json={**fields(ana, kind, "Two"), field: value}), 422, f"/{field}")
    assert_problem(ana.patch(f"/api/{kind}/{row['id']}", json={field: value}), 422, f"/{field}")
    assert_problem(ana.get(f"/api/{kind}?surprise=1"), 422) if kind == "sections" else None
    assert names(ana, kind) == before


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_put_in_order(ana: Api, kind: str) -> None:
    one, two, three = (make(ana, kind, name) for name in ("One", "Two", "Three"))
    placed = ana.post(f"/api/{kind}/{three['id']}/place", json={"after": one["id"]})
    assert (placed.status_code, placed.headers["etag"]) == (200, '"2"')
    ana.post(f"/api/{kind}/{two['id']}/place", json={"after": None})
    assert [name for name in names(ana, kind) if name != "Home"] == ["Two", "One", "Three"]
    assert_problem(ana.post(f"/api/{kind}/{two['id']}/place", json={"after": str(uuid.uuid4())}), 404)


@pytest.mark.parametrize(
    ("kind", "field", "value"),
    [
        ("projects", "color", "chartreuse"),
        ("projects", "view", "gantt"),
        ("projects", "archived", "yes"),
        ("projects", "description", "x" * 2001),
        ("projects", "parent_id", "x"),
        ("labels", "name", "@work"),
        ("labels", "name", "x" * 61),
        ("filters", "query", "(today"),
        ("filters", "query", "x" * 1001),
        ("sections", "project_id", "00000000-0000-4000-8000-000000000000"),
        ("sections", "project_id", None),
    ],
)
def test_each_kind_has_rules_of_its_own(ana: Api, kind: str, field: str, value: Any) -> None:
    assert_problem(ana.post(f"/api/{kind}", json={**fields(ana, kind), field: value}), 422, f"/{field}")


def test_two_labels_of_one_name_at_once_are_one(ana: Api) -> None:
    answers = together(*[ana.send("POST", "/api/labels", json={"name": name}) for name in ("Café", "cafe")])
    assert sorted(each.status_code for each in answers) == [201, 409]
    assert_problem(next(each for each in answers if each.status_code == 409), 409)
    other = make(ana, "labels", "tea")
    assert_problem(ana.patch(f"/api/labels/{other['id']}", json={"name": "CAFE"}), 409)


def test_deleting_a_project_says_before_what_goes_and_one_undo_brings_it_back(ana: Api) -> None:
    home = make(ana, "projects", "Home")
    make(ana, "projects", "Garden", parent_id=home["id"])
    section = make(ana, "sections", "Kitchen")
    task = ana.add("Cook", section_id=section["id"])
    assert ana.get(f"/api/projects/{home['id']}/contents").json() == {"projects": 1, "sections": 1, "tasks": 1}
    ana.delete(f"/api/projects/{home['id']}")
    assert (names(ana, "projects"), ana.titles()) == ([], [])
    assert ana.titles("/api/trash") == ["Cook"]
    ana.post("/api/undo")
    assert names(ana, "projects") == ["Home", "Garden"]
    assert ana.get(f"/api/tasks/{task['id']}").json()["section_id"] == section["id"]


def test_what_can_t_be_undone_whole_is_409_and_changes_nothing(ana: Api) -> None:
    home = make(ana, "projects", "Home")
    made = ana.get("/api/changes").json()["items"][-1]["id"]
    ana.add("Cook", project_id=home["id"])
    assert_problem(ana.post("/api/undo", json={"change_id": made}), 409)
    assert names(ana, "projects") == ["Home"]
    assert ana.titles() == ["Cook"]


def test_sections_are_listed_by_project(ana: Api) -> None:
    make(ana, "sections", "Kitchen")
    other = make(ana, "projects", "Other")
    ana.post("/api/sections", json={"name": "Else", "project_id": other["id"]})
    assert [row["name"] for row in ana.get(f"/api/sections?project_id={other['id']}").json()["items"]] == ["Else"]
    assert sorted(names(ana, "sections")) == ["Else", "Kitchen"]


def test_tasks_are_listed_by_where_they_are(ana: Api) -> None:
    section = make(ana, "sections", "Kitchen")
    label = make(ana, "labels", "errand")
    ana.add("Cook", section_id=section["id"])
    task = ana.add("Buy", project_id=section["project_id"], label_ids=[label["id"]])
    ana.add("Milk", parent_id=task["id"])
    ana.add("Think")
    for query, expected in (
        (f"project_id={section['project_id']}", ["Milk", "Buy", "Cook"]),
        ("project_id=none", ["Think"]),
        (f"section_id={section['id']}", ["Cook"]),
        ("section_id=none", ["Think", "Milk", "Buy"]),
        (f"parent_id={task['id']}", ["Milk"]),
        ("parent_id=none", ["Think", "Buy", "Cook"]),
        (f"label_id={label['id']}", ["Buy"]),
        ("filter=@errand", ["Buy"]),
        ("q=errand", ["Buy"]),
    ):
        assert ana.titles(f"/api/tasks?{query}") == expected, query
    for name in ("project_id", "section_id", "parent_id", "label_id"):
        assert_problem(ana.get(f"/api/tasks?{name}=x"), 422, f"/{name}")
    assert_problem(ana.get("/api/tasks?filter=(today"), 422, "/filter")
