"""The faults that mutants have."""

from pathlib import Path
from typing import Any

import pytest

from tests.mutants.edits import Mutant, mutants_of


def mutants(tmp_path: Path, source: str) -> list[Mutant]:
    path = tmp_path / "module.py"
    path.write_text(source)
    return list(mutants_of(path))


@pytest.mark.parametrize(
    ("line", "faults"),
    [
        ("return a < b", {"return None", "return a <= b", "return a >= b"}),
        ("return a and b", {"return None", "return a or b"}),
        ("return not a", {"return None", "return a"}),
        ("return a + 1", {"return None", "return a - 1", "return a + 2", "return a + 0"}),
        ("return True", {"return None", "return False"}),
        ("return", set()),
        ("a = b", {"pass"}),
        ("a(b, c=d)", {"pass", "a(b)"}),
        ("raise a", {"pass"}),
        ("if a: return", {"if not a:"}),
        ("while a == b: return", {"while a != b:"}),
        ("a('text')", {"pass", "a('text_mutated')"}),
        ("'a docstring'", set()),
        ("import a", set()),
        ("a: Literal['x']", set()),
    ],
)
def test_the_faults_of_a_line(tmp_path: Path, line: str, faults: set[str]) -> None:
    made = mutants(tmp_path, f"def f(a, b):\n    {line}\n")
    assert {mutant.after for mutant in made} == faults
    assert {mutant.lines.start for mutant in made} <= {2}


def test_a_mutant_runs_and_the_next_has_another_fault(tmp_path: Path) -> None:
    answers = []
    for mutant in mutants(tmp_path, "def f(a):\n    return a >= 1 or a == -5\n"):
        module: dict[str, Any] = {}
        exec(mutant.code, module)
        answers.append([module["f"](number) for number in (0, 1, 2, -5)])
    right = [False, True, True, True]
    assert right not in answers
    assert [None] * 4 in answers
    assert [False, False, True, True] in answers


def test_a_decorator_and_a_constant_are_there_from_the_import_on(tmp_path: Path) -> None:
    made = mutants(tmp_path, "LIFE = 5\n\n\n@cache\ndef f():\n    return LIFE\n")
    assert [(mutant.names, mutant.is_in_function) for mutant in made] == [
        ({"LIFE"}, False),
        ({"LIFE"}, False),
        ({"f"}, False),
        ({"f"}, True),
    ]
