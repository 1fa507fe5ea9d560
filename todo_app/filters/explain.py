"""Why a task is, or is not, among those of a filter."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from todo_app.filters.tree import And, Clause, Filter, Not, Or, clauses


@dataclass(frozen=True)
class Reason:
    """A clause, and whether it is true of the task."""

    clause: Clause
    holds: bool


@dataclass(frozen=True)
class Explanation:
    """Whether the filter matches, and the fewest clauses that decide it: whatever the others were, it would be the same."""

    matches: bool
    because: tuple[Reason, ...]


def explain(tree: Filter, satisfies: Callable[[Clause], bool]) -> Explanation:
    """Why a task is (not) there. `satisfies` says whether a clause is true of it, and is asked once about each."""
    facts = {clause: satisfies(clause) for clause in dict.fromkeys(clauses(tree))}
    matches, deciding = _decide(tree, facts)
    # Where a clause stands twice, one place may have chosen what the other makes needless.
    for clause in reversed(deciding):
        others = {each: facts[each] for each in deciding if each != clause}
        if _known(tree, others) is not None:
            deciding = list(others)
    return Explanation(matches, tuple(Reason(clause, facts[clause]) for clause in deciding))


def _decide(tree: Filter, facts: Mapping[Clause, bool]) -> tuple[bool, list[Clause]]:
    """Whether a tree is true, and few clauses that make it so, in their order."""
    if isinstance(tree, Not):
        matches, deciding = _decide(tree.part, facts)
        return not matches, deciding
    if not isinstance(tree, And | Or):
        return facts[tree], [tree]
    decided = [_decide(part, facts) for part in tree.parts]
    # One part is enough to make an `Or` true and an `And` false.
    enough = [deciding for matches, deciding in decided if matches == isinstance(tree, Or)]
    if enough:
        return isinstance(tree, Or), min(enough, key=len)
    return isinstance(tree, And), list(dict.fromkeys(clause for _, deciding in decided for clause in deciding))


def _known(tree: Filter, facts: Mapping[Clause, bool]) -> bool | None:
    """Whether a tree is true as far as some facts tell; None if they don't."""
    if isinstance(tree, Not):
        inner = _known(tree.part, facts)
        return None if inner is None else not inner
    if not isinstance(tree, And | Or):
        return facts.get(tree)
    parts = [_known(part, facts) for part in tree.parts]
    enough = isinstance(tree, Or)
    if enough in parts:
        return enough
    return None if None in parts else not enough
