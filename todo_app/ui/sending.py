"""What a state sends to its page."""

from typing import Any

import reflex as rx


def show(state: rx.State, **shown: Any) -> None:
    """Sets the vars that differ: assigning the same value would send it again."""
    for name, value in shown.items():
        if getattr(state, name) != value:
            setattr(state, name, value)
