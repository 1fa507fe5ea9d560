"""Tells whoever listens in this process that something of a person's has changed.

The pages listen (`ui/live.py`), and who tells the other processes (`relay.py`). What travels is *whose* feed moved and how far,
never content: a listener reads the change feed itself. That makes a notice safe to lose or repeat.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """`last_change` is the newest entry of the owner's feed; None means that some of their sessions have ended."""

    owner_id: uuid.UUID
    last_change: int | None = None


Listener = Callable[[Notice], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Calls `listener` after each commit that concerns a person, in the thread that committed: it must not block."""
    if listener not in _listeners:
        _listeners.append(listener)


def publish(notice: Notice) -> None:
    """Passes a notice to every listener. Call it after the commit, never before."""
    for listener in _listeners:
        listener(notice)
