"""
What an estimate of an age from a face may decide: pure rules, every number of which is data with a source and a doubt.

The estimate is made in the person's own browser, so that its number never reaches the house and anybody can forge it.
The house therefore only says where the line is: the age that is asked plus a buffer, which comes from an error that
somebody measured for this very model. Who stands under the line is not proven, and never "younger".
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError

OLDEST: Final = 120
"""Completed years; no age, buffer or line is beyond it."""
_TEXT: Final = 300
_MEMBERS: Final = frozenset(
    {"package", "integrity", "measured_by", "measured_on", "how", "threshold", "people", "share", "years"}
)


class FaceErrorRefused(RuangAmanError):
    """The measured error of the model is missing or cannot be used; `facts["why"]` names the field or the reason."""

    code = "ages.face-error-refused"


@dataclass(frozen=True, slots=True)
class Rule:
    """
    The house's rule (`rooms/ages/data/face_rule.yaml`).

    Attributes:
        decides: the ages that an estimate may decide. never: those that it may not, whatever else is said.
        least_buffer: years that stand at least between the age and the line.
        least_people, least_share: a measurement of fewer people, or of a smaller share of them, counts as none.
        frames: pictures that each must lie on the line or above. seconds: for which they are looked for.
        tries: that one account may begin within 24 hours.
        least_score, least_face, darkest: below which certainty of the detector, share of the picture's height and
            mean brightness (0 to 1) a picture does not count.
    """

    decides: tuple[int, ...]
    never: tuple[int, ...]
    least_buffer: float
    least_people: int
    least_share: float
    frames: int
    seconds: int
    tries: int
    least_score: float
    least_face: float
    darkest: float


@dataclass(frozen=True, slots=True)
class MeasuredError:
    """
    How far somebody found this model to err, upwards, on people younger than the threshold.

    Attributes:
        measured_by, measured_on, how: who, when, and by what method or where it can be read.
        threshold: all people who were measured were younger.
        people: how many they were. share: of them were estimated at most `years` too old.
    """

    measured_by: str
    measured_on: date
    how: str
    threshold: int
    people: int
    share: float
    years: float


def rule_of(told: Mapping[str, Any]) -> Rule:
    """
    Read the rule out of its data: name -> {value, source, doubt}.

    Raises:
        ValueError: a number stands without its source or its doubt, or an age both is decided and never is.
    """
    for name, one in told.items():
        if set(one) != {"value", "source", "doubt"} or not all(str(one[part]).strip() for part in one):
            raise ValueError(name)
    said = {name: one["value"] for name, one in told.items()}
    said |= {name: tuple(said[name]) for name in ("decides", "never")}
    rule = Rule(**said)
    if set(rule.decides) & set(rule.never):
        raise ValueError("never")
    return rule


def error_of(told: object, rule: Rule, *, package: str, integrity: str, today: date) -> MeasuredError:
    """
    Read what somebody measured, for exactly this model.

    Args:
        told: what the file says, of any form. package: `name@version`. integrity: of its archive, `sha512-...`.

    Raises:
        FaceErrorRefused: the field or the reason, never what stands there.
    """
    if not isinstance(told, Mapping) or set(told) != _MEMBERS:
        raise FaceErrorRefused(why="fields")
    if (told["package"], told["integrity"]) != (package, integrity):
        raise FaceErrorRefused(why="another model")
    for name in ("measured_by", "how"):
        if not isinstance(told[name], str) or not 0 < len(told[name].strip()) <= _TEXT:
            raise FaceErrorRefused(why=name)
    day = told["measured_on"]
    if type(day) is not date or day > today:
        raise FaceErrorRefused(why="measured_on")
    for name, low, high in (("threshold", 1, OLDEST), ("people", 0, 10**9)):
        if type(told[name]) is not int or not low <= told[name] <= high:
            raise FaceErrorRefused(why=name)
    for name, most in (("share", 1), ("years", OLDEST)):
        if type(told[name]) not in (int, float) or not 0 <= told[name] <= most:  # NaN fails as well
            raise FaceErrorRefused(why=name)
    if told["people"] < rule.least_people:
        raise FaceErrorRefused(why="too few people")
    if told["share"] < rule.least_share:
        raise FaceErrorRefused(why="too small a share")
    return MeasuredError(
        told["measured_by"].strip(),
        day,
        told["how"].strip(),
        told["threshold"],
        told["people"],
        float(told["share"]),
        float(told["years"]),
    )


def may_decide(rule: Rule, threshold: int | None) -> bool:
    """Whether an estimate may answer "this age or over" at all."""
    return threshold in rule.decides and threshold not in rule.never


def buffer(rule: Rule, error: MeasuredError) -> float:
    """Years between the age that is asked and the line: what was measured, and never less than the rule's least."""
    return max(rule.least_buffer, error.years)


def line(rule: Rule, error: MeasuredError | None, threshold: int | None) -> float | None:
    """From which estimate on "this age or over" is proven; None where an estimate decides nothing."""
    if error is None or threshold is None or not may_decide(rule, threshold) or error.threshold != threshold:
        return None
    return threshold + buffer(rule, error)


def far_above(estimates: Sequence[float], at: float, frames: int) -> bool:
    """
    Whether enough pictures each lie on the line or above. The browser does the same (`static/ages/wajah-aturan.js`).

    The lowest estimate decides: one picture in which somebody looks young is enough for "not proven".
    """
    return len(estimates) >= frames > 0 and all(math.isfinite(one) and one >= at for one in estimates)


def never_alone(names: Iterable[str], name: str) -> bool:
    """Whether a way stands beside another: whoever cannot or will not use a camera has a way out."""
    return any(one != name for one in names)
