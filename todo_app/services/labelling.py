"""Labels put on a task by name, and taken off."""

import uuid

from sqlmodel import Session

from todo_app.schemas.tasks import BulkRequest
from todo_app.services import bulk, labels
from todo_app.services.actor import Actor


def put_on(session: Session, actor: Actor, task_id: uuid.UUID, name: str) -> None:
    """Gives a task the label of this name, whatever its case; it is made if there is none."""
    label_id = labels.of_name(session, actor, name.strip().removeprefix("@"))
    bulk.act(session, actor, BulkRequest(ids=[task_id], add_label_ids=[label_id]))


def take_off(session: Session, actor: Actor, task_id: uuid.UUID, label_id: uuid.UUID) -> None:
    """Takes a label off a task."""
    bulk.act(session, actor, BulkRequest(ids=[task_id], remove_label_ids=[label_id]))
