"""Who a guardian is and what he or she may do: proof by verdict, by being known, joining of families,
second guardian.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from ruangaman.adapters import ids
from ruangaman.core.consent import WAITING
from ruangaman.core.verdicts import Verdict, VerdictRefused, name_check, plain_name
from ruangaman.rooms.families import actions, children, claims, events, lawdesk, limits, outbox, tokens
from ruangaman.rooms.families import age as ages
from ruangaman.rooms.families.errors import LinkExpired, LinkUsed, NotFound, NotTheGuardian
from ruangaman.rooms.families.models import (
    Child,
    ConsentRequest,
    Guardian,
    Invite,
    Outgoing,
    Relation,
    VerdictProvider,
    VerdictUse,
)
from ruangaman.rooms.families.requests import clean_email
from ruangaman.rooms.families.types import ChildRef, ConsentEvent
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

INVITE_LIFE = timedelta(days=7)


@transaction.atomic
def register_provider(
    *,
    slug: str,
    name: Mapping[str, str],
    issuer: str,
    audience: str,
    ask_url: str,
    keys: Mapping[str, Any],
    checks_names: bool = False,
    now: datetime,
) -> None:
    """Register an office whose verdicts count (docs/guides/relation-verdict.md); a second time replaces its
    data. `checks_names`: it says whether the child's nickname fits, and then it must fit.
    """
    VerdictProvider.objects.update_or_create(
        slug=slug,
        defaults={
            "name": dict(name), "issuer": issuer, "audience": audience, "ask_url": ask_url, "keys":
            dict(keys), "checks_names": checks_names, "enabled": True,
        },
    )  # fmt: skip
    ledger.append("provider.registered", {"provider": slug}, at=now)


def needed(row: ConsentRequest, *, now: datetime) -> lawdesk.ProofNeeded:
    """What the law asks of the guardian for this request."""
    return lawdesk.guardian_proof(row.card["jurisdiction"], now=now)


def _age_range(child: Child, now: datetime) -> tuple[int | None, int | None]:
    age = children.profile_of(child, "compare the age with the verdict").get("age")
    return ages.range_at(age, children.local_day(now))


def identity_of(provider: str, guardian: str) -> bytes:
    """The keyed hash by which one person is known again."""
    return vault.lookup("families.guardian", f"{provider}:{guardian}")


def _spend(verdict: Verdict, family: UUID, now: datetime) -> None:
    import hashlib

    try:
        with transaction.atomic():
            VerdictUse.objects.create(
                id=ids.new(now), family=family, provider_id=verdict.provider,
                verdict_id=hashlib.sha256(verdict.verdict_id.encode()).digest(), used_at=now,
            )  # fmt: skip
    except IntegrityError:
        raise VerdictRefused(why="used") from None


def _row_in(family: UUID, identity: bytes, language: str, now: datetime) -> Guardian:
    row, _ = Guardian.objects.get_or_create(
        family=family,
        identity=identity,
        defaults={"id": ids.new(now), "language": language, "created_at": now},
    )
    return row


def name_asked(child: Child, provider: VerdictProvider, nonce: str) -> str:
    """What is said about the child's name to an office that compares names; empty when there is nothing to say."""
    return name_check(nonce, children.nickname(child, "compare the name")) if provider.checks_names else ""


def name_to_ask(child: Child, provider: VerdictProvider, nonce: str) -> str:
    """The same, while it is needed: of a child that an office's own id already names, nothing is said."""
    return name_asked(child, provider, nonce) if child.root.person_hash is None else ""


