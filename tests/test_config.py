"""Settings: what is read, what is made up, what is refused, and how it is said."""

import multiprocessing
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from todo_app import config
from todo_app.config import Settings, get_settings, load_settings_or_exit

SECRET = "kX8v-3hT0qWm_5rZ9bLcY2uJ7nPdE4sA"
POSTGRES = "postgresql://ann:pw@db/todo"


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No `.env` and no variable of this machine leaks into a test."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(Settings.model_config, "env_file", ".env")  # a whole app in this process may have taken it away
    for name in [*Settings.model_fields, "better_auth_secret"]:
        monkeypatch.delenv(name.upper(), raising=False)
    get_settings.cache_clear()


def make(**values: Any) -> Settings:
    return Settings(**{"auth_secret": SECRET, **values})


def refusal(**values: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        make(**values)
    return config._explain(caught.value)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = Settings()
    assert settings.database_url == f"sqlite:///{tmp_path}/data/todo.db"
    assert settings.frontend_url == "http://localhost:8000"
    assert (settings.api_name, settings.page_name) == ("TODO API", "Todo")
    assert settings.redis_url is None
    assert settings.allow_signup
    assert not settings.secure


def test_values_come_from_the_environment_and_from_dotenv(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("PORT=9001\nAPP_NAME=Ours\nREDIS_URL=\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("DEBUG", "true")
    settings = Settings()
    assert (settings.port, settings.app_name, settings.debug) == (9001, "Ours", True)
    assert (settings.api_name, settings.page_name) == ("Ours", "Ours")
    assert settings.redis_url is None
    assert settings.frontend_url == "http://localhost:9001"


def test_settings_are_read_once() -> None:
    assert get_settings() is get_settings()


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("postgres://u:p@h/db?sslmode=require", "postgresql+psycopg2://u:p@h/db?sslmode=require"),
        ("postgresql://u:p@h:5433/db", "postgresql+psycopg2://u:p@h:5433/db"),
        ("postgresql+psycopg2:///db?host=/run/pg", "postgresql+psycopg2:///db?host=/run/pg"),
        ("sqlite:///some/file.db", "sqlite:///some/file.db"),
    ],
)
def test_a_database_address_works_as_pasted(given: str, used: str) -> None:
    assert make(database_url=given).database_url == used


@pytest.mark.parametrize("bad", ["mysql://h/db", "todo.db", "postgresql://h", "sqlite://", "postgresql://h:x/db"])
def test_an_unusable_database_address_is_refused(bad: str) -> None:
    assert refusal(database_url=bad).startswith("Bad setting: DATABASE_URL ")


@pytest.mark.parametrize("name", ["AUTH_SECRET", "BETTER_AUTH_SECRET"])
def test_the_secret_is_read_under_both_names(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, SECRET)
    assert Settings().auth_secret == SECRET


def test_the_secret_is_made_once_and_kept_private(tmp_path: Path) -> None:
    secret = Settings().auth_secret
    assert len(secret) >= 32
    assert Settings().auth_secret == secret
    kept = tmp_path / "data" / "auth_secret"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.parent.stat().st_mode) == 0o700
    assert list(kept.parent.iterdir()) == [kept]


def read_secret(path: str) -> str:
    return config._shared_secret(Path(path))


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path: Path) -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        made = pool.map(read_secret, [str(tmp_path / "auth_secret")] * 8, chunksize=1)
    assert len(set(made)) == 1


def test_losing_the_race_for_the_secret_means_using_the_winners(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "auth_secret"

    def lose(_draft: Path, path: Path) -> None:
        path.write_text("the winner's")
        raise FileExistsError

    monkeypatch.setattr("os.link", lose)
    assert config._shared_secret(kept) == "the winner's"
    assert list(tmp_path.glob("auth_secret*")) == [kept]


@pytest.mark.parametrize("shared", [{"database_url": POSTGRES}, {"redis_url": "redis://cache"}])
def test_a_shared_deployment_needs_a_secret_of_its_own(shared: dict[str, str]) -> None:
    assert "AUTH_SECRET is needed" in refusal(auth_secret="", **shared)


@pytest.mark.parametrize("bad", ["short", "changeme" * 8, "x" * 40, "your-secret-key-goes-right-here-ok"])
def test_a_weak_secret_is_refused_and_not_repeated(bad: str) -> None:
    line = refusal(auth_secret=bad)
    assert line.startswith("Bad setting: AUTH_SECRET ")
    assert bad not in line


def test_secrets_are_not_shown() -> None:
    shown = repr(make(database_url=POSTGRES, redis_url="redis://:pw@cache", smtp_url="smtp://u:pw@h", mail_from="a@b.org"))
    assert SECRET not in shown
    assert "pw" not in shown


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("https://Todo.Example.org/", "https://todo.example.org"),
        ("https://todo.example.org:443", "https://todo.example.org"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_the_frontend_url_is_written_as_a_browser_sends_it(given: str, used: str) -> None:
    settings = make(frontend_url=given)
    assert settings.frontend_url == used
    assert settings.secure == used.startswith("https")


@pytest.mark.parametrize(
    "bad",
    ["*", "todo.org", "ftp://h", "https://h/app", "https://h?x=1", "https://*.h", "https://me@h", "http://h:port"],
)
def test_a_frontend_url_that_is_no_origin_is_refused(bad: str) -> None:
    assert refusal(frontend_url=bad).startswith("Bad setting: FRONTEND_URL ")


@pytest.mark.parametrize(
    ("name", "bad"),
    [
        ("port", 0),
        ("trusted_proxy_hops", -1),
        ("redis_url", "http://cache"),
        ("smtp_url", "smtp://"),
        ("smtp_url", "smtp://h:nine"),
        ("smtp_url", "http://h"),
        ("smtp_url", "smtp://h?starttls=maybe"),
        ("app_name", "Todo\r\nBcc: everybody@example.com"),
        ("smtp_url", "mail.example.org"),
        ("mail_from", "nobody"),
        ("db_pool_size", 0),
        ("login_failures_per_account", 0),
        ("data_dir", "/dev/null/x"),
    ],
)
def test_other_bad_values_name_their_variable(name: str, bad: object) -> None:
    assert refusal(**{name: bad}).startswith(f"Bad setting: {name.upper()} ")


def test_mail_needs_a_sender() -> None:
    assert "MAIL_FROM is needed" in refusal(smtp_url="smtp://localhost:25")
    assert make(smtp_url="smtp://localhost:25", mail_from="Todo <todo@example.org>").mail_from


def test_a_data_directory_that_cannot_be_written_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda *_: False)
    assert "DATA_DIR can't write" in refusal()


def test_a_bad_start_ends_with_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "eighty")
    with pytest.raises(SystemExit) as caught:
        load_settings_or_exit()
    assert str(caught.value).startswith("Bad setting: PORT Input should be a valid integer")
    assert "\n" not in str(caught.value)


def test_a_bad_port_does_not_hide_behind_a_secret_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://h/db")
    with pytest.raises(SystemExit, match="DATABASE_URL"):
        load_settings_or_exit()


def test_good_settings_load() -> None:
    assert load_settings_or_exit() is get_settings()
