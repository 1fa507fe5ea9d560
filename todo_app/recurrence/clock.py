"""Days and times of a zone, and the moments they are."""

import datetime as dt
from zoneinfo import ZoneInfo

_BEGINNING, _END = dt.datetime.min.replace(tzinfo=dt.UTC), dt.datetime.max.replace(tzinfo=dt.UTC)


def moment(due: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The moment, aware and in UTC, when a zone's clocks show this time of this day.

    A time that the clocks skip is moved forward by as much as they skip; of one that they show twice it is the first. What lies
    outside the years 1 to 9999 in UTC is the end of them.
    """
    wall = dt.datetime.combine(due, at.replace(tzinfo=None, fold=0))
    try:
        return wall.replace(tzinfo=zone).astimezone(dt.UTC)
    except OverflowError:
        return _BEGINNING if due.year == 1 else _END


def today(now: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The day it is in a zone."""
    return now.astimezone(zone).date()


def is_doubled(due: dt.date, at: dt.time, zone: ZoneInfo) -> bool:
    """Whether the zone's clocks show this time twice on this day."""
    wall = dt.datetime.combine(due, at.replace(tzinfo=None), zone)
    earlier, later = wall.replace(fold=0).utcoffset(), wall.replace(fold=1).utcoffset()
    return earlier is not None and later is not None and earlier > later


def shown(due: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """What the zone's clocks really show at the moment of this day and time."""
    return moment(due, at, zone).astimezone(zone).replace(tzinfo=None, fold=0)
