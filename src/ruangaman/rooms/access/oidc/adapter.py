# ruff: noqa: ARG002  (the framework fixes these arguments)
"""What django-allauth's provider asks of this house: who the issuer is, with which key, and what may be told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.models import Client, PrivateKey
from django.contrib.auth.models import AbstractBaseUser
from oauthlib.oauth2.rfc6749.errors import InvalidGrantError

from ruangaman.rooms.access.oidc import flows, keys
from ruangaman.rooms.access.oidc.bounds import issuer
from ruangaman.rooms.access.oidc.framework import get_validator_context

DAY = 86_400
NOW = "openid_now"
"""On the request: the time that the view read from the clock."""


class Adapter(DefaultOIDCAdapter):  # type: ignore[misc]  # the framework has no types
    """The subject and the claims come from the visit that the code ended, never from an account of the house."""

    def _now(self) -> datetime:
        found: datetime = getattr(self.request, NOW)
        return found

    def get_issuer(self) -> str:
        return issuer()

    def list_private_keys(self, **_filters: Any) -> list[PrivateKey]:
        return [self.get_signing_key()]

    def get_signing_key(self) -> PrivateKey:
        row = keys.signing(self._now())
        return PrivateKey(pem=keys.private(row), not_before=row.not_before, issued_at=row.created_at)

    def get_claims(
        self,
        purpose: Any,
        user: AbstractBaseUser,
        client: Client,
        scopes: Iterable[str],
        email: str | None = None,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """All that is told of a subject; raises InvalidGrantError when its account is not open any more."""
        now = self._now()
        row = flows.of_grant(get_validator_context().grant_id or "")
        found = flows.told(row, now=now) if row is not None and row.platform.client_id == client.id else None
        if found is None or found.status is None:
            raise InvalidGrantError
        told = {"sub": found.sub, "auth_time": int(now.timestamp()) // DAY * DAY, "status": found.status}
        return told | found.claims

    def get_user_sub(self, client: Client, user: AbstractBaseUser) -> str:
        """The house's one row of `auth_user` for all tokens names nobody (docs/adr/0084)."""
        raise InvalidGrantError

    def get_user_by_sub(self, client: Client, sub: str) -> None:
        return None

    def is_cimd_url_allowed(self, url: str) -> bool:
        return False
