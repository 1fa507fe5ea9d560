"""A row as HTML, for the rows that come with a page (ui/first_rows.py).

They look as those of items.py and row.py do, and do nothing: no ids, nothing stored, no menus. tests/e2e/test_first_rows.py lays
them beside each other.
"""

from collections.abc import Iterator, Sequence
from html import escape

from todo_app.ui.task_list.groups import Head
from todo_app.ui.task_list.rows import Row


def item_html(heads: Sequence[Head], row: Row, is_done: bool) -> str:
    """An item of a list: the headings above its row, which are days and "Overdue", and the row."""
    return f"<li>{''.join(map(_head, heads))}{_row(row, is_done)}</li>"


def _head(head: Head) -> str:
    note = f'<span class="n">{escape(head.note)}</span>' if head.note else ""
    tasks = _hidden(" task" if head.count == 1 else " tasks")
    count = f'<span class="n num">{head.count}{tasks}</span>' if head.count else ""
    reschedule = '<button type="button" class="link">Reschedule all</button>'
    button = reschedule if head.kind == "late" else _button("Add a task here", "plus")
    return (
        f'<div class="group-h" data-kind="{head.kind}"><h2>{escape(head.title)}</h2>{note}{count}'
        f'<span class="sp"></span>{button}</div>'
    )


def _row(row: Row, is_done: bool) -> str:
    title = escape(row.title)
    return (
        f'<div class="row"{" data-done" if is_done else ""}>'
        '<span class="handle" aria-hidden="true" data-icon="grip"></span>'
        f'<label class="check" data-p="{row.priority}"><input type="checkbox" aria-label="{title}"{" checked" if is_done else ""}>'
        '<span aria-hidden="true"></span></label>'
        f'<div class="body"><button type="button" class="title" dir="auto">{title}</button>'
        f'<div class="meta">{"".join(_marks(row))}</div></div>'
        f'<div class="acts">{_button("Schedule", "schedule")}{_button("More actions", "more")}</div></div>'
    )


def _marks(row: Row) -> Iterator[str]:
    if row.priority < 4:
        yield _mark("flag", f"{_hidden('Priority ')}P{row.priority}", f"pf{row.priority}")
    if row.due:
        is_over = row.due_kind == "over"
        words = _hidden("Overdue: " if is_over else "Due ") + escape(row.due)
        yield _mark("calendar-x" if is_over else "calendar", words, row.due_kind)
    if row.repeats:
        yield _mark("repeat", _hidden("Repeats"), row.due_kind)
    if row.subtasks:
        yield _mark("list-checks", row.subtasks + _hidden(" subtasks done"), "num")
    if row.has_notes:
        yield _mark("text", _hidden("Has notes"))
    for tag in row.tags:
        yield f'<span class="tag" dir="auto" data-c="{tag.color}">{escape(tag.name)}</span>'
    if row.project:
        dot = f'<span class="dot" aria-hidden="true" data-c="{row.color}"></span>'
        yield f'<span class="proj">{_hidden("in ")}{escape(row.project)}{dot}</span>'


def _mark(icon: str, words: str, kind: str | None = None) -> str:
    kind_attribute = "" if kind is None else f' class="{kind}"'
    return f'<span{kind_attribute} data-icon="{icon}">{words}</span>'


def _hidden(words: str) -> str:
    return f'<span class="vh">{words}</span>'


def _button(label: str, icon: str) -> str:
    return f'<button type="button" class="icon-btn" aria-label="{label}" title="{label}" data-icon="{icon}"></button>'
