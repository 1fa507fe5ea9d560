"""What somebody new finds: a project whose tasks each teach one thing by having it done."""

from datetime import timedelta

from sqlmodel import Session

from todo_app.models.base import utc_now
from todo_app.schemas.organise import ProjectFields
from todo_app.schemas.tasks import TaskFields
from todo_app.services import projects, tasks
from todo_app.services.actor import Actor
from todo_app.services.positions import at_top

PROJECT = "Getting started"
PRACTICE: tuple[tuple[str, str], ...] = (
    (
        "Add a task with a day in it",
        "Press `Q`, type **Call Sam tomorrow 9am p1**, and press Enter.\n\n"
        "Day, time and priority are understood, and the title is just *Call Sam*. "
        "Should a word be only a word, click its chip, and it stays in the title.",
    ),
    (
        "Complete this task with the key E",
        "Go to it with the arrow keys, or with `J` and `K`, and press `E`. `Enter` opens a task.\n\n"
        "The key `?` shows all the others.",
    ),
    (
        "Move this task up or down",
        "Drag it, with a finger after a long press, or hold `Alt` and press an arrow key. Your order is kept.",
    ),
    (
        "Put a label on this task",
        "Open it and choose one, or write **@home** in the line when you add a task. A label gathers tasks from every project.\n\n"
        "A filter such as `@home & today` finds just those that you want to see, and you can keep it in the sidebar.",
    ),
    (
        "Delete this task, then take it back",
        "`Ctrl Z` (`⌘ Z` on a Mac) takes back your last change, whatever it was, even after a reload. "
        "What you delete also stays in Trash for 30 days.\n\n"
        "When you have seen everything here, delete this project.",
    ),
)


def add_practice_tasks(session: Session, actor: Actor) -> None:
    """Adds the practice project. Its first task is due today, so that the page Today is not empty."""
    project = projects.create_project(session, actor, ProjectFields(name=PROJECT, color="teal"))
    now = utc_now()
    for n, (title, notes) in enumerate(PRACTICE):
        moment = now - timedelta(microseconds=n)
        fields = TaskFields(title=title, notes=notes, due_date=actor.today if n == 0 else None).model_dump()
        values = {**fields, "project_id": project.id, "position": at_top(moment)}
        session.add(tasks.make(actor, values, moment))
    session.flush()
