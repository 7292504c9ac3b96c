"""One question about an age: asked by the room above, answered once, by whichever way the person chose."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.urls import reverse

from ruangaman.adapters import ids, packs
from ruangaman.core import age_checks
from ruangaman.core.age_checks import BY_NAME, Judged, Way
from ruangaman.core.face_estimates import never_alone
from ruangaman.rooms.ages import config, holds, issuer_keys, links, wallet_asking, wallet_trust
from ruangaman.rooms.ages.errors import (
    AttemptOver,
    CheckOver,
    NoSuchRange,
    NotFound,
    OtherBrowser,
    TooManyTries,
    WayClosed,
)
from ruangaman.rooms.ages.models import AgeCheck, Attempt, Institution
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault


@dataclass(frozen=True, slots=True)
class Proved:
    """
    What came of a way: the answer to "this age or over", and how sure it is. Nothing of what was shown.

    `assurance` is the degree that this very proof has, never above the way's own.
    """

    over: bool
    assurance: str


@dataclass(frozen=True, slots=True)
class AgeDecided:
    """
    Told to the room above in the transaction of the decision: the account, and the age as the law's facts say it.

    `method` is `declared` when somebody only said it, which opens nothing that needs more.
    """

    ref: UUID
    age: Mapping[str, int]
    evidence: str
    assurance: str
    method: str
    at: datetime


Listener = Callable[[AgeDecided], None]
MOST_AT_ONCE: Final = 500
"""Rows of tries that are deleted in one go."""
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Add a listener once; a second time changes nothing."""
    if listener not in _listeners:
        _listeners.append(listener)


@transaction.atomic
def ask(
    ref: UUID,
    *,
    jurisdiction: str,
    card: Mapping[str, str],
    facts: Mapping[str, Any],
    needed: bool,
    threshold: int | None,
    bounds: Sequence[int],
    language: str,
    now: datetime,
) -> AgeCheck | None:
    """
    The open check of this account, as the law needs it now; none when no check is needed.

    A check that asks for another age is closed and a new one made, so that one check never narrows an age twice.
    """
    living = AgeCheck.objects.select_for_update().filter(
        ref=ref, decided_at__isnull=True, closed_at__isnull=True
    )
    row = living.first()
    # Who said which bound decides goes on with it, whatever was asked about the account meanwhile.
    if row is not None and needed and row.facts == dict(facts) and row.bounds == list(bounds):
        threshold = row.threshold if threshold is None else threshold
    if row is not None and needed and (row.threshold, row.facts) == (threshold, dict(facts)):
        return row
    if row is not None:
        _close(row, now)
    if not needed:
        return None
    identity = ids.new(now)
    return AgeCheck.objects.create(
        id=identity,
        ref=ref,
        digest=links.digest(links.derived(identity)),
        jurisdiction=jurisdiction,
        card=dict(card),
        facts=dict(facts),
        threshold=threshold,
        bounds=list(bounds),
        language=language,
        created_at=now,
    )


def _close(row: AgeCheck, now: datetime) -> None:
    row.closed_at = now
    row.save(update_fields=["closed_at"])
    row.attempts.filter(ended_at__isnull=True).update(ended_at=now, why=CheckOver.code)


def open_check(ref: UUID) -> AgeCheck | None:
    """The check of this account that waits for an answer."""
    return AgeCheck.objects.filter(ref=ref, decided_at__isnull=True, closed_at__isnull=True).first()


def url_of(row: AgeCheck) -> str:
    """The page of a check."""
    return links.absolute(reverse("ages:check", args=[links.derived(row.pk)]), row.language)


def find(text: str) -> AgeCheck:
    """The check that a link finds, answered or not; raises NotFound."""
    row = AgeCheck.objects.filter(digest=links.digest(text)).first()
    if row is None:
        raise NotFound
    return row


def ways(row: AgeCheck, *, now: datetime) -> tuple[Judged, ...]:
    """The ways that are switched on, can be gone here, and are enough for this service; the least intrusive first.

    None while a contest holds the age: nobody proves it over the head of its person. A camera is never the only way.
    """
    if holds.held(row.ref):
        return ()
    names = [
        name
        for name in config.ways()
        if _can_be_gone(name, row, now) and (name != "token" or _has_a_claim(row, now))
    ]
    found = age_checks.enough(packs.load(row.jurisdiction), row.facts, names, now=now)
    return found if never_alone((one.way.name for one in found), "face") else ()


def _can_be_gone(name: str, row: AgeCheck, now: datetime) -> bool:
    if name == "guardian":
        from ruangaman.rooms.ages import vouching

        return vouching.possible(row, now)
    if name == "face":
        from ruangaman.rooms.ages import faces

        return faces.possible(row, now)
    return can_be_gone(name, now)


