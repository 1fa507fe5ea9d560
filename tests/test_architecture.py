"""The rules of how modules may know each other, kept by reading the code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent / "todo_app"
ENGINES = ("quick_add", "recurrence", "filters")
# The edges, where an error of any kind becomes an answer, a page or a line in the log.
MAY_CATCH_EVERYTHING = {"api/problems.py", "background.py", "ui/errors.py", "ui/gate.py"}


def modules(folder: str = "") -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


def imported(path: Path) -> set[str]:
    """The dotted names that a module imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: write imports in full"
            found.update(f"{node.module}.{alias.name}" for alias in node.names)
    return found


def offenders(paths: list[Path], *forbidden: str) -> list[str]:
    def is_forbidden(name: str) -> bool:
        return any(name == each or name.startswith(f"{each}.") for each in forbidden)

    return [f"{path.relative_to(ROOT)} imports {name}" for path in paths for name in sorted(imported(path)) if is_forbidden(name)]


def test_the_reader_sees_imports_of_every_kind(tmp_path: Path) -> None:
    path = ROOT / "api" / "tasks.py"
    assert "todo_app.services.tasks" in imported(path)
    assert offenders([path], "todo_app.services") != []
    assert offenders([path], "todo_app.serv") == []


def test_pages_and_api_never_import_each_other() -> None:
    assert offenders(modules("ui"), "todo_app.api") == []
    assert offenders(modules("api"), "todo_app.ui") == []


@pytest.mark.parametrize("folder", ["services", "models", "schemas"])
def test_rules_know_no_web(folder: str) -> None:
    web = ("reflex", "reflex_base", "fastapi", "starlette", "todo_app.ui", "todo_app.api", "todo_app.client", "todo_app.headers")
    assert modules(folder)
    assert offenders(modules(folder), *web) == []


@pytest.mark.parametrize("folder", ["models", "schemas"])
def test_tables_and_schemas_know_no_rules(folder: str) -> None:
    assert offenders(modules(folder), "todo_app.services", "todo_app.db") == []


def test_the_core_knows_nothing_above_it() -> None:
    core = [ROOT / name for name in ("db.py", "change_feed.py", "live.py", "errors.py")]
    assert offenders(core, "todo_app.services", "todo_app.schemas", "todo_app.ui", "todo_app.api", "fastapi", "reflex") == []


def test_settings_import_nothing_of_ours() -> None:
    assert offenders([ROOT / "config.py"], "todo_app") == []


@pytest.mark.parametrize("engine", ENGINES)
def test_engines_are_pure(engine: str) -> None:
    own = f"todo_app.{engine}"
    for path in modules(engine):
        strangers = [name for name in imported(path) if name.startswith("todo_app") and not name.startswith(own)]
        assert strangers == [], path
    assert offenders(modules(engine), "sqlalchemy", "sqlmodel", "reflex", "fastapi", "pydantic_settings") == []


def test_the_api_s_routes_know_no_tables() -> None:
    assert offenders(modules("api"), "todo_app.models") == []


def _catches_everything(handler: ast.ExceptHandler) -> bool:
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(each is None or (isinstance(each, ast.Name) and each.id in ("Exception", "BaseException")) for each in caught)


def test_only_the_edges_catch_everything() -> None:
    found = {
        str(path.relative_to(ROOT))
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler) and _catches_everything(node)
    }
    assert found <= MAY_CATCH_EVERYTHING
    assert "api/problems.py" in found  # so the search finds what there is


def test_sessions_begin_at_one_door_alone() -> None:
    """A way in that began one by itself might leave out what is asked at the door."""
    begins = {str(path.relative_to(ROOT)) for path in modules() if re.search(r"\bsessions\.begin\b", path.read_text("utf-8"))}
    assert begins == {"services/entry.py"}
    assert offenders(modules(), "todo_app.services.sessions.begin") == []


def test_services_never_commit() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in modules("services")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("commit", "rollback")
    ]
    assert found == []
