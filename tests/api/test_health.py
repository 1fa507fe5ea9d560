"""GET /health."""

from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from tests.api.conftest import Api
from todo_app import __version__
from todo_app.api.app import create_api
from todo_app.config import Settings
from todo_app.db import Database


def test_all_is_well(api: Api) -> None:
    answer = api.get("/health")
    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "app": "TODO API", "version": __version__}


def test_the_operator_s_own_name_is_used(settings: Settings) -> None:
    api = Api(create_api(settings.model_copy(update={"app_name": "Ours"})))
    assert api.get("/health").json()["app"] == "Ours"
    assert api.get("/openapi.json").json()["info"]["title"] == "Ours"


def test_a_database_out_of_reach_is_said_without_the_cause(api: Api, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_args: Any, **_options: Any) -> None:
        raise OperationalError("SELECT", {}, Exception("canary: connection refused"))

    monkeypatch.setattr(db.engine.pool, "connect", fail)
    answer = api.get("/health")
    assert answer.status_code == 503
    assert answer.json() == {"status": "unavailable", "app": "TODO API", "version": __version__}
