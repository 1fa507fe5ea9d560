"""Why a task fits a filter, or doesn't."""

import uuid

from pydantic import Field

from todo_app.schemas.fields import Input, Output
from todo_app.schemas.organise import FilterText


class ExplainRequest(Input):
    """A filter, and the task to be explained."""

    filter: FilterText = Field(description="In the filter language, such as `(today | overdue) & @work`.")
    task_id: uuid.UUID


class ClauseView(Output):
    """One condition of the filter."""

    start: int = Field(description="Where it stands in the filter, in characters (code points).")
    end: int = Field(description="The character after the last.")
    text: str
    holds: bool = Field(description="Whether it is true of the task.")
    decides: bool = Field(description="Whether it is one of those that settle the matter.")


class ExplanationView(Output):
    """Whether a task fits a filter, and why."""

    matches: bool
    sentence: str = Field(description="The reason in words, such as: Not here because it has no `@work`.")
    clauses: list[ClauseView]
