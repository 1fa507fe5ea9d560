"""Field types with their rules, used by every schema, so that a rule is written once."""

import datetime as dt
import re
import zoneinfo
from functools import lru_cache
from typing import Annotated, Any, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StrictBool,
    StrictInt,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from todo_app import lengths
from todo_app.errors import FieldError, Invalid
from todo_app.recurrence import BadRule, check_rule

LONGEST_POINTER = 200
MOST_ERRORS = 50

Schema = TypeVar("Schema", bound=BaseModel)


class Input(BaseModel):
    """Base of what comes in: a field we don't know is an error, not a surprise."""

    model_config = ConfigDict(extra="forbid")


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class PatchInput(Input):
    """Base of partial changes: what is left out stays as it is, so its placeholder is no default to tell the world of."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)


class Output(BaseModel):
    """Base of what goes out."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def _refuse_unstorable(text: str) -> str:
    """NUL can't be stored by PostgreSQL, and half a surrogate pair can't be written as UTF-8 at all."""
    if "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise PydanticCustomError("unstorable_text", "This has a character that can't be stored. Please take it out.")
    return text


def one_line(text: str) -> str:
    """`text` on one line, without the white space around it."""
    return re.sub(r"[\r\n\t\v\f\x85\u2028\u2029]+", " ", text).strip()


def length(least: int, most: int, what: str) -> AfterValidator:
    """A rule for how long a text may be; `what` is its name at the beginning of a sentence."""

    def check(text: str) -> str:
        if len(text) < least:
            raise PydanticCustomError("too_short", "{what} can't be empty.", {"what": what})
        if len(text) > most:
            message = "{what} can have at most {most} characters; this has {length}."
            raise PydanticCustomError("too_long", message, {"what": what, "most": most, "length": len(text)})
        return text

    return AfterValidator(check)


def _shaped(pattern: str, example: str) -> BeforeValidator:
    """Only text of this shape: pydantic alone would read the number 5 as a day in 1970."""

    def check(value: Any) -> Any:
        if isinstance(value, str) and not re.fullmatch(pattern, value):
            raise PydanticCustomError("wrong_shape", "Write this like {example}.", {"example": example})
        if not isinstance(value, str | dt.date | dt.time) or isinstance(value, dt.datetime):
            raise PydanticCustomError("wrong_shape", "Write this like {example}.", {"example": example})
        return value

    return BeforeValidator(check)


@lru_cache
def time_zone_names() -> frozenset[str]:
    """Every IANA zone a person may choose."""
    return frozenset(zoneinfo.available_timezones()) - {"localtime", "Factory"}


def _known_zone(name: str) -> str:
    if name not in time_zone_names():
        raise PydanticCustomError("unknown_zone", "This is no time zone we know. Write it like Europe/Berlin.")
    return name


def _canonical_rule(text: str) -> str:
    try:
        return check_rule(text)
    except BadRule as error:
        raise PydanticCustomError("recurrence", "{reason}", {"reason": str(error)}) from error


Text = Annotated[str, AfterValidator(_refuse_unstorable)]
Title = Annotated[
    Text,
    AfterValidator(one_line),
    length(1, lengths.TITLE, "The title"),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": lengths.TITLE}),
]
Notes = Annotated[Text, length(0, lengths.NOTES, "The notes"), WithJsonSchema({"type": "string", "maxLength": lengths.NOTES})]
PersonName = Annotated[
    Text,
    AfterValidator(one_line),
    length(1, lengths.NAME, "The name"),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": lengths.NAME}),
]
SearchText = Annotated[
    Text, length(0, lengths.SEARCH, "The search"), WithJsonSchema({"type": "string", "maxLength": lengths.SEARCH})
]
Priority = Annotated[StrictInt, Field(ge=1, le=4, description="1 is the most urgent; 4 means none.")]
Flag = StrictBool
Day = Annotated[dt.date, _shaped(r"\d{4}-\d{2}-\d{2}", "2026-01-27")]
ClockTime = Annotated[
    dt.time,
    _shaped(r"([01]\d|2[0-3]):[0-5]\d", "16:30"),
    PlainSerializer(lambda time: time.strftime("%H:%M"), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "examples": ["16:30"]}),
]
Rule = Annotated[
    Text,
    length(1, 500, "The recurrence"),
    AfterValidator(_canonical_rule),
    WithJsonSchema({"type": "string", "maxLength": 500, "examples": ["FREQ=WEEKLY;BYDAY=MO,WE"]}),
]
TimeZone = Annotated[Text, AfterValidator(_known_zone), WithJsonSchema({"type": "string", "examples": ["Europe/Berlin"]})]

_PLAIN_WORDS = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field here.",
    "string_type": "This must be text.",
    "string_unicode": "This has a character that can't be stored. Please take it out.",
    "int_type": "This must be a whole number.",
    "bool_type": "This must be true or false.",
    "uuid_parsing": "This is no valid id.",
    "uuid_type": "This is no valid id.",
    "date_parsing": "There is no such day.",
    "date_from_datetime_parsing": "There is no such day.",
}


def field_errors(errors: list[Any]) -> list[FieldError]:
    """Pydantic's findings as ours: where (a JSON pointer) and what to do, in plain words, and never what was sent."""

    def pointer(location: tuple[str | int, ...]) -> str:
        path = "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)
        # A field that we don't know can have any name, unwritable and endless ones too.
        return path.encode("utf-8", "replace").decode()[:LONGEST_POINTER]

    return [FieldError(pointer(e["loc"]), _PLAIN_WORDS.get(e["type"], e["msg"])) for e in errors[:MOST_ERRORS]]


def parse(schema: type[Schema], values: Any) -> Schema:
    """`values` as a `schema`; raises `Invalid` with a message per field."""
    try:
        return schema.model_validate(values)
    except ValidationError as error:
        raise Invalid(field_errors(error.errors(include_input=False, include_url=False))) from error
