"""
One visit on behalf of a client: from "may it ask?" through the age check and the parent to the answer.

Who comes is a browser with a secret of its own; the client knows it by a keyed hash of that secret and the service,
which no other service has (OpenID Connect Core section 8). No table holds the secret or anything of the person.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.core import age_checks
from ruangaman.rooms.access import deciding, sessions, showing, statuses
from ruangaman.rooms.access.age_checks import of_client, refs
from ruangaman.rooms.access.keys import Caller
from ruangaman.rooms.access.models import AccessSession, OpenIdFlow, OpenIdPlatform, PushedRequest
from ruangaman.rooms.access.oidc.bounds import FLOW, FORGEABLE, TOLD, acr
from ruangaman.rooms.access.oidc.errors import FlowOver
from ruangaman.rooms.access.oidc.requests import ASSURANCES, Asked
from ruangaman.rooms.access.wire import NewSession
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

Stage = Literal["ask", "check", "guardian", "ask_guardian", "closed", "prove", "done"]


@dataclass(frozen=True, slots=True)
class Where:
    """Where a visit stands; `decided` is the law's answer once there is an account."""

    stage: Stage
    decided: deciding.Decision | None = None


def begin(platform: OpenIdPlatform, asked: Asked, *, now: datetime) -> OpenIdFlow:
    """A visit begins; nothing is done for it yet."""
    return OpenIdFlow.objects.create(
        id=ids.new(now), platform=platform, asked=asked.as_json(), created_at=now, ends_at=now + FLOW
    )


def find(ref: UUID, *, now: datetime, lock: bool = False) -> OpenIdFlow:
    """A visit that goes on; raises FlowOver."""
    rows = OpenIdFlow.objects.select_related("platform__client", "platform__service", "session__service")
    rows = rows.filter(
        id=ref,
        ended_at__isnull=True,
        ends_at__gt=now,
        platform__ended_at__isnull=True,
        platform__service__retired_at__isnull=True,
    )
    row = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if row is None:
        raise FlowOver
    return row


def asked_of(row: OpenIdFlow) -> Asked:
    """The request of a visit."""
    return Asked.of(row.asked)


def fresh_browser() -> str:
    """A secret for a browser that has none."""
    return secrets.token_urlsafe(32)


def subject(platform: OpenIdPlatform, browser: str) -> str:
    """The pairwise subject of a browser at a service: the sector is the service."""
    text = f"{platform.service_id}|{hashlib.sha256(browser.encode()).hexdigest()}"
    return urlsafe_b64encode(vault.lookup("access.openid-sub", text)).rstrip(b"=").decode()


def _caller(platform: OpenIdPlatform) -> Caller:
    service = platform.service
    return Caller(
        key=service.id,
        key_id=platform.client_id,
        sandbox=False,
        operator=service.operator,
        service=service.id,
        scopes=frozenset({"sessions"}),
        expires_at=None,
    )


def known_account(platform: OpenIdPlatform, browser: str) -> bool:
    """Whether this browser has a living account at the service already."""
    key = sessions.subject_key(platform.service, False, subject(platform, browser))
    return AccessSession.objects.filter(subject_key=key, closed_at__isnull=True).exists()


@transaction.atomic
def agree(ref: UUID, browser: str, *, language: str, now: datetime) -> OpenIdFlow:
    """
    The person goes on: the account begins, or goes on, and the law is asked.

    Raises:
        FlowOver; AskedTooOften: a parent was asked five times within a day.
    """
    row = find(ref, now=now, lock=True)
    opened = sessions.open_session(
        _caller(row.platform),
        NewSession(
            service=row.platform.service.slug,
            subject=subject(row.platform, browser),
            country=row.platform.service.jurisdiction,
            child_consent=True,
            language="en" if language == "en" else "id",
        ),
        openid=True,
        now=now,
    )
    row.session = opened.session
    row.check_ref = of_client(opened.session.id)
    row.save(update_fields=["session", "check_ref"])
    return row


@transaction.atomic
def somebody_else(ref: UUID, *, now: datetime) -> OpenIdFlow:
    """Another person uses this browser: the visit begins again without the account of the one before."""
    row = find(ref, now=now, lock=True)
    _let_go(row, now=now)
    row.session, row.check_ref, row.without_age = None, None, False
    row.save(update_fields=["session", "check_ref", "without_age"])
    return row


def where(row: OpenIdFlow, *, now: datetime) -> Where:
    """Where a visit stands now; everything is asked anew."""
    session = row.session
    if session is None or session.closed_at is not None:
        return Where("ask")
    known = sessions.known(session, now=now)
    decided = sessions.decision(session, known, now=now)
    if decided.state == "open":
        asked = asked_of(row).age
        open_question = asked is not None and not row.without_age and _undecided(session, known, asked, now)
        return Where("prove" if open_question else "done", decided)
    stage: Stage = "closed"
    if decided.next_kind == "age_check":
        stage = "check"
    elif decided.next_kind == "guardian_request":
        stage = "guardian"
    elif decided.next_kind == "ask_guardian":
        stage = "ask_guardian"
    return Where(stage, decided)


def _undecided(session: AccessSession, known: deciding.Known, age: int, now: datetime) -> bool:
    """Whether a proof could still be given: not once it was, and not for somebody known to be younger."""
    if proved(session, age, now=now) is not None:
        return False
    high = _ends(session, known, now)[1]
    return high is None or high >= age


def _ends(session: AccessSession, known: deciding.Known, now: datetime) -> tuple[int | None, int | None]:
    pack = sessions.pack_for(session.country)
    return age_checks.ends(pack, known.age, now) if known.age else (None, None)


