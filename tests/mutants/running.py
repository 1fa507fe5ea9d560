"""Which tests reach which line, and whether they notice a mutant.

Everything happens in forks. One pytest session imports the app and collects the tests once; each mutant inside a function is a
fork of it that swaps the function's code. What runs while a module is imported needs another import: those mutants are forks of a
process that has no module of ours yet.
"""

import gc
import json
import os
import re
import signal
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, FunctionType, ModuleType

import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage

from tests.mutants.edits import Mutant

# Made once and kept by every fork. They start no threads, which forks would lack.
_MADE_ONCE = ("sqlite_template", "composed", "fastapi")
# Of the tests that reach a line, those of so many seconds are asked.
_SECONDS_A_MUTANT = 20.0
# A test that takes so much longer than it did has met a mutant that hangs.
_PATIENCE_SECONDS, _PATIENCE_TIMES = 5.0, 8.0
_SURVIVED, _KILLED = 0, 1


@dataclass
class Reach:
    """What the tests do without any mutant: `seconds` each takes, and file -> line -> the tests that run it."""

    seconds: dict[str, float] = field(default_factory=dict)
    lines: dict[str, dict[int, list[str]]] = field(default_factory=dict)

    def of(self, path: Path, lines: range) -> set[str]:
        """The tests that run one of these lines."""
        known = self.lines.get(str(path.resolve()), {})
        return {test for line in lines for test in known.get(line, [])}

    def naming(self, names: frozenset[str]) -> set[str]:
        """The tests that run a line, anywhere, that has one of these names in it."""
        word = re.compile(rf"\b({'|'.join(names)})\b")
        found = set()
        for path, known in self.lines.items():
            for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
                if number in known and word.search(line):
                    found.update(known[number])
        return found

    def ordered(self, tests: set[str], path: Path) -> list[str]:
        """The tests to ask about a module: those that mirror it, then their neighbours; of several files, the first of each."""
        by_file = defaultdict(list)
        for test in (each for each in self.seconds if each in tests):
            by_file[test.split("::")[0]].append(test)
        ranks = {test: rank for of_file in by_file.values() for rank, test in enumerate(of_file)}

        def distance(test: str) -> int:
            return (f"/test_{path.stem}.py" not in test) + (f"/{path.parent.name}/" not in test)

        chosen, left = [], _SECONDS_A_MUTANT
        for test in sorted(tests, key=lambda test: (distance(test), ranks[test], self.seconds[test])):
            left -= self.seconds[test]
            if left > 0 or not chosen:
                chosen.append(test)
        return chosen


def forked(work: Callable[[], int]) -> int:
    """Runs `work` in a silent fork of this process, with temporary files of its own; gives what it gives, or how it died."""
    with tempfile.TemporaryDirectory() as directory:
        child = os.fork()
        if child:
            return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        try:
            quiet = os.open(os.devnull, os.O_WRONLY)
            os.dup2(quiet, 1)
            os.dup2(quiet, 2)
            os.environ["TMPDIR"] = tempfile.tempdir = directory
            os._exit(work())
        finally:
            os._exit(_KILLED)


