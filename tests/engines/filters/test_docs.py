"""The page for users says what is so."""

import re
from pathlib import Path

import pytest

from tests.engines.filters.conftest import CONTEXT
from todo_app.filters import StateClause, clauses, parse_filter
from todo_app.filters.vocabulary import EXAMPLES, KEYWORDS

PAGE = (Path(__file__).parents[3] / "docs" / "filters.md").read_text("utf-8")
CELLS = [row.replace(r"\|", "\0").split("|")[1].replace("\0", "|") for row in re.findall(r"^\| *`.*", PAGE, re.MULTILINE)]
TYPED = [text for cell in CELLS for text in re.findall("`([^`]+)`", cell)]


@pytest.mark.parametrize("text", TYPED)
def test_what_the_page_says_can_be_typed_can(text: str) -> None:
    assert list(clauses(parse_filter(text, CONTEXT)))


def test_the_page_has_every_word_of_the_language() -> None:
    assert KEYWORDS.keys() <= set(TYPED)
    heads = {re.split(r"[ :<>=]", text)[0] for text in TYPED}
    assert EXAMPLES.keys() <= heads


def test_forms_in_one_row_for_the_same_tasks_mean_the_same() -> None:
    def trees(first: str) -> set[object]:
        cell = next(cell for cell in CELLS if f"`{first}`" in cell)
        return {parse_filter(text, CONTEXT) for text in re.findall("`([^`]+)`", cell)}

    for first in (
        "due: today",
        "due before: friday",
        "due > friday",
        "@work",
        "#Home",
        "is:open",
        "is:completed",
        "no project",
        "no parent",
    ):
        assert len(trees(first)) == 1, first
    assert trees("overdue") == {StateClause("overdue")}
