"""Lists of issuers whose credentials count, as data: who may speak for which kind, and what it is worth."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.db import transaction

from ruangaman.core.age_checks import ASSURANCES
from ruangaman.core.credentials import mdoc, x509
from ruangaman.rooms.ages.errors import NotFound, TrustRefused
from ruangaman.rooms.ages.models import WalletTrust
from ruangaman.rooms.ledger import api as ledger

DOC_TYPES: Final = tuple(mdoc.NAME_SPACES)
"""Kinds of mobile documents that are asked for; whatever else a list names is a `vct`."""
MOST_ANCHORS: Final = 500
MOST_KINDS: Final = 20
_SLUG: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_FIELDS: Final = frozenset({"slug", "assurance", "anchors"})


@dataclass(frozen=True, slots=True)
class Trust:
    """All living lists as one. `worth` is the assurance of each entry, by its name."""

    issuers: x509.TrustList
    worth: Mapping[str, str]

    def doc_types(self) -> tuple[str, ...]:
        """Of the mobile documents those for which somebody may speak."""
        return tuple(one for one in DOC_TYPES if any(anchor.answers(one) for anchor in self.issuers.anchors))

    def vcts(self) -> tuple[str, ...]:
        """The types of SD-JWT VC for which somebody may speak."""
        named = {kind for anchor in self.issuers.anchors for kind in anchor.answers_for}
        return tuple(sorted(named - set(DOC_TYPES)))


def current() -> Trust:
    """The lists as they stand; read anew only after one changed."""
    rows = WalletTrust.objects.filter(removed_at__isnull=True).order_by("slug")
    return _read(tuple(rows.values_list("slug", "changed_at")))


@lru_cache(maxsize=2)
def _read(versions: tuple[tuple[str, datetime], ...]) -> Trust:
    anchors, worth = [], {}
    for row in WalletTrust.objects.filter(slug__in=[slug for slug, _ in versions]).order_by("slug"):
        for at, entry in enumerate(row.anchors):
            # Names are unique within the house: by them the assurance is found again.
            anchor = x509.anchor_of(entry | {"name": f"{row.slug}: {at}: {entry['name']}"}, at)
            anchors.append(anchor)
            worth[anchor.name] = row.assurance
    return Trust(x509.TrustList.of(anchors), worth)


def any_living() -> bool:
    """Whether anybody is trusted at all."""
    return WalletTrust.objects.filter(removed_at__isnull=True).exists()


def living() -> list[WalletTrust]:
    """All lists that count, by name."""
    return list(WalletTrust.objects.filter(removed_at__isnull=True).order_by("slug"))


@transaction.atomic
def add(told: Mapping[str, Any], *, now: datetime) -> WalletTrust:
    """
    Add a list, or put it in the place of the one with this name.

    Args:
        told: `slug`; `assurance`, a word of IEEE 2089.1; `anchors` as in docs/guides/wallets.md.

    Raises:
        TrustRefused: `facts["why"]` names the field.
    """
    if set(told) != _FIELDS:
        raise TrustRefused(why=next(iter(sorted(map(str, _FIELDS ^ set(told))))))
    slug, assurance, anchors = told["slug"], told["assurance"], told["anchors"]
    if not isinstance(slug, str) or not _SLUG.fullmatch(slug):
        raise TrustRefused(why="slug")
    if assurance not in ASSURANCES:
        raise TrustRefused(why="assurance")
    if not isinstance(anchors, list) or not 0 < len(anchors) <= MOST_ANCHORS:
        raise TrustRefused(why="anchors")
    entries = [_entry(one, at) for at, one in enumerate(anchors)]
    _demand_apart(slug, entries)
    row, _ = WalletTrust.objects.update_or_create(
        slug=slug,
        defaults={"assurance": assurance, "anchors": entries, "changed_at": now, "removed_at": None},
    )
    ledger.append("age.trust-added", {"list": slug, "assurance": assurance, "anchors": len(entries)}, at=now)
    return row


def _entry(told: object, at: int) -> dict[str, Any]:
    """An entry as JSON keeps it; a time of YAML becomes text again."""
    if not isinstance(told, Mapping):
        raise TrustRefused(why=f"anchors.{at}")
    entry = {
        str(name): value.isoformat() if isinstance(value, datetime) else value for name, value in told.items()
    }
    try:
        anchor = x509.anchor_of(entry, at)
    except x509.TrustListRefused as refused:
        raise TrustRefused(why=f"anchors.{at}.{refused.facts.get('field', '?')}") from None
    # Whom a list trusts for everything, it trusts for what nobody has thought of.
    if x509.ANYTHING in anchor.answers_for or len(anchor.answers_for) > MOST_KINDS:
        raise TrustRefused(why=f"anchors.{at}.answers_for")
    if anchor.certificate is None and not anchor.issuers:
        raise TrustRefused(why=f"anchors.{at}.issuers")
    return entry


def _demand_apart(slug: str, entries: list[dict[str, Any]]) -> None:
    """One key in two lists would have two worths."""
    mine = [_key(entry) for entry in entries]
    others = {
        _key(entry)
        for row in WalletTrust.objects.filter(removed_at__isnull=True).exclude(slug=slug)
        for entry in row.anchors
    }
    if len(set(mine)) != len(mine):
        raise TrustRefused(why="anchors: one key twice")
    if others.intersection(mine):
        raise TrustRefused(why="anchors: a key of another list")


def _key(entry: Mapping[str, Any]) -> bytes:
    key = x509.anchor_of(entry).key
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@transaction.atomic
def remove(slug: str, *, now: datetime) -> None:
    """Nobody of this list is trusted any more, from this moment on; raises NotFound."""
    if not WalletTrust.objects.filter(slug=slug, removed_at__isnull=True).update(
        removed_at=now, changed_at=now
    ):
        raise NotFound
    ledger.append("age.trust-removed", {"list": slug}, at=now)
