"""What can go wrong for a person or a script, as types.

Services raise these. Each edge maps them once: `api/problems.py` to problem+json, `ui/` to a message, a toast or a redirect.
"""

from dataclasses import dataclass


class DomainError(Exception):
    """Base of every error that is somebody's to understand. `detail` is shown to people as it is."""

    status = 500
    title = "Something went wrong"
    # Tells scripts apart what the status alone does not (RFC 9457, 3.1.1).
    type = "about:blank"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with one field; `pointer` is a JSON pointer (RFC 6901) into what was sent, such as `/title`.

    Of a filter also the place in it, in characters, the end excluded, and what may stand there instead.
    """

    pointer: str
    detail: str
    start: int | None = None
    end: int | None = None
    suggestion: str | None = None


class Invalid(DomainError):
    """What was sent breaks a rule; says which field, and what to do."""

    status = 422
    title = "Unprocessable content"

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(" ".join(error.detail for error in errors))
        self.errors = errors

    @classmethod
    def field(cls, name: str, detail: str) -> "Invalid":
        """The common case: one field, one message."""
        return cls([FieldError(f"/{name}", detail)])


class NotSignedIn(DomainError):
    """No session, or one that has ended."""

    status = 401
    title = "Unauthorized"


class BadCredentials(NotSignedIn):
    """What was given to sign in with is not right. It never says what of it."""


class CodeNeeded(BadCredentials):
    """The password is right, and the account asks for a second step."""

    title = "A code is needed"
    type = "/problems/code-needed"

    def __init__(self) -> None:
        super().__init__("Enter the code from your authenticator app.")


class WrongCode(BadCredentials):
    """The code of the second step is not right, or was used before."""

    title = "Invalid code"
    type = "/problems/invalid-code"

    def __init__(self) -> None:
        super().__init__("Invalid code")


class WrongPassword(DomainError):
    """Signed in, but the password asked for once more does not match."""

    status = 403
    title = "Forbidden"


class Forbidden(DomainError):
    """Not allowed here, to nobody."""

    status = 403
    title = "Forbidden"


class NotFound(DomainError):
    """No such row for this person: it may be missing or somebody else's, and the two must look the same."""

    status = 404
    title = "Not found"


class Conflict(DomainError):
    """What was asked for can't be done to what is there now."""

    status = 409
    title = "Conflict"


class Stale(DomainError):
    """The row changed after the caller last read it."""

    status = 412
    title = "Precondition failed"


class TooMany(DomainError):
    """A limit is reached; `retry_after` says in how many seconds to try again."""

    status = 429
    title = "Too many requests"

    def __init__(self, detail: str, retry_after: int) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


class Unavailable(DomainError):
    """The database or another part we need can't be reached now."""

    status = 503
    title = "Service unavailable"


class StorageFull(Unavailable):
    """The database has no room left to write; it can still be read."""

    status = 507
    title = "Insufficient storage"
