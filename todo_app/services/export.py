"""Everything of one person's, to take away."""

from sqlmodel import Session, col, select

from todo_app.models import Task
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import ExportView
from todo_app.schemas.tasks import MAX_PAGE, ChangesQuery, ChangeView, ExportedTask
from todo_app.security_log import SecurityEvent, record_after_commit
from todo_app.services import (
    accounts,
    changes,
    labels,
    passkeys,
    projects,
    saved_filters,
    sections,
    sessions,
    task_lists,
    two_step,
)
from todo_app.services.actor import Actor


def export_all(session: Session, actor: Actor) -> ExportView:
    """The account, how it is signed in to, its sessions, projects, labels, filters, tasks, Trash and whole change feed."""
    rows = session.exec(select(Task).where(Task.owner_id == actor.user_id).order_by(col(Task.created_at), col(Task.id))).all()
    every_task = [
        ExportedTask(**dict(view), **row.model_dump(include={"rrule_start", "position", "day_position"}))
        for row, view in zip(rows, task_lists.views_of(session, actor.user_id, rows), strict=True)
    ]
    record_after_commit(session, SecurityEvent.SENSITIVE_READ, actor.user_id, what="export")
    return ExportView(
        exported_at=utc_now(),
        user=accounts.get_user(session, actor),
        projects=projects.list_projects(session, actor).items,
        sections=sections.list_sections(session, actor).items,
        labels=labels.list_labels(session, actor).items,
        filters=saved_filters.list_filters(session, actor).items,
        two_step=two_step.get_two_step(session, actor),
        passkeys=passkeys.list_passkeys(session, actor).items,
        sessions=sessions.list_sessions(session, actor).items,
        tasks=[task for task in every_task if task.deleted_at is None],
        trash=[task for task in every_task if task.deleted_at is not None],
        changes=_all_changes(session, actor),
    )


def _all_changes(session: Session, actor: Actor) -> list[ChangeView]:
    found: list[ChangeView] = []
    more = True
    while more:
        page = changes.list_changes(session, actor, ChangesQuery(after=found[-1].id if found else 0, limit=MAX_PAGE))
        found.extend(page.items)
        more = page.more
    return found
