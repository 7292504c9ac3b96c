"""The tables of a city that we ship, read once. A city may bring its own in the same form."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

import yaml

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach import build_rules, walk_rules
from ruangaman.core.reach.build_rules import BuildRules, BuildRulesMalformed
from ruangaman.core.reach.walk_rules import WalkRules, WalkRulesMalformed

T = TypeVar("T")

DATA: Final = Path(__file__).resolve().parents[1] / "data"
MOST_BYTES: Final = 1 << 20


def table(path: Path, read: Callable[[Any], T], malformed: type[RuangAmanError]) -> T:
    """
    A table of ours or of a city, read by its own reader.

    Raises:
        malformed: no such file, too large, no YAML; and what `read` raises.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise malformed(at="more than 1 MiB")
        return read(yaml.safe_load(content))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError) as wrong:
        raise malformed(at=type(wrong).__name__) from None


@cache
def safe_walk() -> WalkRules:
    """Our rules of what is safe to walk."""
    return walk_rules_of(DATA / "safe_walk.yaml")


def walk_rules_of(path: Path) -> WalkRules:
    """
    A city's own rules.

    Raises:
        WalkRulesMalformed: no such file, too large, no YAML, or not in the form of ours.
    """
    return table(path, walk_rules.read, WalkRulesMalformed)


@cache
def city_build() -> BuildRules:
    """Our distances and limits of a build."""
    return build_rules_of(DATA / "city_build.yaml")


def build_rules_of(path: Path) -> BuildRules:
    """
    A city's own table of a build.

    Raises:
        BuildRulesMalformed: no such file, too large, no YAML, or not in the form of ours.
    """
    return table(path, build_rules.read, BuildRulesMalformed)
