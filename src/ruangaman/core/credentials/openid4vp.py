"""
OpenID4VP 1.0 requests: built as parameters or as a signed request object, and read as strictly as a wallet should.

Source: OpenID for Verifiable Presentations 1.0, sections 5, 8.2, 8.3, 11 and appendix A (Digital Credentials API);
RFC 9101. Answers are read in `openid4vp_answer`, the question itself in `dcql`.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NoReturn
from urllib.parse import parse_qsl, quote, urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import dcql, jose
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json
from ruangaman.core.credentials.sd_jwt import KeyOf

REQUEST_TYP = "oauth-authz-req+jwt"
ANY_WALLET = "https://self-issued.me/v2"
"""The `aud` of a request object for a wallet that nobody has met before (section 5.8)."""

MOST_BYTES = 131_072
MOST_FIELDS = 32
MOST_KEYS = 16
_MOST_TEXT = 2_048
_NONCE = re.compile(r"[A-Za-z0-9._~-]{1,512}")


class RequestMalformed(CredentialError):
    """A parameter that is missing, or has the wrong form; `field` names it."""

    code = "openid4vp.request-malformed"


class RequestContradicts(CredentialError):
    """Parameters that must not stand together, or do not fit each other; `field` names one."""

    code = "openid4vp.request-contradicts"


class ClientIdRefused(CredentialError):
    """A `client_id` whose prefix is unknown, or reserved for the platform (`origin:`, section 5.9.3)."""

    code = "openid4vp.client-id-refused"


class ModeUnsupported(CredentialError):
    """A `response_type` or `response_mode` that is not spoken here."""

    code = "openid4vp.mode-unsupported"


class MetadataMalformed(CredentialError):
    """`client_metadata` that breaks its form; `field` names where."""

    code = "openid4vp.metadata-malformed"


class ResponseMode(StrEnum):
    FRAGMENT = "fragment"
    DIRECT_POST = "direct_post"
    DIRECT_POST_JWT = "direct_post.jwt"
    DC_API = "dc_api"
    DC_API_JWT = "dc_api.jwt"

    @property
    def encrypted(self) -> bool:
        return self in (ResponseMode.DIRECT_POST_JWT, ResponseMode.DC_API_JWT)

    @property
    def by_browser(self) -> bool:
        """Through the Digital Credentials API, not by a redirect or a post."""
        return self in (ResponseMode.DC_API, ResponseMode.DC_API_JWT)


class Prefix(StrEnum):
    """How a `client_id` is to be understood (section 5.9.3); without a prefix the wallet knows the client already."""

    PRE_REGISTERED = ""
    REDIRECT_URI = "redirect_uri"
    OPENID_FEDERATION = "openid_federation"
    DECENTRALIZED_IDENTIFIER = "decentralized_identifier"
    VERIFIER_ATTESTATION = "verifier_attestation"
    X509_SAN_DNS = "x509_san_dns"
    X509_HASH = "x509_hash"


_PREFIXES = frozenset(one.value for one in Prefix if one is not Prefix.PRE_REGISTERED)


@dataclass(frozen=True, slots=True)
class ClientId:
    """`whole` is what travels and what a proof must be made for; `identifier` is the part behind the prefix."""

    whole: str
    prefix: Prefix
    identifier: str


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a verifier tells of itself: keys to encrypt to (JWKs), content encryptions, formats with their members."""

    keys: tuple[Mapping[str, Json], ...] = field(default=(), repr=False)
    encryptions: tuple[str, ...] = ("A128GCM",)
    formats: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Request:
    """A request that keeps the rules. `client_id` is None only in an unsigned request through the browser."""

    client_id: ClientId | None
    response_mode: ResponseMode
    nonce: str
    dcql_query: dcql.Query
    signed: bool
    state: str | None = None
    response_uri: str | None = None
    redirect_uri: str | None = None
    expected_origins: tuple[str, ...] = ()
    client_metadata: Metadata | None = None


MAC_BY_P256 = -65537
"""In `deviceauth_alg_values`: a device's MAC (HMAC 256/256) under a key agreed by ECDH on P-256 (B.2.2)."""


