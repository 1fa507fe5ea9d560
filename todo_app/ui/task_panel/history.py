"""A task's history as sentences."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from todo_app.recurrence import describe
from todo_app.schemas.organise import LabelView, ProjectView, SectionView
from todo_app.schemas.tasks import ChangeView
from todo_app.services.details import Details
from todo_app.ui.dates import day_in_words, local_now, moment_in_words

_LONGEST_QUOTE = 60
_Values = Mapping[str, Any]


@dataclass(frozen=True)
class Entry:
    """One line of the history. `can_restore` is false for the newest, which is how the task is now."""

    change_id: int
    text: str
    at: str
    at_iso: str
    can_restore: bool


@dataclass(frozen=True)
class Teller:
    """Who knows what day it is, and the names of projects, sections, labels and tasks by their ids."""

    today: dt.date
    names: Mapping[str, str]

    def name(self, row_id: str, what: str) -> str:
        """The name of what may be gone by now; then it is only `what` it was."""
        return self.names.get(row_id, f"a {what} that is gone")

    def day(self, day: str) -> str:
        """A day as people say it."""
        return day_in_words(dt.date.fromisoformat(day), self.today)


def names_in(details: Details) -> Mapping[str, str]:
    """The names of all that a task's history can tell of."""
    named: list[ProjectView | SectionView | LabelView] = [*details.projects, *details.sections, *details.labels]
    titles = {str(task_id): _quote(title) for task_id, title in details.titles.items()}
    return titles | {str(each.id): each.name for each in named}


def entries_of(changes: Sequence[ChangeView], zone: str, names: Mapping[str, str]) -> list[Entry]:
    """Lines for the changes of one task, newest first as they come."""
    now = local_now(zone)
    teller = Teller(now.date(), names)
    return [
        Entry(
            change_id=change.id,
            text=_sentence(change, teller),
            at=moment_in_words(change.at, now),
            at_iso=change.at.isoformat(),
            can_restore=number > 0,
        )
        for number, change in enumerate(changes)
    ]


def _sentence(change: ChangeView, teller: Teller) -> str:
    item = change.items[0]
    if change.kind == "undo":  # told by what was undone
        return f"Undone: {_told(item.after, item.before, teller)}"
    return ("Done again: " if change.kind == "redo" else "") + _told(item.before, item.after, teller)


def _told(before: _Values | None, after: _Values | None, teller: Teller) -> str:
    if before is None:
        return "Created"
    if after is None:
        return "Removed"
    if after.get("last_completed_at") and after.get("due_date"):
        return f"Completed; next: {teller.day(after['due_date'])}"
    parts = [*_place(before, after, teller), *[_field(name, before.get(name), after[name], teller) for name in after]]
    if not any(parts) and not after.keys() - {"position", "day_position"}:
        return "Moved in the list"
    return "; ".join(filter(None, parts)) or "Changed"


def _place(before: _Values, after: _Values, teller: Teller) -> list[str]:
    """Where it went. A subtask is where its parent is, and a section says its project."""
    if after.get("parent_id"):
        return [f"Made a subtask of “{teller.name(after['parent_id'], 'task')}”"]
    said = ["Made a task of its own"] if "parent_id" in after else []
    section = teller.name(after["section_id"], "section") if after.get("section_id") else ""
    if "project_id" in after:
        project = teller.name(after["project_id"], "project") if after["project_id"] else "Inbox"
        return [*said, f"Moved to {project}{section and f' / {section}'}"]
    if "section_id" in after:
        out_of = teller.name(before["section_id"], "section") if before["section_id"] else ""
        return [*said, f"Moved to {section}" if section else f"Moved out of {out_of}"]
    return said


def _field(name: str, before: Any, after: Any, teller: Teller) -> str:
    match name:
        case "title":
            return f"Title changed from “{_quote(before)}” to “{_quote(after)}”"
        case "notes":
            return "Notes changed" if before and after else "Notes added" if after else "Notes removed"
        case "completed":
            return "Completed" if after else "Opened again"
        case "deleted_at":
            return "Moved to Trash" if after else "Restored from Trash"
        case "priority":
            return f"Priority changed from {before} to {after}" if after < 4 else "Priority removed"
        case "label_ids":
            return _labels(before or [], after or [], teller)
        case "rrule":
            return f"Repeats: {describe(after)}" if after else "No longer repeats"
        case "from_completion":
            return "Counted from the day it is done" if after else ""
    return _time(name, after, teller)


def _time(name: str, after: Any, teller: Teller) -> str:
    match name:
        case "start_date":
            return f"Starts {teller.day(after)}" if after else "Start date removed"
        case "due_date":
            return f"Due {teller.day(after)}" if after else "Due date removed"
        case "due_time":
            return f"Due at {after[:5]}" if after else "Due time removed"
    return ""


def _labels(before: Sequence[str], after: Sequence[str], teller: Teller) -> str:
    def said(ids: list[str], what: str) -> str:
        names = " and ".join(f"“{teller.name(label_id, 'label')}”" for label_id in ids)
        return f"Label{'s' * (len(ids) > 1)} {names} {what}" if ids else ""

    added = said([label_id for label_id in after if label_id not in before], "added")
    removed = said([label_id for label_id in before if label_id not in after], "removed")
    return "; ".join(filter(None, [added, removed]))


def _quote(text: str) -> str:
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"
