"""What holds for every rule, every zone and every moment; the days are compared with those of the model."""

import datetime as dt
import functools
import itertools
import random
from zoneinfo import ZoneInfo

from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.engines.recurrence import model
from todo_app.recurrence import BadRule, Recurrence, Step, check_rule, complete, describe, first, moment, skip, upcoming

always_alike = functools.partial(settings, derandomize=True, deadline=None, database=None)

DAY = dt.timedelta(days=1)
# From −12 to +14; daylight saving time by an hour, by half an hour, twice a year and in Ramadan; a day that was left out.
ZONES = [
    "Etc/GMT+12", "America/New_York", "America/St_Johns", "UTC", "Africa/Casablanca", "Europe/Berlin", "Asia/Kathmandu",
    "Australia/Lord_Howe", "Pacific/Apia", "Pacific/Chatham", "Etc/GMT-14",
]  # fmt: skip
zones = st.sampled_from(ZONES).map(ZoneInfo)
WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]
# Months' ends and 29 February more often than they come.
days = st.dates(dt.date(1999, 1, 1), dt.date(2040, 1, 1)) | st.builds(
    lambda month, back: dt.date(2000 + month // 12, month % 12 + 1, 1) - DAY * back, st.integers(0, 480), st.integers(1, 3)
)
times = (
    st.none() | st.times().map(lambda time: time.replace(second=0, microsecond=0)) | st.sampled_from([dt.time(2, 30), dt.time(0)])
)


def some(values: list[str], most: int) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(values), min_size=1, max_size=most, unique=True).map(",".join)


month_days = some([str(n) for n in (1, 2, 13, 28, 29, 29, 30, 30, 31, 31, -1, -2, -29, -30, -31)], 3)
plain_days = some(WEEKDAYS, 5)
numbered_days = some([f"{n}{day}" for n in (1, 2, 4, 5, -1, -2) for day in WEEKDAYS], 3)
intervals = st.sampled_from([1, 1, 1, 2, 2, 3, 5, 12, 100])
months = some([str(n) for n in range(1, 13)], 4)


@functools.cache
def rules() -> st.SearchStrategy[str]:
    """Rules of every kind, as `check_rule` writes them."""

    def rule(freq: str, **parts: st.SearchStrategy[object]) -> st.SearchStrategy[str]:
        return st.fixed_dictionaries(parts).map(
            lambda values: ";".join([f"FREQ={freq}", *(f"{name}={value}" for name, value in values.items() if value)])
        )

    positions = st.sampled_from(["1", "2", "-1", "-2", "1,-1"])
    kinds = st.one_of(
        rule("DAILY", INTERVAL=intervals),
        rule("DAILY", BYDAY=plain_days, BYMONTH=st.none() | months),
        rule("DAILY", BYMONTHDAY=month_days, BYDAY=st.none() | plain_days),
        rule("WEEKLY", INTERVAL=intervals, BYDAY=st.none() | plain_days, WKST=st.none() | st.sampled_from(WEEKDAYS)),
        rule("WEEKLY", INTERVAL=intervals, BYDAY=plain_days, BYSETPOS=positions, WKST=st.none() | st.just("SU")),
        rule("WEEKLY", BYDAY=st.none() | plain_days, BYMONTH=months),
        rule("MONTHLY", INTERVAL=intervals, BYMONTHDAY=st.none() | month_days, BYMONTH=st.none() | months),
        rule("MONTHLY", INTERVAL=intervals, BYDAY=numbered_days | plain_days, BYMONTH=st.none() | months),
        rule("MONTHLY", BYMONTHDAY=month_days, BYDAY=numbered_days | plain_days),
        rule("MONTHLY", BYMONTHDAY=month_days, BYDAY=st.none() | plain_days, BYSETPOS=positions),
        rule("MONTHLY", BYDAY=numbered_days | plain_days, BYSETPOS=positions),
        rule("YEARLY", INTERVAL=st.integers(1, 3), BYMONTH=st.none() | months, BYMONTHDAY=st.none() | month_days),
        rule("YEARLY", INTERVAL=st.integers(1, 3), BYMONTH=st.none() | months, BYDAY=numbered_days | plain_days),
        rule("YEARLY", BYDAY=some(["20MO", "53TH", "1FR", "-1SU", "-53SA"], 2), BYMONTHDAY=st.none() | month_days),
    )
    ends = st.one_of(
        st.just(""), st.just(""), days.map(lambda day: f";UNTIL={day:%Y%m%d}"), st.integers(1, 500).map(lambda n: f";COUNT={n}")
    )
    return st.builds(str.__add__, kinds, ends).filter(is_rule).map(check_rule)


def is_rule(text: str) -> bool:
    try:
        check_rule(text)
    except BadRule:
        return False
    return True


