"""Cards of a year: begun, scored, weighed, published; and what they show of themselves."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import ids, kla_files
from ruangaman.core.kla import checking, evidence, scoring
from ruangaman.core.kla.evidence import Evidence, Forecast, Standing
from ruangaman.core.kla.rules import GAPS, Indicator, KlaRules, Level
from ruangaman.core.kla.scoring import Range, Told
from ruangaman.core.kla.weights import Weights, none_known
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import roles
from ruangaman.rooms.places.errors import KlaRefused, NotFound
from ruangaman.rooms.places.models import City, KlaCard, KlaEvidence, KlaScore, KlaVerdict, KlaWeights

FIRST_YEAR: Final = 2015
MOST_MONTHS: Final = 120
MOST_WORDS: Final = 500
_PERSONAL: Final = re.compile(r"\S@\S|(?:\d[ .-]?){10,}")
"""A mail address, or a number as long as those of telephones and identity cards."""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator on a card."""

    indicator: Indicator
    told: Told
    why: str
    weight: Decimal | None
    points: Range
    standing: Standing
    pieces: int
    planned: int
    verdict: KlaVerdict | None


@dataclass(frozen=True, slots=True)
class Board:
    """All that a card shows of itself."""

    card: KlaCard
    rules: KlaRules
    weights: Weights
    gap: str
    months: int
    lines: Sequence[Line]
    total: Range
    levels: tuple[Level, Level]
    clusters: Sequence[tuple[str, Range]]
    at_risk: Range
    forecast: Forecast
    told: Mapping[int, Told]


def plain(text: str, *, most: int = MOST_WORDS) -> str:
    """
    A text that stands on a card.

    Raises:
        KlaRefused: too long, or it holds a mail address or a long number: no person belongs on a card.
    """
    found = " ".join(text.split())
    if len(found) > most:
        raise KlaRefused(why="long")
    if _PERSONAL.search(found):
        raise KlaRefused(why="personal")
    return found


def card(city: City, year: int) -> KlaCard:
    """The card of a year; raises NotFound."""
    found = KlaCard.objects.select_related("city", "weights").filter(city=city, year=year).first()
    if found is None:
        raise NotFound(what=f"kla {year}")
    return found


def cards(city: City) -> Sequence[KlaCard]:
    """All cards, the newest year first."""
    return list(KlaCard.objects.select_related("city", "weights").filter(city=city).order_by("-year"))


@transaction.atomic
def begin(city: City, year: int, *, now: datetime) -> KlaCard:
    """
    Begin the card of a year with the newest weights; the same once more changes nothing.

    Raises:
        KlaRefused: no year that can be assessed.
    """
    if not FIRST_YEAR <= year <= now.year + 1:
        raise KlaRefused(why="year")
    ledger.line_up()
    found = KlaCard.objects.filter(city=city, year=year).first()
    if found is not None:
        return found
    ledger.append("places.kla-begun", {"city": city.code, "year": year}, at=now)
    newest = KlaWeights.objects.filter(city=city).order_by("-number").first()
    return KlaCard.objects.create(
        id=ids.new(now), city=city, year=year, last_day=_end(year), weights=newest, begun_at=now
    )


def _end(year: int) -> date:
    """The last day of a year."""
    return date(year + 1, 1, 1) - timedelta(days=1)


def weights_of(row: KlaWeights | None) -> Weights:
    """As the core knows them; none known where there is no row."""
    rules = kla_files.kla()
    return none_known(rules) if row is None else kla_files.unstored(row.points, rules)


def told_of(found: KlaCard) -> dict[int, Told]:
    """What the city says of each indicator."""
    return {one.indicator: _told(one) for one in KlaScore.objects.filter(card=found)}


def _told(row: KlaScore) -> Told:
    return Told(share=row.share, points=row.points)


@transaction.atomic
def load_weights(
    city: City,
    content: bytes,
    *,
    source: str,
    gap: str,
    months: int,
    years: Sequence[int] = (),
    by: User,
    now: datetime,
) -> KlaWeights:
    """
    Keep a file of weights as a new version, and let the cards of some years use it.

    Args:
        source: where the weights come from, in the city's words (a letter, an annex).
        gap: the rule for scores between two levels, one of `core.kla.rules.GAPS`.
        months: how old evidence may be.

    Raises:
        WeightsRefused: the file. KlaRefused: source, gap or months. ScoreRefused: scores in points of such a card do
            not fit the new weights. NotFound: no card of that year. Nothing is kept then.
    """
    rules = kla_files.kla()
    source = plain(source, most=200)
    if not source:
        raise KlaRefused(why="source")
    if gap not in GAPS:
        raise KlaRefused(why="gap")
    if not 1 <= months <= MOST_MONTHS:
        raise KlaRefused(why="months")
    found = kla_files.weights_of(content, rules)
    ledger.line_up()
    number = KlaWeights.objects.filter(city=city).count() + 1
    digest = hashlib.sha256(content).hexdigest()
    row = KlaWeights.objects.create(
        id=ids.new(now), city=city, number=number, instrument=rules.instrument, points=kla_files.stored(found),
        gap=gap, months=months, source=source, sha256=digest, loaded_by=by, loaded_at=now,
    )  # fmt: skip
    for year in sorted(set(years)):
        one = card(city, year)
        scoring.score(found, told_of(one))
        one.weights = row
        one.save(update_fields=["weights"])
    facts: dict[str, str | int | bool | None] = {
        "city": city.code, "version": number, "sha256": digest, "unknown": len(found.unknown),
        "by": office_of(city, by, "load"), "years": " ".join(map(str, sorted(set(years)))),
    }  # fmt: skip
    ledger.append("places.kla-weights-loaded", facts, at=now)
    return row


