"""/api/tasks: adding, reading, changing, completing, deleting."""

import json
import uuid
from datetime import datetime
from typing import Any

from tests.api.conftest import Api, assert_problem

FIELDS = {
    "id", "title", "notes", "completed", "completed_at", "priority", "due_date", "due_time", "time_zone",
    "start_date", "project_id", "section_id", "parent_id", "label_ids", "rrule", "from_completion", "last_completed_at",
    "subtasks", "subtasks_completed", "created_at", "updated_at", "deleted_at", "version",
}  # fmt: skip

BAD_FIELDS: list[tuple[str, Any]] = [
    ("title", ""),
    ("title", " \t\n "),
    ("title", "x" * 201),
    ("title", 7),
    ("title", ["x"]),
    ("title", "nul\x00"),
    ("title", "half a pair \ud83d"),
    ("notes", "x" * 20_001),
    ("notes", "nul\x00"),
    ("notes", 5),
    ("completed", "yes"),
    ("completed", 1),
    ("priority", 0),
    ("priority", 5),
    ("priority", 2**64),
    ("priority", 1.5),
    ("priority", True),
    ("priority", "1"),
    ("due_date", "2026-02-30"),
    ("due_date", "0000-01-01"),
    ("due_date", "27.1.2026"),
    ("due_date", "٢٠٢٦-٠١-٢٧"),
    ("due_date", "2026-01-27T00:00:00Z"),
    ("due_date", 1769472000),
    ("due_time", "25:00"),
    ("due_time", "10:00:00+02:00"),
    ("time_zone", "Mars/Phobos"),
    ("time_zone", "../etc/passwd"),
    ("surprise", 1),
    ("owner_id", str(uuid.UUID(int=0))),
    ("version", 9),
]


def send_json(api: Api, method: str, path: str, body: object) -> Any:
    """As `json=`, but lone surrogates travel as JSON escapes."""
    return api(method, path, content=json.dumps(body), headers={"Content-Type": "application/json"})


def test_adding_a_task_answers_it_with_its_address(ana: Api) -> None:
    answer = ana.post("/api/tasks", json={"title": "  Buy milk  "})
    assert answer.status_code == 201
    task = answer.json()
    assert set(task) == FIELDS
    assert (task["title"], task["notes"], task["completed"], task["priority"]) == ("Buy milk", "", False, 4)
    assert (task["version"], answer.headers["etag"]) == (1, '"1"')
    assert answer.headers["location"] == f"/api/tasks/{task['id']}"
    assert task["created_at"].endswith("Z")
    found = ana.get(answer.headers["location"])
    assert (found.status_code, found.json(), found.headers["etag"]) == (200, task, '"1"')


def test_every_field_comes_back_as_it_was_given(ana: Api) -> None:
    fields = {
        "title": "🎉 שלום — café e\u0301",
        "notes": "# One\r\n\r\n* two\t<svg onload=alert(1)>",
        "completed": True,
        "priority": 1,
        "due_date": "2026-03-29",
        "due_time": "02:30",
        "time_zone": "Europe/Berlin",
    }
    task = ana.add(**fields)
    assert {name: task[name] for name in fields} == fields
    assert task["completed_at"]
    assert ana.get(f"/api/tasks/{task['id']}").json() == task


def test_a_due_time_is_meant_in_ones_own_zone_unless_said(ana: Api) -> None:
    ana.patch("/api/me", json={"time_zone": "Asia/Tokyo"})
    task = ana.add("Call", due_date="2026-01-27", due_time="16:30")
    assert (task["due_time"], task["time_zone"]) == ("16:30", "Asia/Tokyo")
    assert ana.add("Without a time", time_zone="Asia/Tokyo")["time_zone"] is None


def test_a_due_time_needs_a_day(ana: Api) -> None:
    assert_problem(ana.post("/api/tasks", json={"title": "Call", "due_time": "16:30"}), 422, "/due_time")
    task = ana.add("Call")
    assert_problem(ana.patch(f"/api/tasks/{task['id']}", json={"due_time": "16:30"}), 422, "/due_time")


