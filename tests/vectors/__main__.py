"""`python -m tests.vectors [DIR]`: one line a file; exit status 1 when any fails, 2 when there is nothing to run."""

import sys
from collections import Counter
from pathlib import Path

from tests.vectors.running import DATA, run


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else DATA
    if not folder.is_dir():
        print(f"{folder}: no such folder", file=sys.stderr)
        return 2
    count: Counter[str] = Counter()
    for place, came in run(folder):
        count[came.state] += 1
        print(f"{came!s:<16}  {place}  ({came.detail})", flush=True)
    print(f"{count['pass']} passed, {count['fail']} failed, {count['not covered']} not covered")
    if not count:
        return 2
    return 1 if count["fail"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
