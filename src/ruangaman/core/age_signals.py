"""
What a phone's system says of an age: a hint that comes through an app, never above `asserted`.

Read are Apple's Declared Age Range (iOS 26: `response`, `lowerBound`, `upperBound`, `ageRangeDeclaration`) and Google's
Play Age Signals (`userStatus`, `ageLower`, `ageUpper`), as their results stand in an app. Both ends are in completed
years and included; an absent upper end is none. Whatever a phone claims of how it knows (`VERIFIED`, `confirmed...`)
is not carried over: nothing here proves that a phone said it. A status without ages tells no age.

Fields that are not read are let pass, since versions add them; they are never handed on. A known field with a word or a
value that is not documented is refused: nobody can know what it means.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError

EVIDENCE: Final = "signal"
ASSURANCE: Final = "asserted"
OLDEST: Final = 150
MOST_FIELDS: Final = 32
RESPONSES: Final = ("sharing", "declined")
STATUSES: Final = (
    "VERIFIED",
    "DECLARED",
    "SUPERVISED",
    "SUPERVISED_APPROVAL_PENDING",
    "SUPERVISED_APPROVAL_DENIED",
    "UNKNOWN",
)


class AgeSignalRefused(RuangAmanError):
    """What the phone said cannot be read; `facts["why"]` names the field, never what it held."""

    code = "ages.signal-refused"


@dataclass(frozen=True, slots=True)
class Signal:
    """`age` as the law's facts have it, None when no age was told; evidence and assurance are always the same."""

    age: Mapping[str, int] | None
    evidence: str = EVIDENCE
    assurance: str = ASSURANCE


def read_apple(said: Mapping[str, Any]) -> Signal:
    """
    The answer to `requestAgeRange`. Raises AgeSignalRefused.

    >>> read_apple({"response": "sharing", "lowerBound": 13, "upperBound": 15, "ageRangeDeclaration": "confirmed"}).age
    {'at_least': 13, 'at_most': 15}
    >>> read_apple({"response": "declined"}).age is None
    True
    """
    _whole(said)
    response = said.get("response")
    if response not in RESPONSES:
        raise AgeSignalRefused(why="response")
    declared = said.get("ageRangeDeclaration")
    if declared is not None and not isinstance(declared, str):
        raise AgeSignalRefused(why="ageRangeDeclaration")
    age = _age(said, "lowerBound", "upperBound")
    if response == "declined" and age is not None:
        raise AgeSignalRefused(why="response")
    return Signal(age)


def read_google(said: Mapping[str, Any]) -> Signal:
    """
    The result of `checkAgeSignals`. Raises AgeSignalRefused.

    >>> read_google({"userStatus": "VERIFIED", "ageLower": 18, "installId": "i-1"})
    Signal(age={'at_least': 18}, evidence='signal', assurance='asserted')
    """
    _whole(said)
    status = said.get("userStatus")
    if status is not None and status not in STATUSES:
        raise AgeSignalRefused(why="userStatus")
    age = _age(said, "ageLower", "ageUpper")
    if status in (None, "UNKNOWN") and age is not None:
        raise AgeSignalRefused(why="userStatus")
    return Signal(age)


def _whole(said: Any) -> None:
    if not isinstance(said, Mapping) or len(said) > MOST_FIELDS:
        raise AgeSignalRefused(why="form")


def _age(said: Mapping[str, Any], lower: str, upper: str) -> dict[str, int] | None:
    low, high = _bound(said, lower), _bound(said, upper)
    if low is not None and high is not None and low > high:
        raise AgeSignalRefused(why=upper)
    found = {name: end for name, end in (("at_least", low), ("at_most", high)) if end is not None}
    return found or None


def _bound(said: Mapping[str, Any], name: str) -> int | None:
    value = said.get(name)
    if value is not None and (type(value) is not int or not 0 <= value <= OLDEST):
        raise AgeSignalRefused(why=name)
    return value
