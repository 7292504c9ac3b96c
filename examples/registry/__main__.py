"""`python -m examples.registry --settings FILE --port 8002`: serve the office's pages."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from examples.registry.office import Office
from examples.serving import Handler, command


def made(settings: dict[str, Any], now: Callable[[], datetime]) -> tuple[Handler, str]:
    """What answers, and its name."""
    return Office(settings, now=now).handle, "Kantor Contoh"


if __name__ == "__main__":
    sys.exit(command(made, program="examples.registry", about=__doc__, port=8002))
