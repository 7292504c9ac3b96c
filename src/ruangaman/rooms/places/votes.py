"""
Votes of Forum Anak over published ideas, by a rule that stands beside its numbers and is shown as sentences.

A ballot is counted and not kept: what is known of a member is that they have voted (docs/adr/0115). The running count
stands sealed under a key of its own and is opened once, at the end.
"""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count, Max, QuerySet

from ruangaman.adapters import ids
from ruangaman.core import voting
from ruangaman.core.reports import rules as report_rules
from ruangaman.core.reports import states
from ruangaman.core.voting import Idea, VoteRule
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import roles
from ruangaman.rooms.places.errors import NotFound
from ruangaman.rooms.places.models import City, Report, ReportClock, Role, VoteOption, VoteRound, VoteTurn
from ruangaman.rooms.places.report_errors import VoteRefused
from ruangaman.rooms.places.reports import sending, tables
from ruangaman.rooms.vault import api as vault

LONGEST_TITLE: Final = 120
OPEN_AT_ONCE: Final = 3


def ideas(city: City) -> QuerySet[Report]:
    """What may be voted on: public ideas that have not ended, the first published first."""
    rows = Report.objects.filter(city=city, of=report_rules.IDEA, state__in=states.OPEN, private=False)
    return rows.annotate(told=Count("joined") + 1).order_by("serial")


@transaction.atomic
def open_round(
    city: City,
    by: User,
    *,
    rule: str,
    title: dict[str, str],
    serials: Sequence[int],
    days: int,
    now: datetime,
) -> VoteRound:
    """
    Begin a vote over ideas, named by their public numbers.

    Raises:
        VoteRefused: no such rule, no title, an idea that is none or has ended, too few or too many, too many rounds.
        BallotRefused: fewer or more days than the rule allows.
    """
    found = tables.vote_rules(city).get(rule)
    if found is None:
        raise VoteRefused(why="rule")
    said = {language: str(title.get(language, "")).strip() for language in ("id", "en")}
    if not all(0 < len(text) <= LONGEST_TITLE and text.isprintable() for text in said.values()):
        raise VoteRefused(why="title")
    ledger.line_up()
    chosen = list(ideas(city).filter(serial__in=set(serials)))
    if len(chosen) != len(set(serials)) or not found.ideas_least <= len(chosen) <= found.ideas_most:
        raise VoteRefused(why="ideas")
    rounds = VoteRound.objects.filter(city=city)
    if rounds.filter(closed_at__isnull=True).count() >= OPEN_AT_ONCE:
        raise VoteRefused(why="rounds")
    closes = now + voting.open_for(found, days)
    family = vault.open_family(now=now)
    start = {str(one.serial): 0 for one in chosen} | {"ballots": 0}
    row = VoteRound.objects.create(
        id=ids.new(now), city=city, serial=(rounds.aggregate(n=Max("serial"))["n"] or 0) + 1,
        title_id=said["id"], title_en=said["en"], rule=tables.raw_vote_rule(city, rule), opened_at=now,
        opened_by=by, closes_at=closes, family=family,
        tally=vault.seal(family, "places.vote-count", start, now=now),
    )  # fmt: skip
    VoteOption.objects.bulk_create(VoteOption(round=row, report=one) for one in chosen)
    told: dict[str, str | int | bool | None] = {
        "city": city.code, "round": row.serial, "rule": _digest(_canonical(row.rule)), "ideas": len(chosen),
    }  # fmt: skip
    ledger.append("vote.opened", told, at=now)
    return row


def rule_of(row: VoteRound) -> VoteRule:
    """The rule with which it began."""
    return voting.read_rule(row.rule)


def get(city: City, serial: int) -> VoteRound:
    """One round; raises NotFound."""
    row = VoteRound.objects.filter(city=city, serial=serial).select_related("city").first()
    if row is None:
        raise NotFound(what="vote")
    return row


def has_voted(row: VoteRound, user: User) -> bool:
    """Whether this member has voted."""
    return VoteTurn.objects.filter(round=row, user=user).exists()


