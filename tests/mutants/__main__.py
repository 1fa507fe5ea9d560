"""Mutation tests of what keeps people's things theirs: `make mutants` puts small faults in, one at a time, and lists those that no
test notices.

MODULE=… looks at one module alone, SAMPLE=20 at so many mutants of each, which SEED=… chooses.
"""

import os
import random
import sys
from collections import Counter
from importlib import import_module
from pathlib import Path

from tests.mutants.edits import Mutant, mutants_of, unchanged
from tests.mutants.running import Reach, ask_in_functions, reach, survives_import

# Heavy, and none of ours: every fork has them already.
HEAVY = ("alembic.command", "fastapi", "httpx", "reflex", "socketio", "webauthn")
# Whose tests are asked; the others reach these modules too, but only to have somebody signed in.
TESTS = """
api/test_access api/test_auth api/test_changes api/test_me api/test_origin api/test_recovery api/test_reference
api/test_tasks api/test_trash api/test_two_step attacks/test_api services/test_access_tokens services/test_accounts
services/test_actor services/test_change_feed services/test_housekeeping services/test_idempotency services/test_limits
services/test_outbox services/test_passkeys services/test_passwords services/test_recovery services/test_sealing
services/test_sessions services/test_tickets services/test_two_step test_clean_addresses test_db test_security_log
ui/test_endings ui/test_flash ui/test_forms ui/test_gate ui/test_handshake ui/test_recovery ui/test_second_step
ui/test_secrets ui/test_sockets
"""
FILES = [f"tests/{name}.py" for name in TESTS.split()]


def tests_for(mutant: Mutant, reach: Reach) -> list[str]:
    """The tests to ask about a mutant; for what runs at the import alone, those that use what it makes, or else the module."""
    found = reach.of(mutant.path, mutant.lines) or reach.naming(mutant.names) or reach.of(mutant.path, range(10**4))
    return reach.ordered(found, mutant.path)


def main(paths: list[Path]) -> None:
    """Prints each survivor, and a table."""
    for name in HEAVY:
        import_module(name)
    chance = random.Random(os.environ.get("SEED", "1"))
    most = int(os.environ.get("SAMPLE", "1000"))
    mutants = [mutant for path in paths for mutant in _some(list(mutants_of(path)), most, chance)]
    known = reach(FILES)
    left = Counter[Path]()

    def tell(mutant: Mutant) -> None:
        left[mutant.path] += 1
        print(f"{mutant.path}:{mutant.lines.start}\n  - {mutant.before}\n  + {mutant.after}", flush=True)

    as_it_is = unchanged(paths[0])
    if not survives_import(as_it_is, tests_for(as_it_is, known), known):
        raise SystemExit("Without any mutant some tests fail when their app is imported anew.")
    swappable = [mutant for mutant in mutants if mutant.is_in_function and known.of(mutant.path, mutant.lines)]
    for mutant in mutants:
        if mutant not in swappable and survives_import(mutant, tests_for(mutant, known), known):
            tell(mutant)
    ask_in_functions([(mutant, tests_for(mutant, known)) for mutant in swappable], FILES, known, tell)
    print_table(Counter(mutant.path for mutant in mutants), left)


def _some(mutants: list[Mutant], most: int, chance: random.Random) -> list[Mutant]:
    """These, or a choice of them where there are more."""
    return chance.sample(mutants, most) if len(mutants) > most else mutants


def print_table(made: Counter[Path], left: Counter[Path]) -> None:
    """How many of each module's mutants were noticed."""
    print("\n| module | mutants | killed |\n|---|---|---|")
    for name, count, lost in [*((f"`{path}`", made[path], left[path]) for path in made), ("all", made.total(), left.total())]:
        print(f"| {name} | {count} | {100 * (count - lost) / count:.0f} % |")


if __name__ == "__main__":
    main([Path(each) for each in sys.argv[1:]])
