"""What a list page reads for its address, and how that is laid out: for the page's state, and for the rows that come before it."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session as DbSession

from todo_app.errors import Invalid
from todo_app.schemas.fields import parse
from todo_app.schemas.tasks import TaskPage, TaskQuery
from todo_app.services import task_lists
from todo_app.services.actor import Actor
from todo_app.ui.task_list import groups
from todo_app.ui.task_list.groups import Head, Parted
from todo_app.ui.task_list.place import Around, read_around
from todo_app.ui.task_list.rows import Row, rows_of
from todo_app.ui.task_list.views import CHOICES, Parts, View
from todo_app.ui.window import SIZE


@dataclass(frozen=True)
class Read:
    """What one reading of a list brings."""

    page: TaskPage
    around: Around
    done_today: int


def query_of(view: View, asked: Mapping[str, str], offset: int = 0, limit: int = SIZE) -> TaskQuery:
    """What the address asks for, whose choices are `asked`; one that does not exist counts as none."""
    chosen = {name: value for name, value in asked.items() if name in CHOICES}
    if "filter" in view.query:
        chosen.pop("filter", None)
    window = {"limit": limit, "offset": offset}
    try:
        return parse(TaskQuery, {**view.query, **chosen, **window})
    except Invalid:
        return parse(TaskQuery, {**view.query, **window})


def read_list(session: DbSession, actor: Actor, view: View, query: TaskQuery) -> Read:
    """Reads the list; raises `Invalid` if its filter can't be read."""
    around = read_around(session, actor, view, query)
    done = task_lists.completed_today(session, actor) if view.kind == "today" else 0
    return Read(task_lists.list_tasks(session, actor, query), around, done)


def read_nothing(session: DbSession, actor: Actor, view: View) -> Read:
    """A list without tasks, for an address that asks for none that there could be."""
    return Read(TaskPage(items=[], total=0), read_around(session, actor, view, None), 0)


def rows_read(actor: Actor, view: View, query: TaskQuery, found: Read) -> list[Row]:
    """The tasks that were read, as rows."""
    is_by_day = view.parts in ("today", "days") and _is_parted(view, query)
    return rows_of(found.page.items, actor.time_zone, found.around.names, with_project=view.with_project, by_day=is_by_day)


def _is_parted(view: View, query: TaskQuery) -> bool:
    return query.sort == view.query["sort"] and not query.q


def part(view: View, query: TaskQuery, found: Read, order: Sequence[int], today: dt.date) -> Parted:
    """The list in its groups. `order`: the slot of each row."""
    items = found.page.items
    if not _is_parted(view, query):
        return groups.whole(order)
    is_whole = len(items) == found.page.total
    if view.parts == "today":
        return groups.part(
            groups.today_heads(items, today), [groups.today_key(task, today) for task in items], order, is_whole=is_whole
        )
    if view.parts == "days":
        heads = groups.day_heads(items, today, is_first=query.offset == 0)
        return groups.part(heads, groups.keys_by_day(items), order, is_whole=is_whole)
    if view.parts == "sections" and found.around.sections:
        keys = groups.keys_by_section(items, found.around.sections)
        is_last = query.offset + len(items) >= found.page.total
        return groups.part(
            groups.section_heads([*found.around.sections.values()], is_last=is_last, seen=keys), keys, order, is_whole=is_whole
        )
    return groups.whole(order)


def columns(parts: Parts, found: Read, order: Sequence[int]) -> Parted:
    """The list as the columns of a board."""
    items, around = found.page.items, found.around
    match parts:
        case "priority":
            return groups.columns(groups.priority_heads(), groups.keys_by_priority(items), order)
        case "label":
            labels = around.names.labels
            return groups.columns(groups.label_heads(labels), groups.keys_by_label(items, labels), order)
    heads = [
        Head("", "No section", kind="section"),
        *groups.section_heads([*around.sections.values()], is_last=True, seen=[])[1:],
    ]
    return groups.columns(heads, groups.keys_by_section(items, around.sections), order)
