"""How the processes of `make test` share the tests out, and what they tell each other of them."""

import os
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# The files of tests/e2e from this one on are a second piece of work: each half takes about as long.
SECOND_HALF = "tests/e2e/test_o"


def _is_in_a_browser(nodeid: str) -> bool:
    return nodeid.startswith("tests/e2e/")


class TwoBrowsers(LoadScopeScheduling):
    """Whoever is free takes the next file; but those of tests/e2e go in two pieces, since whoever takes one builds a site for it.

    xdist's own way, a mark, does nothing with pytest 9.2.
    """

    def _split_scope(self, nodeid: str) -> str:
        if _is_in_a_browser(nodeid):
            return "second browser" if nodeid > SECOND_HALF else "first browser"
        return nodeid.split("::", 1)[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoBrowsers:
    """Called by xdist."""
    return TwoBrowsers(config, log)


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores, since now and then a test waits; more than four gain nothing."""
    return min((os.cpu_count() or 1) + 1, 4)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest piece of work first, so that nobody waits for it at the end."""
    items.sort(key=lambda item: not _is_in_a_browser(item.nodeid))


@pytest.hookimpl(wrapper=True)
def pytest_report_to_serializable() -> Any:
    """A failed test's message may hold a lone surrogate, which no process can send to another: it goes escaped."""
    return _sendable((yield))


def _sendable(value: Any) -> Any:
    match value:
        case str():
            return value.encode("utf-8", "backslashreplace").decode()
        case dict():
            return {_sendable(key): _sendable(each) for key, each in value.items()}
        case list() | tuple():
            return type(value)(_sendable(each) for each in value)
    return value
