"""The same rules said another way, slowly: a day is looked at by itself, and days are gone through one by one."""

import calendar
import datetime as dt
from collections.abc import Iterator
from zoneinfo import ZoneInfo

CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
DAY = dt.timedelta(days=1)


class Model:
    """A rule and its start."""

    def __init__(self, rule: str, start: dt.date) -> None:
        self.parts = dict(part.split("=") for part in rule.split(";"))
        self.start = start
        self.freq = self.parts["FREQ"]
        self.interval = int(self.parts.get("INTERVAL", 1))
        self.week_start = CODES.index(self.parts.get("WKST", "MO"))
        self.months = self.numbers("BYMONTH")
        self.month_days = self.numbers("BYMONTHDAY")
        self.positions = self.numbers("BYSETPOS")
        self.weekdays = [(int(code[:-2] or 0), CODES.index(code[-2:])) for code in self.parts.get("BYDAY", "").split(",") if code]
        if not self.month_days and not self.weekdays:
            self.add_what_the_start_says()

    def numbers(self, name: str) -> list[int]:
        return [int(n) for n in self.parts.get(name, "").split(",") if n]

    def add_what_the_start_says(self) -> None:
        if self.freq == "WEEKLY":
            self.weekdays = [(0, self.start.weekday())]
        elif self.freq in ("MONTHLY", "YEARLY"):
            self.month_days = [self.start.day]
            if self.freq == "YEARLY" and not self.months:
                self.months = [self.start.month]

    def days(self, last: dt.date) -> Iterator[dt.date]:
        """All days of the rule up to one."""
        until = self.parts.get("UNTIL")
        if until:
            last = min(last, dt.date(int(until[:4]), int(until[4:6]), int(until[6:])))
        left = int(self.parts.get("COUNT", 10**9))
        day = self.start
        while day <= last and left:
            if self.fits(day) and self.is_picked(day):
                yield day
                left -= 1
            if day == dt.date.max:
                return
            day += DAY

    def fits(self, day: dt.date) -> bool:
        return (
            self.period(day) % self.interval == self.period(self.start) % self.interval
            and (not self.months or day.month in self.months)
            and (not self.month_days or any(day.day == in_month(n, day) for n in self.month_days))
            and (not self.weekdays or any(self.is_nth(n, weekday, day) for n, weekday in self.weekdays))
        )

    def period(self, day: dt.date) -> int:
        number = {
            "DAILY": day.toordinal(),
            "WEEKLY": (day.toordinal() - 1 - self.week_start) // 7,
            "MONTHLY": day.year * 12 + day.month,
            "YEARLY": day.year,
        }
        return number[self.freq]

    def is_nth(self, n: int, weekday: int, day: dt.date) -> bool:
        if day.weekday() != weekday:
            return False
        if self.freq == "YEARLY" and not self.months:
            first, last = day.replace(month=1, day=1), day.replace(month=12, day=31)
        else:
            first, last = day.replace(day=1), day.replace(day=length(day))
        return n in (0, (day - first).days // 7 + 1, -((last - day).days // 7) - 1)

    def is_picked(self, day: dt.date) -> bool:
        if not self.positions:
            return True
        longest = {"WEEKLY": 7, "MONTHLY": 31, "YEARLY": 366}[self.freq]
        near = [day + DAY * n for n in range(-longest, longest + 1)]
        fitting = [each for each in near if self.period(each) == self.period(day) and self.fits(each)]
        place = fitting.index(day)
        return place + 1 in self.positions or place - len(fitting) in self.positions


def length(day: dt.date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def in_month(n: int, day: dt.date) -> int:
    """A day of the month, or the nearest that this month has."""
    return min(n, length(day)) if n > 0 else max(length(day) + 1 + n, 1)


def moment(day: dt.date, at: dt.time, zone: ZoneInfo) -> dt.datetime:
    """The first moment when the clocks show this, or would if they hadn't been moved since the day before yesterday."""
    wall = dt.datetime.combine(day, at)
    around = dt.datetime.combine(day, at, dt.UTC)
    offsets = {(around + dt.timedelta(hours=h)).astimezone(zone).utcoffset() or dt.timedelta() for h in (-48, 48)}
    shown = [around - offset for offset in offsets if (around - offset).astimezone(zone).replace(tzinfo=None) == wall]
    before = (around - dt.timedelta(hours=48)).astimezone(zone).utcoffset() or dt.timedelta()
    return min(shown, default=around - before)
