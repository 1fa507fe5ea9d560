"""What `make test` asks of its coverage."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.covered import main


def report(directory: Path, of_all: float, **files: float) -> str:
    """A report of slipcover's: how many percent of everything, and of each file."""

    def of(percent: float) -> dict[str, Any]:
        lines = {"executed_lines": [1], "missing_lines": [] if percent == 100 else [2]}
        return {**lines, "summary": {"percent_covered": percent}}

    summary = {"percent_covered": of_all, "covered_lines": 1, "missing_lines": 1}
    path = directory / "coverage.json"
    path.write_text(json.dumps({"files": {f"{name}.py": of(percent) for name, percent in files.items()}, "summary": summary}))
    return str(path)


def test_enough_of_all_and_all_of_what_guards_people_is_enough(tmp_path: Path) -> None:
    assert main(report(tmp_path, 95.0, gate=100.0, dates=60.0), "gate.py") is None


def test_too_little_of_all_is_told(tmp_path: Path) -> None:
    assert main(report(tmp_path, 94.9, gate=100.0), "gate.py") == "Tests ran 94.9 % of the code; 95 % is the least."


def test_what_was_not_run_of_a_file_that_guards_people_is_told_and_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = main(report(tmp_path, 99.0, gate=99.9, dates=100.0), "gate.py", "dates.py")
    assert told == "These guard people's things, and tests must run all of them: gate.py"
    assert "dates.py" not in capsys.readouterr().out


def test_a_file_that_is_not_in_the_report_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        main(report(tmp_path, 99.0, gate=100.0), "gone.py")
