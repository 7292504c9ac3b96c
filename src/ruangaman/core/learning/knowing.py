"""
How likely somebody knows something, after each answer: Bayesian knowledge tracing (Corbett and Anderson 1995).

Badges of adults ask `mastered`, and drawn learners answer by a `Skill`. No page asks how likely somebody knows
something, and of a child nothing of the kind is kept on a server.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Skill:
    """Chances, 0 to 1: known at first, learned by each try, wrong though known, right though not known."""

    p_init: float
    p_learn: float
    p_slip: float
    p_guess: float


def after(known: float, right: bool, skill: Skill) -> float:
    """The chance that it is known after one more answer, what this try taught counted in."""
    slip, guess = skill.p_slip, skill.p_guess
    if right:
        seen = known * (1 - slip)
        other = (1 - known) * guess
    else:
        seen = known * slip
        other = (1 - known) * (1 - guess)
    posterior = seen / (seen + other) if seen + other else known
    return posterior + (1 - posterior) * skill.p_learn


def trace(answers: Iterable[bool], skill: Skill) -> list[float]:
    """The chance after each answer, in their order."""
    known, told = skill.p_init, []
    for right in answers:
        known = after(known, right, skill)
        told.append(known)
    return told


def mastered(answers: Iterable[tuple[int, bool]], *, right: int = 4, last: int = 5, days: int = 2) -> bool:
    """Of an adult: so many of the last ones right, on so many days. `answers`: (day, right), in their order."""
    told = list(answers)[-last:]
    return (
        len(told) == last
        and sum(one for _day, one in told) >= right
        and len({day for day, _one in told}) >= days
    )