def test_a_bad_field_is_named_and_nothing_is_saved(ana: Api) -> None:
    task = ana.add("Kept")
    for field, value in BAD_FIELDS:
        for method, path in [("POST", "/api/tasks"), ("PUT", f"/api/tasks/{task['id']}"), ("PATCH", f"/api/tasks/{task['id']}")]:
            assert_problem(send_json(ana, method, path, {"title": "Half", field: value}), 422, f"/{field}")
        assert ana.get("/api/tasks").json() == {"items": [task], "total": 1}


def test_a_title_is_needed_and_can_not_be_cleared(ana: Api) -> None:
    task = ana.add("Kept")
    assert_problem(ana.post("/api/tasks", json={}), 422, "/title")
    assert_problem(ana.put(f"/api/tasks/{task['id']}", json={"notes": "x"}), 422, "/title")
    assert_problem(ana.patch(f"/api/tasks/{task['id']}", json={"title": None}), 422, "/title")


def test_a_body_that_is_no_object_is_refused(ana: Api) -> None:
    task = ana.add("Kept")
    for body in [b"", b"null", b"[]", b'"text"', b"7", b"{", b"\xff\xfe", b'{"title": NaN}', b"[" * 100_000]:
        for method, path in [("POST", "/api/tasks"), ("PUT", f"/api/tasks/{task['id']}"), ("PATCH", f"/api/tasks/{task['id']}")]:
            assert_problem(ana(method, path, content=body, headers={"Content-Type": "application/json"}), 422)
        assert ana.titles() == ["Kept"]


def test_a_field_of_any_name_is_refused_and_the_answer_can_be_read(ana: Api) -> None:
    for key in ["\ud800", "x" * 100_000, "a/b~c", "\x00"]:
        answer = send_json(ana, "POST", "/api/tasks", {"title": "x", key: 1})
        assert_problem(answer, 422)
        assert len(answer.content) < 1000


def test_as_many_unknown_fields_as_fit_do_not_make_a_huge_answer(ana: Api) -> None:
    answer = send_json(ana, "POST", "/api/tasks", {"title": "x", **{str(n): 0 for n in range(50_000)}})
    assert_problem(answer, 422)
    assert len(answer.content) < 20_000


def test_lengths_up_to_the_limit_are_fine(ana: Api) -> None:
    task = ana.add("😀" * 200, notes="😀" * 20_000)
    assert (len(task["title"]), len(task["notes"])) == (200, 20_000)


def test_the_first_and_the_last_day_are_days(ana: Api) -> None:
    for day in ["0001-01-01", "9999-12-31"]:
        assert ana.add("Far", due_date=day, due_time="23:59")["due_date"] == day
        assert day in [task["due_date"] for task in ana.get("/api/tasks?sort=due").json()["items"]]


def test_put_sets_every_field(ana: Api) -> None:
    task = ana.add("Old", notes="gone", priority=1, completed=True, due_date="2026-01-27", due_time="10:00")
    answer = ana.put(f"/api/tasks/{task['id']}", json={"title": "New"})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    fresh = {"notes": "", "priority": 4, "completed": False, "completed_at": None, "due_date": None, "due_time": None}
    expected = {**task, **fresh, "title": "New", "time_zone": None, "version": 2, "updated_at": answer.json()["updated_at"]}
    assert answer.json() == expected


def test_patch_sets_some_fields_and_null_clears(ana: Api) -> None:
    task = ana.add("Call", notes="about it", priority=2, due_date="2026-01-27", due_time="10:00")
    path = f"/api/tasks/{task['id']}"
    assert ana.patch(path, json={"title": "Call Bob"}).json()["notes"] == "about it"
    cleared = ana.patch(path, json={"notes": None, "priority": None, "due_time": None}).json()
    assert (cleared["notes"], cleared["priority"], cleared["due_date"], cleared["due_time"]) == ("", 4, "2026-01-27", None)
    assert cleared["time_zone"] is None


def test_clearing_the_day_clears_the_time(ana: Api) -> None:
    task = ana.add("Call", due_date="2026-01-27", due_time="10:00")
    cleared = ana.patch(f"/api/tasks/{task['id']}", json={"due_date": None}).json()
    assert (cleared["due_date"], cleared["due_time"], cleared["time_zone"]) == (None, None, None)


def test_every_change_moves_version_and_updated_at(ana: Api) -> None:
    task = ana.add("One")
    assert task["updated_at"] == task["created_at"]
    moved = ana.patch(f"/api/tasks/{task['id']}", json={"title": "Two"}).json()
    assert moved["version"] == 2
    assert datetime.fromisoformat(moved["updated_at"]) > datetime.fromisoformat(task["updated_at"])
    assert moved["created_at"] == task["created_at"]


