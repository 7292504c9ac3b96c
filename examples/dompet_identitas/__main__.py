"""`python -m examples.dompet_identitas --settings FILE --port 8005`: serve the wallet's pages."""

import argparse
import json
import sys
from pathlib import Path

from examples.dompet_identitas.wallet import Wallet
from examples.serving import clock_of, serve


def main() -> int:
    """Read the settings and serve until interrupted."""
    parser = argparse.ArgumentParser(prog="examples.dompet_identitas", description=__doc__)
    parser.add_argument(
        "--settings", type=Path, required=True, help="JSON that `ruangaman story fill` writes"
    )
    parser.add_argument("--port", type=int, default=8005)
    parser.add_argument("--clock", type=Path, help="file: seconds by which the story's clock is moved")
    arguments = parser.parse_args()
    wallet = Wallet(json.loads(arguments.settings.read_text(encoding="utf-8")), now=clock_of(arguments.clock))
    return serve(wallet.handle, port=arguments.port, name="Dompet identitas")


if __name__ == "__main__":
    sys.exit(main())
