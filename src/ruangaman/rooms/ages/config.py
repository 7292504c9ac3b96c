"""The settings of this room, read when they are needed; safe when nothing is set."""

from datetime import timedelta
from typing import Final

from django.conf import settings

JURISDICTION: Final = "ID"
"""Whose bounds the claims of the house's own tokens have."""
EPOCH: Final = timedelta(days=7)
OVERLAP: Final = timedelta(days=1)
AHEAD: Final = timedelta(days=1)
"""How long before its epoch a key stands in the directory, so that every platform has fetched it."""
QUOTA: Final = 30
"""Tokens a wallet may take of one key: the profile of the notes, RFC 9576 section 6.1."""
ATTEMPT: Final = timedelta(minutes=10)
SKEW: Final = timedelta(seconds=300)
ISSUED_ASSURANCES: Final = ("standard", "strict")
"""Each further degree splits the crowd of a key in two."""


def base_url() -> str:
    """The address of this house, without a slash at the end."""
    return str(getattr(settings, "BASE_URL", "http://localhost:8000")).rstrip("/")


def issuer_url() -> str:
    """The address under which tokens are issued; another host than what platforms call, where there is one."""
    return str(getattr(settings, "ISSUER_URL", "") or base_url()).rstrip("/")


def ways() -> tuple[str, ...]:
    """The ways of proving that are switched on, by name."""
    return tuple(getattr(settings, "AGE_WAYS", ("declared", "token", "guardian", "institution", "wallet")))


def result_kept() -> timedelta:
    """How long the answer of a decided check can be read at this house."""
    return timedelta(days=float(getattr(settings, "AGE_RESULT_DAYS", 30)))


def under_ages() -> tuple[int, ...]:
    """The ages for which "under this age" is issued; none unless a child-only room wants it."""
    return tuple(int(one) for one in getattr(settings, "AGE_UNDER", ()))
