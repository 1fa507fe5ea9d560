"""The image, built by its Dockerfile and run as an operator would run it: `make image`, as root on Debian or Ubuntu.

It asks no registry of images: the image that the Dockerfile begins with is made of Debian's own packages.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from deploy.containers import Engine, running_engine
from tests.servers import SECRET, Postgres, running_postgres

IMAGE = "localhost/todo"
URL = "http://localhost:8000"
SECONDS_TO_START = 60
PERSON = {"email": "ada@example.com", "password": "correct horse battery staple", "name": "Ada"}


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with (
        tempfile.TemporaryDirectory(prefix="todo-image-", ignore_cleanup_errors=True) as directory,
        running_engine(Path(directory)) as engine,
    ):
        engine("build", "--format=docker", "--isolation=chroot", "--pull=never", f"--tag={IMAGE}", ".")
        yield engine


@pytest.fixture(autouse=True)
def nothing_is_left(engine: Engine) -> Iterator[None]:
    yield
    engine("rm", "--all", "--force", "--volumes")
    engine("volume", "prune", "--force")


@pytest.fixture
def volume() -> str:
    return "--volume=data:/data"


def database_of(server: Postgres) -> tuple[str, str]:
    """How a container reaches a new database of the server: what to mount, and the address in there."""
    url, _, place = server.make_template("todo").partition("?host=")
    return f"--volume={place}/.s.PGSQL.5432:/postgres/.s.PGSQL.5432", f"{url}?host=/postgres"


def answer_of(engine: Engine, name: str, url: str = URL) -> httpx.Response:
    """What `/health` says once the container answers."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return httpx.get(f"{url}/health")
        except httpx.TransportError:
            assert time.monotonic() < deadline, engine.log_of(name)
            time.sleep(0.1)


def test_it_serves_pages_and_api_though_nothing_of_it_can_be_written(engine: Engine, volume: str) -> None:
    engine.start("todo", IMAGE, volume, AUTH_SECRET=SECRET)
    assert answer_of(engine, "todo").status_code == 200
    assert engine("exec", "todo", "id", "--user", "--name").stdout.strip() == "todo"
    assert "Read-only file system" in engine("exec", "todo", "touch", "/app/here", check=False).stderr

    page = httpx.get(f"{URL}/login")
    assert (page.status_code, "Sign in" in page.text) == (200, True)
    script = page.text.partition('src="')[2].partition('"')[0]
    assert httpx.get(f"{URL}{script}").status_code == 200


def test_what_was_written_is_there_in_the_next_container(engine: Engine, volume: str) -> None:
    engine.start("first", IMAGE, volume, AUTH_SECRET=SECRET)
    answer_of(engine, "first")
    httpx.post(f"{URL}/api/auth/register", json=PERSON).raise_for_status()
    login = {"username": PERSON["email"], "password": PERSON["password"]}
    signed_in = {"Authorization": f"Bearer {httpx.post(f'{URL}/api/auth/token', data=login).json()['access_token']}"}
    assert httpx.post(f"{URL}/api/tasks", json={"title": "Buy milk"}, headers=signed_in).status_code == 201
    assert engine.stop("first") == 0

    engine.start("second", IMAGE, volume, AUTH_SECRET=SECRET)
    answer_of(engine, "second")
    tasks = httpx.get(f"{URL}/api/tasks", headers=signed_in).json()["items"]
    assert "Buy milk" in [task["title"] for task in tasks]


def test_it_makes_its_own_secret_and_keeps_it_in_the_volume(engine: Engine, volume: str) -> None:
    engine.start("todo", IMAGE, volume)
    answer_of(engine, "todo")
    assert engine("exec", "todo", "stat", "--format=%a %U", "/data/auth_secret").stdout.strip() == "600 todo"


def test_its_health_check_says_whether_the_database_answers(engine: Engine, volume: str) -> None:
    with running_postgres() as postgres:
        mount, url = database_of(postgres)
        engine.start("todo", IMAGE, volume, mount, AUTH_SECRET=SECRET, DATABASE_URL=url)
        assert answer_of(engine, "todo").status_code == 200
        assert engine("healthcheck", "run", "todo").returncode == 0
    assert answer_of(engine, "todo").status_code == 503
    assert engine("healthcheck", "run", "todo", check=False).returncode == 1


def test_two_that_start_at_once_on_an_empty_database_both_serve(engine: Engine) -> None:
    with running_postgres() as postgres:
        mount, url = database_of(postgres)
        for port in ("8000", "8001"):
            engine.start(port, IMAGE, mount, AUTH_SECRET=SECRET, DATABASE_URL=url, FRONTEND_URL=URL, PORT=port)
        for port in ("8000", "8001"):
            assert answer_of(engine, port, f"http://localhost:{port}").status_code == 200
            assert engine.stop(port) == 0


def test_it_says_what_to_do_if_its_pages_were_built_for_another_name(engine: Engine, volume: str) -> None:
    engine.start("todo", IMAGE, volume, AUTH_SECRET=SECRET, APP_NAME="Ours")
    assert engine("wait", "todo").stdout.strip() == "1"
    assert "docker compose up --build" in engine.log_of("todo")


def test_node_builds_the_pages_and_is_gone(engine: Engine, volume: str) -> None:
    engine.start("todo", IMAGE, volume, AUTH_SECRET=SECRET)
    answer_of(engine, "todo")
    assert engine("exec", "todo", "find", "/app", "-name", "node", "-type", "f").stdout == ""
