"""The wire between the browser and the server: it can be slow, and it can be cut.

Chromium's own emulation leaves websockets alone.
"""

import asyncio
import contextlib
import threading


class Wire:
    """Forwards a local port to another one, from a thread of its own."""

    def __init__(self, port: int, server_port: int) -> None:
        self.latency = 0.0  # seconds, each way
        self._server_port = server_port
        self._is_cut = False
        self._connections: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._listener = self._run(asyncio.start_server(self._connect, "localhost", port))

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    def cut(self) -> None:
        """Ends what is open, and refuses what comes."""
        self._is_cut = True
        self._run(self._close_all())

    def mend(self) -> None:
        """As it was at first: whole and quick."""
        self._is_cut, self.latency = False, 0.0

    def close(self) -> None:
        """Stops forwarding."""
        self._listener.close()
        self.cut()
        self._run(self._end_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _close_all(self) -> None:
        for writer in list(self._connections):
            writer.transport.abort()

    async def _end_all(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server_reader, server_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        except OSError:
            writer.transport.abort()
            return
        ends = {writer, server_writer}
        self._connections |= ends
        if self._is_cut:  # before, or while this connection was made
            await self._close_all()
        await asyncio.gather(self._forward(reader, server_writer), self._forward(server_reader, writer))
        self._connections -= ends

    async def _forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Later bytes never wait for earlier ones to have travelled: latency, and no less bandwidth."""
        under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(self._deliver(under_way, writer))
        data = b"first"
        while data:
            try:
                data = await reader.read(65536)
            except OSError:
                data = b""
            under_way.put_nowait((self._loop.time() + self.latency, data))
        await delivery

    async def _deliver(self, under_way: asyncio.Queue[tuple[float, bytes]], writer: asyncio.StreamWriter) -> None:
        while True:
            arrives, data = await under_way.get()
            await asyncio.sleep(max(0.0, arrives - self._loop.time()))
            if not data:
                writer.close()
                return
            with contextlib.suppress(OSError):
                writer.write(data)
                await writer.drain()
