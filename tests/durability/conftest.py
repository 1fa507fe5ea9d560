"""Faults are chosen at random, by a seed that is printed: `SEED=… make faults` makes the same choices again."""

import logging
import os
import random
from collections.abc import Iterator

import pytest
import structlog

from tests.api.conftest import ana, api, fastapi  # noqa: F401 - fixtures

# `make faults` sets it: more of everything, where `make test` takes a sample.
THOROUGH = "THOROUGH" in os.environ


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """The app's own lines would bury the figures."""
    configured = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**configured)


@pytest.fixture
def chance() -> random.Random:
    """Where a test takes its choices from."""
    seed = os.environ.get("SEED") or str(random.randrange(10**6))
    print(f"SEED={seed}")
    return random.Random(seed)
