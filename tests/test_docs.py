"""What the documents say is so: their commands run, their tables match the code, their links lead somewhere."""

import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.servers import own_environment
from todo_app.config import Settings
from todo_app.ui.components.keys import KEYS

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
DOCUMENTS = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").rglob("*.md"))]


def shell_lines(text: str) -> list[str]:
    """The commands in a document's shell blocks."""
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return [line for block in blocks for line in block.splitlines() if line]


def test_the_readme_starts_and_tests_the_app_with_a_command_each() -> None:
    assert shell_lines(README) == ["make run", "make test"]


def test_every_make_command_that_a_document_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {name for document in DOCUMENTS for name in re.findall(r"`make ([a-z]+)", document.read_text("utf-8"))}
    assert named
    assert named <= targets


def test_the_readme_lists_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| (.*?) \|", README, re.MULTILINE))
    assert set(rows) == {name.upper() for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, int):  # numbers and switches
            assert rows[name.upper()] == f"`{str(field.default).lower()}`"


def test_the_example_file_lists_every_setting() -> None:
    named = re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert sorted(named) == sorted(name.upper() for name in Settings.model_fields)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_lead_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text("utf-8")):
        if not target.startswith("http"):
            assert (document.parent / target).exists(), f"{document.name} links to {target}"


def test_every_decision_is_in_their_list() -> None:
    listed = re.findall(r"\]\((\d{4}-[a-z-]+\.md)\)", (ROOT / "docs/decisions/README.md").read_text("utf-8"))
    assert listed == sorted(path.name for path in (ROOT / "docs/decisions").glob("0*.md"))


def test_the_users_page_names_every_key_of_the_key_sheet() -> None:
    page = (ROOT / "docs/users.md").read_text("utf-8")
    for rows in KEYS.values():
        for what, keys in rows:
            assert all(f"`{key}`" in page or f"`{keys}`" in page for key in keys.split()), what


def test_every_test_that_stands_for_a_promise_is_there() -> None:
    rows = re.findall(r"^\| (?!promise|---)(.*?) \| (.*?) \|", (ROOT / "docs/quality.md").read_text("utf-8"), re.MULTILINE)
    assert len(rows) > 40
    for promise, tests in rows:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", tests)
        assert named, promise
        for path, name in named:
            source = (ROOT / path).read_text("utf-8")
            assert not name or re.search(rf"^(async )?def {name}\(|^{name} = ", source, re.MULTILINE), f"{path}::{name}"


def run_script_of_the_api_page(port: int) -> None:
    """Runs the example as it stands, against this port."""
    script = re.search(r"```python\n(.*?)```", (ROOT / "docs/api.md").read_text("utf-8"), re.DOTALL)
    assert script
    exec(script[1].replace("localhost:8000", f"localhost:{port}"), {})


@contextmanager
def make_run(directory: Path, port: int) -> Iterator[str]:
    """`make run` in a clone, until the block ends; gives what it printed before it served."""
    environment = {**own_environment(), "PORT": str(port)}
    environment.pop("VIRTUAL_ENV", None)
    log = directory / "run.log"
    with log.open("w") as output:
        run = subprocess.Popen(
            ["make", "run"],
            cwd=directory,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        until = time.monotonic() + 600
        while "Serving http" not in log.read_text() or not answers(port):
            assert run.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.2)
        yield log.read_text()
    finally:
        # make hands it on. Sent to the whole group, the server would get it twice at once, and can hang in its own handler.
        run.terminate()
        run.wait(30)


def answers(port: int) -> bool:
    """Whether the app is up."""
    try:
        return httpx.get(f"http://localhost:{port}/health").json()["status"] == "ok"
    except httpx.TransportError:
        return False


@pytest.mark.slow
def test_make_run_works_from_a_clean_clone_and_does_nothing_twice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True).stdout.splitlines()
    for name in files:
        if (ROOT / name).exists():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, tmp_path / name)
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    with make_run(tmp_path, port) as printed:
        assert "Installing" in printed
        assert "Building" in printed
        page = httpx.get(f"http://localhost:{port}/login")
        assert page.status_code == 200
        assert "<html" in page.text
        run_script_of_the_api_page(port)
        assert "Water the plants" in capsys.readouterr().out
    with make_run(tmp_path, port) as printed:
        assert "Installing" not in printed
        assert "Building" not in printed
        assert httpx.get(f"http://localhost:{port}/login").status_code == 200
