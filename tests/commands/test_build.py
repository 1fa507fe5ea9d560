"""Building the pages: only when something they depend on has changed."""

import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest

from tests.servers import SECRET
from todo_app.commands import build, environment
from todo_app.config import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, auth_secret=SECRET, data_dir=tmp_path / "data")


@pytest.fixture
def builds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    """A small project as the working directory, and the environments in which Reflex was asked to build it."""
    for name in ("rxconfig.py", "requirements.txt", "todo_app/ui/page.py", "todo_app/api/tasks.py", "assets/app.css"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(build, "build_environment", dict)
    asked: list[dict[str, str]] = []
    npm_writes = ['{"name":"pages","dependencies":{}}', '{"dependencies":{},"name":"pages"}']

    def run(_command: list[str], *, env: dict[str, str], check: bool) -> SimpleNamespace:
        asked.append(env)
        build.PAGES.mkdir(parents=True, exist_ok=True)
        build.PACKAGES.parent.mkdir(exist_ok=True)
        build.PACKAGES.write_text(npm_writes[len(asked) % 2])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(subprocess, "run", run)
    return asked


def test_unchanged_pages_are_built_once(settings: Settings, builds: list[dict[str, str]]) -> None:
    build.build_if_changed(settings)
    build.build_if_changed(settings)
    assert len(builds) == 1


def test_a_build_leaves_the_list_of_packages_as_it_was(settings: Settings, builds: list[dict[str, str]]) -> None:
    build.build_if_changed(settings)
    before = build.PACKAGES.read_text()
    Path("rxconfig.py").write_text("changed")
    build.build_if_changed(settings)
    assert len(builds) == 2
    assert build.PACKAGES.read_text() == before


@pytest.mark.parametrize("name", ["rxconfig.py", "requirements.txt", "todo_app/ui/page.py", "assets/app.css", "assets/new.svg"])
def test_a_changed_source_is_built(name: str, settings: Settings, builds: list[dict[str, str]]) -> None:
    build.build_if_changed(settings)
    Path(name).write_text("changed")
    build.build_if_changed(settings)
    assert len(builds) == 2


def test_the_api_is_no_part_of_the_pages(settings: Settings, builds: list[dict[str, str]]) -> None:
    build.build_if_changed(settings)
    Path("todo_app/api/tasks.py").write_text("changed")
    build.build_if_changed(settings)
    assert len(builds) == 1


@pytest.mark.parametrize(
    ("changed", "times"), [({"app_name": "Ours"}, 2), ({"frontend_url": "https://todo.example.org:8443", "port": 9000}, 1)]
)
def test_pages_are_built_for_one_name_and_every_address(
    changed: dict[str, object], times: int, settings: Settings, builds: list[dict[str, str]]
) -> None:
    build.build_if_changed(settings)
    build.build_if_changed(settings.model_copy(update=changed))
    assert len(builds) == times


def test_a_build_that_is_gone_is_made_again(settings: Settings, builds: list[dict[str, str]]) -> None:
    build.build_if_changed(settings)
    shutil.rmtree(build.PAGES)
    build.build_if_changed(settings)
    assert len(builds) == 2


def test_a_failed_build_ends_the_start_and_counts_as_none(
    settings: Settings, builds: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    build.build_if_changed(settings)
    Path("rxconfig.py").write_text("broken")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: SimpleNamespace(returncode=1))
    with pytest.raises(SystemExit, match="could not be built"):
        build.build_if_changed(settings)
    assert not build.STAMP.exists()


def test_without_node_the_start_says_what_to_do(
    settings: Settings, builds: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "node_bin", lambda: None)
    with pytest.raises(SystemExit, match="another APP_NAME"):
        build.build_if_changed(settings)
    assert builds == []


def test_node_comes_from_its_wheel_and_npm_keeps_its_registry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NPM_CONFIG_REGISTRY", raising=False)
    variables = environment.build_environment()
    node = environment.node_bin()
    assert node is not None
    assert variables["PATH"].startswith(str(node))
    assert variables["NPM_CONFIG_REGISTRY"].startswith("http")
    assert variables["REFLEX_USE_NPM"] == "true"


def test_a_build_without_node_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit, match="Node is missing"):
        environment.build_environment()
