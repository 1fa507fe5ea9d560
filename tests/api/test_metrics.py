"""GET /metrics, and what is counted."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fastapi import FastAPI
from prometheus_client import REGISTRY

from tests.api.conftest import Api, assert_problem
from todo_app import metrics
from todo_app.config import Settings

TOKEN = "0123456789abcdef"


@pytest.fixture
def operator(api: Api, fastapi: FastAPI, settings: Settings) -> Api:
    """Whoever runs this, where figures are wanted."""
    fastapi.state.settings = settings.model_copy(update={"metrics_token": TOKEN})
    return Api(fastapi, TOKEN)


def figure(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_only_the_operator_sees_figures(operator: Api) -> None:
    answer = operator.get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert answer.headers["cache-control"] == "no-store"
    assert "todo_request_seconds" in answer.text
    for stranger in (operator.as_(None), operator.as_("another")):
        assert_problem(stranger.get("/metrics"), 404)


def test_without_the_setting_there_are_none(api: Api) -> None:
    assert_problem(api.get("/metrics"), 404)
    assert_problem(api.as_("None").get("/metrics"), 404)


def test_requests_are_timed_by_the_route_s_pattern_and_name_nobody_s_task(ana: Api) -> None:
    task = ana.add("Water the plants")
    measured = Api(metrics.MeasureRequests(ana.app), ana.token)
    labels = {"method": "GET", "route": "/api/tasks/{task_id}", "status": "200"}
    before = figure("todo_request_seconds_count", **labels)
    assert measured.get(f"/api/tasks/{task['id']}").status_code == 200
    assert figure("todo_request_seconds_count", **labels) == before + 1
    measured("BREW", f"/api/{task['id']}")
    shown = metrics.exposition().decode()
    assert 'method="other"' in shown
    assert "BREW" not in shown
    assert task["id"] not in shown
    assert "plants" not in shown


def test_changes_and_transactions_are_counted(ana: Api) -> None:
    changes, writes = figure("todo_changes_total"), figure("todo_transaction_seconds_count", kind="write")
    ana.add("milk")
    ana.post("/api/tasks", json={"title": ""})
    assert figure("todo_changes_total") == changes + 1
    assert figure("todo_transaction_seconds_count", kind="write") == writes + 1
    assert figure("todo_database_connections") == 0


def test_one_worker_answers_for_all_and_a_dead_one_has_no_open_pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = "from todo_app import metrics; metrics.PAGES.set(3); metrics.CHANGES.inc(); print(); input()"
    environment = {**os.environ, metrics.DIRECTORY: str(tmp_path)}
    workers = [
        subprocess.Popen([sys.executable, "-c", work], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _ in range(2)
    ]
    for worker in workers:
        assert worker.stdout
        worker.stdout.readline()
    monkeypatch.setenv(metrics.DIRECTORY, str(tmp_path))
    assert "todo_open_pages 6.0" in metrics.exposition().decode()
    workers[0].kill()
    workers[0].communicate()
    shown = metrics.exposition().decode()
    workers[1].communicate(b"\n")
    assert "todo_open_pages 3.0" in shown
    assert "todo_changes_total 2.0" in shown


def test_the_dashboard_asks_for_figures_that_exist() -> None:
    dashboard = json.loads(Path("deploy/grafana.json").read_text("utf-8"))
    asked = " ".join(target["expr"] for panel in dashboard["panels"] for target in panel["targets"])
    named = {re.sub("_(bucket|count|total)$", "", name) for name in re.findall(r"\btodo_\w+", asked)}
    assert named == {metric.name for metric in REGISTRY.collect() if metric.name.startswith("todo_")}
