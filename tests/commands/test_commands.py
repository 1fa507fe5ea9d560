"""The command line: what each command checks, and what it then starts."""

import asyncio
import os
import resource
from pathlib import Path
from typing import Any

import pytest
from alembic.util import CommandError
from sqlalchemy import inspect

from tests.people import ANA, register, user_row
from tests.servers import SECRET, token_in
from todo_app import __main__ as command_line
from todo_app import metrics
from todo_app.commands import deploy, dev, migrate, serve
from todo_app.config import Settings, get_settings
from todo_app.db import Database, database
from todo_app.models import Authenticator
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import PasswordReset
from todo_app.services import recovery, sealing
from todo_app.services.limits import limits


class Started(Exception):
    """Raised in place of becoming another program."""

    def __init__(self, _program: str, command: list[str], environment: dict[str, str]) -> None:
        self.command = " ".join(command)
        self.environment = environment


@pytest.fixture(autouse=True)
def stay_here(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(*call: Any) -> None:
        raise Started(*call)

    monkeypatch.setattr("os.execve", start)
    monkeypatch.setattr(serve, "build_if_changed", lambda _settings: None)
    monkeypatch.setattr(dev, "build_environment", lambda web_dir: {"REFLEX_WEB_WORKDIR": web_dir})


def test_serve_puts_pages_and_api_on_one_port(settings: Settings) -> None:
    with pytest.raises(Started) as started:
        command_line.main(["serve", "--host", "0.0.0.0"])
    assert "granian" in started.value.command
    assert "--host=0.0.0.0 --port=8000 --workers=1" in started.value.command
    assert started.value.environment["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] == "true"
    assert started.value.environment["__REFLEX_SKIP_COMPILE"] == "true"


def test_serve_ends_connections_that_say_nothing_and_takes_more_than_a_thousand(settings: Settings) -> None:
    """Where HTTP/2 may come too, the server waits without end for the first byte of a connection."""
    with pytest.raises(Started) as started:
        command_line.main(["serve"])
    assert "--http=1 --http1-header-read-timeout=30000" in started.value.command
    assert f"--backpressure={serve.CONNECTIONS}" in started.value.command
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert now in (resource.RLIM_INFINITY, most) or now >= serve.OPEN_FILES


@pytest.mark.parametrize(
    ("now", "most", "then"),
    [
        (1024, 524_288, serve.OPEN_FILES),
        (1024, 4096, 4096),
        (256, resource.RLIM_INFINITY, serve.OPEN_FILES),
        (100_000, 524_288, None),
        (resource.RLIM_INFINITY, resource.RLIM_INFINITY, None),
    ],
)
def test_serve_may_open_as_many_files_as_it_needs(now: int, most: int, then: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (now, most))
    monkeypatch.setattr(resource, "setrlimit", lambda _what, limits: asked.append(limits))
    serve.allow_open_files()
    assert asked == ([] if then is None else [(then, most)])


def test_several_workers_need_redis(settings: Settings) -> None:
    with pytest.raises(SystemExit, match="REDIS_URL"):
        command_line.main(["serve", "--workers", "2"])


def test_several_workers_start_with_redis(settings: Settings) -> None:
    with pytest.raises(Started) as started:
        serve.serve(settings.model_copy(update={"redis_url": "redis://cache"}), "127.0.0.1", 2)
    assert "--workers=2" in started.value.command
    assert metrics.DIRECTORY not in started.value.environment


def test_several_workers_share_their_figures(settings: Settings) -> None:
    with pytest.raises(Started) as started:
        serve.serve(settings.model_copy(update={"redis_url": "redis://cache", "metrics_token": "x" * 16}), "127.0.0.1", 2)
    shared = Path(started.value.environment[metrics.DIRECTORY])
    assert shared.stat().st_mode & 0o777 == 0o700
    shared.rmdir()


def test_dev_keeps_out_of_the_build_that_is_served(settings: Settings) -> None:
    with pytest.raises(Started) as started:
        command_line.main(["dev"])
    assert "--frontend-port 8000 --backend-port 8001" in started.value.command
    assert started.value.environment == {
        "REFLEX_WEB_WORKDIR": ".web-dev",
        "REFLEX_API_URL": "http://localhost:8001",
        "REFLEX_HOT_RELOAD_OVERRIDE_PATHS": "todo_app:assets:rxconfig.py",
    }


def test_build_is_a_command_too(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    built: list[Settings] = []
    monkeypatch.setattr("todo_app.commands.build.build_if_changed", built.append)
    command_line.main(["build"])
    assert built == [settings]


def test_migrate_makes_the_tables_of_a_new_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = Settings(_env_file=None, data_dir=tmp_path)
    monkeypatch.setattr("todo_app.db.get_settings", lambda: fresh)
    database.cache_clear()
    migrate.check_and_migrate()
    assert "alembic_version" in inspect(database().engine).get_table_names()
    database().engine.dispose()
    database.cache_clear()


def test_migrate_is_a_command_too(settings: Settings) -> None:
    command_line.main(["migrate"])
    database().check()


def test_a_database_out_of_reach_ends_the_start_with_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    unreachable = Settings(
        _env_file=None,
        auth_secret=SECRET,
        data_dir=tmp_path,
        database_url="postgresql://ann:hidden-word@127.0.0.1:1/todo",
    )
    monkeypatch.setattr("todo_app.db.get_settings", lambda: unreachable)
    database.cache_clear()
    with pytest.raises(SystemExit) as ended:
        migrate.check_and_migrate()
    database.cache_clear()
    assert str(ended.value).startswith("Bad setting: DATABASE_URL can't be reached")
    assert "hidden-word" not in str(ended.value)
    assert "\n" not in str(ended.value)


def test_a_newer_database_is_left_alone(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> None:
        raise CommandError("Can't locate revision identified by 'ffff'")

    monkeypatch.setattr("alembic.command.upgrade", fail)
    with pytest.raises(SystemExit, match="newer release"):
        migrate.check_and_migrate()


def test_deploy_asks_for_what_a_cloud_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deploy, "CLOUD_SETTINGS", tmp_path / "missing")
    with pytest.raises(SystemExit, match="DATABASE_URL and AUTH_SECRET and FRONTEND_URL"):
        command_line.main(["deploy"])


def test_deploy_migrates_and_hands_over_to_reflex(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cloud = tmp_path / ".env.cloud"
    cloud.write_text(f"DATABASE_URL={settings.database_url}\nAUTH_SECRET={SECRET}\nFRONTEND_URL=https://todo.example.org\n")
    monkeypatch.setattr(deploy, "CLOUD_SETTINGS", cloud)
    monkeypatch.setattr(deploy, "STAMP", tmp_path / "built-from")
    monkeypatch.setattr(deploy, "build_environment", lambda: {"for": os.environ["FRONTEND_URL"]})
    monkeypatch.setenv("FRONTEND_URL", "put back after the test")
    get_settings.cache_clear()
    with pytest.raises(Started) as started:
        command_line.main(["deploy"])
    assert started.value.command.endswith(f"reflex deploy --envfile {cloud}")
    assert started.value.environment == {"for": "https://todo.example.org"}


def test_reset_link_prints_a_link_that_sets_a_new_password(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    register(db, ANA, "Ana")
    command_line.main(["reset-link", ANA.upper()])
    link = capsys.readouterr().out.splitlines()[-1]
    assert link.startswith("http://localhost:8000/new-password#token=")
    data = PasswordReset(token=token_in(link), new_password="four green frogs")
    asyncio.run(recovery.set_new_password(db, limits(), data))
    assert user_row(db, ANA).email_standing == "signup"  # it was in nobody's mailbox
    with pytest.raises(SystemExit, match="There is no account with this email"):
        command_line.main(["reset-link", "who@example.com"])


def test_turn_off_two_step_says_what_it_did_or_why_it_could_not(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    ana = register(db, ANA, "Ana")
    is_on = Authenticator(user_id=ana.user_id, sealed_secret=sealing.seal("secret"), confirmed_at=utc_now())
    db.write_now(lambda session: session.add(is_on))
    command_line.main(["turn-off-two-step", ANA.upper()])
    assert "its password is enough now" in capsys.readouterr().out
    with pytest.raises(SystemExit, match="Two-step sign-in is off"):
        command_line.main(["turn-off-two-step", ANA])
    with pytest.raises(SystemExit, match="There is no account with this email"):
        command_line.main(["turn-off-two-step", "who@example.com"])
