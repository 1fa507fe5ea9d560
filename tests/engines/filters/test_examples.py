"""What filters mean, and what is said of texts that are none: the examples of the two files."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.filters.conftest import CONTEXT, context_on
from todo_app.filters import BadFilter, Context, parse_filter, render

EXAMPLES = Path(__file__).parent / "examples"


def lines(name: str) -> Iterator[str]:
    return (line for line in (EXAMPLES / name).read_text("utf-8").splitlines() if line and not line.startswith("% "))


def good() -> Iterator[tuple[str, str, Context]]:
    context = CONTEXT
    for line in lines("good.txt"):
        if line.startswith("%% "):
            day, week_start = line.split()[1:]
            context = context_on(dt.date.fromisoformat(day), int(week_start))
        else:
            text, rendered = line.split(" => ")
            yield text, rendered, context


def bad() -> Iterator[tuple[str, str, str]]:
    for line in lines("bad.txt"):
        text, message, suggestion = line.split(" =>")
        yield text, message.strip(), suggestion.strip()


@pytest.mark.parametrize(("text", "rendered", "context"), list(good()))
def test_what_a_filter_means(text: str, rendered: str, context: Context) -> None:
    tree = parse_filter(text, context)
    assert render(tree) == rendered
    assert parse_filter(rendered, context) == tree


@pytest.mark.parametrize(("marked", "message", "suggestion"), list(bad()))
def test_what_is_said_of_a_text_that_is_none(marked: str, message: str, suggestion: str) -> None:
    with pytest.raises(BadFilter) as refused:
        parse_filter(marked.replace("⟦", "").replace("⟧", ""), CONTEXT)
    error = refused.value
    assert error.message == str(error) == message
    assert (error.start, error.end) == (marked.index("⟦"), marked.index("⟧") - 1)
    assert error.suggestion == {"": None, "-": ""}.get(suggestion, suggestion)


def test_there_are_many_examples() -> None:
    assert len(list(good())) > 200
    assert len(list(bad())) > 90
