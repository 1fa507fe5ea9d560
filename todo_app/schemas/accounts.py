"""Accounts and sign-ins, as they come in and go out."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from todo_app import lengths
from todo_app.schemas.fields import Flag, Input, Output, PatchInput, PersonName, Text, TimeZone
from todo_app.schemas.organise import FilterView, LabelView, ProjectView, SectionView
from todo_app.schemas.second_step import GivenCode, PasskeyView, TwoStepView
from todo_app.schemas.tasks import ChangeView, ExportedTask

PASSWORD_RULE = "Use 8 to 128 characters. Spaces are fine; common passwords are not."  # noqa: S105 - a rule, not a secret


def _email(text: str) -> str:
    if len(text) > lengths.EMAIL:
        raise PydanticCustomError("email", f"An email address can have at most {lengths.EMAIL} characters.")
    try:
        # No look-up of the domain: an address may be right while the network is away.
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "Write an email address like name@example.com.") from error


def _password_length(text: str) -> str:
    if not 8 <= len(text) <= 128:
        raise PydanticCustomError("password_length", "A password has 8 to 128 characters.")
    return text


Email = Annotated[Text, AfterValidator(_email), WithJsonSchema({"type": "string", "format": "email", "maxLength": lengths.EMAIL})]
NewPassword = Annotated[
    Text,
    AfterValidator(_password_length),
    WithJsonSchema({"type": "string", "minLength": 8, "maxLength": 128, "format": "password"}),
]
# A password to be compared: any text, since a rule here would tell a guess from a near miss. Bounded to keep hashing cheap.
GivenPassword = Annotated[str, Field(max_length=1024)]
Theme = Literal["system", "light", "dark"]
Language = Annotated[Literal["en", "de"], Field(description="The language of quick add.")]
DateOrder = Annotated[Literal["dmy", "mdy"], Field(description="Whether 3/4 is in April or in March.")]
WeekStart = Annotated[int, Field(strict=True, ge=0, le=6, description="0 is Monday.")]


class Registration(Input):
    """A new account."""

    email: Email
    password: NewPassword
    name: PersonName
    time_zone: TimeZone = "UTC"


class Credentials(Input):
    """An email and a password to sign in with, and where two-step sign-in is on, a code."""

    email: Annotated[str, Field(max_length=1024)]
    password: GivenPassword
    code: GivenCode | None = None


class PasswordForm(Input):
    """The same as an OAuth 2 form (RFC 6749, 4.3.2), which names the email `username`. Scope and client are ignored; the
    field `code` is an addition of ours.
    """

    grant_type: Literal["password"] = "password"
    username: Annotated[str, Field(max_length=1024)]
    password: GivenPassword
    scope: str = ""
    client_id: str | None = None
    client_secret: str | None = None
    code: GivenCode | None = None


class RefreshRequest(Input):
    """A refresh token to change for a new pair."""

    refresh_token: Annotated[str, Field(max_length=1024)]


class ResetRequest(Input):
    """Whose password was forgotten."""

    email: Email


# From a link in a mail. Any text: what is none of ours is answered alike.
LinkToken = Annotated[str, Field(max_length=1024, description="What stands behind `#token=` in the mailed link.")]


class PasswordReset(Input):
    """The secret of a mailed link, and the password to set."""

    token: LinkToken
    new_password: NewPassword


class EmailConfirmation(Input):
    """The secret of a mailed link."""

    token: LinkToken


class ProfilePatch(PatchInput):
    """What a person may change of their account without their password."""

    name: PersonName = ""
    time_zone: TimeZone = ""
    theme: Theme = "system"
    week_start: WeekStart = 0
    language: Language = "en"
    date_order: DateOrder = "dmy"
    shortcuts: Flag = True

    def given(self) -> dict[str, Any]:
        """The fields that were sent."""
        return self.model_dump(include=self.model_fields_set)


class PasswordChange(Input):
    """The password as it is and as it shall be."""

    current_password: GivenPassword
    new_password: NewPassword
    code: GivenCode | None = None


class Confirmation(Input):
    """The password, and where two-step sign-in is on, a code, to show once more that it is you."""

    password: GivenPassword
    code: GivenCode | None = None


class EmailChange(Confirmation):
    """A new email address, and what shows that it is you."""

    email: Email


class UserView(Output):
    """An account, as its owner sees it."""

    id: uuid.UUID
    email: str
    email_confirmed: bool
    new_email: Annotated[str | None, Field(description="Takes the place of `email` once it is confirmed.")]
    name: str
    time_zone: str
    theme: Theme
    week_start: int
    language: Language
    date_order: DateOrder
    shortcuts: bool
    created_at: dt.datetime


class SignInView(Output):
    """One signed-in browser or script."""

    id: uuid.UUID
    kind: Literal["browser", "api"]
    method: Literal["password", "code", "recovery_code", "passkey"] = Field(
        description="What was shown to sign in: the password alone, with a code, with a recovery code; or a passkey."
    )
    user_agent: str
    created_at: dt.datetime
    last_used_at: dt.datetime
    expires_at: dt.datetime
    current: bool


class SignInList(Output):
    """The places a person is signed in."""

    items: list[SignInView]


class TokenView(Output):
    """A new pair of tokens. The access token is short-lived; the refresh token works once."""

    access_token: str
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - the scheme's name, not a secret
    expires_in: int = Field(description="Seconds until the access token ends.")
    refresh_token: str
    user: UserView


class ExportView(Output):
    """Everything of one person's, in one document; docs/export.md says what is in it."""

    format: Literal["todo-export"] = "todo-export"
    version: Literal[1] = 1
    exported_at: dt.datetime
    user: UserView
    sessions: list[SignInView]
    two_step: TwoStepView
    passkeys: list[PasskeyView]
    projects: list[ProjectView]
    sections: list[SectionView]
    labels: list[LabelView]
    filters: list[FilterView]
    tasks: list[ExportedTask]
    trash: list[ExportedTask]
    changes: list[ChangeView]
