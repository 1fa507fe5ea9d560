"""The state of the sidebar."""

from collections.abc import Container, Sequence
from dataclasses import dataclass

import reflex as rx

from todo_app.db import database
from todo_app.schemas.tasks import TaskView
from todo_app.services import overview
from todo_app.services.actor import Actor
from todo_app.ui import routes
from todo_app.ui.live import refreshes
from todo_app.ui.sending import show
from todo_app.ui.session import actor_of


@dataclass(frozen=True)
class NavItem:
    """A project, label or saved filter in the sidebar. `key` is its id."""

    key: str
    name: str
    color: str
    href: str
    depth: int = 0


class Sidebar(rx.State):
    """Where one can go. The counts lie apart from the names, in the same order: they change far more often."""

    inbox: int = 0
    today: int = 0
    projects: list[NavItem] = []
    archived: list[NavItem] = []
    labels: list[NavItem] = []
    filters: list[NavItem] = []
    project_counts: list[int] = []
    label_counts: list[int] = []

    @rx.event
    async def load(self) -> None:
        """Fills the sidebar of a page."""
        await self._show(await actor_of(self))

    async def _show(self, actor: Actor) -> None:
        found = await database().read(overview.sidebar, actor)
        show(
            self,
            inbox=found.inbox,
            today=found.today,
            projects=[
                NavItem(str(each.id), each.name, each.color, f"{routes.PROJECT}/{each.id}", each.depth) for each in found.projects
            ],
            archived=[NavItem(str(each.id), each.name, each.color, f"{routes.PROJECT}/{each.id}") for each in found.archived],
            labels=[NavItem(str(each.id), each.name, each.color, f"{routes.LABEL}/{each.id}") for each in found.labels],
            filters=[
                NavItem(str(each.id), each.name, each.color, routes.with_query(routes.SEARCH, {"filter": each.query}))
                for each in found.filters
            ],
            project_counts=[each.open for each in found.projects],
            label_counts=[each.open for each in found.labels],
        )

    def _note_done(self, actor: Actor, task: TaskView) -> None:
        """Counts a task that was just completed or opened, without reading anything. It is no subtask and has none."""
        step = -1 if task.completed else 1
        show(
            self,
            inbox=self.inbox + (step if task.project_id is None else 0),
            today=self.today + (step if task.due_date is not None and task.due_date <= actor.today else 0),
            project_counts=_moved(self.project_counts, self.projects, {str(task.project_id)}, step),
            label_counts=_moved(self.label_counts, self.labels, {str(each) for each in task.label_ids}, step),
        )


def _moved(counts: Sequence[int], items: Sequence[NavItem], keys: Container[str], step: int) -> list[int]:
    """The counts, with those of the items of these keys moved by a step."""
    return [count + (step if item.key in keys else 0) for count, item in zip(counts, items, strict=True)]


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    await (await state.get_state(Sidebar))._show(actor)
