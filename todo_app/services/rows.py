"""What the services of every kind of row share."""

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from todo_app.errors import NotFound, Stale
from todo_app.models import User
from todo_app.models.base import TrackedRow
from todo_app.services.actor import Actor
from todo_app.services.positions import between

Row = TypeVar("Row", bound=TrackedRow)
# The versions one of which a row must have for a change to be made to it; None for any.
Versions = frozenset[int] | None


def find(session: Session, actor: Actor, model: type[Row], row_id: uuid.UUID, what: str, *, for_update: bool = False) -> Row:
    """The actor's row of this id; raises `NotFound` alike for a missing and for somebody else's. `what`: its kind in words."""
    statement = select(model).where(model.id == row_id, model.owner_id == actor.user_id)
    row = session.exec(statement.with_for_update() if for_update else statement).first()
    if row is None:
        raise NotFound(f"There is no such {what}.")
    return row


def require_version(row: TrackedRow, versions: Versions, what: str) -> None:
    """Raises `Stale` unless the row has one of the versions."""
    if versions is not None and row.version not in versions:
        raise Stale(f"This {what} has changed since you read it. Read it again, then repeat your change.")


def find_to_change(
    session: Session, actor: Actor, model: type[Row], row_id: uuid.UUID, what: str, versions: Versions = None
) -> Row:
    """As `find`, with the row held until this transaction ends; raises `Stale` too, unless it has one of the versions."""
    row = find(session, actor, model, row_id, what, for_update=True)
    require_version(row, versions, what)
    return row


def assign(session: Session, row: TrackedRow, values: Mapping[str, Any]) -> None:
    """Sets the values and writes them."""
    for name, value in values.items():
        setattr(row, name, value)
    session.flush()


def position_after(
    session: Session, model: type[Row], peers: list[ColumnElement[bool]], after: Row | None, column: str = "position"
) -> str:
    """A place behind `after` among the rows that fit `peers`, or before all of them if it is None. One query.

    Rows that share a place, as undo can leave them, count as one: it is behind all of them.
    """
    place = getattr(model, column)
    before = getattr(after, column) if after is not None else ""
    following = session.exec(select(place).where(*peers, col(place) > before).order_by(place).limit(1)).first()
    return between(before, following)


def place(session: Session, actor: Actor, model: type[Row], row_id: uuid.UUID, after: uuid.UUID | None, what: str) -> Row:
    """Moves a row of a kind that a person has in one list behind another one, or before all."""
    take_turns(session, actor)
    row = find(session, actor, model, row_id, what, for_update=True)
    leader = find(session, actor, model, after, what) if after else None
    peers = [col(model.owner_id) == actor.user_id, col(model.id) != row.id]
    assign(session, row, {"position": position_after(session, model, peers, leader)})
    return row


def take_turns(session: Session, actor: Actor) -> None:
    """Whatever else of this person's calls this waits until this transaction has ended, and then sees what it did."""
    session.exec(select(User.id).where(User.id == actor.user_id).with_for_update(key_share=True)).one()
