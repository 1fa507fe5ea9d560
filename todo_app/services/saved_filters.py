"""Saved filters: queries of the filter language under a name."""

import uuid

from sqlalchemy import bindparam
from sqlmodel import Session, col, select

from todo_app.models import SavedFilter
from todo_app.models.base import utc_now
from todo_app.schemas.organise import FilterFields, FilterList, FilterPatch, FilterView
from todo_app.services import filtering
from todo_app.services.actor import Actor
from todo_app.services.positions import at_end
from todo_app.services.rows import Versions, assign, find, find_to_change, place

_ALL = (
    select(SavedFilter).where(SavedFilter.owner_id == bindparam("owner")).order_by(col(SavedFilter.position), col(SavedFilter.id))
)


def view_of(saved: SavedFilter) -> FilterView:
    """A row as it goes out."""
    return FilterView.model_validate(saved)


def list_filters(session: Session, actor: Actor) -> FilterList:
    """Every saved filter."""
    return FilterList(items=[view_of(row) for row in session.exec(_ALL, params={"owner": actor.user_id})])


def get_filter(session: Session, actor: Actor, filter_id: uuid.UUID) -> FilterView:
    """One saved filter; raises `NotFound`."""
    return view_of(find(session, actor, SavedFilter, filter_id, "filter"))


def create_filter(session: Session, actor: Actor, fields: FilterFields) -> FilterView:
    """Saves a filter; raises `Invalid` if its query can't be read."""
    filtering.check(actor, fields.query, "query")
    now = utc_now()
    saved = SavedFilter(owner_id=actor.user_id, created_at=now, updated_at=now, position=at_end(now), **fields.model_dump())
    session.add(saved)
    session.flush()
    return view_of(saved)


def update_filter(
    session: Session, actor: Actor, filter_id: uuid.UUID, patch: FilterPatch, versions: Versions = None
) -> FilterView:
    """Sets the fields given; raises `Invalid` if the query can't be read."""
    saved = find_to_change(session, actor, SavedFilter, filter_id, "filter", versions)
    values = patch.given()
    if "query" in values:
        filtering.check(actor, values["query"], "query")
    assign(session, saved, values)
    return view_of(saved)


def place_filter(session: Session, actor: Actor, filter_id: uuid.UUID, after: uuid.UUID | None) -> FilterView:
    """Moves a filter behind another one, or before all."""
    return view_of(place(session, actor, SavedFilter, filter_id, after, "filter"))


def delete_filter(session: Session, actor: Actor, filter_id: uuid.UUID, versions: Versions = None) -> None:
    """Deletes a saved filter; the tasks it found stay."""
    saved = find_to_change(session, actor, SavedFilter, filter_id, "filter", versions)
    session.delete(saved)
    session.flush()
