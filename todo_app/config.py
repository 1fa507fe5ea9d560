"""The settings: read once from the environment or `.env`, checked before anything starts.

    settings = get_settings()

`.env.example` lists every variable. A rule that is broken names the variable, what is wrong and how to mend it.
"""

import os
import secrets
import sys
from functools import lru_cache
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic.networks import validate_email
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

SHORTEST_SECRET = 32
# What people paste from a README and forget to change.
PLACEHOLDERS = ("changeme", "change-me", "change_me", "yoursecret", "your-secret", "your_secret", "example", "insecure")
HOW_TO_MAKE_ONE = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'


class Settings(BaseSettings):
    """Every setting of the app. A field's name in capitals is its variable."""

    # An empty variable counts as unset, so that `.env` can list what it leaves alone.
    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True)

    port: int = Field(8000, ge=1, le=65535)
    debug: bool = False
    data_dir: Path = Field(Path("data"), validate_default=True)

    # Addresses and secrets stay out of repr(), and so out of logs and tracebacks.
    database_url: str = Field("", validate_default=True, repr=False)
    db_pool_size: int = Field(5, ge=1)
    db_max_overflow: int = Field(10, ge=0)
    redis_url: str | None = Field(None, repr=False)
    auth_secret: str = Field(
        "", validate_default=True, repr=False, validation_alias=AliasChoices("AUTH_SECRET", "BETTER_AUTH_SECRET")
    )

    frontend_url: str = Field("", validate_default=True)
    app_name: str | None = Field(None, max_length=60)
    allow_signup: bool = True
    trusted_proxy_hops: int = Field(0, ge=0)

    metrics_token: str | None = Field(None, min_length=16, repr=False)
    otel_exporter_otlp_endpoint: str | None = Field(None, repr=False)

    smtp_url: str | None = Field(None, repr=False)
    mail_from: str | None = None

    # Limits: logins and codes per 15 minutes; registrations, and mail that is asked for, per hour; open sockets per process.
    login_failures_per_account: int = Field(10, ge=1)
    code_failures_per_account: int = Field(10, ge=1)
    login_failures_per_address: int = Field(60, ge=1)
    registrations_per_address: int = Field(60, ge=1)
    mails_per_recipient: int = Field(5, ge=1)
    mails_per_address: int = Field(30, ge=1)
    events_per_user_per_minute: int = Field(600, ge=1)
    sockets_per_user: int = Field(100, ge=1)
    sockets_per_address: int = Field(1000, ge=1)

    @property
    def api_name(self) -> str:
        """What the API calls itself."""
        return self.app_name or "TODO API"

    @property
    def page_name(self) -> str:
        """What the pages call themselves."""
        return self.app_name or "Todo"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the app over https."""
        return self.frontend_url.startswith("https://")

    @field_validator("data_dir")
    @classmethod
    def _make_data_dir(cls, value: Path) -> Path:
        path = value.expanduser().absolute()
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise ValueError(f"can't make {path} ({error.strerror}); name a directory this user may write to") from error
        if not os.access(path, os.W_OK | os.X_OK):
            raise ValueError(f"can't write to {path}; name a directory this user may write to")
        return path

    @field_validator("database_url")
    @classmethod
    def _read_database_url(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            return f"sqlite:///{info.data.get('data_dir', Path('data'))}/todo.db"
        scheme, separator, rest = value.partition("://")
        if scheme in ("postgres", "postgresql", "postgresql+psycopg2"):
            value = f"postgresql+psycopg2{separator}{rest}"
        elif scheme != "sqlite":
            raise ValueError("must begin with postgresql:// or sqlite:///")
        try:
            name = make_url(value).database
        except (ArgumentError, ValueError) as error:
            raise ValueError("is no address; write it as postgresql://user:password@host/name") from error
        if not name or name == ":memory:":
            raise ValueError("names no database; end it with one, as in postgresql://host/name or sqlite:///todo.db")
        return value

    @field_validator("redis_url")
    @classmethod
    def _check_redis_url(cls, value: str | None) -> str | None:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("must begin with redis://, rediss:// or unix://")
        return value

    @field_validator("otel_exporter_otlp_endpoint")
    @classmethod
    def _check_collector(cls, value: str | None) -> str | None:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must begin with http:// or https://")
        return value

    @field_validator("auth_secret")
    @classmethod
    def _read_auth_secret(cls, value: str, info: ValidationInfo) -> str:
        if not value:
            if not {"data_dir", "database_url", "redis_url"} <= info.data.keys():
                return value  # one of them is wrong, and is reported first
            if info.data["redis_url"] or not info.data["database_url"].startswith("sqlite"):
                raise ValueError(f"is needed with PostgreSQL or Redis, the same on every host; {HOW_TO_MAKE_ONE}")
            value = _shared_secret(info.data["data_dir"] / "auth_secret")
        if len(value) < SHORTEST_SECRET:
            raise ValueError(f"must have at least {SHORTEST_SECRET} characters; {HOW_TO_MAKE_ONE}")
        if len(set(value)) < 8 or any(word in value.lower() for word in PLACEHOLDERS):
            raise ValueError(f"looks like a placeholder; {HOW_TO_MAKE_ONE}")
        return value

    @field_validator("frontend_url")
    @classmethod
    def _read_frontend_url(cls, value: str, info: ValidationInfo) -> str:
        """The origin as a browser sends it: lower case, no default port, no slash at the end."""
        if not value:
            return f"http://localhost:{info.data.get('port', 8000)}"
        mend = "write the origin alone, as in https://todo.my-domain.org"
        try:
            parts = urlsplit(value)
            port = parts.port
        except ValueError as error:
            raise ValueError(f"is no address; {mend}") from error
        if parts.scheme not in ("http", "https") or not parts.hostname or "*" in value:
            raise ValueError(f"must be http:// or https:// and a host; {mend}")
        if parts.path not in ("", "/") or parts.query or parts.fragment or parts.username is not None:
            raise ValueError(f"holds more than scheme, host and port; {mend}")
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        is_default = port in (None, {"http": 80, "https": 443}[parts.scheme])
        return f"{parts.scheme}://{host}" if is_default else f"{parts.scheme}://{host}:{port}"

    @field_validator("app_name")
    @classmethod
    def _check_app_name(cls, value: str | None) -> str | None:
        if value and not value.isprintable():
            raise ValueError("has a line break or another character that is not printed; write it on one line")
        return value

    @field_validator("smtp_url")
    @classmethod
    def _check_smtp_url(cls, value: str | None) -> str | None:
        try:
            parts = urlsplit(value or "smtp://unset")
            is_address = bool(parts.scheme in ("smtp", "smtps") and parts.hostname) and parts.port != 0
        except ValueError:  # a port that is no number
            is_address = False
        if not is_address or parts.query not in ("", "starttls=yes", "starttls=no"):
            raise ValueError("must look like smtp://user:password@host:587, smtps://user:password@host or smtp://host?starttls=yes")
        return value

    @field_validator("mail_from")
    @classmethod
    def _check_mail_from(cls, value: str | None) -> str | None:
        if value:
            validate_email(value)
        return value

    @model_validator(mode="after")
    def _mail_needs_a_sender(self) -> Self:
        if self.smtp_url and not self.mail_from:
            raise ValueError("MAIL_FROM is needed with SMTP_URL; give the address that mail comes from")
        return self


def _shared_secret(path: Path) -> str:
    """The secret kept in the file, made on the first start. Processes that start at once agree on one."""
    if not path.exists():
        draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(descriptor)
        try:
            os.link(draft, path)  # the whole file appears at once, and only for the first to come
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process. Raises pydantic's `ValidationError` if one is bad."""
    return Settings()


def load_settings_or_exit() -> Settings:
    """`get_settings()` for commands: a bad setting ends the process with one line that says how to mend it."""
    try:
        return get_settings()
    except ValidationError as error:
        sys.exit(_explain(error))


def _explain(error: ValidationError) -> str:
    """The first problem as one line. It never shows the value: that may be a secret."""
    problem = error.errors(include_input=False)[0]
    reason = problem["msg"].removeprefix("Value error, ")
    name = " ".join(str(part).upper() for part in problem["loc"])
    if problem["type"] != "value_error":
        reason = f"{reason}; mend it in the environment or .env (.env.example explains it)"
    return f"Bad setting: {name}{' ' if name else ''}{reason}."
