"""Colours for what is made by name alone."""

import zlib
from typing import get_args

from todo_app.models.base import fold
from todo_app.schemas.organise import Color

_PALETTE: tuple[Color, ...] = get_args(Color)[1:]


def color_of(name: str) -> Color:
    """A colour for something new of this name, always the same one; case and accents count not."""
    return _PALETTE[zlib.crc32(fold(name).encode()) % len(_PALETTE)]
