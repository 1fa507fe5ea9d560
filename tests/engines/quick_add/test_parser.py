"""What the examples can't say: spans, dismissing, lines, the tables, and that the page for people is true."""

import ast
import datetime as dt
import inspect
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import todo_app.quick_add
from tests.engines.quick_add.conftest import examples, read_row
from todo_app.quick_add import ParsedTask, Preferences, Span, parse, parse_lines, render
from todo_app.quick_add.dates import DATES
from todo_app.quick_add.languages import LANGUAGES
from todo_app.quick_add.recurrences import RECURRENCES, Rule
from todo_app.quick_add.templates import PLACES, SAME, expand
from todo_app.quick_add.times import TIMES

ROOT = Path(__file__).parents[3]
NOW = dt.datetime.fromisoformat("2026-03-04T10:00:00")  # on the clock of whatever zone it is read in
BERLIN = ZoneInfo("Europe/Berlin")


def shown(text: str, task: ParsedTask) -> list[tuple[str, str]]:
    return [(text[span.start : span.end], span.kind) for span in task.spans]


def test_every_part_has_its_span() -> None:
    text = 'Call Bob #"big deal" @work every mon at 20:00 until aug 20, \\today p1'
    assert shown(text, parse(text, NOW, BERLIN)) == [
        ('#"big deal"', "project"),
        ("@work", "label"),
        ("every mon", "recurrence"),
        ("at 20:00", "time"),
        ("until aug 20", "recurrence"),
        ("\\", "escape"),
        ("p1", "priority"),
    ]


def test_a_recurrence_and_its_end_are_one_span() -> None:
    text = "Run every day starting aug 3 until aug 20 p1"
    assert shown(text, parse(text, NOW, BERLIN))[0] == ("every day starting aug 3 until aug 20", "recurrence")


def test_spans_count_characters_whatever_they_are() -> None:
    assert parse("🥞 today", NOW, BERLIN).spans == (Span(2, 7, "date"),)


def test_a_dismissed_part_stays_title_and_the_rest_is_understood() -> None:
    text = "Read next friday tomorrow p1"
    friday = Span(5, 16, "date")
    assert parse(text, NOW, BERLIN, dismissed=[(17, 25)]).spans[0] == friday
    task = parse(text, NOW, BERLIN, dismissed=[friday])
    assert (task.title, task.due_date, task.priority) == ("Read next friday", dt.date(2026, 3, 5), 1)


def test_said_is_what_was_said() -> None:
    assert parse("Run", NOW, BERLIN).said() == {"title": "Run"}
    assert parse("Run every! day p1 @a #b", NOW, BERLIN).said() == {
        "title": "Run",
        "due_date": dt.date(2026, 3, 4),
        "rrule": "FREQ=DAILY",
        "from_completion": True,
        "priority": 1,
        "labels": ("a",),
        "project": "b",
    }


def test_each_line_is_a_task_and_indentation_makes_subtasks() -> None:
    text = "Party friday\n\tInvite @phone\n\t\tAna\n\t\tBob\n\n\tCake p1\nTidy up\n    Kitchen\n  Bath\n      Tub\r\n   \nRest"
    lines = [(line.task.title, line.depth, line.parent) for line in parse_lines(text, NOW, BERLIN)]
    assert lines == [
        ("Party", 0, None),
        ("Invite", 1, 0),
        ("Ana", 2, 1),
        ("Bob", 2, 1),
        ("Cake", 1, 0),
        ("Tidy up", 0, None),
        ("Kitchen", 1, 5),
        ("Bath", 1, 5),
        ("Tub", 2, 7),
        ("Rest", 0, None),
    ]


def test_bullets_are_no_part_of_titles() -> None:
    text = "- Milk today\n* [ ] Bread\n  - [x] Rye\n• Eggs\n-5 degrees\n1. Mai"
    assert [line.task.title for line in parse_lines(text, NOW, BERLIN)] == ["Milk", "Bread", "Rye", "Eggs", "-5 degrees", "1. Mai"]
    assert parse_lines("", NOW, BERLIN) == []


def test_an_aware_moment_is_brought_to_the_person_s_clock() -> None:
    late = dt.datetime(2026, 3, 4, 23, 30, tzinfo=dt.UTC)
    assert parse("today", late, BERLIN).due_date == dt.date(2026, 3, 5)
    assert parse("today", late, dt.timezone(dt.timedelta(hours=-12))).due_date == dt.date(2026, 3, 4)


