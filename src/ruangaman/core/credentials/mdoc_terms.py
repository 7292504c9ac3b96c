"""
What a mobile document is held against, what is kept of it, and what its elements say of an age.

Source: ISO/IEC 18013-5 7.2.5; of the European age verification profile annex A, section 4.1.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ruangaman.core.credentials import x509
from ruangaman.core.credentials.mdoc_reading import Item, MdocRefused, ValidityInfo
from ruangaman.core.credentials.status_list import Reference

MDL: Final = "org.iso.18013.5.1.mDL"
EU_AV: Final = "eu.europa.ec.av.1"
EU_PID: Final = "eu.europa.ec.eudi.pid.1"
NAME_SPACES: Final[Mapping[str, str]] = {MDL: "org.iso.18013.5.1", EU_AV: EU_AV, EU_PID: EU_PID}
"""Where each docType keeps its age elements."""

SKEW: Final = 300
"""Seconds by which clocks may differ, either way."""

EU_AV_MONTHS: Final = 3


class SignedOutOfTime(MdocRefused):
    """The document was signed when its signer's certificate did not count."""

    code = "mdoc.signed-out-of-time"


class DeviceAuthWrong(MdocRefused):
    """The device's proof is for another session, another document or another key."""

    code = "mdoc.device-auth-wrong"


class AgeContradicts(MdocRefused):
    """Two age elements cannot both be true."""

    code = "mdoc.age-contradicts"


class AgeMalformed(MdocRefused):
    """An age element that is neither true nor false."""

    code = "mdoc.age-malformed"


@dataclass(frozen=True, slots=True)
class Checked:
    """
    What is kept of a document that stood every check.

    Args:
        doc_type, name_space: its kind, and where its ages stood.
        issuer: name of the entry on the list of trust.
        validity_info: unix seconds.
        status: where its state must still be looked up, if it has one.
        over: answers for the ages that were asked; an age without an answer is left out, and means nothing.
        device_bound: did the device prove that the document is its own, for this session?
    """

    doc_type: str
    name_space: str
    issuer: str
    validity_info: ValidityInfo
    status: Reference | None
    over: Mapping[int, bool]
    device_bound: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What a document is held against.

    Args:
        doc_type: the kind that was asked for.
        trust: who may sign it.
        now: unix seconds; `skew` seconds are granted on both sides.
        ages: whole years for which answers are wanted; none by default.
        purpose: what the signer's certificate must be meant for.
        name_space: where the ages stand, when it is not the docType's usual place.
        profile: hold an `eu.europa.ec.av.1` against its profile.
        unknown_status: take a document whose state cannot be looked up.
    """

    doc_type: str
    trust: x509.TrustList
    now: int
    ages: tuple[int, ...] = ()
    skew: int = SKEW
    purpose: x509.Purpose = x509.DOCUMENT_SIGNER
    name_space: str | None = None
    profile: bool = True
    unknown_status: bool = False


_AGE: Final = re.compile(r"age_over_([0-9]{2})", re.ASCII)


def age_number(identifier: str) -> int | None:
    """The age that an element is about, None for any other element.

    >>> age_number("age_over_21"), age_number("age_in_years")
    (21, None)
    """
    named = _AGE.fullmatch(identifier)
    return None if named is None else int(named[1])


def age_claims(items: Iterable[Item]) -> dict[int, bool]:
    """
    The `age_over_NN` elements among these.

    Raises:
        AgeMalformed: one is neither true nor false.
    """
    found: dict[int, bool] = {}
    for item in items:
        age = age_number(item.element_identifier)
        if age is None:
            continue
        if not isinstance(item.element_value, bool):
            raise AgeMalformed
        found[age] = item.element_value
    return found


def answer_over(claims: Mapping[int, bool], age: int) -> bool | None:
    """
    Is the holder at least `age`? None when these claims do not decide it.

    Who is over a higher age is over a lower one; who is not over a lower age is not over a higher one. Never the other
    way: being over a lower age says nothing, and neither does not being over a higher one.

    Raises:
        AgeContradicts: over one age, but not over a lower one.

    Source: ISO/IEC 18013-5 7.2.5.
    """
    reached = max([one for one, over in claims.items() if over], default=None)
    missed = min([one for one, over in claims.items() if not over], default=None)
    if reached is not None and missed is not None and missed <= reached:
        raise AgeContradicts
    if reached is not None and age <= reached:
        return True
    if missed is not None and age >= missed:
        return False
    return None


def answers(claims: Mapping[int, bool], ages: Iterable[int]) -> dict[int, bool]:
    """
    `answer_over` for each of these ages that the claims decide.

    Raises:
        AgeContradicts: see there.
    """
    return {age: answer for age in ages if (answer := answer_over(claims, age)) is not None}


def months_later(second: int, months: int) -> int:
    """The same day and time so many calendar months later, or the next day that exists; unix seconds, in UTC."""
    at = datetime.fromtimestamp(second, UTC)
    years, month = divmod(at.month - 1 + months, 12)
    try:
        later = at.replace(year=at.year + years, month=month + 1)
    except ValueError:
        later = at.replace(year=at.year + years + (month + 1) // 12, month=(month + 1) % 12 + 1, day=1)
    return int(later.timestamp())