def why_not(child: Child, verdict: Verdict, *, now: datetime, request: ConsentRequest | None = None) -> str:
    """
    Why this verdict makes nobody a guardian of this child; else empty. Changes nothing.

    `relation`, `age`, `another-child`: it is about somebody else. `name`: the office compared, and the name does not
    fit. Where no office can compare, the child's own word counts: `unconfirmed`, `asked`, `denied` (docs/adr/0046).
    """
    if not verdict.verified or verdict.level < lawdesk.RELATION or not verdict.child:
        return "relation"
    low, high = _age_range(child, now)
    if not verdict.fits(low, high):
        return "age"
    bound = child.root.person_hash
    person = vault.lookup("families.person", f"{verdict.provider}:{verdict.child}")
    if bound is not None:
        return "" if bytes(bound) == person else "another-child"
    office = VerdictProvider.objects.filter(slug=verdict.provider).first()
    if (
        office is not None
        and office.checks_names
        and plain_name(children.nickname(child, "compare the name"))
    ):
        return "" if verdict.name_fits is True else "name"
    return claims.standing(request, verdict)


def is_known(verdict: Verdict) -> bool:
    """Whether the person of a verdict is somebody's guardian here."""
    identity = identity_of(verdict.provider, verdict.guardian)
    return verdict.verified and Guardian.objects.filter(identity=identity).exists()


@transaction.atomic
def accept_verdict(
    child: Child,
    verdict: Verdict,
    *,
    now: datetime,
    language: str = "id",
    request: ConsentRequest | None = None,
) -> Guardian:
    """
    A verified verdict makes a guardian of this child. The first one binds the child to a family.

    Raises:
        NotTheGuardian: for each reason of `why_not`.
        VerdictRefused: this verdict was used before.
    """
    early = why_not(child, verdict, now=now, request=request)
    if early:
        raise NotTheGuardian(why=early)
    ledger.line_up()
    Child.objects.select_for_update().get(pk=child.root.pk)
    child.refresh_from_db()
    root = child.root
    person = vault.lookup("families.person", f"{verdict.provider}:{verdict.child}")
    identity = identity_of(verdict.provider, verdict.guardian)
    if root.person_hash is not None and bytes(root.person_hash) != person:
        raise NotTheGuardian(why="another-child")
    if root.person_hash is None and children.guardians_of(root, now=now):
        raise NotTheGuardian(why="another-child")
    _spend(verdict, root.family, now)
    known = Child.objects.filter(person_hash=person, person__isnull=True).first()
    if known is not None and known.pk != root.pk:
        children.same_person(child, known, now=now)
        root = known
    elif root.person_hash is None:
        Child.objects.filter(pk=root.pk).update(person_hash=person)
        elsewhere = Guardian.objects.filter(identity=identity).order_by("created_at").first()
        if elsewhere is not None:
            children.move(root, elsewhere.family, now=now)
        root.refresh_from_db()
    guardian = _row_in(root.family, identity, language, now)
    _relate(root, guardian, verdict, now)
    return guardian


def _relate(root: Child, guardian: Guardian, verdict: Verdict, now: datetime) -> None:
    facts = {
        "kind": verdict.relation,
        "level": verdict.level,
        "court_order": verdict.court_order,
        "method": verdict.method,
        "provider": verdict.provider,
        "reference": vault.seal(
            vault.FamilyRef(root.family), "families.reference", verdict.reference, now=now
        ),
        "valid_to": verdict.expires_at,
    }
    row, made = Relation.objects.get_or_create(
        child=root,
        guardian=guardian,
        defaults={"id": ids.new(now), "family": root.family, "valid_from": now, **facts},
    )
    if not made:
        Relation.objects.filter(pk=row.pk).update(**facts)
    ledger.append(
        "guardian.proven", {"provider": verdict.provider, "level": verdict.level, "first": made}, at=now
    )
    if made:
        for one in children.everyone(root):
            for request in one.requests.order_by("-created_at")[:1]:
                events.tell(
                    ConsentEvent(
                        "guardian.changed",
                        None,
                        ChildRef(one.pk),
                        request.service_ref,
                        now,
                        {"change": "added"},
                    )
                )


def rows_of(guardian: Guardian) -> list[Guardian]:
    """The same person in every family."""
    if guardian.identity is None:
        return [guardian]
    return list(Guardian.objects.filter(identity=bytes(guardian.identity)).order_by("created_at"))


