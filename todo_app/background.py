"""Work that goes on beside the requests, for as long as the app runs."""

import asyncio
from collections.abc import Awaitable, Callable

from todo_app import logs

SECONDS_BEFORE_BEGINNING_ANEW = 10.0


async def keep_at(name: str, work: Callable[[], Awaitable[None]]) -> None:
    """Does `work` until it returns. An error that nobody expected is logged under its `name`, and it begins anew a while later."""
    while True:
        try:
            await work()
        except Exception as error:
            logs.log_bug("background_work_failed", error, work=name)
            await asyncio.sleep(SECONDS_BEFORE_BEGINNING_ANEW)
        else:
            return
