"""`python -m examples.institution --settings FILE --port 8003`: serve the institution's pages."""

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from examples.institution.institution import Institution
from examples.serving import Handler, command


def made(settings: dict[str, Any], now: Callable[[], datetime]) -> tuple[Handler, str]:
    """What answers, and its name."""
    return Institution(settings, now=now).handle, settings["name"]["id"]


if __name__ == "__main__":
    sys.exit(
        command(
            made,
            program="examples.institution",
            about=__doc__,
            port=8003,
            settings="JSON: docs/guides/age-verdict.md",
        )
    )