class InSession:
    """A pytest plugin that does `work` with the collected tests in place of running them all."""

    def __init__(self, work: Callable[[pytest.Session], int]) -> None:
        self._work = work
        self.result = _KILLED

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Called by pytest in place of its own loop."""
        session.config.option.tbstyle = "native"  # nobody reads how a test failed
        if not session.testsfailed:
            self.result = self._work(session)
        return True

    def run(self, tests: Sequence[str]) -> int:
        """Collects these files of tests; what `work` gave."""
        options = ["--assert=plain", "--capture=no", "-p", "no:cacheprovider", "-p", "no:terminal"]
        options += ["-m", "not slow", "-k", "not postgresql"]
        pytest.main([*options, *tests], plugins=[self])
        return self.result


def _make_once(session: pytest.Session) -> None:
    session._setupstate.setup(session)  # type: ignore[arg-type]  # what lasts as long as the session needs no test
    for name in _MADE_ONCE:
        for item in session.items:
            if isinstance(item, pytest.Function) and name in item.fixturenames:
                session._setupstate.stack[item] = ([], None)  # as if it were about to run
                item._request.getfixturevalue(name)
                del session._setupstate.stack[item]
                break


def _reached(session: pytest.Session, result: Path) -> int:
    """Runs every test under coverage."""
    coverage = Coverage(data_file=None, include=["todo_app/*"], config_file=False)
    coverage.start()
    seconds, failed = {}, []
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        coverage.switch_context(item.nodeid)
        began = time.monotonic()
        reports = runtestprotocol(item, nextitem=following, log=False)
        seconds[item.nodeid] = time.monotonic() - began
        failed += [report.longreprtext for report in reports if report.failed]
    coverage.stop()
    data = coverage.get_data()
    lines = {
        name: {line: [t for t in tests if t] for line, tests in data.contexts_by_lineno(name).items()}
        for name in data.measured_files()
    }
    result.write_text(json.dumps({"seconds": seconds, "lines": lines, "failed": failed}))
    return _SURVIVED


def reach(tests: Sequence[str]) -> Reach:
    """What these files of tests reach; all of them must pass."""
    with tempfile.NamedTemporaryFile() as file:
        result = Path(file.name)

        def work(session: pytest.Session) -> int:
            _make_once(session)
            return _reached(session, result)

        forked(lambda: InSession(work).run(tests))
        found = json.loads(result.read_text())
    if found["failed"]:
        raise SystemExit("\n".join(["Without any mutant some tests fail:", *found["failed"]]))
    by_line = {name: {int(line): names for line, names in lines.items()} for name, lines in found["lines"].items()}
    return Reach(found["seconds"], by_line)


def _ask(session: pytest.Session, tests: Sequence[str], seconds: dict[str, float]) -> int:
    """Runs tests until one fails. One that hangs ends the process by a signal, which counts as failing."""
    by_name = {item.nodeid: item for item in session.items}
    items = [by_name[test] for test in tests]
    for item, following in zip(items, [*items[1:], None], strict=True):
        signal.setitimer(signal.ITIMER_REAL, _PATIENCE_SECONDS + _PATIENCE_TIMES * seconds[item.nodeid])
        if any(report.failed for report in runtestprotocol(item, nextitem=following, log=False)):
            return _KILLED
    return _SURVIVED


# -- Faults inside functions ------------------------------------------------------------------------------------------


def _functions(paths: set[str]) -> list[FunctionType]:
    """The functions of these modules, wherever they are by now."""
    return [it for it in gc.get_objects() if isinstance(it, FunctionType) and it.__code__.co_filename in paths]


def _swap(mutant: Mutant, functions: list[FunctionType]) -> None:
    """Gives the module's functions the mutant's code."""
    codes = {(code.co_qualname, code.co_firstlineno): code for code in _codes(mutant.code)}
    for function in functions:
        if function.__code__.co_filename == mutant.code.co_filename:
            function.__code__ = codes[function.__code__.co_qualname, function.__code__.co_firstlineno]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def ask_in_functions(
    asked: Sequence[tuple[Mutant, list[str]]], files: Sequence[str], reach: Reach, tell: Callable[[Mutant], None]
) -> None:
    """Asks each mutant's tests, and tells of those that none of them noticed. It imports the app: it comes last."""

    def one(session: pytest.Session, functions: list[FunctionType], mutant: Mutant, tests: list[str]) -> int:
        session.config._tmp_path_factory._basetemp = Path(tempfile.gettempdir())  # type: ignore[attr-defined]
        _swap(mutant, functions)
        return _ask(session, tests, reach.seconds)

    def work(session: pytest.Session) -> int:
        _make_once(session)
        functions = _functions({mutant.code.co_filename for mutant, _ in asked})
        gc.freeze()  # else each fork would copy what its first collection looks at
        for mutant, tests in asked:
            if forked(partial(one, session, functions, mutant, tests)) == _SURVIVED:
                tell(mutant)
        return _SURVIVED

    if InSession(work).run(files) != _SURVIVED:
        raise SystemExit("The tests can't be run.")


# -- Faults in what runs at the import --------------------------------------------------------------------------------


class _Importer(MetaPathFinder, Loader):
    """Imports the mutant in place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self._code = mutant.code
        self._name = ".".join(mutant.path.with_suffix("").parts)

    def find_spec(self, name: str, _path: object, _target: ModuleType | None = None) -> ModuleSpec | None:
        """Called by the import of any module."""
        return ModuleSpec(name, self, origin=self._code.co_filename) if name == self._name else None

    def exec_module(self, module: ModuleType) -> None:
        """Called to run the module."""
        exec(self._code, module.__dict__)


def survives_import(mutant: Mutant, tests: list[str], reach: Reach) -> bool:
    """Whether none of the tests notices a mutant that is there from the import on."""

    def work() -> int:
        sys.meta_path.insert(0, _Importer(mutant))
        return InSession(lambda session: _ask(session, tests, reach.seconds)).run(sorted({test.split("::")[0] for test in tests}))

    return forked(work) == _SURVIVED
