"""Who is acting, and from where."""

import uuid
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from todo_app.models.base import utc_now
from todo_app.quick_add import Preferences


@dataclass(frozen=True)
class Client:
    """Where a request comes from: the address that limits count, and what the browser or script calls itself."""

    address: str
    user_agent: str


@dataclass(frozen=True)
class Actor:
    """A signed-in person, as proven by a session. Every query of a service names `user_id`."""

    user_id: uuid.UUID
    session_id: uuid.UUID
    time_zone: str
    preferences: Preferences = field(default_factory=Preferences)

    @property
    def zone(self) -> ZoneInfo:
        """Where their clock is."""
        return ZoneInfo(self.time_zone)

    @property
    def today(self) -> date:
        """The day it is on their clock."""
        return utc_now().astimezone(self.zone).date()