def no_earlier(day: dt.date, at: dt.time | None, zone: ZoneInfo, now: dt.datetime) -> bool:
    """Whether a day isn't past."""
    return day >= now.astimezone(zone).date() if at is None else model.moment(day, at, zone) >= now


@always_alike(max_examples=100)
@given(rules(), days, st.integers(-400, 4000))
@example("FREQ=MONTHLY;BYMONTHDAY=30,31", dt.date(2026, 1, 30), 0)
@example("FREQ=YEARLY", dt.date(2028, 2, 29), 0)
def test_the_days_are_those_of_the_model(rule: str, start: dt.date, days_later: int) -> None:
    since = start + DAY * days_later
    last = max(since, start) + DAY * 1000
    expected = [day for day in model.Model(rule, start).days(last) if day > since]
    step = skip(Recurrence(rule, start), since, None, ZoneInfo("UTC"))
    found = []
    while step and step.due <= last:
        found.append(step.due)
        step = skip(step.recurrence, step.due, None, ZoneInfo("UTC"))
    assert found == expected


@always_alike(max_examples=20)
@given(rules(), days, times, zones, st.randoms(use_true_random=False))
def test_completed_400_times_over_nothing_is_left_out_or_comes_twice(
    rule: str, start: dt.date, at: dt.time | None, zone: ZoneInfo, chance: random.Random
) -> None:
    """Each is done on its day or up to four days early."""
    recurrence = Recurrence(rule, start)
    horizon = start + DAY * 9000
    expected = iter(list(model.Model(rule, start).days(horizon)))
    due = next(expected, None)
    if due is None:
        return
    for _ in range(400):
        when = model.moment(due, at or dt.time(12), zone)
        now = when - dt.timedelta(hours=chance.randrange(100))
        step = complete(recurrence, due, at, now, zone)
        following = next((day for day in expected if at is None or model.moment(day, at, zone) > when), None)
        if step is None or following is None:
            assert step is None or step.due > horizon
            break
        assert step == Step(following, recurrence)
        if at:
            shown = moment(following, at, zone).astimezone(zone).replace(tzinfo=None)
            assert shown == dt.datetime.combine(following, at) or is_skipped(following, at, zone)
        due = following


def is_skipped(day: dt.date, at: dt.time, zone: ZoneInfo) -> bool:
    """Whether no moment of three days is shown as this time of this day."""
    noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
    minutes = (noon + dt.timedelta(minutes=n) for n in range(-2160, 2160))
    wall = dt.datetime.combine(day, at)
    return all(minute.astimezone(zone).replace(tzinfo=None) != wall for minute in minutes)


@always_alike(max_examples=120)
@given(rules(), days, st.integers(-10, 800), times, zones, st.integers(-24 * 30, 24 * 800))
def test_what_is_done_late_goes_to_the_first_that_is_not_past(
    rule: str, start: dt.date, days_later: int, at: dt.time | None, zone: ZoneInfo, hours: int
) -> None:
    due = start + DAY * days_later
    when = model.moment(due, at or dt.time(12), zone)
    now = when + dt.timedelta(hours=hours, minutes=7)
    local = now.astimezone(zone).date()
    step = complete(Recurrence(rule, start), due, at, now, zone)
    horizon = max(due, local, start) + DAY * 800
    for day in model.Model(rule, start).days(horizon):
        is_after = day > max(due, local) if at is None else model.moment(day, at, zone) > max(when, now)
        if day > due and is_after:
            assert step
            assert step.due == day
            return
    assert step is None or step.due > horizon


@always_alike(max_examples=120)
@given(rules(), days, times, zones, st.integers(-24 * 400, 24 * 400))
def test_the_first_is_the_first_that_is_not_past(rule: str, start: dt.date, at: dt.time | None, zone: ZoneInfo, hours: int) -> None:
    now = model.moment(start, at or dt.time(12), zone) + dt.timedelta(hours=hours)
    horizon = max(start, now.date()) + DAY * 800
    expected = (day for day in model.Model(rule, start).days(horizon) if no_earlier(day, at, zone, now))
    found = first(Recurrence(rule, start), at, now, zone)
    following = next(expected, None)
    assert found == following or (following is None and found is not None and found > horizon)