@transaction.atomic
def cast(city: City, serial: int, user: User, chosen: Sequence[str], *, now: datetime) -> None:
    """
    Count one ballot: the ideas that it approves, by their public numbers.

    Raises:
        NotFound; VoteRefused: not of Forum Anak, it has ended, or this member has voted. BallotRefused: by the rule.
    """
    ledger.line_up()
    row = VoteRound.objects.select_for_update().filter(city=city, serial=serial).first()
    if row is None:
        raise NotFound(what="vote")
    if not roles.may(user, city, "vote"):
        raise VoteRefused(why="member")
    if row.closed_at is not None or now >= row.closes_at or row.tally is None:
        raise VoteRefused(why="closed")
    tally = _tally(row)
    ballot = voting.check_ballot(rule_of(row), chosen, set(tally) - {"ballots"})
    _, fresh = VoteTurn.objects.get_or_create(round=row, user=user, defaults={"id": uuid4()})
    if not fresh:
        raise VoteRefused(why="voted")
    for idea in (*ballot, "ballots"):
        tally[idea] += 1
    # INVARIANT: the seal is dated by the round, so that no row says when or in which order anybody voted.
    vault.reseal(vault.SealedRef(row.tally), tally, now=row.opened_at)
    ledger.append("vote.cast", {"city": city.code, "round": serial}, at=now)


def _tally(row: VoteRound) -> dict[str, int]:
    assert row.tally is not None
    found: dict[str, int] = vault.reveal(
        vault.SealedRef(row.tally), purpose="count the ballots of Forum Anak"
    )
    return found


def settle_due(now: datetime) -> int:
    """Count the rounds whose time is over, at the second at which it was."""
    over = VoteRound.objects.filter(closes_at__lte=now, closed_at__isnull=True).values_list("pk", flat=True)
    return sum(_close(pk, now) for pk in list(over))


@transaction.atomic
def _close(ref: UUID, now: datetime) -> bool:
    ledger.line_up()
    rows = VoteRound.objects.select_for_update(of=("self",)).select_related("city")
    row = rows.filter(pk=ref, closes_at__lte=now, closed_at__isnull=True).first()
    if row is None or row.family is None:
        return False
    tally, at = _tally(row), row.closes_at
    options = list(row.options.select_related("report__city").annotate(told=Count("report__joined") + 1))
    members = _members(row.city)
    found = voting.count(
        rule_of(row),
        [_idea(one, tally) for one in options],
        ballots=tally["ballots"],
        members=members,
    )
    for one in options:
        name = str(one.report.serial)
        one.won, one.rank = name in found.winners, found.order.index(name) + 1 if found.valid else None
        one.votes = tally[name] if found.valid else None  # fewer would tell who chose what
        one.save(update_fields=["won", "rank", "votes"])
    row.closed_at, row.members, row.ballots, row.valid = at, members, tally["ballots"], found.valid
    row.result = _canonical(_result(row, options, found.quorum))
    row.sha256 = _digest(row.result)
    vault.forget_family(vault.FamilyRef(row.family), now=at)
    row.family = row.tally = None
    told: dict[str, str | int | bool | None] = {
        "city": row.city.code, "round": row.serial, "ballots": row.ballots, "valid": found.valid,
        "sha256": row.sha256,
    }  # fmt: skip
    row.entry = ledger.append("vote.counted", told, at=at).index
    row.save()
    for one in options:
        if one.won and one.report.state in states.OPEN:
            _ask_for_an_answer(one.report, at)
    return True


def _idea(option: Any, tally: dict[str, int]) -> Idea:
    serial = option.report.serial
    return Idea(str(serial), tally[str(serial)], option.told, serial)


def _members(city: City) -> int:
    rows = Role.objects.filter(city=city, role=roles.FORUM, ended_at__isnull=True, user__is_active=True)
    return rows.values("user").distinct().count()


def _ask_for_an_answer(report: Report, at: datetime) -> None:
    """The city must answer what was chosen; an earlier vote that was answered begins anew."""
    ReportClock.objects.filter(report=report, what="vote", met_at__isnull=False).delete()
    if not ReportClock.objects.filter(report=report, what="vote").exists():
        sending.start_clock(report, "vote", at)


def _result(row: VoteRound, options: Sequence[VoteOption], quorum: int) -> dict[str, Any]:
    """What is published of a round; without a quorum no idea has a count."""
    ideas = [
        {"idea": one.report.serial, "votes": one.votes, "rank": one.rank, "won": one.won} for one in options
    ]
    return {
        "format": 1,
        "city": row.city.code,
        "round": row.serial,
        "rule": row.rule,
        "closed_at": row.closes_at.isoformat(timespec="seconds"),
        "members": row.members,
        "ballots": row.ballots,
        "quorum": quorum,
        "valid": row.valid,
        "ideas": sorted(ideas, key=lambda one: (one["rank"] or 0, one["idea"])),
    }


def _canonical(told: object) -> str:
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
