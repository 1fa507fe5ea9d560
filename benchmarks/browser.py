"""What somebody at a browser waits for: the first task, with a cold cache, and a box that looks ticked. Beside other lists."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.others import Other, make_environment
from benchmarks.places import peers, somebody
from benchmarks.reasons import OF_CONFIRMED, OF_LOOKS, OF_THE_FIRST_BOX
from benchmarks.report import Line
from tests.e2e.site import prepare
from tests.servers import SECRET, find_chromium
from tests.serving import Server, running
from todo_app.commands.environment import build_environment
from todo_app.config import Settings
from todo_app.db import Database

SIZES = (50, 5000)
VISITS = 7
TICKS = 30
RXCONFIG = """import os
import reflex as rx
from reflex.plugins import SitemapPlugin

url = f"http://localhost:{os.environ['PORT']}"
config = rx.Config(
    app_name="naive", app_module_import="benchmarks.naive", api_url=url, deploy_url=url, disable_plugins=[SitemapPlugin]
)
"""
# A box of plain HTML, or one of a kit's.
BOX = "li input[type=checkbox], li [role=checkbox]"
# Notes when the first task is on the page, when the first that can be ticked is, and when the server last said something.
WATCH = """
window.said = [];
window.WebSocket = class extends WebSocket {
  constructor(...args) { super(...args); this.addEventListener("message", () => window.said.push(performance.now())); }
};
new MutationObserver((_, observer) => {
  const box = document.querySelector("BOX");
  if (!box) return;
  window.firstTask ??= performance.now();
  if (box.closest("[inert]")) return;
  window.firstBox = performance.now();
  observer.disconnect();
}).observe(document, { childList: true, subtree: true });
""".replace("BOX", BOX)
# Ticks a box: the milliseconds until it looks so, and until the server has answered.
TICK = """async (number) => {
  const box = document.querySelectorAll("li input[type=checkbox]")[number];
  const heard = window.said.length;
  const began = performance.now();
  box.click();
  getComputedStyle(box).backgroundColor; // makes the browser settle how it looks
  const looks = performance.now() - began;
  while (window.said.length === heard) await new Promise((resume) => setTimeout(resume));
  return [looks, window.said[heard] - began];
}"""
ECHO = """async (url) => {
  const socket = new WebSocket(url);
  await new Promise((open) => { socket.onopen = open; });
  const took = [];
  for (let n = 0; n < 200; n++) {
    const began = performance.now();
    const answered = new Promise((answer) => { socket.onmessage = answer; });
    socket.send("x".repeat(300));
    await answered;
    took.push(performance.now() - began);
  }
  return took;
}"""


class Ours(Server):
    """The app with its pages, as an operator starts it."""

    def __init__(self, place: Path) -> None:
        prepare(place)
        super().__init__(f"sqlite:///{place}/todo.db", place / "data")
        self.directory = place
        self.environment["REFLEX_WEB_WORKDIR"] = ".web"
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "todo_app", "build"], cwd=place, env=_building(self), check=True)
        self.seconds_to_build = time.perf_counter() - began

    def command(self) -> list[str]:
        """The server, told by its own command."""
        return [sys.executable, "-m", "todo_app", "serve"]


class Naive(Server):
    """benchmarks/naive.py with its pages, served as the app is. `kit`: of Reflex's own components, and not of plain elements."""

    target = ("--factory", "benchmarks.naive:app")
    health = "/_health"

    def __init__(self, place: Path, size: int, kit: str = "") -> None:
        super().__init__("", place, SIZE=str(size), KIT=kit, __REFLEX_MOUNT_FRONTEND_COMPILED_APP="true")
        (place / "rxconfig.py").write_text(RXCONFIG)
        environment = {**_building(self), **build_environment(str(place / "web")), "PYTHONPATH": str(Path.cwd())}
        export = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
        subprocess.run(export, cwd=place, env=environment, check=True, stdout=subprocess.DEVNULL)


def _building(server: Server) -> dict[str, str]:
    return {name: value for name, value in server.environment.items() if name != "__REFLEX_SKIP_COMPILE"}


