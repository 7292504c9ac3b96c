"""An OpenID4VP 1.0 request as this wallet takes it: unsigned, answered by post, one claim about an age."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwe
from joserfc.jwk import ECKey

CLAIM = re.compile(r"age_over_([1-9][0-9]?)")
MOST = 20_000
MODES = ("direct_post", "direct_post.jwt")
ENCRYPTIONS = ("A256GCM", "A128GCM")


class Refused(Exception):
    """A request that this wallet does not answer."""


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked, by whom, and how the answer goes back.

    Attributes:
        query: the request as it came, for the next page. key: what to encrypt to; None: the answer goes plain.
    """

    query: str
    client_id: str
    response_uri: str
    state: str
    nonce: str
    id: str
    years: int
    key: Mapping[str, Any] | None
    encryption: str

    @property
    def host(self) -> str:
        """Who asks, as a person can compare it with the address bar."""
        return urlsplit(self.response_uri).netloc

    def answer(self, presentation: str) -> bytes:
        """The body of the post (section 8.2 and 8.3.1)."""
        told: dict[str, Any] = {"vp_token": {self.id: [presentation]}, "state": self.state}
        if self.key is None:
            return urlencode(told | {"vp_token": json.dumps(told["vp_token"])}).encode()
        header = {"alg": "ECDH-ES", "enc": self.encryption, "kid": self.key["kid"]}
        key = ECKey.import_key({name: self.key[name] for name in ("kty", "crv", "x", "y")})
        packed = jwe.encrypt_compact(header, json.dumps(told), key, algorithms=["ECDH-ES", self.encryption])
        return urlencode({"response": packed}).encode()

    def refusal(self) -> bytes:
        """The body of a no (section 8.5)."""
        return urlencode({"error": "access_denied", "state": self.state}).encode()


def read(query: str, vct: str) -> Asked:
    """
    Read a request from the query of a link (section 5).

    Raises:
        Refused: broken, of a kind that this wallet does not know, or one that would show more than an age.
    """
    if len(query) > MOST:
        raise Refused
    try:
        said = dict(parse_qsl(query, strict_parsing=True))
        return _read(query, said, json.loads(said["dcql_query"]), json.loads(said["client_metadata"]), vct)
    except (ValueError, LookupError, TypeError, AttributeError, StopIteration):
        raise Refused from None


def _read(
    query: str, said: Mapping[str, str], wanted: Mapping[str, Any], metadata: Mapping[str, Any], vct: str
) -> Asked:
    where, mode = said["response_uri"], said["response_mode"]
    # Without a signature only the address of the answer says who asks: it must be that very address (section 5.9.3).
    if said["client_id"] != f"redirect_uri:{where}" or said["response_type"] != "vp_token":
        raise Refused
    parts = urlsplit(where)
    here = f".{parts.hostname or ''}".endswith(".localhost")
    if parts.scheme != "https" and not (parts.scheme == "http" and here):
        raise Refused
    if mode not in MODES or parts.username is not None or parts.fragment:
        raise Refused
    mine = next(
        one
        for one in wanted["credentials"]
        if one["format"] == "dc+sd-jwt" and vct in one["meta"]["vct_values"]
    )
    (claim,) = mine["claims"]  # one claim, or this wallet shows nothing
    (path,) = claim["path"]
    found = CLAIM.fullmatch(path)
    if found is None:
        raise Refused
    key = metadata["jwks"]["keys"][0] if mode == "direct_post.jwt" else None
    known = metadata.get("encrypted_response_enc_values_supported", ENCRYPTIONS[1:])
    encryption = next(one for one in ENCRYPTIONS if one in known) if key else ""
    return Asked(
        query,
        said["client_id"],
        where,
        said["state"],
        said["nonce"],
        mine["id"],
        int(found[1]),
        key,
        encryption,
    )
