"""Two-step sign-in and passkeys, as they come in and go out. No secret goes out twice."""

import datetime as dt
import uuid
from typing import Annotated

from pydantic import Field

from todo_app.schemas.fields import Input, Output, PersonName

# A code to be compared: any text, as for passwords.
GivenCode = Annotated[str, Field(max_length=64, description="Of the authenticator app, or a recovery code.")]


class FirstCode(Input):
    """A code of the authenticator app that was just set up."""

    code: GivenCode


class TwoStepView(Output):
    """Whether signing in takes a second step."""

    on: bool
    recovery_codes_left: int


class SetUpView(Output):
    """What an authenticator app needs to know. It is shown once."""

    secret: str = Field(description="Base32, for apps where it is typed in.")
    uri: str = Field(description="The same as otpauth://, for apps that read it from a QR code.")


class RecoveryCodesView(Output):
    """Codes that each work once, in place of one from the app. They are shown once."""

    recovery_codes: list[str]


class PasskeyName(Input):
    """What a passkey is called in the list of them."""

    name: PersonName


class PasskeyChoice(Input):
    """One of one's passkeys."""

    passkey: uuid.UUID


class PasskeyView(Output):
    """A passkey."""

    id: uuid.UUID
    name: str
    created_at: dt.datetime
    last_used_at: dt.datetime | None


class PasskeyList(Output):
    """A person's passkeys, the oldest first."""

    items: list[PasskeyView]
