"""The state of the fields for filters: what is wrong with the text, and why a task is (not) there."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import reflex as rx
from pydantic import Field
from sqlmodel import Session as DbSession

from todo_app import lengths
from todo_app.db import database
from todo_app.errors import Invalid
from todo_app.schemas.fields import Input, Text, parse
from todo_app.schemas.tasks import TaskQuery, TaskView
from todo_app.services import filtering, task_lists
from todo_app.services.actor import Actor
from todo_app.ui import routes
from todo_app.ui.sending import show
from todo_app.ui.session import actor_of
from todo_app.ui.task_list.views import CHOICES, view_of

MOST_EXPLAINED = 5
WHERE = ("page", "dialog")


class FilterDraft(Input):
    """A filter as it stands in a field, blanks at its ends and all, so that the places of errors are those in the field."""

    where: Literal["page", "dialog"]
    text: Annotated[Text, Field(max_length=lengths.FILTER)]


@dataclass(frozen=True)
class Explained:
    """Why a task is on the page, or not."""

    title: str
    sentence: str
    is_here: bool


class Filters(rx.State):
    """What is wrong with the filter in one of the two fields (`where`), the text cut at the place; and the last explanation."""

    where: str = ""
    text: str = ""
    problem: str = ""
    before: str = ""
    wrong: str = ""
    behind: str = ""
    suggestion: str = ""
    start: int = 0
    end: int = 0
    understood: str = ""  # the last filter of the page's field that could be read
    explained: list[Explained] = []
    asked: str = ""  # the words last asked about, to say that no task has them

    @rx.event
    async def load(self) -> None:
        """Says what is wrong with the filter in the page's address."""
        actor = await actor_of(self)
        self.explained, self.asked = [], ""
        self._check(actor, "page", self._choices.get("filter", ""))

    @rx.event
    async def check(self, where: str, text: str) -> None:
        """Says what is wrong with a filter as it is typed."""
        actor = await actor_of(self)
        self._check(actor, where, text)

    @rx.event
    async def search(self, text: str) -> None:
        """Reads the filter of the page, which the browser then writes into the address; while it can't be read, the list stays."""
        actor = await actor_of(self)
        if self._check(actor, "page", text):
            self.understood = text.strip()

    @rx.event
    async def explain(self, form: dict[str, Any]) -> None:
        """Says of the tasks with these words in the title why they are on the page, or not."""
        actor = await actor_of(self)
        query = _query(self._choices)
        words = parse(TaskQuery, {"q": form.get("why-title", ""), "sort": "-updated", "limit": MOST_EXPLAINED})
        self.asked = words.q.strip()
        self.explained = await database().read(_explain, actor, query, words) if self.asked else []

    @property
    def _choices(self) -> dict[str, str]:
        """What the address of the page says."""
        return {name: value for name, value in self.router.url.query_parameters.items() if name in CHOICES}

    def _check(self, actor: Actor, where: str, text: str) -> bool:
        """Whether the filter can be read."""
        shown = ""
        try:
            draft = parse(FilterDraft, {"where": where, "text": text})
            shown = draft.text
            filtering.check(actor, shown, "text")
        except Invalid as error:
            first = error.errors[0]
            start, end = first.start or 0, first.end or 0
            show(
                self,
                where=where if where in WHERE else "",
                text=shown,
                problem=_quoted(first.detail),
                before=shown[:start],
                wrong=shown[start:end],
                behind=shown[end:],
                suggestion=first.suggestion or "",
                start=start,
                end=end,
            )
            return False
        self._forget(self.where)
        return True

    def _forget(self, where: str) -> None:
        if self.where == where:
            show(self, problem="", suggestion="")


def _quoted(sentence: str) -> str:
    """The engine's back quotes as quotation marks."""
    return re.sub("`([^`]*)`", r"“\1”", sentence)


def _query(choices: Mapping[str, str]) -> TaskQuery:
    """What the search page shows for these choices."""
    view = view_of(routes.SEARCH)
    return parse(TaskQuery, {**(view.query if view else {}), **choices})


def _explain(session: DbSession, actor: Actor, query: TaskQuery, words: TaskQuery) -> list[Explained]:
    found: Sequence[TaskView] = task_lists.list_tasks(session, actor, words).items
    return [_explain_one(session, actor, query, task) for task in found]


def _explain_one(session: DbSession, actor: Actor, query: TaskQuery, task: TaskView) -> Explained:
    by_filter = filtering.explain(session, actor, query.filter, task.id)
    is_here = task_lists.has_all(session, actor, query, [str(task.id)])
    if by_filter.matches and not is_here:
        state = "completed" if task.completed else "open"
        why = f"it is {state}" if query.status not in ("all", state) else f"it does not say “{query.q}”"
        return Explained(task.title, f"It fits the filter, and is not here because {why}.", is_here=False)
    return Explained(task.title, _quoted(by_filter.sentence), is_here)
