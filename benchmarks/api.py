"""The REST API beside a server that has the answer ready: how many answers a second."""

import json
from pathlib import Path
from statistics import median

from benchmarks.clients import Connection, per_second, request_bytes
from benchmarks.others import Other, make_environment
from benchmarks.places import KINDS, new_database, peers, somebody, workers
from benchmarks.reasons import OF_READING, OF_WRITING
from benchmarks.report import Line
from tests.servers import Postgres
from tests.serving import running

ROUNDS = 5
SECONDS = 1.5
CONNECTIONS = 8
GOALS = {("GET 50 tasks", "sqlite"): 0.20, ("GET 50 tasks", "postgresql"): 0.15}
GOALS |= {("POST a task", "sqlite"): 0.20, ("POST a task", "postgresql"): 0.12}

WHY = {"GET 50 tasks": OF_READING, "POST a task": OF_WRITING}


async def measure(directory: Path, postgres: Postgres) -> list[Line]:
    """A line for reading and one for writing, on each database."""
    lines = await _bare_lists(directory)
    for kind in KINDS:
        with new_database(kind, directory, postgres) as (url, db), workers(1, url, directory) as [app]:
            person = somebody(db, 200)
            read = request_bytes("GET", "/api/tasks?limit=50", person.access_token)
            write = request_bytes("POST", "/api/tasks", person.access_token, json.dumps({"title": "Buy milk"}).encode())
            body = await _first_answer(app.port, read)
            with peers(directory, body) as bare:
                for name, ours, theirs in (
                    ("GET 50 tasks", read, request_bytes("GET", "/tasks", person.access_token)),
                    ("POST a task", write, write.replace(b" /api/", b" /", 1)),
                ):
                    lines.append(await _compare(name, kind, (app.port, ours), (bare.port, theirs)))
    return lines


async def _bare_lists(directory: Path) -> list[Line]:
    """What others do for 50 tasks, without a session and without counts of subtasks."""
    python = make_environment(directory)
    with running(Other(python, "bare_api", directory / "bare", app="asgi")) as server:
        rates = {
            name: median(
                [await per_second(server.port, request_bytes("GET", path, ""), SECONDS, CONNECTIONS) for _ in range(ROUNDS)]
            )
            for name, path in (
                ("rows and a response model, as FastAPI's template has it", "/items"),
                ("columns and msgspec", "/core"),
            )
        }
    return [Line(f"GET 50 tasks, bare: {name}, sqlite", "", f"{rate:.0f} a second") for name, rate in rates.items()]


async def _first_answer(port: int, request: bytes) -> bytes:
    connection = await Connection.open(port)
    body = await connection.ask(request)
    connection.close()
    return body


async def _compare(name: str, kind: str, ours: tuple[int, bytes], bare: tuple[int, bytes]) -> Line:
    rates = [[await per_second(*each, SECONDS, CONNECTIONS) for each in (ours, bare)] for _ in range(ROUNDS)]
    ratio = median(mine / theirs for mine, theirs in rates)
    mine, theirs = (median(column) for column in zip(*rates, strict=True))
    goal = GOALS[name, kind]
    told = f"{ratio:.3f} × ({mine:.0f} of {theirs:.0f} a second)"
    return Line(f"{name}, {kind}", f"≥ {goal:.2f} × bare bytes", told, ratio >= goal, WHY[name])