def client_metadata(
    encryption_key: Mapping[str, str] | None = None, kid: str = "", *, proofs: bool = False
) -> dict[str, Json]:
    """
    What we tell of ourselves: formats and algorithms.

    Args:
        encryption_key: our public JWK on P-256; then also how to encrypt to it. A device may then prove itself by a
            MAC too, for which this is the reader's key; a plain answer has none, and only signatures will do.
        kid: its name.
        proofs: zero-knowledge proofs about mobile documents are read as well; they prove signatures alone.
    """
    signatures: list[Json] = [-7, -9]
    devices = [*signatures, MAC_BY_P256] if encryption_key is not None else signatures
    formats: dict[str, Json] = {
        dcql.SD_JWT: {"sd-jwt_alg_values": [jose.ES256], "kb-jwt_alg_values": [jose.ES256]},
        dcql.MDOC: {"issuerauth_alg_values": signatures, "deviceauth_alg_values": devices},
    }
    if proofs:
        formats[dcql.MDOC_ZK] = {"issuerauth_alg_values": signatures, "deviceauth_alg_values": signatures}
    told: dict[str, Json] = {"vp_formats_supported": formats}
    if encryption_key is not None:
        named = {name: encryption_key[name] for name in ("kty", "crv", "x", "y")}
        told["jwks"] = {"keys": [named | {"use": "enc", "alg": "ECDH-ES", "kid": kid}]}
        told["encrypted_response_enc_values_supported"] = ["A256GCM", "A128GCM"]
    return told


def post_request(
    *,
    client_id: str,
    response_uri: str,
    nonce: str,
    state: str,
    dcql_query: Mapping[str, Json],
    metadata: Mapping[str, Json],
    encrypted: bool,
    on_this_machine: bool = False,
) -> dict[str, Json]:
    """Parameters of a request that is answered by a post to `response_uri` (section 8.2), checked by our own reader.

    Args:
        on_this_machine: as in `read_request`.

    Raises:
        CredentialError: the arguments make no request that keeps the rules.
    """
    mode = ResponseMode.DIRECT_POST_JWT if encrypted else ResponseMode.DIRECT_POST
    told = {
        "response_type": "vp_token",
        "response_mode": mode.value,
        "client_id": client_id,
        "response_uri": response_uri,
        "nonce": nonce,
        "state": state,
        "dcql_query": dict(dcql_query),
        "client_metadata": dict(metadata),
    }
    signed = not client_id.startswith(f"{Prefix.REDIRECT_URI}:")
    read_request(told, signed=signed, on_this_machine=on_this_machine)
    return told


def browser_request(
    *,
    nonce: str,
    dcql_query: Mapping[str, Json],
    metadata: Mapping[str, Json],
    encrypted: bool,
    client_id: str | None = None,
    expected_origins: Sequence[str] = (),
) -> dict[str, Json]:
    """Parameters for `navigator.credentials.get` (appendix A.2); with `client_id` and origins for signing.

    Raises:
        CredentialError: the arguments make no request that keeps the rules.
    """
    told: dict[str, Json] = {
        "response_type": "vp_token",
        "response_mode": (ResponseMode.DC_API_JWT if encrypted else ResponseMode.DC_API).value,
        "nonce": nonce,
        "dcql_query": dict(dcql_query),
        "client_metadata": dict(metadata),
    }
    if client_id is not None:
        told |= {"client_id": client_id, "expected_origins": list(expected_origins)}
    read_request(told, signed=client_id is not None)
    return told


def sign_request(
    parameters: Mapping[str, Json],
    key: ec.EllipticCurvePrivateKey,
    *,
    chain: Sequence[str] = (),
    kid: str | None = None,
    on_this_machine: bool = False,
) -> str:
    """
    The request object (section 5.8, RFC 9101) by ES256.

    Args:
        chain: certificates for `x5c` in base64 DER, ours first (prefixes `x509_san_dns` and `x509_hash`).
        kid: names the key where the prefix finds it elsewhere.
        on_this_machine: as in `read_request`.

    Raises:
        CredentialError: the parameters break a rule for signed requests.
    """
    request = read_request(parameters, signed=True, on_this_machine=on_this_machine)
    header: dict[str, Json] = {"typ": REQUEST_TYP}
    if chain:
        header["x5c"] = list(chain)
    if kid is not None:
        header["kid"] = kid
    told = dict(parameters)
    if not request.response_mode.by_browser:
        told["aud"] = ANY_WALLET
    return jose.sign(header, jose.write_json(told), key)


def link(client_id: str, request_uri: str, wallet: str = "openid4vp://") -> str:
    """What a QR code or a link holds: who asks, and where the request object lies (section 5.7)."""
    return f"{wallet}?client_id={quote(client_id, safe='')}&request_uri={quote(request_uri, safe='')}"


def read_signed_request(
    token: str | bytes,
    key_of: KeyOf,
    algorithms: Collection[str] = jose.ALGORITHMS,
    *,
    on_this_machine: bool = False,
) -> Request:
    """
    A signed request object. Whether the key may speak for the `client_id` is for `key_of` to decide.

    Args:
        on_this_machine: as in `read_request`.

    Raises:
        CredentialError: of `jose.read_jws`, `jose.verify`, `read_request`.
    """
    jws = jose.read_jws(token, typ={REQUEST_TYP}, algorithms=algorithms, most=MOST_BYTES)
    claims = jws.claims()
    jose.verify(jws, key_of(jws.header, claims))
    return read_request(claims, signed=True, on_this_machine=on_this_machine)


