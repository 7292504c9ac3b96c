"""`python -m examples.institution --settings FILE --port 8003`: serve the institution's pages."""

import argparse
import json
import sys
from pathlib import Path

from examples.institution.institution import Institution
from examples.serving import clock_of, serve


def main() -> int:
    """Read the settings and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="examples.institution", description=__doc__)
    parser.add_argument("--settings", type=Path, required=True, help="JSON: docs/guides/age-verdict.md")
    parser.add_argument("--port", type=int, default=8003)
    parser.add_argument("--clock", type=Path, help="file: seconds by which the story's clock is moved")
    arguments = parser.parse_args()
    settings = json.loads(arguments.settings.read_text(encoding="utf-8"))
    institution = Institution(settings, now=clock_of(arguments.clock))
    return serve(institution.handle, port=arguments.port, name=settings["name"]["id"])


if __name__ == "__main__":
    sys.exit(main())
