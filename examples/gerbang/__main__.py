"""`python -m examples.gerbang --house http://localhost:8000 --claim CLAIM --port 8004`: serve the gate."""

import argparse
import sys

from examples.gerbang.app import Gate
from examples.gerbang.store import Store
from examples.serving import serve


def main() -> int:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(prog="examples.gerbang", description=__doc__)
    parser.add_argument("--house", default="http://localhost:8000", help="where the tokens come from")
    parser.add_argument("--claim", required=True, help="age_over_N, one that the house's directory names")
    parser.add_argument("--data", default=":memory:", help="SQLite file of spent tokens")
    parser.add_argument("--port", type=int, default=8004)
    parser.add_argument("--origin", help="this gate as visitors see it (http://gerbang.localhost:PORT)")
    parser.add_argument("--stock", action="store_true", help="take tokens that were fetched before")
    said = parser.parse_args()
    origin = said.origin or f"http://gerbang.localhost:{said.port}"
    gate = Gate(said.house, origin, Store(said.data), claim=said.claim, stock=said.stock)
    return serve(gate.handle, port=said.port, name="Gerbang")


if __name__ == "__main__":
    sys.exit(main())