def read_request_link(query: str | bytes) -> Request:
    """An unsigned request from the query part of a URL, where objects stand as JSON text (section 5).

    Raises:
        CredentialError: of `read_form`, `jose.read_json`, `read_request`.
    """
    told: dict[str, Json] = dict(read_form(query))
    for name in ("dcql_query", "client_metadata"):
        if name in told:
            told[name] = jose.read_json_object(told[name].encode("utf-8"))
    return read_request(told, signed=False)


def read_form(body: str | bytes, most: int = MOST_BYTES) -> dict[str, str]:
    """
    The fields of `application/x-www-form-urlencoded`, each once, in UTF-8.

    Raises:
        jose.TooLarge: before parsing.
        RequestMalformed: anything else; `field` is `form`.
    """
    if len(body) > most:
        raise jose.TooLarge(bytes=len(body), most=most)
    try:
        text = body.decode("ascii") if isinstance(body, bytes) else body
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MOST_FIELDS
        )
    except ValueError:  # UnicodeDecodeError too
        raise RequestMalformed(field="form") from None
    told = dict(pairs)
    if len(told) != len(pairs):
        raise RequestMalformed(field="form")
    if not all(_clean(value) for value in told.values()):
        raise RequestMalformed(field="form")
    return told


def _clean(value: str) -> bool:
    """No half of a surrogate pair, which could not be written again."""
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def read_client_id(told: Json) -> ClientId:
    """
    A `client_id` with its prefix (section 5.9).

    Raises:
        ClientIdRefused: `origin:`, which only the platform may say; an unknown prefix; nothing behind it.
    """
    if (
        not isinstance(told, str)
        or not 0 < len(told) <= _MOST_TEXT
        or not told.isascii()
        or not told.isprintable()
    ):
        raise ClientIdRefused
    name, colon, identifier = told.partition(":")
    if not colon:
        return ClientId(told, Prefix.PRE_REGISTERED, told)
    if name not in _PREFIXES or not identifier:
        raise ClientIdRefused
    return ClientId(told, Prefix(name), identifier)


def read_request(told: Json, *, signed: bool, on_this_machine: bool = False) -> Request:
    """
    A request from its parameters, as JSON values. Unknown parameters are passed over (section 5).

    Args:
        signed: whether it came in a request object whose signature holds.
        on_this_machine: also take plain http to `localhost` and the names below it (RFC 6761 section 6.3), where
            nothing leaves the machine; against section 8.2, which knows https alone.

    Raises:
        RequestMalformed, RequestContradicts, ClientIdRefused, ModeUnsupported, MetadataMalformed; of `dcql.read`.
    """
    if type(told) is not dict:
        _malformed("request")
    if told.get("response_type") != "vp_token":
        raise ModeUnsupported(field="response_type")
    mode = _mode(told.get("response_mode", ResponseMode.FRAGMENT.value))
    nonce = told.get("nonce")
    if not isinstance(nonce, str) or _NONCE.fullmatch(nonce) is None:
        _malformed("nonce")
    if "dcql_query" not in told:
        _malformed("dcql_query")
    metadata = read_metadata(told["client_metadata"]) if "client_metadata" in told else None
    client_id = read_client_id(told["client_id"]) if "client_id" in told else None
    request = Request(
        client_id=client_id,
        response_mode=mode,
        nonce=nonce,
        dcql_query=dcql.read(told["dcql_query"]),
        signed=signed,
        state=_text(told, "state"),
        response_uri=_url(told, "response_uri", on_this_machine),
        redirect_uri=_url(told, "redirect_uri", on_this_machine),
        expected_origins=_origins(told),
        client_metadata=metadata,
    )
    _check_together(request)
    return request


def _check_together(request: Request) -> None:
    mode, client_id = request.response_mode, request.client_id
    if mode.encrypted and (request.client_metadata is None or not request.client_metadata.keys):
        _malformed("client_metadata.jwks")
    if mode.by_browser:
        if request.response_uri is not None or request.redirect_uri is not None:
            raise RequestContradicts(field="response_uri")
        if request.signed and client_id is None:
            _malformed("client_id")
        if request.signed and not request.expected_origins:  # else another site could replay it (A.2)
            _malformed("expected_origins")
    elif client_id is None:
        _malformed("client_id")
    elif mode is ResponseMode.FRAGMENT:
        if request.response_uri is not None:
            raise RequestContradicts(field="response_uri")
        if request.redirect_uri is None and client_id.prefix is not Prefix.REDIRECT_URI:
            _malformed("redirect_uri")
    else:
        if request.redirect_uri is not None:  # section 8.2
            raise RequestContradicts(field="redirect_uri")
        if request.response_uri is None:
            _malformed("response_uri")
    if client_id is not None:
        _check_client(request, client_id)