def test_a_change_to_what_is_there_already_is_none(ana: Api) -> None:
    task = ana.add("One")
    assert ana.patch(f"/api/tasks/{task['id']}", json={"title": "One"}).json() == task
    assert ana.patch(f"/api/tasks/{task['id']}", json={}).json() == task
    assert len(ana.get("/api/changes").json()["items"]) == 1


def test_completing_toggles(ana: Api) -> None:
    task = ana.add("Run")
    done = ana.patch(f"/api/tasks/{task['id']}/complete")
    assert (done.status_code, done.json()["completed"], done.headers["etag"]) == (200, True, '"2"')
    assert done.json()["completed_at"].endswith("Z")
    again = ana.patch(f"/api/tasks/{task['id']}/complete").json()
    assert (again["completed"], again["completed_at"], again["version"]) == (False, None, 3)


def test_completed_at_stays_when_something_else_changes(ana: Api) -> None:
    task = ana.add("Run", completed=True)
    changed = ana.patch(f"/api/tasks/{task['id']}", json={"title": "Ran", "completed": True}).json()
    assert changed["completed_at"] == task["completed_at"]


def test_a_deleted_task_is_gone_from_everywhere_but_trash_and_history(ana: Api) -> None:
    task = ana.add("Old")
    path = f"/api/tasks/{task['id']}"
    answer = ana.delete(path)
    assert (answer.status_code, answer.content) == (204, b"")
    assert ana.titles() == []
    for gone in (
        ana.get(path),
        ana.put(path, json={"title": "x"}),
        ana.patch(path, json={"title": "x"}),
        ana.patch(f"{path}/complete"),
        ana.delete(path),
        ana.post(f"{path}/revert", json={"change_id": 1}),
    ):
        assert_problem(gone, 404)
    assert ana.titles("/api/trash") == ["Old"]
    assert ana.get(f"{path}/history").status_code == 200


class TestIfMatch:
    """`If-Match` keeps one from overwriting what one has not read."""

    def test_the_version_that_is_there_lets_the_change_in(self, ana: Api) -> None:
        for header in ['"1"', '"7", "1"', "*", ' "1" ', '"1",,', '"a,b", "1"']:
            path = f"/api/tasks/{ana.add('One')['id']}"
            assert ana.patch(path, json={"title": "Two"}, headers={"If-Match": header}).status_code == 200

    def test_anything_else_is_stale_and_changes_nothing(self, ana: Api) -> None:
        for header in ['"2"', 'W/"1"', "1", '"1', "", '"01"', '"x"', '"1" "2"', '"' + "9" * 500 + '"', "**", '"1", x']:
            task = ana.add("One")
            path = f"/api/tasks/{task['id']}"
            for answer in (
                ana.patch(path, json={"title": "Two"}, headers={"If-Match": header}),
                ana.put(path, json={"title": "Two"}, headers={"If-Match": header}),
                ana.delete(path, headers={"If-Match": header}),
            ):
                assert_problem(answer, 412)
            assert ana.get(path).json() == task

    def test_several_headers_count_as_one_list(self, ana: Api) -> None:
        path = f"/api/tasks/{ana.add('One')['id']}"
        import asyncio

        import httpx

        async def send() -> httpx.Response:
            transport = httpx.ASGITransport(ana.app)
            headers = [("If-Match", '"1"'), ("If-Match", '"5"'), ("Authorization", f"Bearer {ana.token}")]
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                return await client.patch(path, json={"title": "Two"}, headers=headers)

        assert asyncio.run(send()).status_code == 200

    def test_of_a_task_that_is_not_there_nothing_is_said(self, ana: Api) -> None:
        assert_problem(ana.delete(f"/api/tasks/{uuid.uuid4()}", headers={"If-Match": '"1"'}), 404)

    def test_delete_with_the_right_version_deletes(self, ana: Api) -> None:
        path = f"/api/tasks/{ana.add('One')['id']}"
        assert ana.delete(path, headers={"If-Match": '"1"'}).status_code == 204


