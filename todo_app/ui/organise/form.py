"""Fields for filters: with what is wrong at its place while one types, and what the search page has above its list."""

from typing import Any

import reflex as rx

from todo_app import lengths
from todo_app.ui.components.elements import el, field, hidden, icon
from todo_app.ui.organise.filtering import Explained, Filters
from todo_app.ui.task_list.state import TaskList


def filter_field(where: str, field_id: str, on_change: Any, **props: Any) -> rx.Component:
    """The field named Filter. `where`: "page" or "dialog"; `on_change` makes an event of the text."""
    is_wrong = (Filters.where == where) & (Filters.problem != "")
    return el.div(
        el.label("Filter", html_for=field_id),
        el.input(
            id=field_id,
            name="query",
            type="text",
            auto_complete="off",
            spell_check=False,
            dir="auto",
            class_name="field",
            placeholder="(today | overdue) & @work",
            aria_invalid=rx.cond(is_wrong, "true", "false"),
            on_change=lambda text: on_change(text).debounce(300),
            custom_attrs={"aria-describedby": f"{field_id}-problem", **props.pop("custom_attrs", {})},
            **props,
        ),
        el.div(
            rx.cond(is_wrong, _problem(field_id), rx.fragment()),
            id=f"{field_id}-problem",
            class_name="filter-problem",
            role="alert",
        ),
        class_name="fld",
        custom_attrs={"data-err": rx.cond(is_wrong, "true", "false")},
    )


def _problem(field_id: str) -> rx.Component:
    return rx.fragment(
        el.p(icon("circle-alert", 16), el.span(hidden("Error: "), Filters.problem), class_name="err"),
        el.p(Filters.before, el.mark(Filters.wrong), Filters.behind, class_name="where", aria_hidden="true", dir="auto"),
        rx.cond(
            Filters.suggestion != "",
            el.button(
                "Use “",
                Filters.suggestion,
                "”",
                type="button",
                class_name="btn btn-soft",
                custom_attrs={
                    "data-suggest": field_id,
                    "data-text": Filters.text,
                    "data-start": Filters.start,
                    "data-end": Filters.end,
                    "data-with": Filters.suggestion,
                },
            ),
            rx.fragment(),
        ),
    )


def filter_form() -> rx.Component:
    """The filter of the page's address, and what can be done with it."""
    return el.div(
        el.div(
            filter_field(
                "page",
                "page-filter",
                Filters.search,
                default_value=TaskList.filter,
                max_length=lengths.FILTER,
                custom_attrs={"data-saved": TaskList.filter},
            ),
            el.button(
                icon("bookmark-plus", 16),
                "Save filter",
                type="button",
                class_name="btn btn-outline",
                custom_attrs={"data-edit": "filter", "data-take": "page-filter"},
            ),
            class_name="filter-line",
        ),
        rx.cond(TaskList.filter != "", _why(), rx.fragment()),
        class_name="filter-form",
        custom_attrs={"data-answer": Filters.understood},
    )


def _why() -> rx.Component:
    """Any task can be asked about, whether it is on the page or not."""

    def answer(each: rx.Var[Explained]) -> rx.Component:
        return el.li(
            icon("info", 16),
            el.div(el.b(each.title, dir="auto"), el.p(each.sentence)),
            custom_attrs={"data-here": rx.cond(each.is_here, "true", "false")},
        )

    return el.details(
        el.summary("Why is a task here, or not?"),
        el.form(
            field("why-title", "Words of its title", auto_complete="off", max_length=lengths.SEARCH, dir="auto"),
            el.button("Explain", type="submit", class_name="btn btn-soft"),
            class_name="filter-line",
            on_submit=Filters.explain,
        ),
        el.div(
            el.ul(rx.foreach(Filters.explained, answer), role="list", aria_label="Explanations"),
            rx.cond(
                (Filters.asked != "") & (Filters.explained.length() == 0),
                el.p("No task says “", Filters.asked, "”.", dir="auto"),
                rx.fragment(),
            ),
            aria_live="polite",
        ),
        class_name="why",
    )
