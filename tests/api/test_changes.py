"""The change feed over REST: changes, history, undo, redo, revert."""

from tests.api.conftest import Api, assert_problem, together


def test_everything_since_a_number_oldest_first(ana: Api) -> None:
    task = ana.add("One")
    ana.patch(f"/api/tasks/{task['id']}", json={"title": "Two", "priority": 1})
    ana.delete(f"/api/tasks/{task['id']}")
    everything = ana.get("/api/changes").json()
    assert [change["id"] for change in everything["items"]] == [1, 2, 3]
    assert everything["more"] is False
    made, changed, _deleted = everything["items"]
    assert (made["kind"], made["items"][0]["before"], made["items"][0]["after"]["title"]) == ("do", None, "One")
    assert changed["items"] == [
        {
            "entity": "tasks",
            "entity_id": task["id"],
            "before": {"title": "One", "priority": 4},
            "after": {"title": "Two", "priority": 1},
        }
    ]
    assert ana.get("/api/changes?after=1").json()["items"] == everything["items"][1:]
    assert ana.get("/api/changes?after=3").json() == {"items": [], "more": False}
    first = ana.get("/api/changes?limit=1").json()
    assert ([change["id"] for change in first["items"]], first["more"]) == ([1], True)


def test_a_number_beyond_the_last_is_no_error(ana: Api) -> None:
    assert ana.get(f"/api/changes?after={2**63 - 1}").json() == {"items": [], "more": False}


def test_a_bad_parameter_is_named(ana: Api) -> None:
    for query in [f"after={2**63}", "after=-1", "after=x", "limit=0", "before=3"]:
        assert_problem(ana.get(f"/api/changes?{query}"), 422, f"/{query.partition('=')[0]}")


def test_history_of_a_task_is_newest_first_and_only_its_own(ana: Api) -> None:
    task, _other = ana.add("One"), ana.add("Other")
    ana.patch(f"/api/tasks/{task['id']}", json={"title": "Two"})
    answer = ana.get(f"/api/tasks/{task['id']}/history")
    assert answer.status_code == 200
    assert [change["id"] for change in answer.json()["items"]] == [3, 1]
    assert answer.json()["more"] is False


def test_undo_takes_back_one_change_after_the_other_and_redo_brings_them_again(ana: Api) -> None:
    task = ana.add("One")
    path = f"/api/tasks/{task['id']}"
    ana.patch(path, json={"title": "Two"})
    ana.delete(path)
    undone = ana.post("/api/undo")
    assert (undone.status_code, undone.json()["id"], undone.json()["undone"]) == (200, 3, True)
    assert ana.get(path).json()["title"] == "Two"
    ana.post("/api/undo")
    assert ana.get(path).json()["title"] == "One"
    ana.post("/api/undo")
    assert_problem(ana.get(path), 404)
    assert_problem(ana.post("/api/undo"), 404)
    redone = ana.post("/api/redo")
    assert (redone.status_code, redone.json()["id"], redone.json()["undone"]) == (200, 1, False)
    back = ana.get(path).json()
    assert {**back, "version": 1, "updated_at": ""} == {**task, "updated_at": ""}
    ana.post("/api/redo")
    ana.post("/api/redo")
    assert ana.titles("/api/trash") == ["Two"]
    assert_problem(ana.post("/api/redo"), 404)


def test_a_new_change_ends_what_can_be_redone(ana: Api) -> None:
    ana.add("One")
    ana.post("/api/undo")
    ana.add("Two")
    assert_problem(ana.post("/api/redo"), 404)


def test_one_change_can_be_undone_out_of_turn(ana: Api) -> None:
    first, second = ana.add("First"), ana.add("Second")
    undone = ana.post("/api/undo", json={"change_id": 1})
    assert undone.json()["items"][0]["entity_id"] == first["id"]
    assert ana.titles() == [second["title"]]
    assert_problem(ana.post("/api/undo", json={"change_id": 1}), 404)
    assert_problem(ana.post("/api/undo", json={"change_id": 3}), 404)  # an undo is no change to undo
    assert ana.post("/api/undo", json={"change_id": None}).json()["id"] == 2


