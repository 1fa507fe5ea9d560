"""Tasks and the feed of their changes, as they come in and go out."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from todo_app.schemas.fields import (
    ClockTime,
    Day,
    Flag,
    Input,
    Notes,
    Output,
    Priority,
    Rule,
    SearchText,
    TimeZone,
    Title,
)
from todo_app.schemas.organise import FilterText, Patch

Status = Literal["all", "open", "completed"]
Sort = Literal[
    "created", "-created", "updated", "-updated", "title", "-title",
    "due", "-due", "priority", "-priority", "completed", "-completed", "position", "day",
]  # fmt: skip

MAX_PAGE = 500
MOST_LABELS = 50
# The largest number both databases take; beyond it a request is refused rather than failing in one of them.
MAX_NUMBER = 2**63 - 1


def _each_once(ids: list[uuid.UUID]) -> list[uuid.UUID]:
    return list(dict.fromkeys(ids))


# A task keeps them as text, so that is what `model_dump` gives.
LabelIds = Annotated[
    list[Annotated[uuid.UUID, PlainSerializer(str, return_type=str)]],
    Field(max_length=MOST_LABELS),
    AfterValidator(_each_once),
]


class TaskFields(Input):
    """A whole task, as POST and PUT take it: what is left out gets its default."""

    title: Title
    notes: Notes = ""
    completed: Flag = False
    priority: Priority = 4
    project_id: uuid.UUID | None = Field(default=None, description="null: the inbox. A subtask is where its parent is.")
    section_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = Field(default=None, description="The task whose subtask this is.")
    label_ids: LabelIds = Field(default=[])
    start_date: Day | None = None
    due_date: Day | None = None
    due_time: ClockTime | None = None
    time_zone: TimeZone | None = Field(default=None, description="The zone of `due_time`; your own unless you say so.")
    rrule: Rule | None = Field(default=None, description="RFC 5545 without `RRULE:` and DTSTART, which is the first `due_date`.")
    from_completion: Flag = Field(default=False, description="Whether the recurrence counts from when it is completed.")

    @field_validator("due_time")
    @classmethod
    def _time_needs_a_day(cls, value: dt.time | None, info: ValidationInfo) -> dt.time | None:
        if value is not None and info.data.get("due_date", value) is None:  # absent from `data` if wrong itself
            raise PydanticCustomError("time_without_day", "A due time needs a due date.")
        return value


class TaskPatch(Patch):
    """Some of a task's fields, as PATCH takes them: what is left out stays, `null` sets it back to its default."""

    title: Title = ""
    notes: Notes | None = None
    completed: Flag | None = None
    priority: Priority | None = None
    project_id: uuid.UUID | None = None
    section_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    label_ids: LabelIds | None = None
    start_date: Day | None = None
    due_date: Day | None = None
    due_time: ClockTime | None = None
    time_zone: TimeZone | None = None
    rrule: Rule | None = None
    from_completion: Flag | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.given_of(TaskFields)


class TaskView(Output):
    """A task."""

    id: uuid.UUID
    title: str
    notes: str
    completed: bool
    completed_at: dt.datetime | None
    priority: int
    project_id: uuid.UUID | None
    section_id: uuid.UUID | None
    parent_id: uuid.UUID | None
    label_ids: list[uuid.UUID]
    start_date: dt.date | None
    due_date: dt.date | None
    due_time: ClockTime | None
    time_zone: str | None
    rrule: str | None
    from_completion: bool
    last_completed_at: dt.datetime | None = Field(description="When an occurrence of a recurring task was completed last.")
    subtasks: int = Field(default=0, description="How many subtasks it has itself.")
    subtasks_completed: int = Field(default=0, description="How many of these are completed.")
    created_at: dt.datetime
    updated_at: dt.datetime
    deleted_at: dt.datetime | None = Field(description="Set while the task is in Trash.")
    version: int


class ExportedTask(TaskView):
    """A task with what else it takes to make it again."""

    rrule_start: dt.date | None = Field(description="DTSTART, the day that the recurrence counts from.")
    position: str = Field(description="Where it is in its list, by hand. Places are compared byte by byte.")
    day_position: str = Field(description="Where it is in the lists by day, by hand.")


class TaskPage(Output):
    """Part of a list, and how many there are in all."""

    items: list[TaskView]
    total: int


