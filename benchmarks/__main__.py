"""Measures everything in one run and writes RESULTS.md and its pictures: `make bench`, about fifteen minutes on a quiet machine."""

import asyncio
import logging
import os
import platform
import tempfile
from importlib.metadata import version
from pathlib import Path

import structlog

from benchmarks import api, browser, crowd, growth, pages, reload
from benchmarks.report import Line, plot, table
from tests.servers import running_postgres
from todo_app.models.base import utc_now

HERE = Path(__file__).parent
# What a test asserts in every run: numbers that no machine changes.
KEPT = (
    ("writers on SQLite", "0 times “database is locked” with 32 threads", "tests/durability/test_kill.py"),
    ("first load (brotli)", "≤ 160 KB of scripts, ≤ 12 KB of styles, ≤ 14 requests", "tests/e2e/test_looks.py"),
    ("queries of a page and of a request", "the same however many tasks there are", "tests/api/test_query_counts.py"),
    ("plans of lists", "found by an index, no more rows read than a page shows", "tests/services/test_list_plans.py"),
)
NAMED = ("reflex", "fastapi", "sqlalchemy", "granian")


def main() -> None:
    """Runs every measurement."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as place, running_postgres() as postgres:
        directory = Path(place)
        postgres.run("ALTER SYSTEM SET fsync = on")  # the tests do without
        postgres.run("SELECT pg_reload_conf()")
        parts: dict[str, list[Line]] = {}
        parts["Open pages"], ticks = asyncio.run(pages.measure(directory, postgres))
        parts["In a browser"] = browser.measure(directory)
        parts["Developing"] = reload.measure(directory)
        parts["REST API"] = asyncio.run(api.measure(directory, postgres))
        parts["Growth"], curves = growth.measure(directory, postgres)
        parts["A crowd"] = asyncio.run(crowd.measure(directory, postgres))
    (HERE / "ticks.svg").write_text(
        plot("A tick, confirmed, by size of the list", "ms", [f"{size:,}" for size in ticks], {"tick": list(ticks.values())})
    )
    (HERE / "growth.svg").write_text(
        plot("A page of 50 tasks, by tasks in the database", "ms", ["1k", "10k", "100k", "1M"], curves)
    )
    (HERE / "RESULTS.md").write_text(_document(parts))


def _document(parts: dict[str, list[Line]]) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in NAMED)
    text = [
        "# What it measured",
        "",
        f"By `make bench`, {utc_now():%-d %B %Y}: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python "
        f"{platform.python_version()}, {versions}. Clients, servers and databases share the cores. What these figures mean is in",
        "[docs/scaling.md](../docs/scaling.md).",
        "",
    ]
    for title, lines in parts.items():
        text += [f"## {title}", "", *table(lines)]
    text += ["## Kept by tests", "", "| what | goal | test |", "|---|---|---|"]
    text += [f"| {what} | {goal} | `{test}` |" for what, goal, test in KEPT]
    return "\n".join(
        [*text, "", "![A tick by size of the list](ticks.svg)", "", "![A page by tasks in the database](growth.svg)", ""]
    )


if __name__ == "__main__":
    main()
