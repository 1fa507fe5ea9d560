"""Every example means what its line says."""

import pytest

from tests.engines.quick_add.conftest import Example, examples
from todo_app.quick_add import parse, render

EXAMPLES = list(examples())


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.moment.preferences.language}: {example.text}")
def test_means(example: Example) -> None:
    task = parse(example.text, *example.moment)
    assert task == example.task
    assert parse(render(task, *example.moment), *example.moment) == task
