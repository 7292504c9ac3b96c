"""What provinces are called, from `data/provinces.yaml`."""

from collections.abc import Mapping
from functools import cache
from typing import Any

import yaml

from ruangaman.adapters.yaml_tables import DATA


@cache
def names() -> Mapping[str, Mapping[str, str]]:
    """{id, en} by the two digits of a province."""
    told: dict[str, Any] = yaml.safe_load((DATA / "provinces.yaml").read_text("utf-8"))
    found: dict[str, Mapping[str, str]] = told["names"]
    return found
