"""`python -m examples.registry --settings FILE --port 8002`: serve the office's pages."""

import argparse
import json
import sys
from pathlib import Path

from examples.registry.office import Office
from examples.serving import clock_of, serve


def main() -> int:
    """Read the settings and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="examples.registry", description=__doc__)
    parser.add_argument(
        "--settings", type=Path, required=True, help="JSON that `ruangaman story fill` writes"
    )
    parser.add_argument("--port", type=int, default=8002)
    parser.add_argument("--clock", type=Path, help="file: seconds by which the story's clock is moved")
    arguments = parser.parse_args()
    office = Office(json.loads(arguments.settings.read_text()), now=clock_of(arguments.clock))
    return serve(office.handle, port=arguments.port, name="Kantor Contoh")


if __name__ == "__main__":
    sys.exit(main())
