"""Ids as pages send them."""

import uuid
from typing import Any

from pydantic import TypeAdapter, ValidationError

from todo_app.errors import NotFound

_ID = TypeAdapter(uuid.UUID)


def read_id(text: Any) -> uuid.UUID:
    """An id from a page; raises `NotFound` for what is none, as for an id nobody has."""
    try:
        return _ID.validate_python(text)
    except ValidationError as error:
        raise NotFound("There is no such task.") from error
