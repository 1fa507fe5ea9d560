"""How a list is parted: headings, and the rows under each."""

import datetime as dt
import uuid

from todo_app.models import Task
from todo_app.schemas.organise import SectionView
from todo_app.schemas.tasks import TaskView
from todo_app.services.task_lists import view_of
from todo_app.ui.task_list import groups
from todo_app.ui.task_list.groups import Head

SUNDAY = dt.date(2026, 11, 22)


def due(*days: int) -> list[TaskView]:
    """Tasks that many days from Sunday."""
    owner = uuid.uuid4()
    return [view_of(Task(owner_id=owner, title="A task", due_date=SUNDAY + dt.timedelta(days=day))) for day in days]


def titles(heads: list[Head]) -> list[str]:
    return [head.title for head in heads]


def test_each_heading_stands_above_its_first_row() -> None:
    parted = groups.part([Head("a", "A"), Head("b", "B")], ["a", "a", "b"], [5, 3, 4], is_whole=True)
    assert [(group.key, titles(group.heads), group.slots) for group in parted.groups] == [("a", ["A"], [5, 3]), ("b", ["B"], [4])]
    assert parted.tail == []
    assert [group.heads[-1].count for group in parted.groups] == [2, 1]


def test_headings_without_rows_stand_above_the_next_row_or_behind_the_last() -> None:
    parted = groups.part([Head(key, key.upper()) for key in "abcd"], ["b"], [0], is_whole=True)
    assert [titles(group.heads) for group in parted.groups] == [["A", "B"]]
    assert titles(parted.tail) == ["C", "D"]


def test_a_board_has_a_column_under_each_heading() -> None:
    parted = groups.columns([Head("a", "A"), Head("b", "B")], ["b"], [7])
    assert [(titles(group.heads), group.slots) for group in parted.groups] == [(["A"], []), (["B"], [7])]


def test_today_says_overdue_only_if_something_is() -> None:
    assert titles(groups.today_heads(due(-1, 0), SUNDAY)) == ["Overdue", "Today"]
    assert titles(groups.today_heads(due(0), SUNDAY)) == ["Today"]
    assert groups.today_heads([], SUNDAY) == []


def test_upcoming_begins_with_the_coming_week_and_goes_on_with_the_days_that_have_tasks() -> None:
    heads = groups.day_heads(due(2, 40), SUNDAY, is_first=True)
    assert titles(heads) == [
        "Tomorrow", "Tue 24 Nov", "Wed 25 Nov", "Thu 26 Nov", "Fri 27 Nov", "Sat 28 Nov", "Sun 29 Nov", "Fri 1 Jan 2027",
    ]  # fmt: skip
    assert titles(groups.day_heads(due(40, 41), SUNDAY, is_first=False)) == ["Fri 1 Jan 2027", "Sat 2 Jan 2027"]


def test_a_part_of_a_long_project_has_no_headings_of_what_comes_later() -> None:
    now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    project = uuid.uuid4()
    made = [
        SectionView(id=uuid.uuid4(), name=name, project_id=project, created_at=now, updated_at=now, version=1) for name in "ABC"
    ]
    assert titles(groups.section_heads(made, is_last=True, seen=[])) == ["", "A", "B", "C"]
    assert titles(groups.section_heads(made, is_last=False, seen=["", str(made[0].id)])) == ["", "A"]
