"""
A child's walk as a page tells it: whether she can, what stands in the way, step by step, and what would repair it.

The same three answers as for a whole city (`walks`): safe over safe stretches alone, unknown when only with stretches
of which not enough is known, unsafe otherwise. What is told of an unsafe walk is the shortest one that there is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from ruangaman.core.reach import walk_map
from ruangaman.core.reach.walk_map import ACROSS, AUDIT, Path, Repairs, WalkMap
from ruangaman.core.reach.walk_rules import Answer

CROSSING: Final = "crossing"
PAVEMENT: Final = "pavement"


class Why(StrEnum):
    """Why a child can or cannot walk there."""

    SAFE = "safe"
    NOT_SURVEYED = "not_surveyed"
    BARRIER = "barrier"
    TOO_FAR = "too_far"
    NO_WAY = "no_way"


@dataclass(frozen=True, slots=True)
class Step:
    """
    A stretch of one street, walked without a change of answer.

    Attributes:
        street: its name, "" without one. across: whether it leads across that street.
        metres: walked. answer: of the stretch. because: rules that say so, those that decide first.
        edges: of the network. line: (lon, lat) in degrees, as walked.
    """

    street: str
    across: bool
    metres: float
    answer: Answer
    because: tuple[str, ...]
    edges: tuple[int, ...]
    line: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Journey:
    """
    Attributes:
        why: as `Why`. steps: of the walk that is told, none where there is none.
        entrance: where it ends, -1 for nowhere. metres: walked.
        limit: metres of walking cost within which a place is in reach.
    """

    why: Why
    steps: tuple[Step, ...]
    entrance: int
    metres: float
    limit: float

    @property
    def answer(self) -> Answer:
        """Of the whole walk."""
        if self.why is Why.SAFE:
            return Answer.SAFE
        return Answer.UNKNOWN if self.why is Why.NOT_SURVEYED else Answer.UNSAFE


@dataclass(frozen=True, slots=True)
class Action:
    """
    Something that would repair a walk.

    Attributes:
        kind: CROSSING, PAVEMENT or AUDIT. street: where. metres: of the stretch; 0 for a crossing.
        edges: that it repairs.
    """

    kind: str
    street: str
    metres: float
    edges: tuple[int, ...]


def journey(
    city: WalkMap, profile: str, start: int, wanted: Sequence[int], *,
    limit: float, far: float, repairs: Repairs | None = None,
) -> Journey:  # fmt: skip
    """
    The walk from a corner to the nearest of the wanted entrances.

    Args:
        limit: metres of walking cost that are in reach. far: metres within which a way is still told when none is.
    """
    for at_worst, why in ((Answer.SAFE, Why.SAFE), (Answer.UNKNOWN, Why.NOT_SURVEYED)):
        found = walk_map.walk(city, profile, start, wanted, at_worst=at_worst, limit=limit, repairs=repairs)
        if found:
            return _told(city, profile, why, found, limit, repairs or {})
    found = walk_map.walk(
        city,
        profile,
        start,
        wanted,
        at_worst=Answer.UNSAFE,
        limit=max(limit, far),
        repairs=repairs,
        plain=True,
    )
    if not found:
        return Journey(Why.NO_WAY, (), -1, 0.0, limit)
    return _told(
        city, profile, Why.BARRIER if found.metres <= limit else Why.TOO_FAR, found, limit, repairs or {}
    )


def _told(city: WalkMap, profile: str, why: Why, path: Path, limit: float, repairs: Repairs) -> Journey:
    return Journey(why, tuple(_steps(city, profile, path, repairs)), path.entrance, path.metres, limit)


def _steps(city: WalkMap, profile: str, path: Path, repairs: Repairs) -> Iterable[Step]:
    rows: list[Step] = []
    for at, (edge, share) in enumerate(path.edges):
        if share <= 0 and rows:  # it ends where the step before does
            continue
        look = walk_map.looked(city, profile, edge, repairs)
        across = city.part[edge] == ACROSS
        here = path.vertices[at]
        one = (city.lon[here], city.lat[here])
        if at + 1 < len(path.vertices):
            onward = path.vertices[at + 1]
            other = (city.lon[onward], city.lat[onward])
        else:
            other = _along(city, edge, here, share)
        step = Step(
            city.called(edge),
            across,
            city.metres[edge] * share,
            look.answer,
            look.because,
            (edge,),
            (one, other),
        )
        if rows and _same(rows[-1], step):
            before = rows.pop()
            step = Step(
                step.street, across, before.metres + step.metres, step.answer, step.because,
                (*before.edges, edge), (*before.line, other),
            )  # fmt: skip
        rows.append(step)
    return rows


def _same(one: Step, other: Step) -> bool:
    return (one.street, one.across, one.answer, one.because) == (
        other.street,
        other.across,
        other.answer,
        other.because,
    )


def _along(city: WalkMap, edge: int, vertex: int, share: float) -> tuple[float, float]:
    """A point on an edge, so far from one of its ends."""
    other = city.v[edge] if city.u[edge] == vertex else city.u[edge]
    return (
        city.lon[vertex] + share * (city.lon[other] - city.lon[vertex]),
        city.lat[vertex] + share * (city.lat[other] - city.lat[vertex]),
    )


def hindrances(told: Journey) -> tuple[Step, ...]:
    """The steps that are not safe, the worst first."""
    return tuple(sorted((one for one in told.steps if one.answer), key=lambda one: -one.answer))


def deciding(step: Step, answers: Mapping[str, Answer]) -> str:
    """The rule that makes a step what it is: the first whose own answer is the step's; "" where no rule speaks."""
    return next((one for one in step.because if answers.get(one) == step.answer), (*step.because, "")[0])


