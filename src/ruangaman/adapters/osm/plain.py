"""The plain rule (`core.reach.plain_rule`) from its table, and its answers about a file."""

from functools import cache
from importlib import resources
from pathlib import Path

import yaml

from ruangaman.adapters.osm import reading, vocabulary
from ruangaman.core.reach import plain_rule
from ruangaman.core.reach.plain_rule import PlainRule


@cache
def rule() -> tuple[PlainRule, vocabulary.Vocabulary]:
    """The rule, and the tags that it reads: data/plain_rule.yaml."""
    table = yaml.safe_load((resources.files("ruangaman") / "data" / "plain_rule.yaml").read_bytes())
    walk = {name: tuple(values) for name, values in table["walk"].items()}
    ((key, value),) = table["crossing"].items()
    return (
        PlainRule(
            **walk,
            crossing=(key, value),
            earth_radius_m=table["earth_radius_m"],
            metre_per_degree=table["metre_per_degree"],
            shortest_edge_m=table["shortest_edge_m"],
            limits_m=tuple(table["limits_m"]),
        ),
        vocabulary.from_mapping(table),
    )


def check(path: Path, limits: reading.Limits | None = None) -> dict[str, object]:
    """What the plain rule says about a file; raises what `reading.read` raises."""
    plain, tags = rule()
    return plain_rule.answers(reading.read(path, tags, limits), plain)


def walking_graph(path: Path, limits: reading.Limits | None = None) -> plain_rule.PlainGraph:
    """The plain rule's walk graph of a file; raises what `reading.read` raises."""
    plain, tags = rule()
    return plain_rule.graph(reading.read(path, tags, limits), plain)
