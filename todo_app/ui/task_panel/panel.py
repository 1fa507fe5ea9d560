"""The task panel: title, notes, properties, subtasks and history of one task."""

import reflex as rx
from reflex.event import EventHandler
from reflex_components_core.el.elements.forms import Textarea

from todo_app.ui.components.elements import el, hidden, icon_button
from todo_app.ui.task_list.row import checkbox
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.history import Entry
from todo_app.ui.task_panel.properties import breadcrumb, field_key, problem, properties
from todo_app.ui.task_panel.state import TaskPanel
from todo_app.ui.task_panel.subtask_list import subtask_list


class DraftArea(Textarea):
    """A text area whose events tell what is typed, what was stored when the typing began, and which typing it is.

    assets/ui.js notes the last two.
    """

    on_change: EventHandler[
        lambda e: [e.target.value.to(str), e.target.dataset.to(dict).base.to(str), e.target.dataset.to(dict).typed.to(str)]
    ]
    on_blur: EventHandler[
        lambda e: [e.target.value.to(str), e.target.dataset.to(dict).base.to(str), e.target.dataset.to(dict).typed.to(str)]
    ]


def _text(field: str, label: str, rows: str, class_name: str) -> rx.Component:
    """A text that saves itself: a second after the last key, and on leaving it.

    It is not controlled by the state, so no keystroke waits for the server. `data-saved` tells assets/ui.js what is stored, and
    `data-draft` under which name to keep what is not stored yet.
    """
    saved = getattr(TaskPanel, field)
    save = TaskPanel.save

    return DraftArea.create(
        default_value=saved,
        rows=rows,
        dir="auto",
        class_name=class_name,
        aria_label=label,
        placeholder="" if field == "title" else label,
        on_change=lambda value, base, typed: save(TaskPanel.task_id, field, value, base, typed).debounce(1000),
        on_blur=lambda value, base, typed: save(TaskPanel.task_id, field, value, base, typed),
        key=field_key(field),
        custom_attrs={"data-saved": saved, "data-draft": f"{field}:" + TaskPanel.task_id, "aria-describedby": "panel-problem"},
    )


def _notes() -> rx.Component:
    """The notes as they are written, and where there is Markdown in them as it reads.

    The field is always there. While nobody writes in it, it lies unseen over what is read (assets/app.css), so a click or the Tab
    key leads into it.
    """
    return el.div(
        rx.cond(
            TaskPanel.notes_html != "",
            el.div(el.h2("Notes", class_name="vh"), rx.html(TaskPanel.notes_html), class_name="md", dir="auto"),
            rx.fragment(),
        ),
        _text("notes", "Notes", "3", "notes"),
        class_name="notes-box",
    )


def _conflict() -> rx.Component:
    # Whichever is chosen, the draft that ui.js keeps has done its work.
    forget = {"data-forget": TaskPanel.conflict_field + ":" + TaskPanel.task_id}

    def version(title: str, text: rx.Var[str], button: str, event: rx.event.EventType) -> rx.Component:
        return el.div(
            el.h3(title),
            el.p(text, dir="auto"),
            el.button(button, type="button", class_name="btn btn-outline", on_click=event, custom_attrs=forget),
        )

    return rx.cond(
        TaskPanel.conflict_field != "",
        el.div(
            el.h2("This was changed in two places", id="conflict-h"),
            el.div(
                version("Yours", TaskPanel.mine, "Keep mine", TaskPanel.keep_mine),
                version("The other", TaskPanel.theirs, "Keep the other", TaskPanel.keep_theirs),
                class_name="versions",
            ),
            class_name="conflict",
            role="group",
            aria_labelledby="conflict-h",
        ),
        rx.fragment(),
    )


def _entry(entry: rx.Var[Entry]) -> rx.Component:
    return el.li(
        el.span(entry.text, dir="auto"),
        el.time(entry.at, date_time=entry.at_iso),
        rx.cond(
            entry.can_restore,
            el.button(
                "Restore",
                hidden(" the task as it was after: ", entry.text),
                type="button",
                class_name="btn btn-soft",
                on_click=TaskPanel.restore(entry.change_id),
            ),
            rx.fragment(),
        ),
        key=entry.change_id.to(str),
    )


@rx.memo
def task_panel() -> rx.Component:
    """The panel, if a task is open."""
    return rx.cond(
        TaskPanel.task_id != "",
        el.aside(
            el.div(
                breadcrumb(),
                icon_button("trash-2", "Delete task", on_click=TaskList.delete(TaskPanel.task_id)),
                icon_button("x", "Close", on_click=TaskPanel.close, custom_attrs={"data-esc": ""}),
                class_name="panel-h",
            ),
            el.div(
                el.div(
                    checkbox(
                        TaskPanel.task_id,
                        "Completed",
                        TaskPanel.priority,
                        TaskPanel.completed,
                        field_key("completed") + TaskPanel.stamp,
                        TaskPanel.stamp,
                        **{"data-focus": "panel-done"},
                    ),
                    _text("title", "Title", "1", ""),
                    class_name="panel-t",
                ),
                problem(TaskPanel.problem, "panel-problem"),
                _notes(),
                _conflict(),
                properties(),
                subtask_list(),
                el.section(
                    el.div(el.h2("History", id="history-h"), class_name="sec-h"),
                    el.ol(rx.foreach(TaskPanel.history, _entry), class_name="history", aria_labelledby="history-h"),
                ),
                class_name="panel-b",
                key=TaskPanel.task_id,
            ),
            class_name="panel",
            id="panel",
            tab_index=-1,
            aria_label="Task details",
            custom_attrs={"data-task": TaskPanel.task_id},
        ),
        rx.fragment(),
    )
