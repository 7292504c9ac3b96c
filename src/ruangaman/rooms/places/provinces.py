"""What provinces are called, from `data/provinces.yaml`."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml
from django.utils.translation import get_language

_FILE: Final = Path(__file__).resolve().parents[2] / "data" / "provinces.yaml"


@cache
def names() -> Mapping[str, Mapping[str, str]]:
    """{id, en} by the two digits of a province."""
    told: dict[str, Any] = yaml.safe_load(_FILE.read_text("utf-8"))
    found: dict[str, Mapping[str, str]] = told["names"]
    return found


def name(code: str) -> str:
    """In the reader's language; the code itself where we know no name."""
    found = names().get(code)
    if found is None:
        return code
    return found["en" if (get_language() or "id").startswith("en") else "id"]
