"""The rules that turn a score into a rank, a certificate and a list of repairs: read from data, then applied."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any, Final

from ruangaman.core.audits.form import CONFIDENCE, AuditFormMalformed, Form, pair
from ruangaman.core.audits.scoring import Score, Verdict

CRITICAL: Final = "critical"
NONE: Final = ""
MOST_REMINDERS: Final = 12


@dataclass(frozen=True, slots=True)
class Rank:
    """`share` and `heading` in percent: of all judged items, and the least in each heading."""

    id: str
    name: Mapping[str, str]
    share: Fraction
    heading: Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """
    The rules of one version; ranks from the highest down. `remind_days`: before a certificate ends, the first reminder
    first; None where they say nothing of it.
    """

    version: str
    confidence: str
    check: str
    unseen_most: Fraction
    critical_must_be_seen: bool
    every_heading: bool
    ranks: tuple[Rank, ...]
    critical_caps_at: str
    certificate_ranks: frozenset[str]
    certificate_days: int
    remind_days: tuple[int, ...] | None
    open_critical: int
    repair_days: Mapping[str, int]
    kappa_words: tuple[tuple[Fraction, Mapping[str, str]], ...]
    photo_side: int
    photo_days: int

    def rank(self, name: str) -> Rank | None:
        """A rank by id."""
        return next((one for one in self.ranks if one.id == name), None)


@dataclass(frozen=True, slots=True)
class Ranked:
    """
    A rank's id, or "" for none. `why`: `incomplete`, `unseen`, `critical-unseen`, `heading-unknown`, `below` (no rank),
    `critical` (it was capped), "" (it stands by its shares). `items` and `headings` are those that the reason names.
    """

    rank: str
    why: str = ""
    items: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Repair:
    """An item that is not well: within `days` it is to be repaired."""

    item: str
    severity: int
    critical: bool
    days: int


def read(told: Any) -> Rules:
    """
    Rules from their data, as `data/rbra_rules.yaml` is written.

    Raises:
        AuditFormMalformed
    """
    try:
        return _read(told)
    except (KeyError, TypeError, ValueError, AttributeError) as wrong:
        raise AuditFormMalformed(at=f"rules: {type(wrong).__name__}") from None


def _read(told: Any) -> Rules:
    judged, certificate = told["judged"], told["certificate"]
    ranks = tuple(
        Rank(str(one["id"]), pair(one["name"], "ranks"), _percent(one["share"]), _percent(one["heading"]))
        for one in told["ranks"]
    )
    names = [one.id for one in ranks]
    words = tuple(
        (Fraction(str(one["from"])), pair(one["name"], "kappa_words")) for one in told["kappa_words"]
    )
    days = {str(name): int(value) for name, value in told["repair_days"].items()}
    good = (
        told["confidence"] in CONFIDENCE
        and len(set(names)) == len(names) > 0
        and all(one.share >= other.share for one, other in pairwise(ranks))
        and all(one.heading >= other.heading for one, other in pairwise(ranks))
        and told["critical_caps_at"] in (*names, "none")
        and set(certificate["ranks"]) <= set(names)
        and set(days) == {CRITICAL, "1", "2", "3"}
        and all(0 < one <= 3660 for one in days.values())
        and sorted((low for low, _ in words), reverse=True) == [low for low, _ in words]
        and bool(words)
        and words[-1][0] == -1
        and 0 < int(certificate["days"]) <= 3660
        and _reminders(certificate) in (None, tuple(sorted(set(_reminders(certificate) or ()), reverse=True)))
        and all(0 < one <= int(certificate["days"]) for one in _reminders(certificate) or ())
        and len(_reminders(certificate) or ()) <= MOST_REMINDERS
        and 320 <= int(told["photos"]["most_side"]) <= 4096
        and 0 < int(told["photos"]["keep_days"]) <= 3660
    )
    if not good:
        raise AuditFormMalformed(at="rules")
    return Rules(
        str(told["version"]),
        told["confidence"],
        str(told["check"]),
        _percent(judged["unseen_most_percent"]),
        bool(judged["critical_must_be_seen"]),
        bool(judged["every_heading"]),
        ranks,
        NONE if told["critical_caps_at"] == "none" else str(told["critical_caps_at"]),
        frozenset(certificate["ranks"]),
        int(certificate["days"]),
        _reminders(certificate),
        int(certificate["open_critical_defects"]),
        days,
        words,
        int(told["photos"]["most_side"]),
        int(told["photos"]["keep_days"]),
    )


def _reminders(certificate: Mapping[str, Any]) -> tuple[int, ...] | None:
    """Days before the end, the first reminder first; None where the rules were written before there were any."""
    told = certificate.get("remind_days")
    return None if told is None else tuple(int(one) for one in told)


def _percent(told: Any) -> Fraction:
    value = Fraction(str(told)) / 100
    if not 0 <= value <= 1:
        raise ValueError
    return value


def rank(form: Form, found: Score, rules: Rules) -> Ranked:
    """
    The rank of a score. What is not known gives none: first what is missing, then what was not seen, and only then
    shares; a critical item that is not well caps what they give.
    """
    missing = found.items(Verdict.MISSING)
    if missing:
        return Ranked(NONE, "incomplete", tuple(missing))
    unseen = found.items(Verdict.UNSEEN)
    blind = [name for name in unseen if form.items[name].critical]
    if rules.critical_must_be_seen and blind:
        return Ranked(NONE, "critical-unseen", tuple(blind))
    if Fraction(len(unseen), found.whole.all) > rules.unseen_most:
        return Ranked(NONE, "unseen", tuple(unseen))
    unknown = tuple(name for name, one in found.headings.items() if not one.judged)
    if found.whole.share is None or (rules.every_heading and unknown):
        return Ranked(NONE, "heading-unknown", (), unknown)
    broken = tuple(name for name in found.items(Verdict.NOT_WELL) if form.items[name].critical)
    return _by_shares(found, rules, broken)


def _by_shares(found: Score, rules: Rules, broken: tuple[str, ...]) -> Ranked:
    shares = {name: one.share for name, one in found.headings.items() if one.share is not None}
    whole = found.whole.share
    assert whole is not None
    fits = [
        one
        for one in rules.ranks
        if whole >= one.share and all(part >= one.heading for part in shares.values())
    ]
    if not fits:
        lowest = rules.ranks[-1]
        weak = tuple(name for name, part in shares.items() if part < lowest.heading)
        return Ranked(NONE, "below", (), weak)
    if broken:
        names = [one.id for one in rules.ranks]
        if rules.critical_caps_at == NONE:
            return Ranked(NONE, CRITICAL, broken)
        if names.index(fits[0].id) < names.index(rules.critical_caps_at):
            return Ranked(rules.critical_caps_at, CRITICAL, broken)
    return Ranked(fits[0].id)


def repairs(form: Form, found: Score, rules: Rules) -> list[Repair]:
    """What must be repaired: critical ones first, then by severity, then in the form's order."""
    rows = [repair_of(form, name, rules) for name in found.items(Verdict.NOT_WELL)]
    return sorted(rows, key=lambda one: (not one.critical, -one.severity))


def repair_of(form: Form, item: str, rules: Rules) -> Repair:
    """What it means that this item is not well."""
    one = form.items[item]
    days = rules.repair_days[CRITICAL if one.critical else str(one.severity)]
    return Repair(item, one.severity, one.critical, days)


def word_for(value: Fraction, words: Sequence[tuple[Fraction, Mapping[str, str]]]) -> Mapping[str, str]:
    """What a kappa is called: the first band whose lower end it reaches."""
    return next(name for low, name in words if value >= low)
