"""An account whose age is not known well enough: the check that is asked for it, and what came of it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from ruangaman.core import age_checks
from ruangaman.core.law import Pack
from ruangaman.rooms.access import deciding
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.families import api as families

VERIFIED: Final = "verified"
_OF_A_CLIENT: Final = 0xF << 76
"""Turns the version of an id, 7, into 8 (RFC 9562 section 5.8) and back: nothing has to be kept to find the account."""


def of_client(session: UUID) -> UUID:
    """Under which name `ages` has the check that a client of the OpenID Provider asks, beside the law's own."""
    return UUID(int=session.int ^ _OF_A_CLIENT)


def _account(ref: UUID) -> UUID:
    """The account of a check, whoever asked it."""
    return of_client(ref) if ref.version == 8 else ref


def refs(session: UUID) -> tuple[UUID, UUID]:
    """Both names under which `ages` has checks of one account."""
    return session, of_client(session)


def held(session: AccessSession) -> bool:
    """Whether a contest holds the age of this account; behind a sandbox account there is no person."""
    return not session.sandbox and any(ages.held(ref) for ref in refs(session.id))


def forget_contests(session: AccessSession, *, now: datetime) -> None:
    """The account was forgotten; what its contests still keep goes with it."""
    for ref in refs(session.id):
        ages.forget_contests(ref, now=now)


def ask(session: AccessSession, pack: Pack, known: deciding.Known, *, now: datetime) -> None:
    """See to it that the right check waits, or none. Behind a sandbox account there is no person who could answer."""
    if session.sandbox:
        return
    service = session.service
    need = age_checks.need(
        pack,
        service.facts(),
        age=known.age,
        evidence=known.evidence,
        assurance=known.assurance,
        consent=dict(known.consent.law) if known.consent else {"state": "none"},
        now=now,
    )
    ages.ask_age(
        session.id,
        jurisdiction=session.country,
        card={"slug": service.slug, "name": service.name, "operator": service.operator},
        facts=service.facts(),
        needed=need.needed,
        threshold=need.threshold,
        bounds=need.bounds,
        language=session.language,
        now=now,
    )


def settles(
    session: AccessSession, pack: Pack, told: Sequence[Mapping[str, Any]], *, now: datetime
) -> list[dict[str, Any]]:
    """
    What would settle the age: the law's own facts, and the evidence that is enough for the risk of this service, from
    the way by which the least is learnt: {"fact": "evidence", "values": [...]}.
    """
    ways = age_checks.enough(pack, session.service.facts(), age_checks.BY_NAME, now=now)
    values = list(dict.fromkeys(one.way.evidence for one in ways))
    return [*map(dict, told), *([{"fact": "evidence", "values": values}] if values else [])]


def way_back(ref: UUID) -> str | None:
    """
    Where the page of this account's check leads back to: the address that its platform named, as long as the service
    has it registered. A check that a client of the OpenID Provider asks leads back to the provider.
    """
    row = AccessSession.objects.select_related("service").filter(id=ref, closed_at__isnull=True).first()
    if row is None or row.service.retired_at is not None or row.return_to not in row.service.return_addresses:
        return None
    return row.return_to


def end(session: AccessSession, *, now: datetime) -> None:
    """The account is closed; nobody needs to know its age."""
    for ref in refs(session.id):
        ages.close(ref, now=now)


def hear(told: ages.AgeDecided) -> None:
    """An age was proved, or said, on the page of a check; in the transaction of that."""
    from ruangaman.rooms.access import sessions

    rows = AccessSession.objects.select_related("service").select_for_update(of=("self",), no_key=True)
    session = rows.filter(id=_account(told.ref), closed_at__isnull=True).first()
    if session is None:
        return
    known = families.child_age(families.ChildRef(session.child)) or {}
    age, evidence, assurance = joined(told, known, sessions.pack_for(session.country))
    sessions.take_proved(session, age, evidence, assurance, now=told.at)


def hear_review(told: ages.AgeReviewed) -> None:
    """A contest was made or decided; in the transaction of that.

    What an officer found right holds wherever this person is known, as with a contest from the child's own page. What
    a contest holds or drops concerns its own account alone.
    """
    from ruangaman.rooms.access import sessions

    rows = AccessSession.objects.select_related("service").select_for_update(of=("self",), no_key=True)
    session = rows.filter(id=_account(told.ref), closed_at__isnull=True).first()
    if session is None:
        return
    if told.what == "corrected":
        children = families.rows_of_person(families.ChildRef(session.child))
        for one in AccessSession.objects.select_related("service").filter(
            child__in=children, closed_at__isnull=True
        ):
            sessions.correct_age(one, told.age, told.evidence, now=told.at)
    elif told.what == "dropped":
        sessions.drop_age(session, now=told.at)
    else:
        sessions.look_again(session, now=told.at)


def joined(
    told: ages.AgeDecided, known: Mapping[str, Any], pack: Pack
) -> tuple[dict[str, int], str, str | None]:
    """
    What was found now and what was known before, as one range with its evidence.

    A bound from above may come from a mere word, since to be younger than one is opens nothing. A bound from below
    keeps the evidence that it has: what was proved stays proved, and a mere word is never carried into a proof.
    """
    age = dict(told.age)
    low, high = age_checks.ends(pack, known.get("age") or {}, told.at)
    if "at_most" not in age and high is not None and high >= age["at_least"]:
        age["at_most"] = high
    if low is None or known.get("evidence") != VERIFIED or low > age.get("at_most", low):
        return age, told.evidence, told.assurance
    if not age_checks.BY_NAME[told.method].proves:
        return {**age, "at_least": low}, VERIFIED, known.get("assurance")
    return {"at_least": low, **age}, told.evidence, told.assurance
