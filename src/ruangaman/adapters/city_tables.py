"""The tables of a city that we ship, read once. A city may bring its own in the same form."""

from functools import cache
from pathlib import Path
from typing import Final

import yaml

from ruangaman.core.reach import build_rules, walk_rules
from ruangaman.core.reach.build_rules import BuildRules, BuildRulesMalformed
from ruangaman.core.reach.walk_rules import WalkRules, WalkRulesMalformed

DATA: Final = Path(__file__).resolve().parents[1] / "data"
MOST_BYTES: Final = 1 << 20


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
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise WalkRulesMalformed(at="more than 1 MiB")
        return walk_rules.read(yaml.safe_load(content))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError) as wrong:
        raise WalkRulesMalformed(at=type(wrong).__name__) from None


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
    try:
        with path.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise BuildRulesMalformed(at="more than 1 MiB")
        return build_rules.read(yaml.safe_load(content))
    except (OSError, yaml.YAMLError, UnicodeDecodeError, RecursionError) as wrong:
        raise BuildRulesMalformed(at=type(wrong).__name__) from None
