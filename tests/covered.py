"""What `make test` asks of the lines and branches that its tests ran.

    python -m tests.covered coverage.json file …

Prints what was not run. Fails where that is more than one part in twenty of all, or anything at all of the files named.
"""

import json
import sys
from pathlib import Path

from slipcover import print_coverage

AT_LEAST_OF_ALL = 95.0


def main(report: str, *guarded: str) -> str | None:
    """What is too little, or None."""
    coverage = json.loads(Path(report).read_text())
    print_coverage(coverage, outfile=sys.stdout, skip_covered=True)
    of_all = coverage["summary"]["percent_covered"]
    incomplete = [file for file in guarded if coverage["files"][file]["summary"]["percent_covered"] < 100]
    if of_all < AT_LEAST_OF_ALL:
        return f"Tests ran {of_all:.1f} % of the code; {AT_LEAST_OF_ALL:.0f} % is the least."
    if incomplete:
        return f"These guard people's things, and tests must run all of them: {', '.join(incomplete)}"
    return None


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
