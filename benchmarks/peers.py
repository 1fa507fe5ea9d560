"""The least a server could do, to measure the app against: the same bytes with no work behind them, and an echo.

Served by the same server with the same options as the app.
"""

import os
from pathlib import Path

from fastapi import FastAPI, Request, Response, WebSocket, WebSocketDisconnect

app = FastAPI()
BODY = Path(os.environ["BODY"]).read_bytes()


@app.get("/health")
def health() -> str:
    """Says that it is there."""
    return "ok"


@app.get("/tasks")
async def read() -> Response:
    """What the app answers, known beforehand."""
    return Response(BODY, media_type="application/json")


@app.post("/tasks")
async def write(request: Request) -> Response:
    """Takes a task and keeps it nowhere."""
    return Response(await request.body(), status_code=201, media_type="application/json")


@app.websocket("/echo")
async def echo(socket: WebSocket) -> None:
    """Sends back what comes."""
    await socket.accept()
    try:
        while True:
            await socket.send_text(await socket.receive_text())
    except WebSocketDisconnect:
        return
