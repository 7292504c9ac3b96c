"""Institutions that answer by a signed yes or no: a school, a civil registry, a telco."""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from django.db import IntegrityError, transaction
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ruangaman.core import age_verdicts
from ruangaman.core.age_verdicts import AgeVerdictRefused
from ruangaman.rooms.ages import checks
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.errors import InstitutionRefused, NotFound
from ruangaman.rooms.ages.models import AgeCheck, Attempt, Institution, VerdictUse
from ruangaman.rooms.ledger import api as ledger

KINDS: Final = ("school", "civil_registry", "telco", "other")
ASSURANCES: Final = ("enhanced", "strict")
SLUG: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?")


def living() -> list[Institution]:
    """Those that may be asked, by name."""
    return list(Institution.objects.filter(enabled=True).order_by("slug"))


def get(slug: str) -> Institution:
    """One that may be asked; raises NotFound."""
    row = Institution.objects.filter(slug=slug, enabled=True).first()
    if row is None:
        raise NotFound
    return row


def answered(row: AgeCheck) -> Institution | None:
    """The institution whose answer decided a check; None when it was another way."""
    if row.method != "institution":
        return None
    attempt = (
        row.attempts.filter(method="institution", why="").exclude(partner="").order_by("began_at").last()
    )
    return Institution.objects.filter(slug=attempt.partner).first() if attempt else None


@transaction.atomic
def register(
    slug: str,
    *,
    kind: str,
    name: Mapping[str, str],
    issuer: str,
    audience: str,
    ask_url: str,
    keys: Mapping[str, Any],
    assurance: str,
    now: datetime,
) -> Institution:
    """
    Add an institution with which there is an agreement, or change it.

    Raises:
        InstitutionRefused: `facts["why"]` names the field.
    """
    if not SLUG.fullmatch(slug):
        raise InstitutionRefused(why="slug")
    if kind not in KINDS:
        raise InstitutionRefused(why="kind")
    if assurance not in ASSURANCES:
        raise InstitutionRefused(why="assurance")
    if any(not isinstance(name.get(one), str) or not name[one].strip() for one in ("id", "en")):
        raise InstitutionRefused(why="name")
    for field, said in (("issuer", issuer), ("audience", audience)):
        if not 0 < len(said) <= 200 or not said.isprintable():
            raise InstitutionRefused(why=field)
    if Institution.objects.filter(issuer=issuer).exclude(slug=slug).exists():
        raise InstitutionRefused(why="issuer")
    try:
        parts = urlsplit(ask_url)
    except ValueError:
        raise InstitutionRefused(why="ask_url") from None
    local = parts.hostname == "localhost" or (parts.hostname or "").endswith(".localhost")
    if (
        len(ask_url) > 400
        or parts.query
        or parts.fragment
        or not parts.hostname
        or not (parts.scheme == "https" or (parts.scheme == "http" and local))
    ):
        raise InstitutionRefused(why="ask_url")
    if not _are_public(keys):
        raise InstitutionRefused(why="keys")
    row, _ = Institution.objects.update_or_create(
        slug=slug,
        defaults={
            "kind": kind,
            "name": dict(name),
            "issuer": issuer,
            "audience": audience,
            "ask_url": ask_url,
            "keys": dict(keys),
            "assurance": assurance,
            "enabled": True,
        },
    )
    ledger.append("age.institution-registered", {"institution": slug, "assurance": assurance}, at=now)
    return row


@transaction.atomic
def close(slug: str, *, now: datetime) -> None:
    """Ask an institution no more; its open tries end without an answer. Raises NotFound."""
    row = get(slug)
    Institution.objects.filter(pk=row.pk).update(enabled=False)
    ledger.append("age.institution-closed", {"institution": slug}, at=now)


def _are_public(keys: Mapping[str, Any]) -> bool:
    """Whether this is a JWKS (RFC 7517) of public keys that sign, and of nothing else."""
    said = keys.get("keys")
    if not isinstance(said, list) or not said:
        return False
    if not all(isinstance(one, dict) and one.get("kty") in ("OKP", "EC") for one in said):
        return False
    try:
        return not any(key.is_private for key in KeySet.import_key_set(dict(keys)).keys)  # type: ignore[arg-type]
    except (JoseError, ValueError, KeyError, TypeError):
        return False


@transaction.atomic
def accept(attempt: Attempt, text: str, *, now: datetime) -> bool | None:
    """
    Read an answer and decide by it; the text itself is gone when this returns.

    Returns the answer, None when the institution does not know this person and nothing is decided.

    Raises:
        AgeVerdictRefused
    """
    partner = get(attempt.partner)
    threshold = attempt.question.threshold
    if threshold is None:
        raise AgeVerdictRefused(why="not-asked")
    found = age_verdicts.read(
        text,
        keys=partner.keys,
        issuer=partner.issuer,
        audience=partner.audience,
        nonce=attempt.nonce,
        threshold=threshold,
        now=now,
    )
    identity = hashlib.sha256(found.verdict_id.encode()).digest()
    try:
        with transaction.atomic():
            VerdictUse.objects.create(institution=partner, verdict_id=identity, used_at=now)
    except IntegrityError:
        raise AgeVerdictRefused(why="used") from None
    if found.over is not None:
        checks.decide(attempt, Proved(found.over, partner.assurance), now=now)
    return found.over