@always_alike(max_examples=120)
@given(rules(), days, times, zones, st.integers(-24 * 40, 24 * 400))
def test_counted_from_completion_it_is_the_first_after_that_day(
    rule: str, start: dt.date, at: dt.time | None, zone: ZoneInfo, hours: int
) -> None:
    recurrence = Recurrence(rule, start, from_completion=True)
    due = first(Recurrence(rule, start), None, dt.datetime(1990, 1, 1, tzinfo=dt.UTC), zone)
    if due is None:
        return
    now = model.moment(due, at or dt.time(12), zone) + dt.timedelta(hours=hours)
    done = now.astimezone(zone).date()
    step = complete(recurrence, due, at, now, zone)
    parts = dict(part.split("=") for part in rule.split(";"))
    left = int(parts.pop("COUNT", 0))
    if left == 1:
        assert step is None
        return
    # What names its days isn't due twice on one of them; and an interval is counted from the last of them.
    if {"BYDAY", "BYMONTHDAY"} & parts.keys():
        done = max(due, done)
    uncounted = ";".join(f"{name}={value}" for name, value in parts.items())
    if "INTERVAL" not in parts:
        following = next((day for day in model.Model(uncounted, done).days(done + DAY * 1500) if day > done), None)
        assert (step and step.due) == following or (following is None and step and step.due > done + DAY * 1500)
    if step:
        assert step.due > done
        assert step.recurrence.start == step.due
        assert step.recurrence.from_completion
        assert (f"COUNT={left - 1}" in step.recurrence.rule) == bool(left)
        assert check_rule(step.recurrence.rule) == step.recurrence.rule


@always_alike(max_examples=150)
@given(rules(), days, st.integers(-40, 400), times, zones, st.booleans(), st.integers(0, 15))
def test_what_is_upcoming_begins_with_the_due_day_and_only_grows(
    rule: str, start: dt.date, days_later: int, at: dt.time | None, zone: ZoneInfo, from_completion: bool, count: int
) -> None:
    recurrence = Recurrence(rule, start, from_completion)
    due = start + DAY * days_later
    found = upcoming(recurrence, due, at, zone, count)
    assert len(found) <= count
    assert all(each.reason for each in found)
    assert [each.due for each in found[:1]] == [due][:count]
    assert all(one.due < other.due for one, other in itertools.pairwise(found))
    moments = [each.moment for each in found if each.moment]
    assert len(moments) == (len(found) if at else 0)
    assert all(one < other for one, other in itertools.pairwise(moments))
    assert all(each.due == day for each, day in zip(found, chain_of_skips(recurrence, due, at, zone, len(found)), strict=True))


def chain_of_skips(recurrence: Recurrence, due: dt.date, at: dt.time | None, zone: ZoneInfo, count: int) -> list[dt.date]:
    found = [due]
    while len(found) < count:
        step = skip(recurrence, found[-1], at, zone)
        assert step
        recurrence = step.recurrence
        found.append(step.due)
    return found[:count]


@always_alike(max_examples=150)
@given(days, st.times(), zones)
def test_a_time_is_the_moment_when_the_clocks_show_it_first(day: dt.date, at: dt.time, zone: ZoneInfo) -> None:
    assert moment(day, at, zone) == model.moment(day, at, zone)
    assert moment(day, at, zone).tzinfo is dt.UTC


PIECES = [
    "FREQ=", "DAILY", "WEEKLY", "MONTHLY", "YEARLY", "HOURLY", "INTERVAL=", "COUNT=", "UNTIL=", "BYDAY=", "BYMONTHDAY=", "BYMONTH=",
    "BYSETPOS=", "WKST=", "BYHOUR=", ";", ";", ";", ",", ",", "=", "MO", "2TU", "-1FR", "0MO", "54MO", "0", "1", "2", "31", "-31",
    "99999", "9" * 300, "20260831", "20260832", "20260831T220000Z", "00010101", "99991231", "RRULE:", "DTSTART:", " ", "\n", "²",
    "١", "ı", "\ud800",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES) | st.text(max_size=3), max_size=25).map("".join) | st.builds(
    lambda rule, cut, piece, end: rule[:cut] + piece + rule[end:],
    rules(),
    st.integers(0, 80),
    st.sampled_from(PIECES),
    st.integers(0, 80),
)


@always_alike(max_examples=500)
@given(texts)
def test_any_text_is_a_rule_or_said_to_be_none(text: str) -> None:
    if not is_rule(text):
        return
    rule = check_rule(text)
    assert check_rule(rule) == rule
    assert check_rule(f" rrule:{rule.lower()} ") == rule
    assert describe(rule)


@always_alike(max_examples=80)
@given(rules(), st.integers(0, 800), times, zones, st.booleans())
def test_at_the_ends_of_the_calendar_a_rule_ends(
    rule: str, days_back: int, at: dt.time | None, zone: ZoneInfo, from_completion: bool
) -> None:
    for due in (dt.date.max - DAY * days_back, dt.date.min + DAY * days_back):
        recurrence = Recurrence(rule, due, from_completion)
        assert upcoming(recurrence, due, at, zone)[0].due == due
        step = skip(recurrence, due, at, zone)
        assert step is None or step.due > due
        now = dt.datetime(2026, 3, 4, 10, tzinfo=dt.UTC)
        step = complete(recurrence, due, at, now, zone)
        assert step is None or step.due > min(due, now.date())
        first(recurrence, at, now, zone)
