"""Signing in through the house by Authlib: code flow, PKCE, nonce, checks of the ID token (docs/guides/oidc.md)."""

import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from authlib.common.security import generate_token
from authlib.deprecate import AuthlibDeprecationWarning
from authlib.integrations.base_client.errors import OAuthError
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

with warnings.catch_warnings():  # of httpx, whose follower Authlib takes where it is there
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.httpx_client import OAuth2Client

TIMEOUT_S = 10.0
CONFIGURATION = "/.well-known/openid-configuration"


class NotSignedIn(Exception):
    """The house sent no yes, or one that does not hold; nobody is let in by it."""


@dataclass(frozen=True, slots=True)
class Pending:
    """What this platform remembers while somebody is at the house."""

    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Yes:
    """All that the house tells: a number of our own, and the age when it was proved."""

    sub: str
    over: int | None


class SignIn:
    """
    One client of the OpenID Provider.

    Args:
        house: the issuer, as browsers see it. inside: as this process reaches it.
    """

    def __init__(self, house: str, inside: str, client: Mapping[str, Any]) -> None:
        self._issuer, self._inside = house, inside
        self._client = client
        self.age: int = client["age"]

    def begin(self, language: str) -> tuple[str, Pending]:
        """Where the browser goes, and what to remember. Raises NotSignedIn: the house does not answer."""
        pending = Pending(generate_token(40), generate_token(40), generate_token(48))
        with self._session() as session:
            url, _ = session.create_authorization_url(
                self._metadata()["authorization_endpoint"],
                state=pending.state,
                code_verifier=pending.verifier,
                nonce=pending.nonce,
                ui_locales=language,
            )
        return str(url), pending

    def finish(self, query: Mapping[str, str], whole: str, pending: Pending) -> Yes:
        """
        From what the browser brought back to a yes.

        Args:
            whole: the address as it was opened, with its query.

        Raises:
            NotSignedIn
        """
        if query.get("iss") != self._issuer:  # an answer of another house (RFC 9207)
            raise NotSignedIn
        metadata = self._metadata()
        try:
            with self._session() as session:
                token = session.fetch_token(
                    self._here(metadata["token_endpoint"]),
                    authorization_response=whole,
                    state=pending.state,
                    code_verifier=pending.verifier,
                )
            keys = KeySet.import_key_set(self._get(self._here(metadata["jwks_uri"])))
            signed = jwt.decode(token["id_token"], keys, algorithms=["RS256"])
            client = self._client["client"]
            claims = CodeIDToken(
                signed.claims,
                signed.header,
                options={"iss": {"value": self._issuer}, "aud": {"value": client}},
                params={
                    "nonce": pending.nonce,
                    "client_id": client,
                    "access_token": token["access_token"],
                },
            )
            # Tokens carry the time of the world, also while the story's clock runs ahead of it.
            claims.validate(now=int(time.time()), leeway=5)
        except (OAuthError, JoseError, httpx.HTTPError, KeyError, ValueError):
            raise NotSignedIn from None
        return Yes(str(claims["sub"]), self.age if claims.get(f"age_over_{self.age}") is True else None)

    def _session(self) -> OAuth2Client:
        return OAuth2Client(
            self._client["client"],
            self._client["secret"],
            scope=f"openid age_over:{self.age}",
            redirect_uri=self._client["back"],
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    def _metadata(self) -> Mapping[str, Any]:
        try:
            found = self._get(self._inside + CONFIGURATION)
        except (httpx.HTTPError, ValueError):
            raise NotSignedIn from None
        if found.get("issuer") != self._issuer:
            raise NotSignedIn
        return found

    @staticmethod
    def _get(address: str) -> dict[str, Any]:
        return dict(httpx.get(address, timeout=TIMEOUT_S).raise_for_status().json())

    def _here(self, address: str) -> str:
        """The system may not know the name by which browsers call this machine."""
        return (
            self._inside + address.removeprefix(self._issuer) if address.startswith(self._issuer) else address
        )