def _check_client(request: Request, client_id: ClientId) -> None:
    """What each prefix demands (section 5.9.3)."""
    where = request.response_uri or request.redirect_uri
    if client_id.prefix is Prefix.REDIRECT_URI:
        if request.signed:
            raise RequestContradicts(field="client_id")
        if where is not None and where != client_id.identifier:
            raise RequestContradicts(field="client_id")
    host = None if where is None else urlsplit(where).hostname
    if client_id.prefix is Prefix.X509_SAN_DNS and host is not None and host != client_id.identifier.lower():
        raise RequestContradicts(field="client_id")
    if client_id.prefix is Prefix.X509_HASH and len(client_id.identifier) != 43:
        raise ClientIdRefused


def read_metadata(told: Json) -> Metadata:
    """
    `client_metadata`: formats, keys to encrypt to, content encryptions (section 11.1, 8.3, B).

    Raises:
        MetadataMalformed: with its field.
    """
    if type(told) is not dict:
        raise MetadataMalformed(field="client_metadata")
    formats = told.get("vp_formats_supported", {})
    if type(formats) is not dict or not all(type(one) is dict for one in formats.values()):
        raise MetadataMalformed(field="vp_formats_supported")
    for members in formats.values():
        for name, values in members.items():
            if name.endswith("alg_values"):
                _check_algorithms(name, values)
    encryptions = told.get("encrypted_response_enc_values_supported", ["A128GCM"])
    if (
        type(encryptions) is not list
        or not encryptions
        or not all(isinstance(one, str) for one in encryptions)
    ):
        raise MetadataMalformed(field="encrypted_response_enc_values_supported")
    return Metadata(_keys(told), tuple(encryptions), formats)


def _check_algorithms(name: str, values: Json) -> None:
    """COSE numbers for an mdoc, JOSE names for the others (B.2.2, B.3.4)."""
    kind = int if name in ("issuerauth_alg_values", "deviceauth_alg_values") else str
    if type(values) is not list or not values or not all(type(one) is kind for one in values):
        raise MetadataMalformed(field=name)
    if kind is str and any(one == "none" or one.startswith("HS") for one in values):
        raise MetadataMalformed(field=name)


def _keys(told: Mapping[str, Json]) -> tuple[Mapping[str, Json], ...]:
    if "jwks" not in told:
        return ()
    keys = told["jwks"].get("keys") if type(told["jwks"]) is dict else None
    if type(keys) is not list or not 0 < len(keys) <= MOST_KEYS:
        raise MetadataMalformed(field="jwks")
    for key in keys:
        if type(key) is not dict or not isinstance(key.get("kty"), str) or jose.PRIVATE_MEMBERS & key.keys():
            raise MetadataMalformed(field="jwks")
    return tuple(keys)


def _malformed(name: str) -> NoReturn:
    raise RequestMalformed(field=name)


def _mode(told: Json) -> ResponseMode:
    try:
        return ResponseMode(told)
    except ValueError:
        raise ModeUnsupported(field="response_mode") from None


def _text(told: Mapping[str, Json], name: str) -> str | None:
    value = told.get(name)
    if value is None and name not in told:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _MOST_TEXT or not value.isprintable():
        _malformed(name)
    return value


def _url(told: Mapping[str, Json], name: str, on_this_machine: bool) -> str | None:
    """An absolute https URL without user, password or fragment; plain http to this machine where that is taken."""
    value = _text(told, name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        port_stands = parts.port is None or parts.port > 0
    except ValueError:
        _malformed(name)
    host = parts.hostname or ""
    plain = on_this_machine and parts.scheme == "http" and f".{host}".endswith(".localhost")
    if (
        (parts.scheme != "https" and not plain)
        or not host
        or "@" in parts.netloc
        or parts.fragment
        or not port_stands
    ):
        _malformed(name)
    return value


def _origins(told: Mapping[str, Json]) -> tuple[str, ...]:
    if "expected_origins" not in told:
        return ()
    values = told["expected_origins"]
    if type(values) is not list or not 0 < len(values) <= MOST_KEYS:
        _malformed("expected_origins")
    if not all(isinstance(one, str) and 0 < len(one) <= _MOST_TEXT and ":" in one for one in values):
        _malformed("expected_origins")
    return tuple(values)