def _whole_number(value: Any) -> Any:
    """Query parameters come as text; plain digits only, since `int` would also take `1_0` and ` 5 `."""
    if isinstance(value, str) and not (value.isascii() and value.lstrip("-").isdigit() and len(value) < 25):
        raise PydanticCustomError("int_parsing", "This must be a whole number.")
    return value


Number = Annotated[int, BeforeValidator(_whole_number)]


def _none_or_id(value: Any) -> Any:
    return None if value == "none" else value


# In a query: an id, or `none` for the tasks that have none. Absent, it asks for nothing.
IdOrNone = Annotated[uuid.UUID | None, BeforeValidator(_none_or_id)]


class TaskQuery(Input):
    """Which tasks, in which order, and which part of them."""

    status: Status = "all"
    q: SearchText = ""
    filter: FilterText = Field(default="", description="In the filter language, such as `(today | overdue) & @work`.")
    project_id: IdOrNone = Field(default=None, description="`none`: the inbox.")
    section_id: IdOrNone = Field(default=None, description="`none`: outside of sections.")
    parent_id: IdOrNone = Field(default=None, description="`none`: no subtasks.")
    label_id: uuid.UUID | None = None
    sort: Annotated[Sort, Field(description="`position` and `day` are the orders by hand, in a project and by day.")] = "-created"
    limit: Annotated[Number, Field(ge=1, le=MAX_PAGE)] = 50
    offset: Annotated[Number, Field(ge=0, le=MAX_NUMBER)] = 0


class MoveRequest(Input):
    """Where a task goes: into which list, and behind which task of it. What is left out stays."""

    project_id: uuid.UUID | None = Field(default=None, description="null: the inbox.")
    section_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    after: uuid.UUID | None = Field(default=None, description="The task it shall stand behind; null: it becomes the first.")
    order: Literal["position", "day"] = Field(default="position", description="Which order by hand: the list's, or the day's.")

    def place(self) -> dict[str, Any]:
        """The list it goes to, as far as that was said."""
        return {name: getattr(self, name) for name in ("project_id", "section_id", "parent_id") if name in self.model_fields_set}


class OccurrencesQuery(Input):
    """How many of the next dates."""

    count: Annotated[Number, Field(ge=1, le=100)] = 12


class OccurrenceView(Output):
    """One date of a recurring task, and why it is that one."""

    due_date: dt.date
    moment: dt.datetime | None = Field(description="When that is exactly, if there is a due time.")
    reason: str


class OccurrenceList(Output):
    """The next dates of a task; none if it does not recur."""

    rule: str = Field(description="The recurrence in words.")
    items: list[OccurrenceView]


class BulkRequest(Input):
    """One change to many tasks; taken back with one undo."""

    ids: Annotated[list[uuid.UUID], Field(min_length=1, max_length=MAX_PAGE)]
    patch: TaskPatch | None = None
    add_label_ids: LabelIds = Field(default=[])
    remove_label_ids: LabelIds = Field(default=[])
    delete: Flag = Field(default=False, description="Move them to Trash.")


class BulkResult(Output):
    """How many tasks were changed."""

    changed: int


class TrashQuery(Input):
    """Which part of the Trash."""

    limit: Annotated[Number, Field(ge=1, le=MAX_PAGE)] = 50
    offset: Annotated[Number, Field(ge=0, le=MAX_NUMBER)] = 0


class ChangesQuery(Input):
    """The changes after a number one has seen, as many as fit on a page."""

    after: Annotated[Number, Field(ge=0, le=MAX_NUMBER)] = 0
    limit: Annotated[Number, Field(ge=1, le=MAX_PAGE)] = MAX_PAGE


class ChangeItemView(Output):
    """One row's part in a change: the fields that changed, before and after."""

    entity: str
    entity_id: uuid.UUID
    before: dict[str, Any] | None
    after: dict[str, Any] | None


class ChangeView(Output):
    """One change: what undo takes back as a whole."""

    id: int
    at: dt.datetime
    kind: Literal["do", "undo", "redo", "purge"]
    reverts: int | None
    undone: bool
    items: list[ChangeItemView]


class ChangeList(Output):
    """Changes, and whether there are more after them."""

    items: list[ChangeView]
    more: bool


class UndoRequest(Input):
    """Which change to take back; the last one unless said."""

    change_id: Annotated[int, Field(strict=True, ge=1, le=MAX_NUMBER)] | None = None


class RevertRequest(Input):
    """The change after which the task was as it should be again."""

    change_id: Annotated[int, Field(strict=True, ge=1, le=MAX_NUMBER)]
