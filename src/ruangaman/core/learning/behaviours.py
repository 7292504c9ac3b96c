"""What older learners and adults tell that they did by day 28: a tick, no proof, nothing personal."""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from ruangaman.core.learning.model import Line, Name, ObjectiveId, Plain

ASKED: Final = frozenset({"B4", "B5", "PAR", "TCH", "GOV", "PUB"})
"""Audiences that are asked; younger children are not."""
TIMES: Final = frozenset({"delayed"})


class Behaviour(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing done, and the lessons after which it is asked for."""

    id: Name
    text: Plain
    objectives: Annotated[tuple[ObjectiveId, ...], Meta(min_length=1)]


class Behaviours(Struct, frozen=True, forbid_unknown_fields=True):
    """
    All of them, in the order in which they are asked.

    Attributes:
        none: lessons after which none is asked, each with the reason; sensitive ones are never asked and not listed.
    """

    format: Literal[1]
    behaviours: tuple[Behaviour, ...]
    none: dict[ObjectiveId, Line] = {}

    def of(self, objective: str, time: str) -> tuple[Behaviour, ...]:
        """What is asked with a test."""
        if time not in TIMES or objective.partition("-")[0] not in ASKED:
            return ()
        return tuple(one for one in self.behaviours if objective in one.objectives)
