"""Projects, sections, labels and saved filters, as they come in and go out."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema
from pydantic_core import PydanticCustomError

from todo_app import lengths
from todo_app.schemas.fields import Flag, Input, Output, PatchInput, Text, length, one_line

Color = Literal["grey", "red", "orange", "amber", "olive", "green", "teal", "blue", "indigo", "violet", "pink", "brown"]
ProjectViewName = Literal["list", "board", "calendar"]


def _label_name(name: str) -> str:
    if name.startswith("@"):
        raise PydanticCustomError("label_name", "Write the label without the @.")
    return name


Name = Annotated[
    Text,
    AfterValidator(one_line),
    length(1, lengths.NAME, "The name"),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": lengths.NAME}),
]
LabelName = Annotated[
    Text,
    AfterValidator(one_line),
    length(1, lengths.LABEL, "The name"),
    AfterValidator(_label_name),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": lengths.LABEL}),
]
Description = Annotated[
    Text, length(0, lengths.DESCRIPTION, "The description"), WithJsonSchema({"type": "string", "maxLength": lengths.DESCRIPTION})
]
FilterText = Annotated[
    Text,
    StringConstraints(strip_whitespace=True),
    length(0, lengths.FILTER, "The filter"),
    WithJsonSchema({"type": "string", "maxLength": lengths.FILTER, "examples": ["(today | overdue) & @work"]}),
]


class Patch(PatchInput):
    """A partial change of a row whose whole is `whole`."""

    def given_of(self, whole: type[Input]) -> dict[str, Any]:
        """The fields that were sent, with null resolved to each one's default."""
        sent = self.model_dump(include=self.model_fields_set)
        return {name: whole.model_fields[name].get_default() if value is None else value for name, value in sent.items()}


class ProjectFields(Input):
    """A whole project: what is left out gets its default."""

    name: Name
    description: Description = ""
    color: Color = "grey"
    view: ProjectViewName = "list"
    parent_id: uuid.UUID | None = None
    archived: Flag = False


class ProjectPatch(Patch):
    """Some of a project's fields: what is left out stays, `null` sets it back to its default."""

    name: Name = ""
    description: Description | None = None
    color: Color | None = None
    view: ProjectViewName | None = None
    parent_id: uuid.UUID | None = None
    archived: Flag | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.given_of(ProjectFields)


class ProjectView(Output):
    """A project."""

    id: uuid.UUID
    name: str
    description: str
    color: Color
    view: ProjectViewName
    parent_id: uuid.UUID | None
    archived: bool
    archived_at: dt.datetime | None
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int


class ProjectList(Output):
    """All of a person's projects, in their order by hand, each parent before its children."""

    items: list[ProjectView]


class ProjectContents(Output):
    """What goes with a project when it is deleted."""

    projects: int
    sections: int
    tasks: int


class SectionFields(Input):
    """A whole section."""

    name: Name
    project_id: uuid.UUID


class SectionPatch(Patch):
    """Some of a section's fields."""

    name: Name = ""

    def given(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.given_of(SectionFields)


class SectionView(Output):
    """A section."""

    id: uuid.UUID
    name: str
    project_id: uuid.UUID
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int


class SectionList(Output):
    """Sections, in their order by hand."""

    items: list[SectionView]


class LabelFields(Input):
    """A whole label."""

    name: LabelName
    color: Color = "grey"


class LabelPatch(Patch):
    """Some of a label's fields."""

    name: LabelName = ""
    color: Color | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.given_of(LabelFields)


class LabelView(Output):
    """A label."""

    id: uuid.UUID
    name: str
    color: Color
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int


class LabelList(Output):
    """All of a person's labels, in their order by hand."""

    items: list[LabelView]


class FilterFields(Input):
    """A whole saved filter."""

    name: Name
    query: FilterText
    color: Color = "grey"


class FilterPatch(Patch):
    """Some of a saved filter's fields."""

    name: Name = ""
    query: FilterText = ""
    color: Color | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.given_of(FilterFields)


class FilterView(Output):
    """A saved filter."""

    id: uuid.UUID
    name: str
    query: str
    color: Color
    created_at: dt.datetime
    updated_at: dt.datetime
    version: int


class FilterList(Output):
    """All of a person's saved filters, in their order by hand."""

    items: list[FilterView]


class PlaceRequest(Input):
    """Where a row goes among its own kind: behind `after`, or to the beginning."""

    after: uuid.UUID | None = Field(default=None, description="The one it shall stand behind; null: it becomes the first.")


class NavProject(Output):
    """A project in the sidebar."""

    id: uuid.UUID
    name: str
    color: Color
    depth: int
    open: int


class NavLabel(Output):
    """A label in the sidebar."""

    id: uuid.UUID
    name: str
    color: Color
    open: int


class SidebarView(Output):
    """Every place a person has, and how many tasks are open there."""

    inbox: int
    today: int
    projects: list[NavProject]
    archived: list[ProjectView]
    labels: list[NavLabel]
    filters: list[FilterView]


class SectionQuery(Input):
    """Of which project."""

    project_id: uuid.UUID | None = None
