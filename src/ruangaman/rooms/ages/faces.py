"""
The way "face": an estimate that the person's own browser makes. Nothing of a face, and no number, reaches the house.

It is open where the operator switched it on, the pinned model is installed, and somebody measured how far that model
errs; it decides the ages that the rule names, and stands beside another way or not at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import yaml
from django.db import transaction

from ruangaman.core import face_estimates
from ruangaman.core.age_checks import BY_NAME
from ruangaman.core.face_estimates import FaceErrorRefused, MeasuredError, Rule
from ruangaman.rooms.ages import checks, config, face_model, holds
from ruangaman.rooms.ages.errors import AttemptOver, FaceAnswerRefused, FaceTriesUsed, OtherBrowser
from ruangaman.rooms.ages.models import AgeCheck, Attempt

NAME: Final = "face"
YES: Final = "ya"
"""The only word that a browser sends of an estimate."""
_DAY: Final = timedelta(hours=24)
_LONGEST: Final = 16_384  # bytes of a file with a measured error


@cache
def rule() -> Rule:
    """The house's rule about estimates."""
    told = yaml.safe_load((face_model.DATA / "face_rule.yaml").read_text(encoding="utf-8"))
    return face_estimates.rule_of(told)


def demand_error(*, today: date) -> MeasuredError:
    """
    What somebody measured of this model, as the operator's file says it.

    Raises:
        FaceErrorRefused: no file is named, or it cannot be used.
    """
    name = config.face_error_file()
    if not name:
        raise FaceErrorRefused(why="nobody measured it")
    try:
        changed = Path(name).stat().st_mtime_ns
        return _error(name, changed, today)
    except OSError:
        raise FaceErrorRefused(why="cannot be read") from None


@lru_cache(maxsize=4)
def _error(name: str, _changed: int, today: date) -> MeasuredError:
    with Path(name).open("rb") as file:
        text = file.read(_LONGEST + 1)
    if len(text) > _LONGEST:
        raise FaceErrorRefused(why="size")
    try:
        told = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError, ValueError, RecursionError):
        raise FaceErrorRefused(why="not YAML") from None
    pin = face_model.package()
    return face_estimates.error_of(told, rule(), package=pin.name, integrity=pin.integrity, today=today)


def _known_error(now: datetime) -> MeasuredError | None:
    try:
        return demand_error(today=now.date())
    except FaceErrorRefused:
        return None


def is_open(now: datetime) -> bool:
    """Whether anybody at all can go this way: the model is there, and its error was measured."""
    return face_model.installed() and _known_error(now) is not None


def line_of(threshold: int | None, now: datetime) -> float | None:
    """From which estimate on "this age or over" is proven; None where an estimate decides nothing."""
    return face_estimates.line(rule(), _known_error(now), threshold)


def possible(row: AgeCheck, now: datetime) -> bool:
    """Whether an estimate can answer this check."""
    return (
        face_model.installed() and line_of(row.threshold, now) is not None and _tries_left(row.ref, now) > 0
    )


def answers(age: int) -> bool:
    """Whether what an estimate proved may answer for this age later on, whichever age was asked then."""
    return face_estimates.may_decide(rule(), age)


def _tries_left(ref: UUID, now: datetime) -> int:
    done = Attempt.objects.filter(question__ref=ref, method=NAME, began_at__gt=now - _DAY).count()
    return rule().tries - done


@transaction.atomic
def begin(row: AgeCheck, *, now: datetime) -> checks.Begun:
    """
    Begin one try, when the camera already stands ready.

    Raises:
        FaceTriesUsed; CheckOver, WayClosed, TooManyTries.
    """
    row = AgeCheck.objects.select_for_update().get(pk=row.pk)  # two windows do not share the last try
    if row.decided_at is None and row.closed_at is None and _tries_left(row.ref, now) <= 0:
        raise FaceTriesUsed(most=rule().tries)
    return checks.begin(row, NAME, now=now)


def accept(row: AgeCheck, told: dict[str, Any], *, secret: str, now: datetime) -> AgeCheck:
    """
    The browser says yes, for the try of this check that it began. More than that, or anything else, ends the try.

    Args:
        told: the fields of the form, without the one against other sites. secret: what this browser holds of the try.

    Raises:
        FaceAnswerRefused; NotFound, AttemptOver, OtherBrowser, CheckOver, WayClosed.
    """
    attempt = checks.attempt_of(str(told.get("state", "")), browser=secret, now=now)
    if attempt.method != NAME or attempt.question_id != row.pk:
        raise OtherBrowser
    if set(told) != {"state", "hasil"} or told["hasil"] != YES:
        checks.refuse(attempt, FaceAnswerRefused.code, now=now)
        raise FaceAnswerRefused
    if line_of(row.threshold, now) is None or not face_model.installed():  # switched off meanwhile
        checks.refuse(attempt, AttemptOver.code, now=now)
        raise AttemptOver
    return checks.decide(attempt, checks.Proved(True, BY_NAME[NAME].assurance), now=now)


def rests_here(refs: Sequence[UUID]) -> bool:
    """Whether an estimate of these accounts' browsers stands, which anybody could have forged."""
    rows = AgeCheck.objects.filter(ref__in=refs, decided_at__isnull=False, method=NAME)
    return any(not holds.set_aside(row) for row in rows)


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands between this way and whoever wants to go it; for the operator and for the practice statement."""

    on: bool
    installed: bool
    error: MeasuredError | None
    why: str

    @property
    def open(self) -> bool:
        return self.on and self.installed and self.error is not None


def standing(now: datetime) -> Standing:
    """How the way stands; `why` is empty, or why no measured error counts."""
    error, why = None, ""
    try:
        error = demand_error(today=now.date())
    except FaceErrorRefused as refused:
        why = str(refused.facts["why"])
    return Standing(NAME in config.ways(), face_model.installed(), error, why)


def stated(now: datetime) -> dict[str, Any]:
    """What the practice statement says of estimates: which ages, how far from the line, and who measured what."""
    told, error = rule(), _known_error(now)
    return {
        "decides": list(told.decides),
        "never": list(told.never),
        "model": face_model.package().name,
        "least_buffer_years": told.least_buffer,
        "tries_a_day": told.tries,
        "frames": told.frames,
        "measured": None
        if error is None
        else {
            "by": error.measured_by,
            "on": error.measured_on.isoformat(),
            "how": error.how,
            "threshold": error.threshold,
            "people": error.people,
            "percent": error.share * 100,
            "years": error.years,
            "buffer_years": face_estimates.buffer(told, error),
        },
    }


def told(now: datetime) -> list[tuple[str, str]]:
    """How the way stands, for the operator: what, and how it is."""
    found, pin = standing(now), face_model.package()
    error = found.error
    lines = [
        ("package", f"{pin.name} ({pin.licence})"),
        ("model", f"installed in {face_model.folder()}" if found.installed else "not installed"),
        ("setting", "on" if found.on else "off: `face` is not among RUANGAMAN_AGE_WAYS"),
    ]
    if error is None:
        lines.append(("error", f"none that counts: {found.why}"))
    else:
        lines.append(("error", f"{error.years:g} years, by {error.measured_by} on {error.measured_on}"))
        for age in rule().decides:
            at = face_estimates.line(rule(), error, age)
            lines.append(
                (f"over {age}", f"from an estimate of {at:g} on" if at is not None else "not measured")
            )
    return [*lines, ("offered", "yes, where the law calls it enough" if found.open else "no")]
