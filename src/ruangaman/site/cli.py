"""The command `ruangaman`."""

import argparse
import importlib
import pkgutil
import sys
from collections.abc import Sequence

from ruangaman.site import commands


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is the command's own, 2 for a wrong call."""
    parser = argparse.ArgumentParser(prog="ruangaman", description="Ruang Aman")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for module in sorted(
        m.name for m in pkgutil.iter_modules(commands.__path__) if not m.name.startswith("_")
    ):
        importlib.import_module(f"{commands.__name__}.{module}").add(subparsers)
    args = parser.parse_args(argv)
    return int(args.run(args))


if __name__ == "__main__":
    sys.exit(main())