class TestLists:
    """`GET /api/tasks` filters, sorts and cuts."""

    def test_the_newest_comes_first_unless_said(self, ana: Api) -> None:
        for title in "abc":
            ana.add(title)
        assert ana.titles() == ["c", "b", "a"]
        assert ana.titles("/api/tasks?sort=created") == ["a", "b", "c"]

    def test_status(self, ana: Api) -> None:
        ana.add("open")
        ana.add("done", completed=True)
        assert ana.titles("/api/tasks?status=open") == ["open"]
        assert ana.titles("/api/tasks?status=completed") == ["done"]
        assert ana.titles("/api/tasks?status=all") == ["done", "open"]
        assert ana.get("/api/tasks?status=open").json()["total"] == 1

    def test_sort_orders_are_the_same_on_both_databases(self, ana: Api) -> None:
        ana.add("b", due_date="2026-01-02", due_time="09:00", priority=3)
        ana.add("Éa", due_date="2026-01-02", priority=1)
        ana.add("a", priority=2)
        ana.add("C", due_date="2026-01-01")
        ana.add("_", due_date="2026-01-02", due_time="08:00", completed=True)
        ana.patch(f"/api/tasks/{ana.get('/api/tasks?sort=created').json()['items'][0]['id']}", json={"notes": "moved"})
        assert ana.titles("/api/tasks?sort=title") == ["_", "a", "b", "C", "Éa"]
        assert ana.titles("/api/tasks?sort=-title") == ["Éa", "C", "b", "a", "_"]
        assert ana.titles("/api/tasks?sort=due") == ["C", "_", "b", "Éa", "a"]
        assert ana.titles("/api/tasks?sort=-due") == ["b", "_", "Éa", "C", "a"]
        assert ana.titles("/api/tasks?sort=priority") == ["Éa", "a", "b", "_", "C"]
        assert ana.titles("/api/tasks?sort=-priority") == ["_", "C", "b", "a", "Éa"]
        assert ana.titles("/api/tasks?sort=-updated") == ["b", "_", "C", "a", "Éa"]
        assert ana.titles("/api/tasks?sort=updated") == ["Éa", "a", "C", "_", "b"]
        assert ana.titles("/api/tasks?sort=completed")[0] == "_"

    def test_search_folds_accents_and_takes_characters_literally(self, ana: Api) -> None:
        for title in ("Café Müller", "100% done", "back\\slash"):
            ana.add(title)
        ana.add("snake_case", notes="something hidden here")
        for words, found in [
            ("CAFE", ["Café Müller"]),
            ("muller cafe", ["Café Müller"]),
            ("100%", ["100% done"]),
            ("%", ["100% done"]),
            ("_", ["snake_case"]),
            ("\\", ["back\\slash"]),
            ("' OR 1=1 --", []),
            ("hidden", ["snake_case"]),
            ("  ", ["snake_case", "back\\slash", "100% done", "Café Müller"]),
            ("nothing", []),
        ]:
            answer = ana.get("/api/tasks", params={"q": words}).json()
            assert ([task["title"] for task in answer["items"]], answer["total"]) == (found, len(found))

    def test_pages(self, ana: Api) -> None:
        for n in range(5):
            ana.add(str(n))
        page = ana.get("/api/tasks?sort=created&limit=2&offset=3").json()
        assert ([task["title"] for task in page["items"]], page["total"]) == (["3", "4"], 5)
        assert ana.get("/api/tasks?limit=500&offset=9223372036854775807").json() == {"items": [], "total": 5}

    def test_fifty_unless_said(self, ana: Api) -> None:
        for n in range(51):
            ana.add(str(n))
        answer = ana.get("/api/tasks").json()
        assert (len(answer["items"]), answer["total"]) == (50, 51)

    def test_a_bad_parameter_is_named(self, ana: Api) -> None:
        for parameter, value in [
            ("limit", "0"),
            ("limit", "501"),
            ("limit", "ten"),
            ("limit", "1_0"),
            ("limit", "1.0"),
            ("limit", ""),
            ("offset", "-1"),
            ("offset", str(2**63)),
            ("offset", "9" * 5000),
            ("sort", "colour"),
            ("sort", "--due"),
            ("status", "done"),
            ("q", "x" * 201),
            ("q", "nul\x00"),
            ("colour", "red"),
        ]:
            assert_problem(ana.get("/api/tasks", params={parameter: value}), 422, f"/{parameter}")
