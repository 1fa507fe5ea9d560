"""Texts as they are looked for: in the title, the notes and the names of the labels."""

from sqlalchemy import ColumnElement, exists, or_
from sqlmodel import col

from todo_app.models import Label, Task, TaskLabel
from todo_app.models.base import fold


def words(text: str) -> list[ColumnElement[bool]]:
    """One condition per word of a search: the task says it. Accents and case count not."""
    return [says(word) for word in fold(text).split()]


def says(folded: str) -> ColumnElement[bool]:
    """Tasks that have this text in the title, the notes, or the name of a label; it is folded already (models.base.fold)."""
    labelled = (
        exists()
        .where(col(TaskLabel.task_id) == col(Task.id), col(TaskLabel.label_id) == col(Label.id))
        .where(col(Label.name_key).contains(folded, autoescape=True))
    )
    return or_(col(Task.search_text).contains(folded, autoescape=True), labelled)
