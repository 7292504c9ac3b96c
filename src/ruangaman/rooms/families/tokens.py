"""Links: 256 bits each, kept only as SHA-256. Links that only find something can be made again from their
subject.
"""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings

from ruangaman.adapters import ids
from ruangaman.rooms.families.errors import LinkExpired, LinkUsed, NotFound
from ruangaman.rooms.families.models import Token
from ruangaman.rooms.vault import api as vault


def derived(purpose: str, subject: UUID) -> str:
    """The same 256-bit link each time, from the house's own key: nothing in the clear has to be kept."""
    return urlsafe_b64encode(vault.lookup("families.token", f"{purpose}:{subject}")).rstrip(b"=").decode()


def random() -> str:
    """A fresh link of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> bytes:
    """What is stored of a link."""
    return hashlib.sha256(text.encode()).digest()


def put(purpose: str, text: str, family: UUID, *, now: datetime, **what: Any) -> Token:
    """Store a link (its hash); storing the same link again changes nothing."""
    row, _ = Token.objects.get_or_create(
        digest=digest(text),
        defaults={"id": ids.new(now), "family": family, "purpose": purpose, "created_at": now, **what},
    )
    return row


def find(text: str, *purposes: str, now: datetime) -> Token:
    """The link for one of these purposes, used or not; raises NotFound or LinkExpired. Changes nothing."""
    row = (
        Token.objects.select_related("request", "request__child", "child", "guardian", "invite")
        .filter(digest=digest(text), purpose__in=purposes)
        .first()
    )
    if row is None:
        raise NotFound
    if row.expires_at is not None and now > row.expires_at:
        raise LinkExpired
    return row


def redeem(row: Token, *, now: datetime) -> None:
    """Use a one-time link; of two at once only one succeeds, the other raises LinkUsed."""
    if not Token.objects.filter(pk=row.pk, used_at__isnull=True).update(used_at=now):
        raise LinkUsed


def absolute(path: str, language: str = "") -> str:
    """The full address of a page of this house; a `language` other than the house's own goes along."""
    base = str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/")
    return base + path + (f"?bahasa={language}" if language not in ("", settings.LANGUAGE_CODE) else "")
