"""
Is an age check needed at all, of which age, and by which ways: asked of the law, the least intrusive way first.

A way of proving is a word of the law (`evidence`) and a degree (`assurance`, IEEE 2089.1). Whether it is enough for a
service is the pack's answer to `age_evidence`, so that no risk and no article stands here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from ruangaman.core.accounts import opens_from
from ruangaman.core.ages import as_number, completed_years
from ruangaman.core.law.answers import Answer
from ruangaman.core.law.pack import Pack
from ruangaman.core.law.years import grown_from, lowest_age

ACCOUNT: Final = "account"
EVIDENCE: Final = "age_evidence"
BY_AGE_ALONE: Final = "existing_account"
"""The question whose bounds are the ages worth a claim: at them the law itself closes or opens an account."""
ENOUGH: Final = "sufficient"
OVER, UNDER = "age_over_", "age_under_"
ASSURANCES: Final = ("asserted", "standard", "enhanced", "strict")
"""From the weakest on (IEEE 2089.1)."""


@dataclass(frozen=True, slots=True)
class Way:
    """
    One way of proving an age.

    Attributes:
        name: how the house calls it.
        evidence, assurance: the law's words for what it proves.
        kind: verification, estimation or inference (ISO/IEC 27566-1), or declaration.
        forgeable: what counts is made where the person, or a platform, can make up anything else.
    """

    name: str
    evidence: str
    assurance: str
    kind: str
    forgeable: bool = False

    @property
    def proves(self) -> bool:
        """Whether it is more than a word: of the person, or of a phone."""
        return self.kind != "declaration"

    @property
    def may_be_kept(self) -> bool:
        """Whether what it proved may go into a wallet. A token would breed tokens; what can be forged stays here."""
        return self.proves and not self.forgeable and self.name != "token"


# From the least that anybody learns to the most. `assurance` is the most that a way may claim; an institution and a
# wallet may say less for themselves.
WAYS: Final = (
    Way("declared", "self_declared", "asserted", "declaration", forgeable=True),
    Way("signal", "signal", "asserted", "declaration", forgeable=True),
    Way("token", "verified", "strict", "verification"),
    Way("guardian", "guardian_attested", "enhanced", "verification"),
    Way("institution", "verified", "strict", "verification"),
    Way("wallet", "verified", "strict", "verification"),
    Way("face", "estimated", "standard", "estimation", forgeable=True),
)
BY_NAME: Final[Mapping[str, Way]] = {way.name: way for way in WAYS}


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a way is enough for a service, with the law's own answer: its articles and what is unclear."""

    way: Way
    enough: bool
    answer: Answer


@dataclass(frozen=True, slots=True)
class Need:
    """
    What must be proved before the law can answer.

    Attributes:
        needed: False when whatever is known decides; then no check is made.
        threshold: the one age that is asked, "this age or over"; None while nobody has said which would decide.
        bounds: the ages between which somebody chooses then, the lowest first.
        answer: the law's answer about the account as things stand.
    """

    needed: bool
    threshold: int | None
    bounds: tuple[int, ...]
    answer: Answer


def need(
    pack: Pack,
    service: Mapping[str, Any],
    *,
    age: Mapping[str, Any] | None,
    evidence: str | None,
    assurance: str | None,
    consent: Mapping[str, Any],
    now: datetime,
) -> Need:
    """
    Ask the law whether an age decides this account, and which.

    One age is asked, never two: a second bound would narrow the age. It is the highest bound of the law that is not
    above what is said; when nobody said anything that decides, the person first says between which bounds it is.

    Args:
        service: the fact `service`. age, evidence, assurance: what is known, None when nothing is.
        consent: the fact `consent`.
    """
    answer = _account(pack, service, age, evidence, assurance, consent, now)
    if not answer.age_needed:
        return Need(False, None, (), answer)
    first = opens_from(pack, service, now=now)
    low, high = ends(pack, age, now) if age else (None, None)
    ages = {first, *claim_ages(pack, local_day(pack, now))}
    bounds = tuple(sorted(one for one in ages if one >= first and (high is None or one <= high)))
    said = bounds if len(bounds) == 1 else [bound for bound in bounds if low is not None and bound <= low]
    if said:
        proved = {"at_least": said[-1]} | ({"at_most": high} if high is not None else {})
        if not _account(pack, service, proved, "verified", None, consent, now).age_needed:
            return Need(True, said[-1], bounds, answer)
    return Need(True, None, bounds, answer)


def _account(
    pack: Pack,
    service: Mapping[str, Any],
    age: Mapping[str, Any] | None,
    evidence: str | None,
    assurance: str | None,
    consent: Mapping[str, Any],
    now: datetime,
) -> Answer:
    asked: dict[str, Any] = {"question": ACCOUNT, "service": dict(service), "consent": dict(consent)}
    if age:
        asked |= {"age": dict(age), "evidence": evidence or "self_declared"}
        if assurance:
            asked["assurance"] = assurance
    return pack.ask(asked, now=now)


def ends(pack: Pack, age: Mapping[str, Any], now: datetime) -> tuple[int | None, int | None]:
    """The youngest and the oldest that somebody of whom this is said can be, in completed years; None: no end."""
    born = age.get("birth_date")
    if born is None:
        return age.get("at_least"), age.get("at_most")
    lived = completed_years(
        as_number(date.fromisoformat(str(born))), local_day(pack, now), pack.source.leap_birthday
    )
    return lived, lived


def local_day(pack: Pack, now: datetime) -> int:
    """The day of an instant where the law counts its days, as yyyymmdd."""
    return as_number(now.astimezone(ZoneInfo(pack.zone)).date())


@lru_cache(maxsize=64)
def claim_ages(pack: Pack, on: int) -> tuple[int, ...]:
    """
    The ages that are worth a claim of their own on a day: the bounds at which the law itself closes or opens, and the
    one at which somebody is no child. Few, so that each crowd stays large (RFC 9576 section 6.1).
    """
    engine = pack.tables.get(BY_AGE_ALONE)
    table = engine.period(on).table if engine is not None else None
    cuts = {
        cut
        for axis in (table.axes if table is not None else ())
        if axis.fact.kind == "completed_years"
        for cut in axis.cuts
    }
    return tuple(sorted((cuts | {grown_from(pack)}) - {0, lowest_age(pack)}))


def judge(pack: Pack, service: Mapping[str, Any], way: Way, *, now: datetime) -> Judged:
    """Whether this way is enough for this service, as the law says at `now`; in doubt it is not."""
    asked: dict[str, Any] = {"question": EVIDENCE, "evidence": way.evidence, "service": dict(service)}
    if "assurance" in pack.source.facts:
        asked["assurance"] = way.assurance
    answer = pack.ask(asked, now=now)
    return Judged(way, answer.outcome == ENOUGH and answer.decided, answer)


def enough(
    pack: Pack, service: Mapping[str, Any], names: Iterable[str], *, now: datetime
) -> tuple[Judged, ...]:
    """Of these ways those that are enough for this service, the least intrusive first."""
    wanted = set(names)
    judged = (judge(pack, service, way, now=now) for way in WAYS if way.name in wanted)
    return tuple(one for one in judged if one.enough)


def over(threshold: int) -> str:
    """The name of the claim "this age or over", as mdoc and SD-JWT VC write it: `age_over_16`."""
    return f"{OVER}{threshold}"
