"""`Idempotency-Key`: one request, however often it arrives, is done once."""

from tests.api.conftest import Api, assert_problem, together


def with_key(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


def test_twenty_parallel_posts_with_one_key_make_one_row(ana: Api) -> None:
    answers = together(*(ana.send("POST", "/api/tasks", json={"title": "Once"}, headers=with_key("k")) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert ana.titles() == ["Once"]
    assert len(ana.get("/api/changes").json()["items"]) == 1


def test_a_repeat_gets_the_first_answer_whatever_has_happened_since(ana: Api) -> None:
    first = ana.post("/api/tasks", json={"title": "Once"}, headers=with_key("k"))
    ana.patch(first.headers["location"], json={"title": "Changed"})
    again = ana.post("/api/tasks", json={"title": "Once"}, headers=with_key("k"))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert (again.headers["etag"], again.headers["location"]) == (first.headers["etag"], first.headers["location"])
    assert again.headers["content-type"] == first.headers["content-type"] == "application/json"
    assert ana.titles() == ["Changed"]


def test_the_same_key_with_another_request_is_refused(ana: Api) -> None:
    ana.post("/api/tasks", json={"title": "Once"}, headers=with_key("k"))
    assert_problem(ana.post("/api/tasks", json={"title": "Other"}, headers=with_key("k")), 422, "/Idempotency-Key")
    assert_problem(ana.post("/api/undo", headers=with_key("k")), 422, "/Idempotency-Key")
    assert ana.titles() == ["Once"]


def test_a_key_is_one_person_s_own(ana: Api, bob: Api) -> None:
    ana.post("/api/tasks", json={"title": "Same"}, headers=with_key("k"))
    assert bob.post("/api/tasks", json={"title": "Same"}, headers=with_key("k")).status_code == 201
    assert (ana.titles(), bob.titles()) == (["Same"], ["Same"])


def test_every_post_of_a_person_s_tasks_knows_the_key(ana: Api) -> None:
    task = ana.add("One")
    path = f"/api/tasks/{task['id']}"
    ana.patch(path, json={"title": "Two"})

    def twice(what: str, **content: object) -> None:
        first = ana.post(what, headers=with_key(what), **content)
        assert first.status_code == 200, first.text
        assert ana.post(what, headers=with_key(what), **content).content == first.content

    twice("/api/undo")
    assert ana.get(path).json()["title"] == "One"
    twice("/api/redo")
    twice(f"{path}/revert", json={"change_id": 1})
    assert ana.get(path).json()["version"] == 5
    ana.delete(path)
    twice(f"{path}/restore")
    assert ana.get(path).json()["version"] == 7


def test_a_request_that_failed_leaves_its_key_free(ana: Api) -> None:
    assert_problem(ana.post("/api/undo", headers=with_key("k")), 404)
    ana.add("Now there is something to undo")
    assert ana.post("/api/undo", headers=with_key("k")).status_code == 200


def test_a_key_is_any_visible_ascii_of_up_to_255_characters(ana: Api) -> None:
    for key in ("!", "~" * 255, 'a"b,c;{}'):
        assert ana.post("/api/tasks", json={"title": "x"}, headers=with_key(key)).status_code == 201
    for bad in (b"", b"x" * 256, b"two words", "é".encode(), b"\x00", b"\x7f"):
        answer = ana.post("/api/tasks", json={"title": "x"}, headers={"Idempotency-Key": bad})
        assert_problem(answer, 422, "/Idempotency-Key")
