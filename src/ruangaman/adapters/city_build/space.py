"""SDG 11.7.1 of a city (stub)."""
from typing import Any


def told(*given: Any) -> dict[str, Any]:
    return {"format": 1, "part_a": None, "part_b": None}
