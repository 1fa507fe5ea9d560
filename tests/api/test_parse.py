"""`POST /api/parse`: what a line means."""

from typing import Any, get_args

import pytest

from tests.api.conftest import Api, assert_problem
from todo_app.quick_add.languages import LANGUAGES
from todo_app.schemas.accounts import Language

WEDNESDAY = {"now": "2026-03-04T10:00:00", "timezone": "Europe/Berlin"}


def read(api: Api, text: str, **fields: Any) -> dict[str, Any]:
    answer = api.post("/api/parse", json={"text": text, **WEDNESDAY, **fields})
    assert answer.status_code == 200, answer.text
    task: dict[str, Any] = answer.json()
    return task


def test_a_line_is_a_whole_task(ana: Api) -> None:
    assert read(ana, 'Call Bob #"big deal" @work @phone every! mon, wed at 20:00 p1') == {
        "title": "Call Bob",
        "due_date": "2026-03-04",
        "due_time": "20:00",
        "rrule": "FREQ=WEEKLY;BYDAY=MO,WE",
        "from_completion": True,
        "priority": 1,
        "project": "big deal",
        "labels": ["work", "phone"],
        "spans": [
            {"start": 9, "end": 20, "kind": "project"},
            {"start": 21, "end": 26, "kind": "label"},
            {"start": 27, "end": 33, "kind": "label"},
            {"start": 34, "end": 49, "kind": "recurrence"},
            {"start": 50, "end": 58, "kind": "time"},
            {"start": 59, "end": 61, "kind": "priority"},
        ],
    }


def test_what_is_not_said_is_null(ana: Api) -> None:
    nothing = dict.fromkeys(("due_date", "due_time", "rrule", "priority", "project"))
    for text in ("Buy milk", ""):
        assert read(ana, text) == {"title": text, **nothing, "from_completion": False, "labels": [], "spans": []}


def test_nothing_is_added(ana: Api) -> None:
    read(ana, "Buy milk tomorrow")
    assert ana.titles() == []


def test_a_moment_with_an_offset_is_brought_to_the_zone(ana: Api) -> None:
    assert read(ana, "today", now="2026-03-04T23:30:00Z")["due_date"] == "2026-03-05"
    assert read(ana, "today", now="2026-03-04T23:30:00-01:00", timezone="America/New_York")["due_date"] == "2026-03-04"
    assert read(ana, "in 1 hour", now="2026-03-04T23:30:00.5")["due_time"] == "00:30"
    assert read(ana, "in 1 hour", now="2026-03-29T01:30")["due_time"] == "03:30"


def test_the_zone_and_the_week_are_the_person_s_own_unless_said(ana: Api) -> None:
    ana.patch("/api/me", json={"time_zone": "Pacific/Kiritimati", "week_start": 6})
    saturday = "2026-03-07T12:00:00Z"  # in Kiritimati it is Sunday
    assert read(ana, "today", now=saturday, timezone=None)["due_date"] == "2026-03-08"
    assert read(ana, "next friday", now=saturday, timezone=None)["due_date"] == "2026-03-20"
    assert read(ana, "next friday", now=saturday, timezone=None, week_start=0)["due_date"] == "2026-03-13"


def test_without_a_moment_it_is_now(ana: Api) -> None:
    soon = ana.post("/api/parse", json={"text": "in 2 hours"}).json()
    assert soon["due_date"] > "2026-01-01"
    assert soon["due_time"]


def test_languages_and_the_order_of_dates(ana: Api) -> None:
    assert read(ana, "Laufen jeden zweiten Tag", language="de")["rrule"] == "FREQ=DAILY;INTERVAL=2"
    assert read(ana, "Laufen jeden zweiten Tag")["rrule"] is None
    assert read(ana, "3/4")["due_date"] == "2026-04-03"
    assert read(ana, "3/4", date_order="mdy")["due_date"] == "2026-03-04"
    assert set(get_args(get_args(Language)[0])) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", None),
        ("text", 5),
        ("text", "a\x00b"),
        ("text", "x" * 20_001),
        ("now", "2026-03-04"),
        ("now", "2026-02-30T10:00:00"),
        ("now", "2026-03-04T25:00:00"),
        ("now", "2026-03-04T10:00:00+25:00"),
        ("now", "0001-01-01T00:00:00+14:00"),
        ("now", "9999-12-31T23:59:59-12:00"),
        ("now", "٢٠٢٦-03-04T10:00:00"),
        ("now", 1772614800),
        ("timezone", "Mars/Olympus"),
        ("timezone", "../etc/passwd"),
        ("language", "xx"),
        ("date_order", "ymd"),
        ("week_start", 7),
        ("week_start", "0"),
        ("dismissed", 5),
        ("dismissed", [[0, 1]] * 101),
        ("surprise", 1),
    ],
)
def test_what_is_wrong_is_named(ana: Api, field: str, value: Any) -> None:
    assert_problem(ana.post("/api/parse", json={"text": "Buy milk", field: value}), 422, f"/{field}")


def test_half_a_surrogate_pair_is_refused(ana: Api) -> None:
    answer = ana.post("/api/parse", content=b'{"text": "\\ud800"}', headers={"Content-Type": "application/json"})
    assert_problem(answer, 422)


def test_the_longest_text_is_read(ana: Api) -> None:
    text = ("every mon, " * 2_000)[:20_000]
    assert len(read(ana, text)["title"]) <= 20_000
    assert read(ana, "x" * 20_000)["title"] == "x" * 20_000


def test_the_first_and_the_last_year_that_can_be_said(ana: Api) -> None:
    for now in ("0002-01-01T00:00:00+14:00", "9998-12-31T23:59:59-12:00"):
        for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
            for text in (
                "in 9999 weeks",
                "every last day for 9999 years",
                "yesterday",
                "next year",
                "feb 29",
                "every day until jan 5",
            ):
                read(ana, text, now=now, timezone=zone)


def test_a_dismissed_part_stays_title(ana: Api) -> None:
    assert read(ana, "Read 🌍 today p1", dismissed=[[7, 12]])["title"] == "Read 🌍 today"
    for refused in ([[0, 1, 2]], [[-1, 1]], [["0", 1]]):
        assert_problem(ana.post("/api/parse", json={"text": "x", "dismissed": refused}), 422)


def test_somebody_must_ask(api: Api) -> None:
    assert_problem(api.post("/api/parse", json={"text": "Buy milk"}), 401)


def test_it_is_described(api: Api) -> None:
    operation = api.get("/openapi.json").json()["paths"]["/api/parse"]["post"]
    assert operation["security"]
    assert set(operation["responses"]) == {"200", "401", "408", "413", "415", "422", "503", "507"}
