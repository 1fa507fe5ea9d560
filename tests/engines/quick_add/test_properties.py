"""What holds for every text, every task, every moment and every zone."""

import datetime as dt
import functools
import operator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.engines.quick_add.conftest import examples
from todo_app.quick_add import ParsedTask, Preferences, parse, render
from todo_app.quick_add.language import Language
from todo_app.quick_add.languages import LANGUAGES
from todo_app.quick_add.recurrences import Rule
from todo_app.quick_add.tokens import QUOTES

NOW = dt.datetime.fromisoformat("2026-03-04T10:00:00")  # on the clock of whatever zone it is read in
BERLIN = ZoneInfo("Europe/Berlin")
# From −12 to +14, with and without daylight saving time, some by half an hour and some on the southern half.
ZONES = [
    "Etc/GMT+12", "Pacific/Honolulu", "America/New_York", "America/St_Johns", "UTC", "Europe/Berlin", "Africa/Casablanca",
    "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Kiritimati",
]  # fmt: skip

always_alike = functools.partial(settings, derandomize=True, deadline=None, database=None)
languages = st.sampled_from(sorted(LANGUAGES))
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.integers(631152000, 4417977600).map(lambda second: dt.datetime.fromtimestamp(second, dt.UTC))  # 1990 to 2110
# Any characters at all, half surrogate pairs and NUL among them.
anything = st.text(st.characters(), max_size=40)


@functools.cache
def pieces(language: str) -> list[str]:
    """What the examples are made of, and what is more likely to confuse."""
    words = {word for each in examples() if each.moment.preferences.language == language for word in each.text.split()}
    odd = [
        "#",
        "@",
        '"',
        "“",
        "”",
        "„",
        "\\",
        "\\\\",
        ",",
        ":",
        ".",
        "!",
        "1",
        "27.",
        "(",
        "\x00",
        "\ud800",
        "ß",
        "🥞",
        "א",
        "\u0301",
    ]
    return sorted(words) + odd * 5


@functools.cache
def texts_in(language: str) -> st.SearchStrategy[str]:
    """Texts as people would never type them."""
    piece = st.sampled_from(pieces(language)) | anything
    gap = st.sampled_from([" ", " ", " ", "  ", "", ",", ", ", "\n", "\u2028"])
    return st.lists(st.tuples(piece, gap), max_size=12).map(lambda pairs: "".join(part for pair in pairs for part in pair))


texts = languages.flatmap(lambda language: st.tuples(texts_in(language), st.just(Preferences(language))))


@always_alike(max_examples=250)
@given(texts)
def test_the_spans_are_in_the_text_in_order_and_the_title_is_the_rest(typed: tuple[str, Preferences]) -> None:
    text, preferences = typed
    task = parse(text, NOW, BERLIN, preferences)
    end, rest = 0, ""
    for span in task.spans:
        assert end <= span.start < span.end <= len(text)
        rest += text[end : span.start]
        end = span.end
    assert "".join((rest + text[end:]).split()) == "".join(task.title.split())
    assert task.title == " ".join(task.title.split())


@always_alike(max_examples=250)
@given(texts)
def test_what_was_read_can_be_written_and_read_again(typed: tuple[str, Preferences]) -> None:
    text, preferences = typed
    task = parse(text, NOW, BERLIN, preferences)
    assert parse(render(task, NOW, BERLIN, preferences), NOW, BERLIN, preferences) == task


@functools.cache
def rules() -> st.SearchStrategy[Rule]:
    """Every recurrence that a line can say."""
    weekdays = st.sets(st.integers(0, 6), min_size=1, max_size=7).map(sorted).map(tuple)
    month_days = st.sets(st.integers(1, 31), min_size=1, max_size=4).map(sorted).map(tuple)
    intervals = st.integers(1, 400)
    years = st.tuples(st.integers(1, 12), st.integers(1, 29))
    nth = st.sampled_from([(1,), (2,), (3,), (4,), (5,), (-1,), (1, 3), (2, -1)])
    plain = st.one_of(
        st.builds(Rule, st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]), intervals),
        st.builds(Rule, st.just("WEEKLY"), intervals, weekdays=weekdays),
        st.builds(Rule, st.just("MONTHLY"), intervals, month_days=month_days),
        st.builds(Rule, st.just("MONTHLY"), intervals, month_days=st.just((-1,))),
        st.builds(
            lambda n, day, month: Rule("YEARLY", month=month, weekdays=(day,), nth=(n,)),
            st.sampled_from([1, 2, 3, 4, -1]),
            st.integers(0, 6),
            st.integers(1, 12),
        ),
        st.builds(Rule, st.just("MONTHLY"), weekdays=st.integers(0, 6).map(lambda day: (day,)), nth=nth),
        st.builds(Rule, st.just("MONTHLY"), weekdays=st.just((0, 1, 2, 3, 4)), position=st.sampled_from([*range(1, 21), -1])),
        years.map(lambda year: Rule("YEARLY", month=year[0], month_days=(year[1],))),
    )
    ends = st.one_of(
        st.just({}),
        st.builds(lambda day: {"until": day}, st.dates(dt.date(2110, 1, 1), dt.date(2300, 1, 1))),
        st.builds(lambda n: {"count": n}, st.integers(1, 999)),
    )
    return st.builds(lambda rule, end: Rule(**{**vars(rule), **end}), plain, ends)


