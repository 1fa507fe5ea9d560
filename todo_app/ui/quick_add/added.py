"""Says where new tasks have gone, with the way there."""

from collections.abc import Sequence

import reflex as rx
from sqlmodel import Session as DbSession

from todo_app.db import database
from todo_app.services import projects, task_lists
from todo_app.services.actor import Actor
from todo_app.ui import routes
from todo_app.ui.notices import say


async def say_added(state: rx.State, actor: Actor, made: Sequence[str], change_id: int) -> None:
    """Names the place of the tasks just made, if they are all in one."""
    what = "Added" if len(made) == 1 else f"{len(made)} tasks added"
    places = await database().read(_places_of, actor, made)
    if len(places) == 1:
        await say(state, f"{what} to", change_id, *places[0])
    else:
        await say(state, what, change_id)


def _places_of(session: DbSession, actor: Actor, ids: Sequence[str]) -> list[tuple[str, str]]:
    """The names of the places that these tasks are in, with their addresses."""
    return [
        (projects.get_project(session, actor, project_id).name, f"{routes.PROJECT}/{project_id}")
        if project_id
        else ("Inbox", routes.INBOX)
        for project_id in task_lists.projects_of(session, actor, ids)
    ]
