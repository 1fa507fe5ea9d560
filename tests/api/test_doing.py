"""What is done with tasks besides changing their fields: quick add, moving, skipping, many at once."""

import uuid
from typing import Any

import pytest

from tests.api.conftest import Api, assert_problem, together


def quick_add(ana: Api, text: str, **more: Any) -> list[dict[str, Any]]:
    made = ana.post("/api/quick-add", json={"text": text, **more})
    assert made.status_code == 201, made.text
    items: list[dict[str, Any]] = made.json()["items"]
    return items


def test_a_line_becomes_a_task_with_all_it_says(ana: Api) -> None:
    (task,) = quick_add(ana, "Call Sam 2027-01-02 9am p1 #Home @calls")
    assert (task["title"], task["due_date"], task["due_time"], task["priority"]) == ("Call Sam", "2027-01-02", "09:00", 1)
    assert ana.get(f"/api/projects/{task['project_id']}").json()["name"] == "Home"
    assert ana.get(f"/api/tasks/{task['id']}").json() == task
    ana.post("/api/undo")
    assert ana.get("/api/projects").json() == ana.get("/api/labels").json() == {"items": []}


def test_lines_become_tasks_and_subtasks_where_one_is(ana: Api) -> None:
    home = ana.post("/api/projects", json={"name": "Home"}).json()["id"]
    items = quick_add(ana, "- Cook\n  - Rice\n- Clean", project_id=home, due_date="2027-01-02")
    assert [task["title"] for task in items] == ana.titles() == ["Cook", "Rice", "Clean"]
    assert items[1]["parent_id"] == items[0]["id"]
    assert {task["project_id"] for task in items} == {home}
    assert {task["due_date"] for task in items} == {"2027-01-02"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": "#Home p1"}, "/text"),
        ({"text": "x" * 201}, "/text"),
        ({"text": "x\n" * 501}, "/text"),
        ({"text": "x" * 20_001}, "/text"),
        ({"text": "x", "due_date": "soon"}, "/due_date"),
        ({"text": "x", "parent_id": str(uuid.uuid4())}, "/parent_id"),
        ({"text": "x\ny", "dismissed": [[0, 1]]}, "/dismissed"),
        ({"text": "x", "surprise": 1}, "/surprise"),
        ({}, "/text"),
    ],
)
def test_what_makes_no_task_is_refused_and_makes_nothing(ana: Api, body: dict[str, Any], pointer: str) -> None:
    assert_problem(ana.post("/api/quick-add", json=body), 422, pointer)
    assert ana.titles() == []
    assert ana.get("/api/projects").json()["items"] == []


def test_a_repeated_line_is_added_once(ana: Api) -> None:
    answers = together(
        *[ana.send("POST", "/api/quick-add", json={"text": "x #Home"}, headers={"Idempotency-Key": "k"}) for _ in range(4)]
    )
    assert {(each.status_code, each.content) for each in answers} == {(201, answers[0].content)}
    assert ana.titles() == ["x"]


def test_a_task_is_moved_to_its_place_by_hand(ana: Api) -> None:
    one, two = ana.add("One"), ana.add("Two")
    path = f"/api/tasks/{two['id']}/move"
    moved = ana.post(path, json={"after": one["id"]}, headers={"If-Match": '"1"'})
    assert (moved.status_code, moved.headers["etag"]) == (200, '"2"')
    assert ana.titles("/api/tasks?sort=position") == ["One", "Two"]
    assert_problem(ana.post(path, json={}, headers={"If-Match": '"1"'}), 412)
    assert_problem(ana.post(path, json={"after": str(uuid.uuid4())}), 404)
    assert_problem(ana.post(path, json={"after": two["id"]}), 422, "/after")
    assert_problem(ana.post(path, json={"order": "size"}), 422, "/order")
    assert_problem(ana.post(path, json={"parent_id": two["id"]}), 422, "/parent_id")