@functools.cache
def names() -> st.SearchStrategy[str]:
    """Names of projects and labels that a line can say."""
    marks = set(QUOTES) | set("".join(QUOTES.values()))
    spaced = anything.map(lambda name: " ".join(name.split())).filter(lambda name: name and not marks & set(name))
    return spaced | st.sampled_from(["Home", "two words", "42", "p1", "every day", "a,", "#x", "\\"])


@st.composite
def tasks(draw: st.DrawFn, language: str) -> ParsedTask:
    """Any task that a line can say."""
    title = " ".join(draw(texts_in(language)).split())
    rule = draw(st.none() | rules())
    day = draw(st.none() | st.dates(dt.date(2026, 3, 5), dt.date(2100, 1, 1)))
    if rule:
        day = rule.first(day or dt.date(2026, 3, 5))
    return ParsedTask(
        title=title,
        due_date=day,
        due_time=draw(st.none() | st.times().map(lambda time: time.replace(second=0, microsecond=0))) if day else None,
        rrule=str(rule) if rule else None,
        from_completion=bool(rule) and draw(st.booleans()),
        priority=draw(st.none() | st.integers(1, 4)),
        project=draw(st.none() | names()),
        labels=tuple(draw(st.lists(names(), max_size=2, unique_by=str.casefold))),
    )


@always_alike(max_examples=200)
@given(languages.flatmap(lambda language: st.tuples(tasks(language), st.just(Preferences(language)))))
def test_any_task_can_be_written_and_read(made: tuple[ParsedTask, Preferences]) -> None:
    task, preferences = made
    assert parse(render(task, NOW, BERLIN, preferences), NOW, BERLIN, preferences) == task


@always_alike(max_examples=120)
@given(texts, st.data())
def test_what_is_dismissed_stays_title(typed: tuple[str, Preferences], data: st.DataObject) -> None:
    text, preferences = typed
    understood = [span for span in parse(text, NOW, BERLIN, preferences).spans if span.kind != "escape"]
    dismissed = data.draw(st.lists(st.sampled_from(understood), unique=True)) if understood else []
    again = parse(text, NOW, BERLIN, preferences, dismissed)
    for span in dismissed:
        # A mark that went with a part goes with another perhaps.
        words = "".join(text[span.start : span.end].strip(",:; ").split())
        assert words in "".join(again.title.split())


def words_of(language: Language) -> set[str]:
    """Every word that could be one of a phrase."""
    templates = [language.dates, language.times, language.recurrences, language.tails, language.words]
    listed: list[Any] = [*language.weekdays, *language.mondays, *language.months, *language.units.values(), *language.dayparts]
    phrases = functools.reduce(operator.iadd, (list(forms) for table in templates for forms in table.values()), listed)
    separated = "".join(c if c.isalpha() else " " for c in " ".join([*phrases, *language.numbers, *language.ordinals]).lower())
    return set(separated.split())


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_words_with_keywords_inside_stay_words(code: str) -> None:
    known = words_of(LANGUAGES[code])
    assert len(known) > 150
    for word in sorted(known):
        for made in (
            f"x{word}",
            f"{word}q",
            f"{word}-x",
            f"x-{word}",
            f"{word}'s",
            f"{word}.com",
            f"{word}_",
            f"_{word}",
            f"/{word}/",
        ):
            if made not in known:
                text = f"Buy {made} stock"
                assert parse(text, NOW, BERLIN, Preferences(code)) == ParsedTask(text)


