"""One request, however often it arrives, is done once."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

from todo_app.errors import Invalid
from todo_app.models import IdempotencyKey
from todo_app.models.base import utc_now
from todo_app.services.actor import Actor

KEPT_FOR = timedelta(hours=24)
Answer = dict[str, Any]


def once(session: Session, actor: Actor, key: str, request: str, work: Callable[[Session], Answer]) -> Answer:
    """Runs `work` the first time this actor sends `key`, and gives the same answer to every repeat.

    The key's row is inserted first and in the transaction of the work: a parallel repeat waits for that transaction and then finds
    its answer, and if the work fails the key goes with it. Raises `Invalid` if the key came with another request before: of
    `request`, all that tells one from another, only a digest is kept.
    """
    fingerprint = hashlib.sha256(request.encode("utf-8", "surrogatepass")).hexdigest()
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    claim = insert(IdempotencyKey).values(owner_id=actor.user_id, key=key, fingerprint=fingerprint, created_at=utc_now())
    claimed = session.connection().execute(claim.on_conflict_do_nothing()).rowcount == 1
    row = session.get_one(IdempotencyKey, (actor.user_id, key))
    if not claimed:
        if row.fingerprint != fingerprint or row.answer is None:
            raise Invalid.field("Idempotency-Key", "This key was used for another request. Use a new key for each one.")
        return row.answer
    row.answer = work(session)
    session.flush()
    return row.answer
