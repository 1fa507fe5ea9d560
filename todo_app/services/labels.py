"""Labels: many per task, each name once per person."""

import uuid
from collections.abc import Iterable

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from todo_app.errors import Conflict
from todo_app.models import Label, Task, TaskLabel
from todo_app.models.base import fold, utc_now
from todo_app.schemas.fields import parse
from todo_app.schemas.organise import LabelFields, LabelList, LabelPatch, LabelView
from todo_app.services.actor import Actor
from todo_app.services.colors import color_of
from todo_app.services.positions import at_end
from todo_app.services.rows import Versions, find, find_to_change, place, take_turns


def view_of(label: Label) -> LabelView:
    """A row as it goes out."""
    return LabelView.model_validate(label)


def list_labels(session: Session, actor: Actor) -> LabelList:
    """Every label."""
    rows = session.exec(select(Label).where(Label.owner_id == actor.user_id).order_by(col(Label.position), col(Label.id)))
    return LabelList(items=[view_of(row) for row in rows])


def get_label(session: Session, actor: Actor, label_id: uuid.UUID) -> LabelView:
    """One label; raises `NotFound`."""
    return view_of(find(session, actor, Label, label_id, "label"))


def _flush_name(session: Session) -> None:
    """The unique index decides, and not a look beforehand: two may come at the same moment."""
    try:
        session.flush()
    except IntegrityError as error:
        raise Conflict("There is already a label with this name.") from error


def create_label(session: Session, actor: Actor, fields: LabelFields) -> LabelView:
    """Adds a label; raises `Conflict` if there is one of this name."""
    take_turns(session, actor)  # quick add looks first whether there is one
    now = utc_now()
    label = Label(owner_id=actor.user_id, created_at=now, updated_at=now, position=at_end(now), **fields.model_dump())
    session.add(label)
    _flush_name(session)
    return view_of(label)


def find_named(session: Session, actor: Actor, keys: Iterable[str]) -> dict[str, uuid.UUID]:
    """The ids of the labels with these folded names, as far as there are any. One query."""
    own = select(Label.name_key, Label.id).where(Label.owner_id == actor.user_id, col(Label.name_key).in_(keys))
    return dict(session.exec(own).all())


def create_named(session: Session, actor: Actor, name: str) -> uuid.UUID:
    """Adds a label of which only the name is known; raises `Invalid` for none, and `Conflict` if there is one of this name."""
    return create_label(session, actor, parse(LabelFields, {"name": name, "color": color_of(name)})).id


def of_name(session: Session, actor: Actor, name: str) -> uuid.UUID:
    """The label of this name, whatever its case; it is made if there is none. Raises `Invalid` for no name."""
    bare = parse(LabelFields, {"name": name}).name
    take_turns(session, actor)  # so that two at once make one label
    key = fold(bare)
    return find_named(session, actor, [key]).get(key) or create_named(session, actor, bare)


def update_label(session: Session, actor: Actor, label_id: uuid.UUID, patch: LabelPatch, versions: Versions = None) -> LabelView:
    """Sets the fields given; raises `Conflict` if another label has the name."""
    label = find_to_change(session, actor, Label, label_id, "label", versions)
    for name, value in patch.given().items():
        setattr(label, name, value)
    _flush_name(session)
    return view_of(label)


def place_label(session: Session, actor: Actor, label_id: uuid.UUID, after: uuid.UUID | None) -> LabelView:
    """Moves a label behind another one, or before all."""
    return view_of(place(session, actor, Label, label_id, after, "label"))


def delete_label(session: Session, actor: Actor, label_id: uuid.UUID, versions: Versions = None) -> None:
    """Deletes a label and takes it off its tasks. One undo brings it back onto them."""
    label = find_to_change(session, actor, Label, label_id, "label", versions)
    labelled = select(Task).join(TaskLabel, col(TaskLabel.task_id) == Task.id)
    own = labelled.where(TaskLabel.label_id == label.id, Task.owner_id == actor.user_id).order_by(col(Task.id))
    for task in session.exec(own.with_for_update(of=Task)):
        task.label_ids = [other for other in task.label_ids if other != str(label.id)]
    session.flush()
    session.delete(label)
    session.flush()