def test_what_no_line_can_say_is_refused() -> None:
    with pytest.raises(ValueError, match="recurrence"):
        render(ParsedTask("Run", rrule="FREQ=HOURLY"), NOW, BERLIN)
    with pytest.raises(ValueError, match="recurrence"):
        render(ParsedTask("Run", rrule="FREQ=DAILY;BYHOUR=9"), NOW, BERLIN)
    with pytest.raises(ValueError, match="quotation"):
        render(ParsedTask("Run", project='a" b” c“ d» e«'), NOW, BERLIN)


def test_an_unknown_language_is_an_error() -> None:
    with pytest.raises(KeyError):
        parse("Run", NOW, BERLIN, Preferences("xx"))


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_a_table_has_a_word_for_everything_and_knows_only_what_the_engine_does(code: str) -> None:
    language = LANGUAGES[code]
    assert (len(language.weekdays), len(language.months), len(language.figures)) == (7, 12, 31)
    assert set(language.units) == {"minute", "hour", "day", "week", "month", "quarter", "year"}
    assert set(language.dates) <= set(DATES)
    assert set(language.times) <= set(TIMES)
    assert set(language.recurrences) == set(RECURRENCES)
    assert set(language.tails) == {"starting", "until", "for", "times", "daypart"}
    for table in (language.dates, language.times, language.recurrences, language.tails, language.words):
        for templates in table.values():
            for form in (form for template in templates for form in expand(template)):
                assert not set("[]()|~") & set(form), form
                assert all(re.fullmatch(r"\{\w+\}", slot) for slot in re.findall(r"\{.*?\}", form))
                assert [slot for slot in re.findall(r"\{(\w+)\}", form) if slot in PLACES] in ([], ["end"], ["start"])


@pytest.mark.parametrize("code", sorted(LANGUAGES))
def test_what_a_phrase_means_takes_what_stands_in_its_slots(code: str) -> None:
    language = LANGUAGES[code]
    tables = (language.dates, DATES, {"now"}), (language.times, TIMES, set()), (language.recurrences, RECURRENCES, set())
    for templates, meanings, given in tables:
        for meaning, each in templates.items():
            for form in (form for template in each for form in expand(template)):
                # Of a recurrence the part of the day is its time.
                unread = {*PLACES, "daypart"} if meanings is RECURRENCES else PLACES
                slots = {SAME.get(slot, slot) for slot in re.findall(r"\{(\w+)\}", form) if slot not in unread}
                inspect.signature(meanings[meaning]).bind(**dict.fromkeys(slots | given))


def test_a_start_in_the_past_stays_where_nothing_is_to_come() -> None:
    for text in ("every day starting 2020-01-01 until 2020-02-01", "every day starting 2020-01-01 for 3 weeks"):
        assert parse(text, NOW, BERLIN).due_date == dt.date(2020, 1, 1)
    last = dt.datetime.fromisoformat("9999-12-31T10:00:00")
    assert parse("every 2 days starting 9999-12-30", last, BERLIN).due_date == dt.date(9999, 12, 30)


def test_the_engine_has_no_words_of_any_language() -> None:
    """Whatever people type is in the tables: the engine's own texts are names of kinds, meanings, slots and units."""
    directory = Path(todo_app.quick_add.__file__).parent
    words = {
        word
        for language in LANGUAGES.values()
        for words in (*language.weekdays, *language.months)
        for word in words.lower().split()
        if len(word) > 2  # MO and FR are also what RFC 5545 calls them
    }
    for path in directory.glob("*.py"):
        texts = {
            node.value.lower()
            for node in ast.walk(ast.parse(path.read_text("utf-8")))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        assert not texts & words, path.name


def test_a_rule_can_be_read_back() -> None:
    for example in examples():
        if example.task.rrule:
            assert str(Rule.from_text(example.task.rrule)) == example.task.rrule


def test_the_page_for_people_has_only_examples_that_are_tested() -> None:
    """Its tables: what one types, the title, when, the recurrence and the rest, on Wednesday 4 March 2026 at ten."""
    page = (ROOT / "docs/quick-add.md").read_text("utf-8")
    tested = {(example.text, example.task) for example in examples() if example.moment.now.isoformat() == "2026-03-04T10:00:00"}
    rows = re.findall(r"^\| `(.+?)` +\| (.*) \|$", page, re.MULTILINE)
    assert len(rows) > 60
    for text, cells in rows:
        cells = re.sub(r"`(.*?)`", r"\1", cells)
        assert (text, read_row(f"{text} | {cells}")) in tested, text
