"""What an attacker has: the API, a socket, and nothing of Ana's. Bob, signed in, is the stranger."""

import pytest
from fastapi import FastAPI

from tests.api.conftest import Api, fastapi  # noqa: F401 - a fixture
from tests.ui.conftest import ana, ana_session, anyio_backend, bob, bob_session, site  # noqa: F401 - fixtures
from todo_app.config import Settings
from todo_app.request_ids import RequestIds


@pytest.fixture
def api(fastapi: FastAPI, settings: Settings) -> Api:  # noqa: F811
    """Nobody's requests."""
    fastapi.state.settings = settings
    return Api(RequestIds(fastapi))  # type: ignore[arg-type]
