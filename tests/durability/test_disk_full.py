"""A full disk: what can't be stored is refused and says so, what is stored can be read, and with room again all goes on."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from tests.api.conftest import Api, assert_problem
from tests.durability.disk import Disk, watched_disk
from tests.durability.whole import assert_feed_tells_the_rows, assert_sound
from tests.people import ANA
from todo_app.config import Settings
from todo_app.db import database
from todo_app.errors import StorageFull
from todo_app.services import sessions

NOTES = "x" * 20_000  # more than the room that the write-ahead log has left inside itself

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def disk(tmp_path: Path, settings: Settings) -> Iterator[Disk]:
    """The disk under the test's own database."""
    with watched_disk(tmp_path) as disk:
        yield disk
        database().engine.dispose()


@pytest.fixture
def ana(disk: Disk, api: Api) -> Api:
    return api.sign_up(ANA, "Ana")


@on_sqlite
def test_writes_to_a_full_disk_answer_507_reads_work_and_it_recovers_with_room(
    disk: Disk, ana: Api, api: Api, tmp_path: Path
) -> None:
    kept = ana.add("Kept", notes=NOTES)
    disk.is_full = True
    for _ in range(3):
        refused = ana.post("/api/tasks", json={"title": "Refused", "notes": NOTES}, headers={"Idempotency-Key": "k"})
        assert_problem(refused, 507)
        assert "no room" in refused.json()["detail"]
        assert_problem(ana.patch(f"/api/tasks/{kept['id']}", json={"notes": NOTES[1:]}), 507)
        assert ana.get(f"/api/tasks/{kept['id']}").json() == kept
        assert ana.titles() == ["Kept"]
        assert api.get("/health").status_code == 200
    disk.is_full = False
    made = ana.post("/api/tasks", json={"title": "Refused", "notes": NOTES}, headers={"Idempotency-Key": "k"})
    assert made.status_code == 201
    assert ana.titles() == ["Refused", "Kept"]
    assert_feed_tells_the_rows(database())
    database().engine.dispose()
    assert_sound(tmp_path / "todo.db")


@on_sqlite
def test_a_session_that_can_not_be_noted_as_used_still_reads(disk: Disk, ana: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    ana.add("Kept")
    monkeypatch.setattr(sessions, "use_is_due", lambda _sign_in: True)
    disk.is_full = True
    assert ana.titles() == ["Kept"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_postgresql_s_word_for_a_full_disk_is_known_too(settings: Settings) -> None:
    statement = "DO $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = 'disk_full'; END $$"
    with pytest.raises(StorageFull):
        database().write_now(lambda session: session.connection().execute(text(statement)))