def office_of(city: City, user: User, act: str) -> str:
    """The role by which somebody acts: the ledger names no person; the row does."""
    who = roles.acting(user, city, act)
    return who.role if who else ""


@transaction.atomic
def save_scores(found: KlaCard, told: Mapping[int, tuple[Told, str]], *, by: User, now: datetime) -> int:
    """
    Keep self-scores; returns how many changed.

    Args:
        told: by number of the indicator; what is not in it stays.

    Raises:
        ScoreRefused: a score cannot be with the card's weights. KlaRefused: a reason names a person, or is too long.
    """
    rules = kla_files.kla()
    ledger.line_up()
    rows = {one.indicator: one for one in KlaScore.objects.filter(card=found)}
    merged = {no: _told(one) for no, one in rows.items()} | {no: one for no, (one, _) in told.items()}
    scoring.score(weights_of(found.weights), merged)
    changed = 0
    for no, (one, said) in told.items():
        if no not in rules.numbers:
            raise KlaRefused(why="indicator")
        why = plain(said)
        before = rows.get(no)
        if before is not None and _told(before) == one and before.why == why:
            continue
        if before is None and one.silent and not why:
            continue
        changed += 1
        KlaScore.objects.update_or_create(
            card=found,
            indicator=no,
            defaults={"share": one.share, "points": one.points, "why": why, "by": by, "at": now},
        )
    if changed:
        office = office_of(found.city, by, "score")
        facts: dict[str, str | int | bool | None] = {"city": found.city.code, "year": found.year}
        ledger.append("places.kla-scored", facts | {"changed": changed, "by": office}, at=now)
    return changed


@transaction.atomic
def set_last_day(found: KlaCard, last_day: date, *, now: datetime) -> None:
    """
    The day on which evidence must count.

    Raises:
        KlaRefused: not within the year or the one after it.
    """
    if not date(found.year, 1, 1) <= last_day <= _end(found.year + 1):
        raise KlaRefused(why="last-day")
    KlaCard.objects.filter(pk=found.pk).update(last_day=last_day)
    ledger.append(
        "places.kla-last-day",
        {"city": found.city.code, "year": found.year, "day": last_day.isoformat()},
        at=now,
    )


@transaction.atomic
def publish(found: KlaCard, *, shown: bool, now: datetime) -> None:
    """Let anyone read the self-score, or no longer; evidence itself is never published."""
    KlaCard.objects.filter(pk=found.pk).update(published_at=now if shown else None)
    ledger.append(
        "places.kla-published" if shown else "places.kla-unpublished",
        {"city": found.city.code, "year": found.year},
        at=now,
    )


def evidence_of(found: KlaCard) -> list[KlaEvidence]:
    """Every piece that was not withdrawn."""
    rows = KlaEvidence.objects.select_related("added_by", "confirmed_by")
    return list(rows.filter(card=found, withdrawn_at__isnull=True))


def as_known(rows: Sequence[KlaEvidence]) -> list[Evidence]:
    """As the core knows them."""
    return [
        Evidence(
            one.indicator, one.dated, one.until, one.confirmed_at is not None, planned=one.kind == "plan"
        )
        for one in rows
    ]


def board(found: KlaCard, verdicts: Mapping[int, KlaVerdict] | None = None) -> Board:
    """
    What a card shows.

    Args:
        verdicts: of the last check, by number.

    Raises:
        ScoreRefused: never on a card that was kept by this module.
    """
    rules = kla_files.kla()
    weights = weights_of(found.weights)
    gap = found.weights.gap if found.weights else rules.gap
    months = found.weights.months if found.weights else rules.months
    scores = {one.indicator: one for one in KlaScore.objects.filter(card=found)}
    told = {no: _told(one) for no, one in scores.items()}
    score = scoring.score(weights, told)
    pieces = as_known(evidence_of(found))
    stand = evidence.standings(told, pieces, rules.numbers, found.last_day, months)
    lines = [
        Line(
            indicator=one,
            told=told.get(one.no, scoring.SILENT),
            why=scores[one.no].why if one.no in scores else "",
            weight=weights.points[one.no],
            points=score.by[one.no],
            standing=stand[one.no],
            pieces=sum(piece.indicator == one.no and not piece.planned for piece in pieces),
            planned=sum(piece.indicator == one.no and piece.planned for piece in pieces),
            verdict=(verdicts or {}).get(one.no),
        )
        for one in rules.indicators
    ]
    return Board(
        card=found, rules=rules, weights=weights, gap=gap, months=months, lines=lines, total=score.total,
        levels=scoring.levels(score.total, rules, gap), clusters=scoring.of_clusters(rules, weights, told),
        at_risk=evidence.at_risk(weights, told, stand),
        forecast=evidence.forecast(weights, told, stand, pieces, found.last_day), told=told,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class YearLine:
    """One indicator in two years."""

    indicator: Indicator
    before: Range
    after: Range
    change: checking.Change


def compare(before: Board, after: Board) -> tuple[Sequence[YearLine], checking.Change]:
    """Two years beside each other, and how the whole changed."""
    by = {
        one.indicator.no: checking.change(one.points, two.points)
        for one, two in zip(before.lines, after.lines, strict=True)
    }
    whole: checking.Change = checking.change(before.total, after.total)
    if before.weights == after.weights:
        narrow, whole = checking.change_under(before.weights, before.told, after.told)
        by.update(narrow)
    lines = [
        YearLine(one.indicator, one.points, two.points, by[one.indicator.no])
        for one, two in zip(before.lines, after.lines, strict=True)
    ]
    return lines, whole
