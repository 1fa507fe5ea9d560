"""Many who write at once, and keep what they were told."""

import asyncio
import time
from collections import Counter

import httpx

from tests.people import ANA, PASSWORD
from tests.serving import Served

WRITERS = 8


def signed_up(server: Served) -> str:
    """Ana's access token."""
    httpx.post(f"{server.url}/api/auth/register", json={"email": ANA, "password": PASSWORD, "name": "Ana"}, timeout=30)
    signed_in = httpx.post(f"{server.url}/api/auth/login", json={"email": ANA, "password": PASSWORD}, timeout=30)
    token: str = signed_in.raise_for_status().json()["access_token"]
    return token


class Writers:
    """Each adds tasks one after the other; what is not answered 201 it sends again, with the same key."""

    def __init__(self, server: Served, token: str) -> None:
        self.client = httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self.statuses: Counter[int] = Counter()
        self.added: list[str] = []
        self.successes: asyncio.Queue[float] = asyncio.Queue()
        self.done = False

    def begin(self, group: asyncio.TaskGroup) -> None:
        """Starts all of them; they go on until `done`."""
        for number in range(WRITERS):
            group.create_task(self._run(number))

    async def _run(self, number: int) -> None:
        turn = 0
        while not self.done:
            turn += 1
            await self._add(f"{number} {turn}")

    async def _add(self, title: str) -> None:
        status = 0
        while status != 201:
            key = {"Idempotency-Key": title.replace(" ", "-")}
            answer = await self.client.post("/api/tasks", json={"title": title}, headers=key)
            status = answer.status_code
            self.statuses[status] += 1
            if status != 201:
                await asyncio.sleep(0.05)
        self.added.append(title)
        self.successes.put_nowait(time.monotonic())

    async def titles(self) -> list[str]:
        """All that is stored."""
        found: list[str] = []
        while page := (await self.client.get("/api/tasks", params={"limit": 500, "offset": len(found)})).json()["items"]:
            found += [task["title"] for task in page]
        return found