def measure(directory: Path) -> list[Line]:
    """The lines about what is seen in a browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        with peers(directory, b"") as bare:
            page = browser.new_page()
            page.goto(f"{bare.url}/health")
            echo = median(page.evaluate(ECHO, f"{bare.url.replace('http', 'ws', 1)}/echo"))
        ours, builds, starts = _ours(browser, directory)
        naive = {size: _naive(browser, directory, size) for size in SIZES}
        others = [("the naive list", naive[50]["to tick"], 0.7), *_others(browser, directory)]
        browser.close()
    return [
        Line("websocket echo in the browser", "", f"{echo:.1f} ms"),
        *(line for size in SIZES for line in _tick_lines(size, ours[size], naive[size], echo)),
        *(_beside(f"first task to read, beside {name}", ours[50]["to read"], took, goal) for name, took, goal in others),
        *(_beside(f"first task to tick, beside {name}", ours[50]["to tick"], took, goal) for name, took, goal in others),
        _beside("first task to tick of 5,000, beside 50", ours[5000]["to tick"], ours[50]["to tick"], 1.5),
        Line(
            "rows on the page, of 5,000",
            "about 100",
            f"{ours[5000]['rows']}; naive: {naive[5000]['rows']:,}",
            ours[5000]["rows"] <= 100,
        ),
        Line("the pages built, with what npm downloads at hand", "≤ 60 s", f"{builds:.0f} s", builds <= 60),
        Line("a built app, from the command to a served page", "≤ 5 s", f"{starts:.1f} s", starts <= 5),
    ]


Seen = dict[str, Any]


def _tick_lines(size: int, ours: Seen, naive: Seen, echo: float) -> Iterator[Line]:
    for name, goal, why in (("looks ticked", 1.0, OF_LOOKS), ("tick confirmed", 3.0, OF_CONFIRMED)):
        took, theirs = median(ours[name]), median(naive[name])
        told = f"{took / echo:.1f} ×, {took:.1f} ms; naive: {theirs:.1f} ms"
        yield Line(f"{name} in the browser, {size:,} tasks", f"≤ {goal:.0f} × echo", told, took <= goal * echo, why)


def _beside(what: str, ours: list[float], theirs: list[float], most: float | None) -> Line:
    took, other = median(ours), median(theirs)
    told = f"{took / other:.2f} × ({took:.0f} beside {other:.0f} ms)"
    return Line(what, f"≤ {most:.1f} ×" if most else "", told, took <= most * other if most else None, OF_THE_FIRST_BOX)


def _ours(browser: Browser, directory: Path) -> tuple[dict[int, Seen], float, float]:
    """What is seen of the app, by size of the list; and the seconds it took to build its pages, and then to start."""
    place = directory / "ours"
    place.mkdir()
    server = Ours(place)
    began = time.perf_counter()
    with running(server):
        starts = time.perf_counter() - began
        db = Database(Settings(_env_file=None, auth_secret=SECRET, database_url=server.environment["DATABASE_URL"]))
        cookies = {size: somebody(db, size).cookie for size in SIZES}
        db.engine.dispose()
        seen = {size: _seen(browser, server.url, cookie) for size, cookie in cookies.items()}
        return seen, server.seconds_to_build, starts


def _naive(browser: Browser, directory: Path, size: int) -> Seen:
    with running(Naive(directory / f"naive{size}", size)) as server:
        return _seen(browser, server.url)


def _others(browser: Browser, directory: Path) -> list[tuple[str, list[float], float | None]]:
    """The milliseconds until the first of 50 tasks of other small pages, each with its goal."""
    python = make_environment(directory)
    servers = {
        "a list of Reflex's own components": (Naive(directory / "kit", 50, kit="reflex"), 0.7),
        "NiceGUI": (Other(python, "nicegui_list", directory / "nicegui", 50), 1.0),
        "Django with htmx": (Other(python, "django_list", directory / "django", 50, app="wsgi"), None),
    }
    return [(name, _first_tasks(browser, server), goal) for name, (server, goal) in servers.items()]


def _first_tasks(browser: Browser, server: Server) -> list[float]:
    with running(server):
        return [to_tick for _page, _to_read, to_tick in _visits(browser, server.url)]


def _seen(browser: Browser, url: str, cookie: str = "") -> Seen:
    """Milliseconds until the first task, of visits with a cold cache; of ticks; and how many rows there are."""
    to_read, to_tick = [], []
    for page, read, box in _visits(browser, url, cookie):
        to_read.append(read)
        to_tick.append(box)
        rows = page.locator("li input[type=checkbox]").count()
        ticks = [page.evaluate(TICK, number % 10) for number in range(TICKS)]
    looks, confirmed = zip(*ticks, strict=True)
    return {"to read": to_read, "to tick": to_tick, "rows": rows, "looks ticked": looks, "tick confirmed": confirmed}


def _visits(browser: Browser, url: str, cookie: str = "") -> Iterator[tuple[Page, float, float]]:
    """Pages opened with a cold cache, one after the other; the milliseconds until each had a task, and one that can be ticked."""
    for _ in range(VISITS):
        context = browser.new_context()
        if cookie:
            context.add_cookies([{"name": "session", "value": cookie, "url": url, "httpOnly": True, "sameSite": "Strict"}])
        page = context.new_page()
        page.add_init_script(WATCH)
        page.goto(f"{url}/inbox")
        page.locator(f":is({BOX}):not([inert] *)").first.wait_for(state="attached")
        yield page, *page.evaluate("[window.firstTask, window.firstBox]")
        context.close()