def proved(session: AccessSession, age: int, *, now: datetime) -> str | None:
    """
    The degree at which this house itself saw it proved that somebody is of this age or over; None when it did not.

    What a platform told of an age is never told back to it as the house's own word, and a correction from above ends
    what was proved before.
    """
    known = sessions.known(session, now=now)
    low, high = _ends(session, known, now)
    if low is None or low < age or (high is not None and high < age):
        return None
    found = ages.proved_over(refs(session.id), age)
    return found if found in ASSURANCES else None


def rests_on_an_estimate(session: AccessSession, age: int) -> bool:
    """Whether the only proof of an age is an estimate that the person's own browser made, and anybody can forge."""
    return ages.only_estimated(refs(session.id), age)


def _let_go(row: OpenIdFlow, *, now: datetime) -> None:
    """The check for the client's own age ends with this visit, unless another visit of the same account goes on."""
    if row.check_ref is None:
        return
    others = OpenIdFlow.objects.filter(check_ref=row.check_ref, ended_at__isnull=True, ends_at__gt=now)
    if not others.exclude(id=row.id).exists():
        ages.close(row.check_ref, now=now)


@transaction.atomic
def prove(ref: UUID, *, language: str, now: datetime) -> str | None:
    """
    Begin the check for the client's own age, where the law needs none.

    Returns:
        Its page; None when there is nothing to prove now: the account is not open, or the age is known.

    Raises:
        FlowOver
    """
    row = find(ref, now=now, lock=True)
    age, session = asked_of(row).age, row.session
    if age is None or session is None or row.check_ref is None or where(row, now=now).stage != "prove":
        return None
    service = session.service
    ages.ask_age(
        row.check_ref,
        jurisdiction=session.country,
        card={"slug": service.slug, "name": service.name, "operator": service.operator},
        facts=service.facts(),
        needed=True,
        threshold=age,
        bounds=[age],
        language=language,
        now=now,
    )
    found = ages.check_of(row.check_ref)
    return found.url if found else None


@transaction.atomic
def without_proof(ref: UUID, *, now: datetime) -> OpenIdFlow:
    """The person goes on without proving the client's own age; the claim will be absent."""
    row = find(ref, now=now, lock=True)
    row.without_age = True
    row.save(update_fields=["without_age"])
    _let_go(row, now=now)
    return row


@dataclass(frozen=True, slots=True)
class Told:
    """What an ID token says of its subject."""

    sub: str
    claims: dict[str, Any]
    status: dict[str, Any] | None


def told(row: OpenIdFlow, *, now: datetime) -> Told | None:
    """
    What may be told at this moment; None when the account is not open any more.

    The claim stands when it was proved, and is absent otherwise: whether the person is younger, did not want to say or
    could not prove it is never told apart. The degree is the one that was asked, never more, so that the way of
    proving does not show.
    """
    session = row.session
    if session is None or where(row, now=now).stage not in ("done", "prove"):
        return None
    asked = asked_of(row)
    sub = showing.subject_of(session)
    if sub is None:
        return None
    claims: dict[str, Any] = {}
    found = proved(session, asked.age, now=now) if asked.age is not None and not row.without_age else None
    degree = _degree(asked, found) if found else None
    if asked.age is not None and degree is not None:
        claims = {age_checks.over(asked.age): True, "acr": acr(degree)}
        if rests_on_an_estimate(session, asked.age):
            claims[FORGEABLE] = True
    return Told(sub, claims, statuses.of_account(session))


def _degree(asked: Asked, found: str) -> str | None:
    """The degree that is told of a proof; None when less was proved than is of use."""
    rank = ASSURANCES.index
    met = next((one for one in asked.assurances if rank(one) <= rank(found)), None)
    if met is None and asked.demanded:
        return None
    return met or ASSURANCES[0]


def of_grant(grant: str) -> OpenIdFlow | None:
    """The visit that ended in this grant."""
    rows = OpenIdFlow.objects.select_related("platform__client", "platform__service", "session__service")
    return rows.filter(grant=grant).first() if grant else None


def finished(row: OpenIdFlow, grant: str, *, now: datetime) -> None:
    """The visit ended in a code. Call inside the transaction that made it, before it comes to the ledger."""
    assert row.session is not None
    _let_go(row, now=now)
    statuses.ensure(row.session, now=now)
    row.ended_at, row.grant, row.ends_at = now, grant, max(row.ends_at, now + TOLD)
    row.save(update_fields=["ended_at", "grant", "ends_at"])
    AccessSession.objects.filter(id=row.session.id).update(openid=AccessSession.OPENID_TOLD)
    ledger.append(
        "access.openid-answered",
        {"session": row.session.ledger_name, "client": row.platform.client_id, "age": asked_of(row).age},
        at=now,
    )


@transaction.atomic
def give_up(ref: UUID, *, now: datetime) -> OpenIdFlow:
    """The person goes back without an answer; raises FlowOver."""
    row = find(ref, now=now, lock=True)
    row.ended_at = now
    row.save(update_fields=["ended_at"])
    _let_go(row, now=now)
    return row


def invitation(session: AccessSession, *, now: datetime) -> families.Invitation | None:
    """How the parent who is asked may be reached."""
    if session.request is None:
        return None
    return families.invitation(families.RequestRef(session.request), now=now)


@transaction.atomic
def settle_due(now: datetime) -> int:
    """Forget visits and pushed requests whose time is over."""
    over = OpenIdFlow.objects.filter(ends_at__lte=now)
    for row in over.filter(ended_at__isnull=True):
        _let_go(row, now=now)
    return int(over.delete()[0]) + int(PushedRequest.objects.filter(ends_at__lte=now).delete()[0])