def test_a_task_is_duplicated_right_below_and_once_per_key(ana: Api) -> None:
    ana.add("Last")
    task = ana.add("Trip", notes="by train", due_date="2027-01-04")
    ana.add("Pack", parent_id=task["id"])
    made = [ana.post(f"/api/tasks/{task['id']}/duplicate", headers={"Idempotency-Key": "k"}) for _ in range(2)]
    copy = made[0].json()
    assert [each.status_code for each in made] == [201, 201]
    assert made[0].headers["location"] == f"/api/tasks/{copy['id']}"
    assert made[1].json() == copy
    assert (copy["title"], copy["notes"], copy["due_date"], copy["subtasks"]) == ("Trip", "by train", "2027-01-04", 1)
    assert ana.titles("/api/tasks?sort=position&parent_id=none") == ["Trip", "Trip", "Last"]
    ana.post("/api/undo")
    assert ana.titles("/api/tasks?sort=position&parent_id=none") == ["Trip", "Last"]


def test_a_recurring_task_is_skipped_and_its_next_dates_are_shown(ana: Api) -> None:
    task = ana.add("Run", due_date="2027-01-04", rrule="FREQ=WEEKLY;BYDAY=MO")
    found = ana.get(f"/api/tasks/{task['id']}/occurrences?count=2").json()
    assert [each["due_date"] for each in found["items"]] == ["2027-01-04", "2027-01-11"]
    assert len(ana.get(f"/api/tasks/{task['id']}/occurrences").json()["items"]) == 12
    for count in ("0", "101", "x"):
        assert_problem(ana.get(f"/api/tasks/{task['id']}/occurrences?count={count}"), 422, "/count")
    skipped = ana.post(f"/api/tasks/{task['id']}/skip", headers={"If-Match": '"1"'})
    assert (skipped.json()["due_date"], skipped.headers["etag"]) == ("2027-01-11", '"2"')
    assert_problem(ana.post(f"/api/tasks/{task['id']}/skip", headers={"If-Match": '"1"'}), 412)
    assert_problem(ana.post(f"/api/tasks/{ana.add('Once')['id']}/skip"), 422, "/rrule")


def test_many_are_changed_at_once_or_none(ana: Api, bob: Api) -> None:
    label = ana.post("/api/labels", json={"name": "work"}).json()["id"]
    ids = [ana.add(title)["id"] for title in ("One", "Two", "Three")]
    body = {"ids": ids, "patch": {"priority": 1, "due_date": "2027-01-02"}, "add_label_ids": [label]}
    assert ana.post("/api/tasks/bulk", json=body).json() == {"changed": 3}
    assert len(ana.titles(f"/api/tasks?label_id={label}")) == 3
    ana.post("/api/undo")
    assert ana.titles(f"/api/tasks?label_id={label}") == []
    assert_problem(ana.post("/api/tasks/bulk", json={"ids": [*ids, bob.add("Bob's")["id"]], "delete": True}), 404)
    assert len(ana.titles()) == 3
    assert ana.post("/api/tasks/bulk", json={"ids": ids, "delete": True}).json() == {"changed": 3}
    assert len(ana.titles("/api/trash")) == 3


@pytest.mark.parametrize(
    "body",
    [
        {"ids": []},
        {"ids": [str(uuid.uuid4()) for _ in range(501)]},
        {"ids": ["x"]},
        {"ids": [str(uuid.uuid4())], "patch": {"title": ""}},
        {"ids": [str(uuid.uuid4())], "patch": {"surprise": 1}},
        {"ids": [str(uuid.uuid4())], "delete": "yes"},
        {"ids": [str(uuid.uuid4())], "surprise": 1},
    ],
)
def test_a_bulk_change_that_breaks_a_rule_is_refused(ana: Api, body: dict[str, Any]) -> None:
    assert_problem(ana.post("/api/tasks/bulk", json=body), 422)


def test_an_undo_of_five_hundred_tasks_takes_few_queries(ana: Api, db: Any) -> None:
    from tests.people import statements

    def queries(lines: int) -> int:
        quick_add(ana, "\n".join(f"Task {n}" for n in range(lines)))
        with statements(db) as seen:
            assert ana.post("/api/undo").status_code == 200
        return len(seen)

    assert queries(500) <= queries(2) + 8