@always_alike(max_examples=120)
@given(moments, zones, st.integers(1, 500))
def test_after_so_many_hours_so_much_time_has_passed(now: dt.datetime, zone: ZoneInfo, hours: int) -> None:
    task = parse(f"Run in {hours} hours", now, zone)
    later = (now + dt.timedelta(hours=hours)).astimezone(zone)
    assert (task.due_date, task.due_time) == (later.date(), later.time().replace(second=0, microsecond=0))


@always_alike(max_examples=120)
@given(moments, zones, st.times())
def test_a_time_alone_is_the_next_such_time(now: dt.datetime, zone: ZoneInfo, time: dt.time) -> None:
    task = parse(f"Run at {time:%H:%M}", now, zone)
    local = now.astimezone(zone)
    assert task.due_time == time.replace(second=0, microsecond=0)
    is_past = task.due_time < local.time().replace(second=0, microsecond=0)
    assert task.due_date == local.date() + dt.timedelta(days=is_past)


@always_alike(max_examples=120)
@given(moments, zones, st.dates(dt.date(1990, 1, 1), dt.date(2110, 1, 1)))
def test_a_day_is_that_day_in_every_zone(now: dt.datetime, zone: ZoneInfo, day: dt.date) -> None:
    for text in (f"{day}", f"{day:%d/%m/%Y}", f"{day:%B %d %Y}", f"{day:%d %b} {day:%Y}"):
        assert parse(f"Run {text}", now, zone).due_date == day


@always_alike(max_examples=120)
@given(moments, zones, st.integers(0, 6), st.integers(0, 6))
def test_weekdays_are_the_ones_of_the_spec(now: dt.datetime, zone: ZoneInfo, weekday: int, week_start: int) -> None:
    name = LANGUAGES["en"].weekdays[weekday].split()[0]
    today = now.astimezone(zone).date()
    bare = parse(f"Run {name}", now, zone).due_date
    assert bare
    assert bare.weekday() == weekday
    assert 1 <= (bare - today).days <= 7
    following = parse(f"Run next {name}", now, zone, Preferences(week_start=week_start)).due_date
    assert following
    assert following.weekday() == weekday
    begin = today - dt.timedelta(days=(today.weekday() - week_start) % 7)
    assert 7 <= (following - begin).days < 14


@always_alike(max_examples=120)
@given(moments, zones, st.integers(1, 12), st.integers(1, 29))
def test_a_day_of_a_month_is_the_next_one(now: dt.datetime, zone: ZoneInfo, month: int, day: int) -> None:
    name = LANGUAGES["en"].months[month - 1].split()[0]
    today = now.astimezone(zone).date()
    due = parse(f"Run {name} {day}", now, zone).due_date
    assert due
    assert (due.month, due.day) == (month, day)
    assert due >= today
    assert (due - today).days < (366 if (month, day) != (2, 29) else 8 * 366)


@always_alike(max_examples=150)
@given(moments, zones, rules(), st.none() | st.times())
def test_the_first_occurrence_is_the_first_day_that_fits(
    now: dt.datetime, zone: ZoneInfo, rule: Rule, time: dt.time | None
) -> None:
    local = now.astimezone(zone)
    phrase = render(ParsedTask("Run", rrule=str(rule)), now, zone) + (f" at {time:%H:%M}" if time else "")
    task = parse(phrase, now, zone)
    assert task.due_date
    assert task.rrule == str(rule)
    is_past = time is not None and (time.hour, time.minute) < (local.hour, local.minute)
    start = local.date() + dt.timedelta(days=is_past)
    fitting = (day for n in range(800) if rule.falls_on(day := start + dt.timedelta(days=n)))
    assert task.due_date == next(fitting)


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_texts_made_to_be_slow_are_read_all_the_same(code: str) -> None:
    """No time is asserted: whatever grows faster than the text would not come back from these for minutes."""
    seeds = (
        '1|"|" |„|„ |#|# |#a |\\|\\mon |mon |mon... |every |every mon, |1/|at 1 |27th, |until friday |every first, second, '
        "|in 5min |p1 |jeden 2., 3. |jeden Mo, |\ud800|🥞 |(|\t|today,"
    )
    for seed in seeds.split("|"):
        for begin in ("", "every day ", '#"'):
            text = begin + seed * (2_000 // len(seed))
            assert len(parse(text, NOW, BERLIN, Preferences(code)).title) <= len(text)
    assert parse("9" * 100_000, NOW, BERLIN, Preferences(code)).title == "9" * 100_000