def actions(
    city: WalkMap, profile: str, told: Journey, lines: Mapping[int, Sequence[int]]
) -> tuple[Action, ...]:
    """
    What would repair the steps that are not safe, in their order; what brings nothing for this child is left out.

    Args:
        lines: street as mapped -> its edges.
    """
    found: dict[tuple[str, str], Action] = {}
    for step in told.steps:
        if step.answer == Answer.SAFE:
            continue
        if step.across:
            edges = _arms(city, step.edges)
            if _helps(city, profile, edges, CROSSING):
                found.setdefault((CROSSING, step.street), Action(CROSSING, step.street, 0.0, edges))
            continue
        edges = tuple(sorted({edge for one in step.edges for edge in lines.get(city.line[one], (one,))}))
        metres = sum(city.metres[edge] for edge in edges)
        if _helps(city, profile, edges, PAVEMENT):
            found.setdefault((PAVEMENT, step.street), Action(PAVEMENT, step.street, metres, edges))
        if step.answer == Answer.UNKNOWN:
            found.setdefault((AUDIT, step.street), Action(AUDIT, step.street, metres, edges))
    return tuple(found.values())


def _arms(city: WalkMap, edges: Sequence[int]) -> tuple[int, ...]:
    """A crossing opens every way across at its node: all of them lie at one spot."""
    spots = {(city.lon[city.u[edge]], city.lat[city.u[edge]]) for edge in edges}
    found = set(edges)
    ends = {vertex for edge in edges for vertex in (city.u[edge], city.v[edge])}
    while ends:
        vertex = ends.pop()
        for edge in city.edges_at(vertex):
            if city.part[edge] == ACROSS and edge not in found:
                found.add(edge)
                ends |= {
                    one for one in (city.u[edge], city.v[edge]) if (city.lon[one], city.lat[one]) in spots
                }
    return tuple(sorted(found))


def _helps(city: WalkMap, profile: str, edges: Sequence[int], action: str) -> bool:
    """Whether some stretch is better after it."""
    return any(
        city.repaired[action][profile][city.look[edge]].answer < city.looks[profile][city.look[edge]].answer
        for edge in edges
    )


def repairs_of(chosen: Iterable[Action]) -> tuple[dict[int, str], dict[int, str]]:
    """What is built, and what is hoped of surveys, by edge. What is built counts where both are chosen."""
    built: dict[int, str] = {}
    hoped: dict[int, str] = {}
    for one in chosen:
        (hoped if one.kind == AUDIT else built).update(dict.fromkeys(one.edges, one.kind))
    return built, {edge: kind for edge, kind in hoped.items() if edge not in built}