def test_what_was_changed_since_is_not_overwritten(ana: Api) -> None:
    task = ana.add("One")
    path = f"/api/tasks/{task['id']}"
    ana.patch(path, json={"title": "Two"})
    ana.patch(path, json={"title": "Three"})
    assert_problem(ana.post("/api/undo", json={"change_id": 2}), 409)
    assert_problem(ana.post("/api/undo", json={"change_id": 1}), 409)
    assert ana.get(path).json()["title"] == "Three"


def test_another_field_changed_since_is_no_conflict(ana: Api) -> None:
    task = ana.add("One")
    path = f"/api/tasks/{task['id']}"
    ana.patch(path, json={"title": "Two"})
    ana.patch(path, json={"priority": 1})
    assert ana.post("/api/undo", json={"change_id": 2}).status_code == 200
    assert (ana.get(path).json()["title"], ana.get(path).json()["priority"]) == ("One", 1)


def test_redo_of_what_was_changed_since_is_a_conflict(ana: Api) -> None:
    task = ana.add("One")
    ana.delete(f"/api/tasks/{task['id']}")
    ana.post("/api/undo")
    ana.post("/api/undo")
    ana.post("/api/redo")
    assert ana.post("/api/redo").status_code == 200
    assert ana.titles("/api/trash") == ["One"]


def test_a_bad_number_is_refused(ana: Api) -> None:
    for change_id in [0, -1, 2**63, 2**64, "1", 1.5, True]:
        assert_problem(ana.post("/api/undo", json={"change_id": change_id}), 422, "/change_id")


def test_undo_of_a_number_that_is_not_there_is_404(ana: Api, bob: Api) -> None:
    ana.add("Mine")
    assert_problem(bob.post("/api/undo", json={"change_id": 1}), 404)
    assert_problem(bob.post("/api/undo"), 404)
    assert_problem(ana.post("/api/undo", json={"change_id": 2**63 - 1}), 404)
    assert ana.titles() == ["Mine"]


def test_two_undos_at_once_undo_two_changes(ana: Api) -> None:
    for n in range(4):
        ana.add(str(n))
    answers = together(*(ana.send("POST", "/api/undo") for _ in range(4)))
    assert sorted(answer.json()["id"] for answer in answers) == [1, 2, 3, 4]
    assert ana.titles() == []


def test_writers_at_once_get_numbers_without_gaps(ana: Api) -> None:
    together(*(ana.send("POST", "/api/tasks", json={"title": str(n)}) for n in range(20)))
    assert [change["id"] for change in ana.get("/api/changes").json()["items"]] == list(range(1, 21))


def test_a_task_goes_back_to_any_earlier_state(ana: Api) -> None:
    task = ana.add("One", due_date="2026-01-27", due_time="10:00")
    path = f"/api/tasks/{task['id']}"
    ana.patch(path, json={"title": "Two", "due_date": None})
    ana.patch(f"{path}/complete")
    ana.patch(path, json={"title": "Three"})
    reverted = ana.post(f"{path}/revert", json={"change_id": 1})
    assert (reverted.status_code, reverted.headers["etag"]) == (200, '"5"')
    assert reverted.json() == {**task, "version": 5, "updated_at": reverted.json()["updated_at"]}
    assert ana.post(f"{path}/revert", json={"change_id": 3}).json()["title"] == "Two"
    assert ana.post("/api/undo").status_code == 200
    assert ana.get(path).json()["title"] == "One"


def test_reverting_to_a_change_of_something_else_is_404(ana: Api) -> None:
    task = ana.add("One")
    ana.add("Other")
    for change_id in (2, 99):
        assert_problem(ana.post(f"/api/tasks/{task['id']}/revert", json={"change_id": change_id}), 404)
    assert_problem(ana.post(f"/api/tasks/{task['id']}/revert", json={}), 422, "/change_id")
