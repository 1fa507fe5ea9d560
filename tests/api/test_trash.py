"""/api/trash: what was deleted, back or for good."""

from tests.api.conftest import Api, assert_problem


def test_the_last_deleted_comes_first(ana: Api) -> None:
    for title in "abc":
        ana.delete(f"/api/tasks/{ana.add(title)['id']}")
    answer = ana.get("/api/trash")
    assert answer.status_code == 200
    assert [task["title"] for task in answer.json()["items"]] == ["c", "b", "a"]
    assert all(task["deleted_at"] for task in answer.json()["items"])
    page = ana.get("/api/trash?limit=1&offset=1").json()
    assert ([task["title"] for task in page["items"]], page["total"]) == (["b"], 3)


def test_a_bad_parameter_is_named(ana: Api) -> None:
    for query in ["limit=501", "offset=-1", "sort=title"]:
        assert_problem(ana.get(f"/api/trash?{query}"), 422, f"/{query.partition('=')[0]}")


def test_restoring_brings_a_task_back_as_it_was(ana: Api) -> None:
    task = ana.add("Back", notes="all of it", due_date="2026-01-27", completed=True)
    ana.delete(f"/api/tasks/{task['id']}")
    answer = ana.post(f"/api/tasks/{task['id']}/restore")
    assert (answer.status_code, answer.headers["etag"]) == (200, '"3"')
    assert answer.json() == {**task, "version": 3, "updated_at": answer.json()["updated_at"]}
    assert ana.titles("/api/trash") == []
    assert_problem(ana.post(f"/api/tasks/{task['id']}/restore"), 404)


def test_deleting_for_good_takes_the_words_out_of_the_history_too(ana: Api) -> None:
    task, other = ana.add("Secret plan", notes="of hers"), ana.add("Other")
    ana.patch(f"/api/tasks/{task['id']}", json={"title": "Secret plan B"})
    assert_problem(ana.delete(f"/api/trash/{task['id']}"), 404)  # not in Trash yet
    ana.delete(f"/api/tasks/{task['id']}")
    answer = ana.delete(f"/api/trash/{task['id']}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert ana.titles("/api/trash") == []
    for gone in (
        ana.delete(f"/api/trash/{task['id']}"),
        ana.post(f"/api/tasks/{task['id']}/restore"),
        ana.get(f"/api/tasks/{task['id']}/history"),
    ):
        assert_problem(gone, 404)
    assert "ecret" not in ana.get("/api/changes").text
    assert "ecret" not in ana.get("/api/me/export").text
    last = ana.get("/api/changes").json()["items"][-1]
    assert (last["kind"], last["items"]) == (
        "purge",
        [{"entity": "tasks", "entity_id": task["id"], "before": None, "after": None}],
    )
    # What is left to undo is the other task.
    assert ana.post("/api/undo").json()["items"][0]["entity_id"] == other["id"]
    assert_problem(ana.post("/api/undo"), 404)
