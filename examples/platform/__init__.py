"""Ramai and friends: three fictional services in one small program. It knows Ruang Aman only by its HTTP API."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
