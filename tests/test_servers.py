"""The test servers are what they claim to be."""

import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import redis
from sqlalchemy import text

from tests import servers
from todo_app.config import Settings
from todo_app.db import database


def test_every_test_has_an_empty_database_of_its_own(settings: Settings, database_url: str) -> None:
    with database().engine.begin() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
        connection.execute(text("CREATE TABLE left_behind (id int)"))
    assert settings.database_url.partition("://")[2] == database_url.partition("://")[2]


def test_postgresql_is_the_real_thing(postgres: servers.Postgres) -> None:
    with postgres._admin.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        assert cursor.fetchone()[0].startswith("18")


def test_redis_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.ping()


def test_chromium_starts(chromium: str) -> None:
    assert "Chrom" in subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True).stdout


def test_without_any_chromium_the_run_says_how_to_get_one(monkeypatch: pytest.MonkeyPatch) -> None:
    for way in ("_system_chromium", "_playwright_chromium", "_debian_chromium"):
        monkeypatch.setattr(servers, way, lambda: None)
    with pytest.raises(RuntimeError, match="apt install chromium"):
        servers.find_chromium()


def test_of_several_that_need_a_browser_one_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    installed = []

    def install() -> str:
        time.sleep(0.1)
        installed.append("chromium")
        return "chromium"

    monkeypatch.setattr(servers, "_system_chromium", lambda: installed[0] if installed else None)
    monkeypatch.setattr(servers, "_playwright_chromium", install)
    with ThreadPoolExecutor() as several:
        found = list(several.map(lambda _number: servers.find_chromium(), range(3)))
    assert found == ["chromium"] * 3
    assert installed == ["chromium"]


def test_a_browser_that_does_not_start_is_not_taken(tmp_path: Path) -> None:
    assert not servers._starts(str(tmp_path / "missing"))
    assert not servers._starts("/bin/false")
