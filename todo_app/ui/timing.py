"""Times every event of the pages."""

import asyncio
import time
from functools import partial
from typing import Any

from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState
from reflex_base.event import Event

from todo_app.metrics import EVENTS


class Timing(Middleware):
    """Reflex runs each event as a task of its own, and asks this before it begins."""

    def preprocess(self, app: App, state: BaseState, event: Event) -> None:  # type: ignore[override]  # noqa: ARG002
        """Notes the time, and again when the event is done, however it went."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 - Reflex calls this from a task
        task.add_done_callback(partial(_observe, event.name.rpartition("____")[2], time.perf_counter()))


def _observe(handler: str, began: float, _task: asyncio.Task[Any]) -> None:
    EVENTS.labels(handler).observe(time.perf_counter() - began)