def children_of(guardian: Guardian, *, now: datetime) -> list[tuple[Child, Guardian, Relation]]:
    """Every child with a valid relation, with the row of this guardian in that family."""
    found = []
    for row in rows_of(guardian):
        for relation in (
            Relation.objects.select_related("child")
            .filter(guardian=row, level__gte=3, valid_from__lte=now)
            .exclude(valid_to__lte=now)
            .exclude(authority="none")
            .order_by("valid_from")
        ):
            found.append((relation.child, row, relation))
    return found


def first_offer(guardian: Guardian, *, now: datetime) -> bool:
    """Whether this person is offered a passkey now: once, after the first answer (ux 4.3)."""
    rows = rows_of(guardian)
    if any(row.passkey_offered_at for row in rows):
        return False
    Guardian.objects.filter(pk__in=[row.pk for row in rows]).update(passkey_offered_at=now)
    return True


def expired_of(guardian: Guardian, *, now: datetime) -> list[tuple[Child, Guardian]]:
    """Every child to whom this person's proof has expired; what is left is to close what a yes of hers opened."""
    return [
        (relation.child, row)
        for row in rows_of(guardian)
        for relation in Relation.objects.select_related("child")
        .filter(guardian=row, level__gte=3, authority="full", valid_to__lte=now)
        .order_by("valid_from")
    ]


def choices_for(row: ConsentRequest, guardian: Guardian, *, now: datetime) -> list[tuple[Child, Guardian]]:
    """Which of a known guardian's children this request can be about: the bound one, or those whose age and
    name fit, where the office that proved the relation compares names.
    """
    mine = [
        (child, who, relation.provider)
        for child, who, relation in children_of(guardian, now=now)
        if relation.authority == "full"
    ]
    root = row.child.root
    bound = [(child, who) for child, who, _ in mine if child.pk == root.pk]
    if bound or root.person_hash is not None or children.guardians_of(root, now=now):
        return bound
    careful = set(VerdictProvider.objects.filter(checks_names=True).values_list("slug", flat=True))
    return [
        (child, who)
        for child, who, provider in mine
        if provider in careful and _same_age(row.child, child, now) and _same_name(row.child, child)
    ]


def _same_age(one: Child, other: Child, now: datetime) -> bool:
    (low, high), (at_least, at_most) = _age_range(one, now), _age_range(other, now)
    return (at_most is None or low is None or low <= at_most) and (
        high is None or at_least is None or at_least <= high
    )


def _same_name(one: Child, root: Child) -> bool:
    """Whether the person is called so at one of its services already."""
    name = plain_name(children.nickname(one, "compare the name"))
    return bool(name) and name in {
        plain_name(children.nickname(row, "compare the name")) for row in children.everyone(root)
    }


@transaction.atomic
def known(row: ConsentRequest, guardian: Guardian, child: UUID, *, now: datetime) -> Guardian:
    """A known guardian says which of the children this is; returns the row that answers. Raises
    NotTheGuardian.
    """
    ledger.line_up()
    Child.objects.select_for_update().get(pk=row.child.root.pk)
    for one, who in choices_for(row, guardian, now=now):
        if one.pk == child:
            children.same_person(row.child, one, now=now)
            return who
    raise NotTheGuardian(why="relation")


def may_write(email: str, *, now: datetime) -> bool:
    """Whether one more letter may go to this address now: five an hour."""
    return limits.within("letter.hour", email, limit=5, length=timedelta(hours=1), now=now)


def by_email(address: str) -> list[Guardian]:
    """Guardians whose verified address this is."""
    email = clean_email(address)
    refs = vault.find("families.email", email) if email else []
    return list(
        Guardian.objects.filter(email__in=list(refs), email_verified_at__isnull=False).order_by("created_at")
    )


