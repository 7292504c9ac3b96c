"""The OpenAPI 3.1 document: written by hand in `openapi.yaml`, each of its examples is run by a test."""

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import yaml

from ruangaman.rooms.access import config

FILE = Path(__file__).with_name("openapi.yaml")


@cache
def document() -> dict[str, Any]:
    """The document as plain values."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def as_json() -> bytes:
    """The document with the address of this house."""
    return msgspec.json.encode(document() | {"servers": [{"url": config.base_url()}]})
