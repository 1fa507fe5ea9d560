"""Small faults, put into a module's source one at a time."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from types import CodeType
from typing import Any

_COMPARISONS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Lt: [ast.LtE, ast.GtE],
    ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.LtE],
    ast.GtE: [ast.Gt, ast.Lt],
    ast.Eq: [ast.NotEq],
    ast.NotEq: [ast.Eq],
    ast.Is: [ast.IsNot],
    ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn],
    ast.NotIn: [ast.In],
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
# What only type checkers read.
_FOR_TYPES = {"annotation", "returns", "decorator_list"}
_TYPE_MAKERS = {"Literal", "TypeVar", "ParamSpec", "TypeAdapter", "cast"}
_Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Mutant:
    """A module with one fault. `lines`: those of the faulty statement; `names`: what its outermost statement defines."""

    path: Path
    lines: range
    before: str
    after: str
    code: CodeType
    is_in_function: bool
    names: frozenset[str]


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Every mutant of a module, from its top to its end."""
    tree = ast.parse(path.read_text("utf-8"))
    for outermost in tree.body:
        names = frozenset(_defined(outermost))
        for statement, changed, is_in_function in _edits(tree, outermost):
            before, after = _difference(statement, changed)
            code = compile(ast.fix_missing_locations(tree), str(path.resolve()), "exec")
            yield Mutant(path, _lines(statement), before, after, code, is_in_function, names)


def unchanged(path: Path) -> Mutant:
    """The module as it is. Tests that fail with it say nothing about mutants."""
    code = compile(path.read_text("utf-8"), str(path.resolve()), "exec")
    return Mutant(path, range(10**4), "", "", code, is_in_function=False, names=frozenset())


def _edits(tree: ast.Module, outermost: ast.stmt) -> Iterator[tuple[ast.stmt, ast.stmt, bool]]:
    """Changes the tree, gives the statement as it was and as it is, and changes it back before the next."""
    place = tree.body.index(outermost)
    for holder, key, node, statement, is_in_function in list(_places(tree.body, place, outermost, outermost, False)):
        was = copy.deepcopy(statement)
        for new in _replacements(node, is_in_function):
            ast.copy_location(new, node)
            _put(holder, key, new)
            yield was, new if node is statement and isinstance(new, ast.stmt) else statement, is_in_function
            _put(holder, key, node)


def _put(holder: Any, key: Any, node: ast.AST) -> None:
    if isinstance(holder, list):
        holder[key] = node
    else:
        setattr(holder, key, node)


_Place = tuple[Any, Any, ast.AST, ast.stmt, bool]


def _places(holder: Any, key: Any, node: ast.AST, statement: ast.stmt, is_in_function: bool) -> Iterator[_Place]:
    """Every node below, with where it hangs, the statement it is in, and whether a function runs it."""
    if _is_no_behaviour(node):
        return
    statement = node if isinstance(node, ast.stmt) else statement
    yield holder, key, node, statement, is_in_function
    for name, value in ast.iter_fields(node):
        inside = is_in_function or (isinstance(node, _Functions | ast.Lambda) and name == "body")
        if name in _FOR_TYPES:
            continue
        for place, child in enumerate(value) if isinstance(value, list) else [(name, value)]:
            if isinstance(child, ast.AST):
                yield from _places(value if isinstance(value, list) else node, place, child, statement, inside)


def _is_no_behaviour(node: ast.AST) -> bool:
    """Docstrings, imports, and what is for type checkers alone."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(value=ast.Constant()):
            return True
        case ast.Subscript(value=ast.Name(id=name)) | ast.Call(func=ast.Name(id=name)):
            return name in _TYPE_MAKERS and name != "cast"
        case ast.Constant(value="Any" | "DateOrder"):  # the first argument of a cast
            return True
    return False


def _replacements(node: ast.AST, is_in_function: bool) -> Iterator[ast.AST]:
    yield from _other_values(node)
    yield from _other_operators(node)
    match node:
        case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test) if not isinstance(test, ast.Compare):
            yield _with(node, test=ast.UnaryOp(ast.Not(), test))
        case ast.Return(value=ast.expr() as value) if not (isinstance(value, ast.Constant) and value.value is None):
            yield _with(node, value=ast.Constant(None))
        case (
            ast.Expr(value=ast.Call() | ast.Await())
            | ast.Assign()
            | ast.AugAssign()
            | ast.AnnAssign(value=ast.expr())
            | ast.Raise()
        ) if is_in_function:
            yield ast.Pass()
        case ast.Call(keywords=keywords):
            for keyword in keywords:
                yield _with(node, keywords=[other for other in keywords if other is not keyword])
        case ast.FunctionDef(decorator_list=decorators) | ast.AsyncFunctionDef(decorator_list=decorators):
            for decorator in decorators:
                yield _with(node, decorator_list=[other for other in decorators if other is not decorator])


def _other_values(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as value):
            yield ast.Constant(value + 1)
            yield ast.Constant(value - 1)
        case ast.Constant(value=str() as value):
            yield ast.Constant(f"{value}_mutated")
        case ast.Constant(value=bytes() as value):
            yield ast.Constant(value + b"_mutated")


def _other_operators(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(ops=operators):
            for place, operator in enumerate(operators):
                for other in _COMPARISONS[type(operator)]:
                    yield _with(node, ops=[*operators[:place], other(), *operators[place + 1 :]])
        case ast.BoolOp(op=operator):
            yield _with(node, op=ast.Or() if isinstance(operator, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            yield _with(node, op=_ARITHMETIC[type(operator)]())


def _with(node: ast.AST, **fields: Any) -> ast.AST:
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return changed


def _defined(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, _Functions | ast.ClassDef):
        yield statement.name
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and not isinstance(statement, _Functions):
            yield node.id


def _lines(statement: ast.stmt) -> range:
    """Of a statement with others inside, those before the others."""
    body = getattr(statement, "body", None)
    return range(statement.lineno, max(statement.lineno + 1, body[0].lineno if body else (statement.end_lineno or 0) + 1))


def _difference(before: ast.stmt, after: ast.stmt) -> tuple[str, str]:
    """The first line that differs."""
    for was, now in zip_longest(ast.unparse(before).splitlines(), ast.unparse(after).splitlines(), fillvalue=""):
        if was != now:
            return was.strip(), now.strip()
    raise AssertionError(f"An edit that changes nothing: {ast.unparse(before)}")
