"""All by which tasks are commanded, besides rows, menu and toolbar: pickers, palette, and the events of their scripts."""

import reflex as rx
from reflex.event import EventHandler, no_args_event_spec
from reflex_components_core.core.window_events import WindowEventListener

from todo_app.ui.components.elements import el
from todo_app.ui.live import Live
from todo_app.ui.palette.state import Palette
from todo_app.ui.pickers.state import Scheduling
from todo_app.ui.row_menu.state import RowMenu
from todo_app.ui.selection.state import Selection
from todo_app.ui.settings.state import SettingsPage
from todo_app.ui.task_list.state import TaskList

Ids = list[str]


class CommandEvents(WindowEventListener):
    """Hears what assets/rows.js, pickers.js and palette.js send: `dispatchEvent(new CustomEvent("tasksdone", {detail}))`."""

    on_tasksdone: EventHandler[lambda e: [e.detail.ids.to(Ids)]]
    on_tasksdelete: EventHandler[lambda e: [e.detail.ids.to(Ids)]]
    on_taskspriority: EventHandler[lambda e: [e.detail.ids.to(Ids), e.detail.priority.to(int)]]
    on_tasksmove: EventHandler[lambda e: [e.detail.ids.to(Ids), e.detail.place.to(str)]]
    on_taskslabel: EventHandler[
        lambda e: [e.detail.ids.to(Ids), e.detail.add.to(Ids), e.detail.remove.to(Ids), e.detail.names.to(Ids)]
    ]
    on_tasksschedule: EventHandler[
        lambda e: [e.detail.ids.to(Ids), e.detail.text.to(str), e.detail.language.to(str), e.detail.key.to(str)]
    ]
    on_overdueschedule: EventHandler[lambda e: [e.detail.text.to(str), e.detail.language.to(str), e.detail.key.to(str)]]
    on_understand: EventHandler[lambda e: [e.detail.text.to(str)]]
    on_taskrename: EventHandler[
        lambda e: [e.detail.id.to(str), e.detail.title.to(str), e.detail.base.to(str), e.detail.key.to(str)]
    ]
    on_taskskip: EventHandler[lambda e: [e.detail.id.to(str)]]
    on_taskduplicate: EventHandler[lambda e: [e.detail.id.to(str), e.detail.key.to(str)]]
    on_palettesearch: EventHandler[lambda e: [e.detail.text.to(str)]]
    on_taskadd: EventHandler[lambda e: [e.detail.text.to(str), e.detail.key.to(str)]]
    on_settheme: EventHandler[lambda e: [e.detail.theme.to(str)]]
    on_newday: EventHandler[no_args_event_spec]


def commands() -> rx.Component:
    """What a page needs for them, unseen until it is called."""
    return rx.fragment(
        CommandEvents.create(
            on_tasksdone=Selection.complete,
            on_tasksdelete=Selection.delete,
            on_taskspriority=Selection.prioritise,
            on_tasksmove=Selection.move,
            on_taskslabel=Selection.label,
            on_tasksschedule=Scheduling.schedule,
            on_overdueschedule=Scheduling.reschedule,
            on_understand=Scheduling.understand,
            on_taskrename=RowMenu.rename,
            on_taskskip=RowMenu.skip,
            on_taskduplicate=RowMenu.duplicate,
            on_palettesearch=Palette.search,
            on_taskadd=Palette.add,
            on_settheme=lambda theme: SettingsPage.save("theme", theme),
            on_newday=Live.new_day,
        ),
        el.span(id="renamed", hidden=True, custom_attrs={"data-answer": RowMenu.renamed}),
        el.span(id="moved", hidden=True, custom_attrs={"data-answer": TaskList.moved}),
        el.p(id="announced", class_name="vh", aria_live="polite"),
    )
