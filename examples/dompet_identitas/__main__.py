"""`python -m examples.dompet_identitas --settings FILE --port 8005`: serve the wallet's pages."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from examples.dompet_identitas.wallet import Wallet
from examples.serving import Handler, command


def made(settings: dict[str, Any], now: Callable[[], datetime]) -> tuple[Handler, str]:
    """What answers, and its name."""
    return Wallet(settings, now=now).handle, "Dompet identitas"


if __name__ == "__main__":
    sys.exit(command(made, program="examples.dompet_identitas", about=__doc__, port=8005))
