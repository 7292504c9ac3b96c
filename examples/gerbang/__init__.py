"""A platform's own gate: it takes age tokens by the few lines of `ruangaman.client.tokens`, and keeps no account."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
