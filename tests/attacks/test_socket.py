"""What others have found in apps with sockets like ours, tried over a socket. Each test is named for what it tries."""

import asyncio
import contextlib
import json

import pytest

from tests.ui.conftest import on_one_database
from tests.ui.lists import rows_of
from tests.ui.pages import HYDRATE, Page, Refused, Site, handler_name
from todo_app.ui.session import Session
from todo_app.ui.task_list.state import TaskList

pytestmark = [pytest.mark.anyio, on_one_database]


async def is_hung_up_on(page: Page) -> bool:
    try:
        await page.settle()
    except Refused:
        return True
    return False


async def test_ten_thousand_pongs_start_one_ping_at_most(site: Site) -> None:
    """Each answer to a ping schedules the next; answers that nobody asked for must not."""
    page = await site.page(path="/login")
    before = len(asyncio.all_tasks())
    for _ in range(10_000):
        await page.raw("3")
    assert len(asyncio.all_tasks()) <= before + 1
    await page.settle()
    await page.close()


@pytest.mark.parametrize("kind", ["5", "6"])
@pytest.mark.parametrize("who", ["nobody", "ana"])
async def test_a_hundred_thousand_announced_attachments_are_not_waited_for(
    site: Site, ana_session: str, who: str, kind: str
) -> None:
    """What is sent for them would be gathered without end, and kept when its sender is gone."""
    page = await site.page(ana_session if who == "ana" else "", "/login")
    with pytest.raises(Refused):
        await page.raw(f'4{kind}100000-/_event,["event",{{"_placeholder":true,"num":0}}]')
    assert site.app.sio._binary_packet == {}
    await page.close()


async def test_binary_without_an_announcement_ends_its_own_socket_alone(site: Site, ana_session: str, bob_session: str) -> None:
    page, bobs = await site.page(ana_session), await site.page(bob_session)
    page._inbox.put_nowait({"type": "websocket.receive", "bytes": b"\x00" * 1000})
    assert await is_hung_up_on(page)
    await bobs.call(TaskList.add, {"title": "Bob's", "key": "1"})
    assert [row["title"] for row in rows_of(bobs)] == ["Bob's"]
    await bobs.close()


@pytest.mark.parametrize(
    "message",
    [
        "42/_event," + "[" * 60_000,
        '42/_event,["event",' + '{"a":' * 20_000,
        "42" + "9" * 1_000 + '/_event,["event",{}]',
        "40/" + "x" * 10_000 + ",",
        "40/_event," * 2_000,
        "\x1b[2J\x00",
        "b" + "AAAA" * 1_000,
        "",
    ],
    ids=["deep lists", "deep objects", "a long id", "a namespace", "many connects", "control characters", "base64", "nothing"],
)
async def test_a_message_that_is_hard_to_read_harms_nobody_else(
    site: Site, ana_session: str, bob_session: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    page, bobs = await site.page(ana_session), await site.page(bob_session)
    with contextlib.suppress(Refused):
        await page.raw(message)
    await bobs.call(TaskList.add, {"title": "Bob's", "key": "1"})
    assert [row["title"] for row in rows_of(bobs)] == ["Bob's"]
    assert "\x1b" not in capsys.readouterr().out
    await bobs.close()
    await page.close()


async def test_a_socket_without_an_origin_is_nobody_s(site: Site, ana_session: str) -> None:
    """No browser opens one; a program may, and has no cookie of anybody's."""
    page = Page(site, headers={"origin": ""})
    await page.open("/inbox")
    assert page[Session]["name"] == ""
    assert not page.has("Ana")
    await page.close()


@pytest.mark.parametrize(
    "address", ["//evil.example/inbox", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/inbox\r\nx"]
)
async def test_a_forged_address_of_a_page_leads_to_no_other_site(site: Site, address: str) -> None:
    page = Page(site)
    page.path = "/inbox"
    await page.connect(page.event(HYDRATE, {"vars": {}}))
    event = page.event(handler_name(TaskList.later))
    event["router_data"] = {"pathname": address, "query": {"next": address}, "asPath": address}
    await page.raw("42/_event," + json.dumps(["event", event]))
    await page.settle()
    assert page.sent_to is None or page.sent_to.startswith("/login")
    await page.close()


async def test_a_client_token_of_any_shape_is_nobody_s_page(site: Site, ana_session: str) -> None:
    for token in ("../../etc/passwd", "x" * 10_000, "%00", "*", "a_b"):
        page = Page(site, ana_session, token=token)
        await page.open("/inbox")
        assert page[Session]["name"] == "Ana"
        await page.close()