def asked_by_letter(guardian: Guardian) -> list[ConsentRequest]:
    """Requests that wait and were sent to this guardian's verified address."""
    if guardian.email is None or guardian.email_verified_at is None:
        return []
    address = str(vault.reveal(vault.SealedRef(guardian.email), purpose="find what was sent to this address"))
    letters = Outgoing.objects.filter(
        address__in=list(vault.find("families.address", address)), template="request", request__isnull=False
    ).exclude(state="dropped")
    return list(
        ConsentRequest.objects.select_related("child", "child__person").filter(
            pk__in=letters.values("request"), state__in=list(WAITING)
        )
    )


@transaction.atomic
def set_email(guardian: Guardian, address: str, *, now: datetime) -> None:
    """Keep an address that has just proven to be this guardian's (a link sent there was opened)."""
    email = clean_email(address)
    if email is None:
        return
    for row in rows_of(guardian):
        if row.email:
            vault.reseal(vault.SealedRef(row.email), email, now=now, searchable=email)
            ref: UUID = row.email
        else:
            ref = vault.seal(vault.FamilyRef(row.family), "families.email", email, now=now, searchable=email)
        Guardian.objects.filter(pk=row.pk).update(email=ref, email_verified_at=now)
    for silenced in vault.find(actions.SILENCED, email):
        vault.forget(silenced, now=now)
    ledger.append("guardian.address-kept", {}, at=now)


@transaction.atomic
def invite(guardian: Guardian, child: Child, *, address: str | None, now: datetime) -> str:
    """Invite a second guardian; returns the path of the link. Sent by mail when an address is given."""
    email = clean_email(address)
    row = Invite.objects.create(
        id=ids.new(now),
        family=child.family,
        child=child.root,
        by=guardian,
        address=vault.seal(vault.FamilyRef(child.family), "families.invite", email, now=now)
        if email
        else None,
        created_at=now,
        expires_at=now + INVITE_LIFE,
    )
    text = tokens.derived("invite", row.pk)
    tokens.put("invite", text, child.family, now=now, child=child.root, invite=row, expires_at=row.expires_at)
    ledger.append("guardian.invited", {}, at=now)
    if email:
        outbox.write(
            "invite", "mail", email, family=child.family, language=guardian.language, invite=row, now=now
        )
    return text


@transaction.atomic
def accept_invite(invite: UUID, verdict: Verdict, *, now: datetime, language: str = "id") -> Guardian:
    """The invited one proves the relation and joins; an invitation works once."""
    ledger.line_up()
    row = Invite.objects.select_for_update().select_related("child").filter(pk=invite).first()
    if row is None:
        raise NotFound
    if row.accepted_at is not None:
        raise LinkUsed
    if now > row.expires_at:
        raise LinkExpired
    guardian = accept_verdict(row.child, verdict, now=now, language=language)
    Invite.objects.filter(pk=row.pk).update(accepted_at=now)
    return guardian


def recognise(verdict: Verdict, *, now: datetime) -> Guardian:
    """A guardian comes back by a new verdict, which renews what it proves again; raises NotTheGuardian when nobody
    is known.
    """
    if not verdict.verified:
        raise NotTheGuardian(why="unknown")
    row = (
        Guardian.objects.filter(identity=identity_of(verdict.provider, verdict.guardian))
        .order_by("created_at")
        .first()
    )
    if row is None:
        raise NotTheGuardian(why="unknown")
    with transaction.atomic():
        _spend(verdict, row.family, now)
        _renew(verdict, now)
    return row


def _renew(verdict: Verdict, now: datetime) -> None:
    """
    A proof at the door renews the relation that it proves again: of this person, to the child that the office's own id
    names. It makes none and binds none (docs/adr/0048).
    """
    if verdict.level < lawdesk.RELATION or not verdict.child:
        return
    for relation in Relation.objects.select_related("child", "guardian").filter(
        guardian__identity=identity_of(verdict.provider, verdict.guardian),
        child__person_hash=vault.lookup("families.person", f"{verdict.provider}:{verdict.child}"),
    ):
        if not why_not(relation.child, verdict, now=now):
            _relate(relation.child, relation.guardian, verdict, now)
