"""Facts that tell of others: the name of a service tells whether it is one of the named platforms."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ruangaman.core.law.model import Fact
from ruangaman.core.law.refusals import QuestionRefused


class Telling(NamedTuple):
    """In the JSON object `group`, the value of `field` tells that of each field of `told`, by the word given."""

    group: str
    field: str
    told: Mapping[str, Mapping[str, Any]]

    def of(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """
        What the group's fields tell of others that are not given.

        Raises:
            QuestionRefused: another value was given than the one that is told.
        """
        word = given.get(self.field)
        found = {}
        for field, values in self.told.items():
            value = values.get(word) if isinstance(word, str) else None
            if value is None:
                continue
            if given.get(field) is None:
                found[field] = value
            elif given[field].__class__ is value.__class__ and given[field] != value:
                raise QuestionRefused(
                    "ask.wrong-value", f"{self.group}.{field}", f"does not fit {self.group}.{self.field}"
                )
        return found


def telling(fact: Fact, facts: Mapping[str, Fact]) -> Telling:
    """What a fact of a pack tells, by the fields and values of JSON."""
    group, field = fact.path
    told: dict[str, dict[str, Any]] = {}
    for target, here, there in fact.tells:
        other = facts[target]
        told.setdefault(other.path[1], {})[here] = there if other.kind == "words" else there == "yes"
    return Telling(group, field, told)


def with_told(facts: Mapping[str, Any], tells: Sequence[Telling]) -> Mapping[str, Any]:
    """The facts, with what some of them tell of others; raises QuestionRefused when they do not fit together."""
    for one in tells:
        given = facts.get(one.group)
        if isinstance(given, dict):
            more = one.of(given)
            if more:
                facts = {**facts, one.group: {**given, **more}}
    return facts
