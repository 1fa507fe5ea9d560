"""Tasks that come again, as rows: completing, skipping, undoing, and fields that depend on each other."""

import datetime as dt
from typing import Any

import pytest

from tests.services.organising import Person
from todo_app.errors import Invalid
from todo_app.schemas.tasks import ChangeList, OccurrenceList, TaskFields, TaskView
from todo_app.services import recurring, task_lists, tasks

WEDNESDAY = dt.datetime(2026, 3, 4, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def _on_a_wednesday(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is Wednesday 4 March 2026, 11:00 in Berlin."""
    from todo_app.services import actor

    for module in (actor, recurring, tasks):
        monkeypatch.setattr(module, "utc_now", lambda: WEDNESDAY)


def complete(at_work: Person, task_id: Any) -> TaskView:
    view: TaskView = at_work.do(tasks.toggle_task, task_id)
    return view


def day(task: TaskView) -> str:
    return str(task.due_date)


def test_completing_moves_on_and_keeps_when_it_was_done(at_work: Person) -> None:
    task = at_work.add("Water the plants", due_date="2026-03-02", rrule="FREQ=WEEKLY;BYDAY=MO")
    view = complete(at_work, task)
    assert (day(view), view.completed, view.last_completed_at) == ("2026-03-09", False, WEDNESDAY)
    assert at_work.read(task_lists.completed_today) == 1
    history: ChangeList = at_work.read(tasks.history, task)
    assert (history.items[0].items[0].before or {})["due_date"] == "2026-03-02"


def test_undo_takes_it_back_to_the_day_it_was_due(at_work: Person) -> None:
    task = at_work.add("Water", due_date="2026-03-02", rrule="FREQ=DAILY;COUNT=2")
    before = at_work.everything()
    complete(at_work, task)
    at_work.undo()
    assert at_work.everything() == before


def test_the_last_time_it_is_completed_for_good(at_work: Person) -> None:
    task = at_work.add("Pills", due_date="2026-03-03", rrule="FREQ=DAILY;UNTIL=20260305")
    assert day(complete(at_work, task)) == "2026-03-05"
    done = complete(at_work, task)
    assert (done.completed, day(done)) == (True, "2026-03-05")
    assert not complete(at_work, task).completed


def test_from_completion_it_is_counted_from_today(at_work: Person) -> None:
    task = at_work.add("Haircut", due_date="2026-02-01", rrule="FREQ=WEEKLY;INTERVAL=6", from_completion=True)
    assert day(complete(at_work, task)) == "2026-04-15"


def test_month_ends_clamp(at_work: Person) -> None:
    task = at_work.add("Rent", due_date="2026-03-31", rrule="FREQ=MONTHLY")
    assert [day(complete(at_work, task)) for _ in range(3)] == ["2026-04-30", "2026-05-31", "2026-06-30"]


def test_the_clock_is_that_of_the_due_time(at_work: Person) -> None:
    # In Auckland it is 23:00, so today's 23:30 is still to come; in Lima it is 5:00.
    late = at_work.add("x", due_date="2026-03-03", due_time="23:30", time_zone="Pacific/Auckland", rrule="FREQ=DAILY")
    early = at_work.add("x", due_date="2026-03-03", due_time="04:30", time_zone="America/Lima", rrule="FREQ=DAILY")
    assert [day(complete(at_work, each)) for each in (late, early)] == ["2026-03-04", "2026-03-05"]


def test_its_subtasks_begin_anew_and_one_undo_completes_them_again(at_work: Person) -> None:
    task = at_work.add("Clean", due_date="2026-03-04", rrule="FREQ=WEEKLY")
    kitchen = at_work.add("Kitchen", parent_id=task)
    complete(at_work, kitchen)
    complete(at_work, task)
    assert not at_work.see(kitchen).completed
    at_work.undo()
    assert at_work.see(kitchen).completed


def test_skipping_goes_to_the_next_date_and_completes_nothing(at_work: Person) -> None:
    task = at_work.add("Run", due_date="2026-03-02", rrule="FREQ=DAILY")
    view = at_work.do(tasks.skip_occurrence, task)
    assert (day(view), view.last_completed_at) == ("2026-03-03", None)
    at_work.undo()
    assert day(at_work.see(task)) == "2026-03-02"


@pytest.mark.parametrize("values", [{}, {"due_date": "2026-03-04"}, {"due_date": "2026-03-04", "rrule": "FREQ=DAILY;COUNT=1"}])
def test_what_has_no_next_date_can_t_be_skipped(at_work: Person, values: dict[str, Any]) -> None:
    task = at_work.add("Once", **values)
    with pytest.raises(Invalid) as caught:
        at_work.do(tasks.skip_occurrence, task)
    assert [error.pointer for error in caught.value.errors] == ["/rrule"]


def test_a_postponed_task_comes_back_to_its_days(at_work: Person) -> None:
    task = at_work.add("Bins", due_date="2026-03-02", rrule="FREQ=WEEKLY;BYDAY=MO")
    assert day(at_work.patch(task, due_date="2026-03-05")) == "2026-03-05"
    assert day(complete(at_work, task)) == "2026-03-09"


def test_the_next_dates_are_told_with_their_reasons(at_work: Person) -> None:
    task = at_work.add("Run", due_date="2026-03-04", due_time="19:00", rrule="FREQ=WEEKLY;BYDAY=WE,SU")
    found: OccurrenceList = at_work.read(tasks.occurrences, task, 3)
    assert [str(each.due_date) for each in found.items] == ["2026-03-04", "2026-03-08", "2026-03-11"]
    assert found.items[0].moment == dt.datetime(2026, 3, 4, 18, 0, tzinfo=dt.UTC)
    assert all(each.reason for each in found.items)
    assert found.rule
    assert at_work.read(tasks.occurrences, at_work.add("Once"), 3) == OccurrenceList(rule="", items=[])


def test_a_rule_without_a_day_begins_on_its_first_one(at_work: Person) -> None:
    assert day(at_work.see(at_work.add("x", rrule="FREQ=WEEKLY;BYDAY=FR"))) == "2026-03-06"
    task = at_work.add("x")
    assert day(at_work.patch(task, rrule="FREQ=WEEKLY;BYDAY=FR")) == "2026-03-06"
    with pytest.raises(Invalid) as caught:
        at_work.add("x", rrule="FREQ=DAILY;UNTIL=20260101")
    assert [error.pointer for error in caught.value.errors] == ["/rrule"]


def test_without_its_day_a_task_does_not_recur(at_work: Person) -> None:
    task = at_work.add("x", due_date="2026-03-04", due_time="10:00", rrule="FREQ=DAILY", from_completion=True)
    view = at_work.patch(task, due_date=None)
    assert (view.due_date, view.due_time, view.time_zone, view.rrule, view.from_completion) == (None, None, None, None, False)


def test_a_rule_said_together_with_no_day_begins_on_its_first_one(at_work: Person) -> None:
    task = at_work.add("x", due_date="2026-01-01", rrule="FREQ=DAILY")
    assert day(at_work.patch(task, due_date=None, rrule="FREQ=DAILY")) == "2026-03-04"
    assert day(at_work.do(tasks.replace_task, task, TaskFields(title="x", rrule="FREQ=DAILY"))) == "2026-03-04"


def test_the_same_rule_again_goes_on_counting(at_work: Person) -> None:
    task = at_work.add("x", due_date="2026-03-03", rrule="FREQ=DAILY;COUNT=3")
    complete(at_work, task)
    view = at_work.see(task)
    assert day(view) == "2026-03-05"
    at_work.do(tasks.replace_task, task, TaskFields.model_validate(view.model_dump(include=set(TaskFields.model_fields))))
    assert complete(at_work, task).completed


def test_a_rule_taken_away_leaves_the_day(at_work: Person) -> None:
    task = at_work.add("x", due_date="2026-03-04", rrule="FREQ=DAILY", from_completion=True)
    view = at_work.patch(task, rrule=None)
    assert (day(view), view.from_completion) == ("2026-03-04", False)
    assert complete(at_work, task).completed
    assert not at_work.patch(task, from_completion=True).from_completion


def test_completing_together_with_other_fields_sets_them_first(at_work: Person) -> None:
    task = at_work.add("x", due_date="2026-03-04", rrule="FREQ=DAILY")
    view = at_work.patch(task, completed=True, due_date="2026-03-10", title="y")
    assert (view.title, day(view), view.completed) == ("y", "2026-03-11", False)
    view = at_work.patch(task, completed=True, rrule=None)
    assert (view.completed, day(view)) == (True, "2026-03-11")


def test_an_added_task_that_is_completed_already_stays_so(at_work: Person) -> None:
    view = at_work.see(at_work.add("x", completed=True, due_date="2026-03-04", rrule="FREQ=DAILY"))
    assert (view.completed, day(view)) == (True, "2026-03-04")
