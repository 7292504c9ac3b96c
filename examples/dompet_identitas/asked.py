"""An OpenID4VP 1.0 request as this wallet takes it, signed or not: answered by post, one claim about an age."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from joserfc import jwe
from joserfc.jwk import ECKey

from examples.dompet_identitas import certified
from examples.dompet_identitas.certified import Asker, Register
from examples.dompet_identitas.refused import Refused

SD_JWT, MDOC = "dc+sd-jwt", "mso_mdoc"
CLAIM = re.compile(r"age_over_([1-9][0-9]?)")
MOST = 20_000
MODES = ("direct_post", "direct_post.jwt")
ENCRYPTIONS = ("A256GCM", "A128GCM")
METHODS = ("get", "post")
"""Of `request_uri_method`; a wallet that does not post for the request gets it all the same (section 5.10)."""
NARROWER = frozenset({"claim_sets", "trusted_authorities"})
"""Parts of a DCQL query that this wallet does not follow; a credential that is asked for with them does not fit."""

Fetch = Callable[[str], tuple[int, str, bytes]]
"""From an address the status, the media type and the body (`certified.MOST` bytes at most) of what lies there."""


@dataclass(frozen=True, slots=True)
class Held:
    """What this wallet holds: the `vct` of its SD-JWT VC, and the docType of its mobile document."""

    vct: str
    doc_type: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """A credential that would answer: the id of its query and its format."""

    id: str
    format: str


@dataclass(frozen=True, slots=True)
class Asked:
    """
    What is asked, by whom, and how the answer goes back.

    Attributes:
        query, token: the request as it came, for the next page: the link, and the signed object that it leads to.
        wanted: each of them alone is enough. asker: None where nobody vouches for who asks.
        key: what to encrypt to; None: the answer goes plain.
    """

    query: str
    token: str
    client_id: str
    response_uri: str
    state: str
    nonce: str
    years: int
    wanted: tuple[Wanted, ...]
    asker: Asker | None
    key: Mapping[str, Any] | None
    encryption: str

    @property
    def host(self) -> str:
        """Who asks, as a person can compare it with the address bar."""
        return urlsplit(self.response_uri).netloc

    @property
    def thumbprint(self) -> bytes | None:
        """Of the key that the answer is encrypted to (RFC 7638)."""
        if self.key is None:
            return None
        print_ = _public(self.key).thumbprint()
        return urlsafe_b64decode(print_ + "=" * (-len(print_) % 4))

    def answer(self, wanted: Wanted, presentation: str) -> bytes:
        """The body of the post (section 8.2 and 8.3.1)."""
        told: dict[str, Any] = {"vp_token": {wanted.id: [presentation]}, "state": self.state}
        if self.key is None:
            return urlencode(told | {"vp_token": json.dumps(told["vp_token"])}).encode()
        header = {"alg": "ECDH-ES", "enc": self.encryption, "kid": self.key["kid"]}
        algorithms = ["ECDH-ES", self.encryption]
        packed = jwe.encrypt_compact(header, json.dumps(told), _public(self.key), algorithms=algorithms)
        return urlencode({"response": packed}).encode()

    def refusal(self) -> bytes:
        """The body of a no (section 8.5)."""
        return urlencode({"error": "access_denied", "state": self.state}).encode()


def _public(key: Mapping[str, Any]) -> ECKey:
    return ECKey.import_key({name: key[name] for name in ("kty", "crv", "x", "y")})


@dataclass(frozen=True, slots=True)
class Reader:
    """
    Reads requests.

    Attributes:
        registers: whose certificates this wallet takes.
        on_this_machine: also take plain http to `localhost` and the names below it (RFC 6761 section 6.3), where
            nothing leaves the machine; for every other host it is https, always.
    """

    held: Held
    registers: Sequence[Register]
    fetch: Fetch
    on_this_machine: bool = False

    def read(self, query: str, now: datetime, token: str = "") -> Asked:
        """
        A request from the query of a link (section 5).

        Args:
            token: the signed object that this link led to before; without one it is fetched.

        Raises:
            Refused: broken, of a kind that this wallet does not know, from somebody who does not prove who it is, or
                one that would show more than an age.
        """
        if len(query) > MOST:
            raise Refused
        try:
            pairs = parse_qsl(query, strict_parsing=True)
            said = dict(pairs)
            if len(said) != len(pairs):
                raise Refused
            if "request_uri" in said or "request" in said:
                return self._signed(query, said, token or self._token(said), now)
            return self._unsigned(query, said)
        except certified.UNREADABLE:
            raise Refused from None

    def _token(self, said: Mapping[str, str]) -> str:
        """The request object: in the link itself, or where the link says (section 5.7)."""
        if "request" in said:
            if "request_uri" in said:
                raise Refused
            return said["request"]
        where = said["request_uri"]
        if not self._safe(where) or said.get("request_uri_method", "get") not in METHODS:
            raise Refused
        status, kind, body = self.fetch(where)
        if status != 200 or kind.partition(";")[0].strip().lower() != certified.MEDIA_TYPE:
            raise Refused("gone")
        return body.decode("ascii")

    def _signed(self, query: str, said: Mapping[str, str], token: str, now: datetime) -> Asked:
        client_id = said["client_id"]
        # Of a signed request nothing counts but what is signed (RFC 9101 section 6.3).
        claims, asker = certified.read(token, client_id, self.registers, now)
        prefix, _, identifier = client_id.partition(":")
        if prefix == "x509_san_dns" and urlsplit(claims["response_uri"]).hostname != identifier:
            raise Refused("not_proven")  # an answer goes to whom the certificate names (section 5.9.3)
        return self._asked(query, token, claims, asker)

    def _unsigned(self, query: str, said: Mapping[str, str]) -> Asked:
        # Without a signature only the address of the answer says who asks: it must be that very address (5.9.3).
        if said["client_id"] != f"redirect_uri:{said['response_uri']}":
            raise Refused
        told: dict[str, Any] = dict(said)
        for name in ("dcql_query", "client_metadata"):
            told[name] = json.loads(said[name])
        return self._asked(query, "", told, None)

    def _asked(self, query: str, token: str, said: Mapping[str, Any], asker: Asker | None) -> Asked:
        where, mode = said["response_uri"], said["response_mode"]
        if said["response_type"] != "vp_token" or mode not in MODES or not self._safe(where):
            raise Refused
        if "redirect_uri" in said or not all(_word(said[name]) for name in ("nonce", "state")):
            raise Refused
        metadata = said["client_metadata"]
        key = _key(metadata["jwks"]["keys"]) if mode == "direct_post.jwt" else None
        known = metadata.get("encrypted_response_enc_values_supported", ENCRYPTIONS[1:])
        encryption = next((one for one in ENCRYPTIONS if one in known), "") if key else ""
        if key and not encryption:
            raise Refused
        years, wanted = self._wanted(said["dcql_query"])
        return Asked(
            query,
            token,
            said["client_id"],
            where,
            said["state"],
            said["nonce"],
            years,
            wanted,
            asker,
            key,
            encryption,
        )

    def _safe(self, where: str) -> bool:
        """Whether this wallet calls it: https without user or fragment; http on this machine where that is said."""
        parts = urlsplit(where)
        here = parts.scheme == "http" and f".{parts.hostname or ''}".endswith(".localhost")
        plain = self.on_this_machine and here
        return bool(
            (parts.scheme == "https" or plain)
            and parts.hostname
            and "@" not in parts.netloc
            and not parts.fragment
        )

    def _wanted(self, query: Mapping[str, Any]) -> tuple[int, tuple[Wanted, ...]]:
        """
        Which age, and which of the credentials here would answer it, in the order of the query (DCQL, section 6).

        One credential with one claim is all that this wallet ever shows: a query that wants two gets none.
        """
        asked = {one["id"]: one for one in query["credentials"]}
        if len(asked) != len(query["credentials"]):
            raise Refused
        fitting = {id_: found for id_, one in asked.items() if (found := self._age(one)) is not None}
        alone = _alone(query, list(asked))
        wanted = [id_ for id_ in alone if id_ in fitting]
        years = {fitting[id_] for id_ in wanted}
        if len(years) != 1:  # nothing fits; or two ages to choose from, which one question never has
            raise Refused
        return years.pop(), tuple(Wanted(id_, asked[id_]["format"]) for id_ in wanted)

    def _age(self, one: Mapping[str, Any]) -> int | None:
        """The age that this query asks of a credential that is held here; None where it asks something else."""
        claims = one.get("claims", ())
        if len(claims) != 1 or NARROWER & set(one) or "values" in claims[0]:
            return None
        path = claims[0]["path"]
        if one["format"] == SD_JWT and self.held.vct in one["meta"]["vct_values"]:
            name = path[0] if len(path) == 1 else ""
        elif one["format"] == MDOC and one["meta"]["doctype_value"] == self.held.doc_type:
            name = path[1] if len(path) == 2 and path[0] == self.held.doc_type else ""
        else:
            return None
        found = CLAIM.fullmatch(name)
        return int(found[1]) if found else None


def _alone(query: Mapping[str, Any], ids: Sequence[str]) -> list[str]:
    """The ids of credentials of which one alone is an answer (section 6.4.2)."""
    if "credential_sets" not in query:
        return list(ids) if len(ids) == 1 else []
    required = [one for one in query["credential_sets"] if one.get("required", True)]
    if len(required) != 1:
        return []
    return [option[0] for option in required[0]["options"] if len(option) == 1]


def _key(keys: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The first that this wallet can encrypt to (section 8.3)."""
    for one in keys:
        kind = (one["kty"], one.get("crv"), one.get("alg"), one.get("use", "enc"))
        if kind == ("EC", "P-256", "ECDH-ES", "enc") and isinstance(one.get("kid"), str):
            return one
    raise Refused


def _word(value: object) -> bool:
    return isinstance(value, str) and 0 < len(value) <= 512 and value.isascii() and value.isprintable()
