"""How the rows of a list are parted: by day, section, priority or label, or not at all."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from todo_app.schemas.organise import LabelView, SectionView
from todo_app.schemas.tasks import TaskView
from todo_app.ui.dates import day_in_words

DAYS_SHOWN_EMPTY = 7


@dataclass(frozen=True)
class Head:
    """A heading inside a list. `key` says what a task dropped or added here becomes part of: a day, or a section's id."""

    key: str
    title: str
    note: str = ""
    kind: str = ""  # "late", "day" or "section"
    count: int = 0  # of the tasks below it; 0 where that is not known, as on a part of a long list


@dataclass(frozen=True)
class Group:
    """Rows that stand together, by slot, under the last of the headings; the others stand for groups without rows.

    So each heading lies inside the list item of the task below it, and the list has an item per task and no others.
    """

    key: str = ""
    heads: list[Head] = field(default_factory=list)
    slots: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Parted:
    """A list in groups, and the headings behind the last row."""

    groups: list[Group]
    tail: list[Head]


def part(heads: Sequence[Head], keys: Sequence[str], order: Sequence[int], *, is_whole: bool) -> Parted:
    """Parts the rows, whose groups' keys are `keys`, under `heads`, which stand in the order of the rows.

    `is_whole`: these are all the rows there are.
    """
    groups: list[Group] = []
    waiting: list[Head] = []
    rows = list(zip(keys, order, strict=True))
    for head in heads:
        waiting.append(head)
        slots = [slot for key, slot in rows if key == head.key]
        if slots:
            waiting[-1] = replace(head, count=len(slots) if is_whole else 0)
            groups.append(Group(head.key, waiting, slots))
            waiting = []
    return Parted(groups, waiting)


def columns(heads: Sequence[Head], keys: Sequence[str], order: Sequence[int]) -> Parted:
    """The same for a board: a column under each heading, empty or not."""
    rows = list(zip(keys, order, strict=True))
    return Parted([Group(head.key, [head], [slot for key, slot in rows if key == head.key]) for head in heads], [])


def whole(order: Sequence[int]) -> Parted:
    """The list in one piece."""
    return Parted([Group(slots=list(order))] if order else [], [])


def today_heads(tasks: Sequence[TaskView], today: dt.date) -> list[Head]:
    """What is overdue, where there is any, and today."""
    note = f"{today:%a} {today.day} {today:%b}"
    late = [Head("late", "Overdue", kind="late")] if any(today_key(task, today) == "late" for task in tasks) else []
    return [*late, Head(today.isoformat(), "Today", note, "day")] if tasks else []


def today_key(task: TaskView, today: dt.date) -> str:
    """Under which of the two a task stands."""
    return "late" if task.due_date and task.due_date < today else today.isoformat()


def day_heads(tasks: Sequence[TaskView], today: dt.date, *, is_first: bool) -> list[Head]:
    """A heading per day with tasks, and on the first part of the list one for each day of the coming week."""
    days = {task.due_date for task in tasks if task.due_date}
    if is_first:
        days |= {today + dt.timedelta(days=number) for number in range(1, DAYS_SHOWN_EMPTY + 1)}
    return [Head(day.isoformat(), day_in_words(day, today), _weekday(day, today), "day") for day in sorted(days)]


def _weekday(day: dt.date, today: dt.date) -> str:
    return f"{day:%A}" if abs((day - today).days) <= 1 else ""


def section_heads(sections: Sequence[SectionView], *, is_last: bool, seen: Sequence[str]) -> list[Head]:
    """The sections of a project; on a part of a long list only those up to the last one that has rows."""
    heads = [Head("", ""), *(Head(str(section.id), section.name, kind="section") for section in sections)]
    if is_last:
        return heads
    end = max((number for number, head in enumerate(heads) if head.key in seen), default=-1)
    return heads[: end + 1]


def priority_heads() -> list[Head]:
    """A heading per priority."""
    return [Head(str(level), f"Priority {level}" if level < 4 else "No priority", kind="priority") for level in range(1, 5)]


def label_heads(labels: Mapping[str, LabelView]) -> list[Head]:
    """A heading per label, and one for the tasks that have none."""
    return [*(Head(key, label.name, kind="label") for key, label in labels.items()), Head("", "No label", kind="label")]


def keys_by_priority(tasks: Sequence[TaskView]) -> list[str]:
    """Each task's priority."""
    return [str(task.priority) for task in tasks]


def keys_by_label(tasks: Sequence[TaskView], labels: Mapping[str, LabelView]) -> list[str]:
    """The first label of each task."""
    return [next((str(label_id) for label_id in task.label_ids if str(label_id) in labels), "") for task in tasks]


def keys_by_day(tasks: Sequence[TaskView]) -> list[str]:
    """Each task's day."""
    return [task.due_date.isoformat() if task.due_date else "" for task in tasks]


def keys_by_section(tasks: Sequence[TaskView], sections: Mapping[str, SectionView]) -> list[str]:
    """Each task's section."""
    return [str(task.section_id) if str(task.section_id) in sections else "" for task in tasks]
