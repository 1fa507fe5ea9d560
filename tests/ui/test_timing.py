"""What operators learn of open pages."""

import pytest
from prometheus_client import REGISTRY

from tests.ui.conftest import on_one_database
from tests.ui.pages import Site
from todo_app.ui.live import Live

pytestmark = [pytest.mark.anyio, on_one_database]


def timed(handler: str) -> float:
    return REGISTRY.get_sample_value("todo_event_seconds_count", {"handler": handler}) or 0.0


def open_pages() -> float:
    return REGISTRY.get_sample_value("todo_open_pages") or 0.0


async def test_events_are_timed_by_handler_and_open_pages_are_counted(site: Site, ana_session: str) -> None:
    caught_up, others = timed("live.catch_up"), open_pages()
    page = await site.page(ana_session)
    assert open_pages() == others + 1
    await page.call(Live.catch_up)
    assert timed("live.catch_up") == caught_up + 1
    await page.send("no.such.handler")  # a name of a client's choosing makes no figure
    assert timed("no.such.handler") == 0
    await page.close()
