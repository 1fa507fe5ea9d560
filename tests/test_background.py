"""What goes on beside the requests outlives an error."""

import asyncio

import pytest
from structlog.testing import capture_logs

from todo_app import background
from todo_app.background import keep_at


def test_work_that_fails_is_logged_and_begins_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "SECONDS_BEFORE_BEGINNING_ANEW", 0)
    begun = 0

    async def work() -> None:
        nonlocal begun
        begun += 1
        if begun < 3:
            raise KeyError("somebody's words")

    with capture_logs() as lines:
        asyncio.run(keep_at("mail", work))
    assert begun == 3
    told = [(line["event"], line["work"], line["kinds"]) for line in lines]
    assert told == [("background_work_failed", "mail", ["KeyError"])] * 2
    assert "somebody's words" not in str(lines)


def test_work_that_is_called_off_ends() -> None:
    async def run() -> None:
        task = asyncio.create_task(keep_at("mail", lambda: asyncio.sleep(60)))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(run())
