"""The tables of a city that we ship, read once. A city may bring its own in the same form."""

from functools import cache
from pathlib import Path

from ruangaman.adapters.yaml_tables import DATA, table
from ruangaman.core.reach import build_rules, walk_rules
from ruangaman.core.reach.build_rules import BuildRules, BuildRulesMalformed
from ruangaman.core.reach.walk_rules import WalkRules, WalkRulesMalformed


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
