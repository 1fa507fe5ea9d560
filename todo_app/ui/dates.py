"""Days and times as people read them. English for now; the words stand in this one place."""

import datetime as dt
from typing import Literal
from zoneinfo import ZoneInfo

from todo_app.models.base import utc_now

Kind = Literal["", "over", "today", "soon", "week"]


def local_now(zone: str) -> dt.datetime:
    """The present moment on the person's clock."""
    return utc_now().astimezone(ZoneInfo(zone))


def day_in_words(day: dt.date, today: dt.date) -> str:
    """`Today`, `Tomorrow`, `Fri 28 Nov`; with the year where it is another one."""
    near = {-1: "Yesterday", 0: "Today", 1: "Tomorrow"}
    distance = (day - today).days
    if distance in near:
        return near[distance]
    # Not strftime("%Y"): it leaves years before 1000 without their zeros on some systems.
    year = "" if day.year == today.year else f" {day.year}"
    return f"{day:%a} {day.day} {day:%b}{year}"


def moment_in_words(moment: dt.datetime, now: dt.datetime) -> str:
    """`Today 09:05`."""
    local = moment.astimezone(now.tzinfo)
    return f"{day_in_words(local.date(), now.date())} {local:%H:%M}"


def due_in_words(
    day: dt.date | None, time: dt.time | None, time_zone: str | None, now: dt.datetime, under: dt.date | None = None
) -> tuple[str, Kind]:
    """How a due date reads on the person's clock, and how near it is. A time of another zone is shown in their own.

    `under`: the day that a heading says already.
    """
    if day is None:
        return "", ""
    clock = ""
    is_past = day < now.date()
    if time is not None:
        moment = dt.datetime.combine(day, time, ZoneInfo(time_zone or "UTC"))
        try:
            local = moment.astimezone(now.tzinfo)
        except OverflowError:  # the first and last day of the calendar have no neighbour in other zones
            local = moment
        day, clock, is_past = local.date(), f"{local:%H:%M}", moment < now
    distance = (day - now.date()).days
    kind: Kind = "over" if is_past else "today" if distance == 0 else "soon" if distance == 1 else "week" if distance < 7 else ""
    words = "" if day == under else day_in_words(day, now.date())
    return " ".join(filter(None, (words, clock))), kind