def can_be_gone(name: str, now: datetime) -> bool:
    """Whether anybody at all can go a way of these pages now."""
    if name == "institution":
        return Institution.objects.filter(enabled=True).exists()
    if name == "guardian":
        from ruangaman.rooms.ages import vouching

        return vouching.has_ports()
    if name == "wallet":
        return wallet_asking.can_be_asked() and wallet_trust.any_living()
    if name == "face":
        from ruangaman.rooms.ages import faces

        return faces.is_open(now)
    return name in ("declared", "token")  # these need no partner


def _has_a_claim(row: AgeCheck, now: datetime) -> bool:
    """Whether tokens are issued for the age that is asked."""
    return row.threshold is not None and age_checks.over(row.threshold) in issuer_keys.claims(now)


def way_of(row: AgeCheck, name: str, *, now: datetime) -> Way:
    """One way of this check; raises CheckOver, WayClosed."""
    if row.decided_at is not None or row.closed_at is not None or row.threshold is None:
        raise CheckOver
    found = next((one.way for one in ways(row, now=now) if one.way.name == name), None)
    if found is None:
        raise WayClosed(way=name)
    return found


@transaction.atomic
def say(row: AgeCheck, low: int, *, now: datetime) -> AgeCheck | None:
    """
    Somebody says between which bounds the age is: `low` is a bound of the check, or 0 for below all of them.

    The word is a declaration. That somebody is younger than a bound counts as it stands; above the last bound it only
    says which age is then to be proved.

    Returns the check that goes on; None when what was said decides, and no check is needed.

    Raises:
        CheckOver; NoSuchRange: no bound of this check.
    """
    ledger.line_up()
    row = AgeCheck.objects.select_for_update().get(pk=row.pk)
    if row.decided_at is not None or row.closed_at is not None or row.threshold is not None:
        raise CheckOver
    if low not in (0, *row.bounds):
        raise NoSuchRange
    above = next((bound for bound in row.bounds if bound > low), None)
    if above is None:
        row.threshold = low
        row.save(update_fields=["threshold"])
        return row
    said = {"at_most": above - 1} | ({"at_least": low} if low else {})
    way = BY_NAME["declared"]
    _tell(AgeDecided(row.ref, said, way.evidence, way.assurance, way.name, now))
    return open_check(row.ref)


def tell(what: AgeDecided) -> None:
    """Let the room above know; inside the transaction of what happened."""
    _tell(what)


def _tell(what: AgeDecided) -> None:
    for listener in _listeners:
        listener(what)


@dataclass(frozen=True, slots=True)
class Begun:
    """A try that begins: the word that goes along (`state`), and the secret that stays in the browser."""

    attempt: Attempt
    state: str
    browser: str


@transaction.atomic
def begin(
    row: AgeCheck,
    name: str,
    *,
    partner: str = "",
    sealed: UUID | None = None,
    life: timedelta = config.ATTEMPT,
    now: datetime,
) -> Begun:
    """Begin a try by one way, which may take as long as `life`; raises CheckOver,
    WayClosed, TooManyTries."""
    way = way_of(row, name, now=now)
    if row.attempts.filter(ended_at__isnull=True, ends_at__gt=now).count() >= config.MOST_ATTEMPTS:
        raise TooManyTries(wait_s=int(config.ATTEMPT.total_seconds()))
    state, browser = links.fresh(), links.fresh()
    attempt = Attempt.objects.create(
        id=ids.new(now),
        question=row,
        method=way.name,
        partner=partner,
        state=links.digest(state),
        browser=links.digest(browser),
        sealed=sealed,
        began_at=now,
        ends_at=now + life,
    )
    return Begun(attempt, state, browser)


def attempt_of(state: str, *, browser: str | None, now: datetime) -> Attempt:
    """
    The open try of a state that came back.

    Args:
        browser: the secret of the browser that it came back to; None where the answer comes from elsewhere and is
            bound by a response code later (OpenID4VP `direct_post`).

    Raises:
        NotFound, AttemptOver, OtherBrowser
    """
    row = Attempt.objects.select_related("question").filter(state=links.digest(state)).first()
    if row is None:
        raise NotFound
    if browser is not None and not links.fits(browser, row.browser):
        raise OtherBrowser
    if row.ended_at is not None or now >= row.ends_at:
        raise AttemptOver
    return row


@transaction.atomic
def decide(attempt: Attempt, proved: Proved, *, now: datetime) -> AgeCheck:
    """
    Write the result, end the try, tell the room above: one transaction. What was shown is not among the arguments.

    Raises:
        AttemptOver: the try ended in this moment. CheckOver: another try was first.
    """
    ledger.line_up()  # the room above comes to this row from the ledger too
    ended = Attempt.objects.filter(pk=attempt.pk, ended_at__isnull=True, ends_at__gt=now)
    if not ended.update(ended_at=now):
        raise AttemptOver
    row = AgeCheck.objects.select_for_update().get(pk=attempt.question_id)
    if row.decided_at is not None or row.closed_at is not None:
        raise CheckOver
    way = BY_NAME[attempt.method]
    family = vault.open_family(now=now)
    row.decided_at, row.family = now, family
    row.result = vault.seal(family, "ages.result", {"over": proved.over}, now=now)
    row.method, row.evidence = way.name, way.evidence
    row.assurance = _lesser(proved.assurance, way.assurance)
    row.save(update_fields=["decided_at", "family", "result", "method", "evidence", "assurance"])
    row.attempts.filter(ended_at__isnull=True).update(ended_at=now, why=CheckOver.code)
    ledger.append("age.decided", {"method": row.method, "assurance": row.assurance}, at=now)
    _tell(AgeDecided(row.ref, age_of(row, proved.over), row.evidence, row.assurance, row.method, now))
    return row


def _lesser(one: str, other: str) -> str:
    order = age_checks.ASSURANCES
    return min(one, other, key=order.index)


def age_of(row: AgeCheck, over: bool) -> dict[str, int]:
    """The range that an answer proves, as the law's facts say it."""
    assert row.threshold is not None
    return {"at_least": row.threshold} if over else {"at_most": row.threshold - 1}


def result_of(row: AgeCheck) -> bool | None:
    """The answer of a decided check, for the page of who asked; None before, and once it was forgotten."""
    if row.result is None:
        return None
    try:
        return bool(
            vault.reveal(vault.SealedRef(row.result), purpose="show the result of an age check")["over"]
        )
    except vault.Forgotten:
        return None


def proved_over(refs: Sequence[UUID], age: int) -> str | None:
    """The highest degree at which a decided check of these accounts proved this age or over."""
    found = [row.assurance for row in _proofs(refs, age)]
    return max(found, key=age_checks.ASSURANCES.index, default=None)


def only_estimated(refs: Sequence[UUID], age: int) -> bool:
    """Whether nothing but estimates, which can be forged, proved this age or over."""
    found = _proofs(refs, age)
    return bool(found) and all(BY_NAME[row.method].forgeable for row in found)


def _proofs(refs: Sequence[UUID], age: int) -> list[AgeCheck]:
    rows = AgeCheck.objects.filter(ref__in=refs, decided_at__isnull=False, threshold__gte=age)
    return [
        row for row in rows if _speaks_for(row.method, age) and not holds.set_aside(row) and result_of(row)
    ]


def _speaks_for(method: str, age: int) -> bool:
    """Whether a proof by this way answers for an age, which may be lower than the one that was asked."""
    from ruangaman.rooms.ages import faces

    return BY_NAME[method].proves and (method != faces.NAME or faces.answers(age))


@transaction.atomic
def refuse(attempt: Attempt, code: str, *, now: datetime) -> None:
    """End a try that proved nothing; the check stays open for another."""
    Attempt.objects.filter(pk=attempt.pk, ended_at__isnull=True).update(ended_at=now, why=code[:60])


@transaction.atomic
def close(ref: UUID, *, now: datetime) -> None:
    """The account needs no check any more."""
    for row in AgeCheck.objects.select_for_update().filter(
        ref=ref, decided_at__isnull=True, closed_at__isnull=True
    ):
        _close(row, now)


def settle_due(now: datetime) -> int:
    """
    End the tries whose time is over, at their due second; delete those that were in vain, and destroy the results whose
    term is over. Idempotent.
    """
    late = Attempt.objects.filter(ended_at__isnull=True, ends_at__lte=now)
    done = late.update(ended_at=F("ends_at"), why=AttemptOver.code)
    return done + _forget_attempts(now) + _forget_results(now)


def _forget_attempts(now: datetime) -> int:
    """What was tried in vain; a sealed answer is destroyed with its own key before (`wallets.forget_over`)."""
    over = Attempt.objects.filter(ended_at__lte=now - config.ATTEMPTS_KEPT, sealed__isnull=True).exclude(
        why=""
    )
    found = list(over.values_list("pk", flat=True)[:MOST_AT_ONCE])
    return int(Attempt.objects.filter(pk__in=found).delete()[0])


def _forget_results(now: datetime) -> int:
    """What is left of a check then: when, by which way and how sure, and no answer, and nothing of who tried where."""
    over = AgeCheck.objects.filter(decided_at__lte=now - config.result_kept(), family__isnull=False)
    done = 0
    for identity in over.values_list("pk", flat=True):
        with transaction.atomic():
            row = AgeCheck.objects.select_for_update().get(pk=identity)
            if row.family is None:  # another runner was first
                continue
            vault.forget_family(vault.FamilyRef(row.family), now=now)
            row.family = None
            row.save(update_fields=["family"])
            row.attempts.filter(sealed__isnull=True).delete()
            done += 1
    return done
