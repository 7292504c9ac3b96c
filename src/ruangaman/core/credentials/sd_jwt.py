"""
SD-JWT: a signed JSON object of which the holder shows the parts that are asked for (RFC 9901).

Reading is parted into form (`read`), digests (`process`) and the whole (`verify`), so that each rule can be tested
apart from the others. Issuing stands in `sd_jwt_issuing`.
"""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

from ruangaman.core.credentials import jose
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.jose import Json, PublicKey

MOST_BYTES = 262_144
MOST_DISCLOSURES = 512
MOST_SIGNATURES = 4
SKEW = 300
"""Seconds by which the clocks of issuer, holder and this house may differ, both ways."""

NEVER_HIDDEN = frozenset({"iss", "aud", "exp", "nbf", "cnf"})
"""Claims that decide about validity and so must stand in clear text, with all that is in them (RFC 9901 9.7)."""

KB_TYP = frozenset({"kb+jwt"})
HASHES = {"sha-256": hashlib.sha256, "sha-384": hashlib.sha384, "sha-512": hashlib.sha512}

KeyOf = Callable[[Mapping[str, Json], Mapping[str, Json]], PublicKey]
"""Header and payload of the issuer's JWT, not yet believed -> the key that must have signed, or a CredentialError."""

Path = tuple[str | int, ...]


class Malformed(CredentialError):
    """No SD-JWT in compact or JSON form, or too many parts."""

    code = "sd-jwt.malformed"


class BadDisclosure(CredentialError):
    """A disclosure is no array of salt, name and value, or of salt and value where a member of an array is meant."""

    code = "sd-jwt.bad-disclosure"


class HashRefused(CredentialError):
    """`_sd_alg` names a hash that is not taken."""

    code = "sd-jwt.hash-refused"


class DigestRepeated(CredentialError):
    """One digest stands twice, or one disclosure was sent twice."""

    code = "sd-jwt.digest-repeated"


class DisclosureUnreferenced(CredentialError):
    """A disclosure came whose digest stands nowhere in what the issuer signed."""

    code = "sd-jwt.disclosure-unreferenced"


class NameReserved(CredentialError):
    """`_sd` or `...` stands where a claim should, or a disclosure names a claim so."""

    code = "sd-jwt.name-reserved"


class NameTaken(CredentialError):
    """A disclosure names a claim that already stands there."""

    code = "sd-jwt.name-taken"


class ClaimHidden(CredentialError):
    """A claim that decides about validity was hidden behind a disclosure."""

    code = "sd-jwt.claim-hidden"


class ClaimMalformed(CredentialError):
    """A registered claim that is missing or has the wrong form; `claim` names it."""

    code = "sd-jwt.claim-malformed"


class Expired(CredentialError):
    """`exp` is past."""

    code = "sd-jwt.expired"


class NotYetValid(CredentialError):
    """`nbf` has not come yet."""

    code = "sd-jwt.not-yet-valid"


class IssuedInFuture(CredentialError):
    """`iat` has not come yet."""

    code = "sd-jwt.issued-in-future"


class KeyBindingMissing(CredentialError):
    """The holder must prove to have the key, and did not."""

    code = "sd-jwt.key-binding-missing"


class HolderKeyMissing(CredentialError):
    """The issuer bound the credential to no key that can be read (`cnf.jwk`)."""

    code = "sd-jwt.holder-key-missing"


class KeyBindingStale(CredentialError):
    """The holder's proof was made too long ago, or is dated in the future."""

    code = "sd-jwt.key-binding-stale"


class WrongAudience(CredentialError):
    """The holder's proof was made for somebody else."""

    code = "sd-jwt.wrong-audience"


class WrongNonce(CredentialError):
    """The holder's proof answers another request."""

    code = "sd-jwt.wrong-nonce"


class WrongDigestOfPresentation(CredentialError):
    """The holder's proof was made over other disclosures (`sd_hash`)."""

    code = "sd-jwt.wrong-sd-hash"


@dataclass(frozen=True, slots=True)
class SdJwt:
    """An SD-JWT in its parts, not yet believed. `further`: the issuer's other signatures of the general JSON form."""

    issuer_jwt: str
    disclosures: tuple[str, ...]
    kb_jwt: str | None
    further: tuple[str, ...] = ()

    @property
    def presented(self) -> str:
        """What `sd_hash` is taken over: JWT and disclosures, with the last tilde (RFC 9901 4.3.1)."""
        return "~".join((self.issuer_jwt, *self.disclosures, ""))

    @property
    def compact(self) -> str:
        return self.presented + (self.kb_jwt or "")


@dataclass(frozen=True, slots=True)
class Processed:
    """The payload with what was disclosed in its place; `disclosed` are the paths that came from disclosures."""

    claims: dict[str, Json]
    disclosed: frozenset[Path]


@dataclass(frozen=True, slots=True)
class KeyBinding:
    """What the holder's proof must answer: our nonce of this request, and our name as the holder was told it."""

    nonce: str
    aud: str


@dataclass(frozen=True, slots=True)
class Verified:
    """A presentation that holds. `holder` is the JWK it is bound to, proved only where `key_bound`."""

    header: Mapping[str, Json]
    claims: Mapping[str, Json]
    disclosed: frozenset[Path]
    key_bound: bool
    holder: Mapping[str, Json] | None = field(repr=False)


def read(sent: str | bytes) -> SdJwt:
    """
    The parts of an SD-JWT or SD-JWT+KB: compact (RFC 9901 4), flattened or general JSON (section 8).

    Raises:
        jose.TooLarge: before anything is parted.
        Malformed: any other form; also the errors of `jose.read_json`.
    """
    if len(sent) > MOST_BYTES:
        raise jose.TooLarge(bytes=len(sent), most=MOST_BYTES)
    if isinstance(sent, bytes):
        try:
            sent = sent.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed from None
    if sent[:1] == "{":
        return _read_json_form(sent)
    issuer_jwt, *disclosures = sent.split("~")
    if not disclosures:
        raise Malformed
    kb_jwt = disclosures.pop() or None
    if len(disclosures) > MOST_DISCLOSURES:
        raise Malformed(disclosures=len(disclosures), most=MOST_DISCLOSURES)
    return SdJwt(issuer_jwt, tuple(disclosures), kb_jwt)


def _read_json_form(sent: str) -> SdJwt:
    """Source: RFC 9901 8.1-8.3, RFC 7515 7.2."""
    try:
        raw = sent.encode("utf-8")
    except UnicodeEncodeError:
        raise Malformed from None
    told = jose.read_json_object(raw, MOST_BYTES)
    flattened, payload = "signatures" not in told, _string(told, "payload")
    signatures = [told] if flattened else told["signatures"]
    if not isinstance(signatures, list) or not 0 < len(signatures) <= MOST_SIGNATURES:
        raise Malformed
    if not flattened and ("signature" in told or "protected" in told or "header" in told):
        raise Malformed
    jwts, shown = [], []
    for one in signatures:
        if type(one) is not dict:
            raise Malformed
        header = one.get("header", {})
        # What decides must be signed: algorithm, extensions and type may stand in the protected header alone.
        if type(header) is not dict or header.keys() & {"alg", "crit", "typ", "b64"}:
            raise Malformed
        jwts.append(f"{_string(one, 'protected')}.{payload}.{_string(one, 'signature')}")
        shown.append(header)
    if any(header.keys() & {"disclosures", "kb_jwt"} for header in shown[1:]):
        raise Malformed
    disclosures, kb_jwt = shown[0].get("disclosures", []), shown[0].get("kb_jwt")
    if not isinstance(disclosures, list) or len(disclosures) > MOST_DISCLOSURES:
        raise Malformed
    if not all(isinstance(one, str) and "~" not in one for one in disclosures):
        raise Malformed
    if kb_jwt is not None and (not isinstance(kb_jwt, str) or not kb_jwt):
        raise Malformed
    return SdJwt(jwts[0], tuple(disclosures), kb_jwt, tuple(jwts[1:]))


def _string(told: Mapping[str, Json], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or "." in value or "~" in value:
        raise Malformed
    return value


def digest(text: str, algorithm: str = "sha-256") -> str:
    """base64url of the hash over US-ASCII text (RFC 9901 4.2.3): of a disclosure, or of what is presented."""
    try:
        return jose.to_base64url(HASHES[algorithm](text.encode("ascii")).digest())
    except UnicodeEncodeError:
        raise jose.NotBase64url from None


def process(
    payload: Mapping[str, Json], disclosures: Sequence[str], never_hidden: Collection[str] = NEVER_HIDDEN
) -> Processed:
    """
    Put the disclosures in their places (RFC 9901 7.1 steps 3 to 5). The signature is not looked at.

    Args:
        payload: what the issuer signed.
        disclosures: base64url, as sent.
        never_hidden: names of the top level that must stand in clear text with all that is in them.

    Raises:
        HashRefused, BadDisclosure, DigestRepeated, DisclosureUnreferenced, NameReserved, NameTaken, ClaimHidden.
        jose.NotBase64url, jose.NotJson, jose.DuplicateKey, jose.TooDeep: a disclosure that cannot be read.
    """
    algorithm = payload.get("_sd_alg", "sha-256")
    if not isinstance(algorithm, str) or algorithm not in HASHES:
        raise HashRefused
    sent: dict[str, list[Json]] = {}
    for text in disclosures:
        key = digest(text, algorithm)
        if key in sent:
            raise DigestRepeated
        opened = jose.read_json(jose.from_base64url(text))
        if type(opened) is not list or len(opened) not in (2, 3) or not isinstance(opened[0], str):
            raise BadDisclosure
        sent[key] = opened
    run = _Opening(sent)
    claims: dict[str, Json] = {}
    for name, value in payload.items():
        if name in ("_sd", "_sd_alg"):
            continue
        if name == "...":
            raise NameReserved
        before = len(run.met)
        claims[name] = run.value(value, (name,))
        if name in never_hidden and len(run.met) != before:
            raise ClaimHidden(claim=name)
    if "_sd" in payload:
        run.members(payload["_sd"], claims, ())
        for path in run.disclosed:
            if path[0] in never_hidden:
                raise ClaimHidden(claim=path[0])
            if path[0] == "_sd_alg":
                raise NameReserved
    if run.opened != len(sent):
        raise DisclosureUnreferenced
    return Processed(claims, frozenset(run.disclosed))


class _Opening:
    """One run over a payload: `sent` by digest, every digest that was `met`, and the paths that were `disclosed`."""

    __slots__ = ("disclosed", "met", "opened", "sent")

    def __init__(self, sent: dict[str, list[Json]]) -> None:
        self.sent, self.met = sent, set[str]()
        self.disclosed: list[Path] = []
        self.opened = 0

    def value(self, node: Json, path: Path) -> Json:
        kind = type(node)
        if kind is dict:
            return self._object(node, path)
        if kind is list:
            return self._array(node, path)
        return node

    def _object(self, node: dict[str, Json], path: Path) -> dict[str, Json]:
        # Disclosures may sit in disclosures, each as deep as JSON goes: bound the sum of them too.
        if len(path) > jose.MOST_DEPTH:
            raise jose.TooDeep(most=jose.MOST_DEPTH)
        if "..." in node:
            raise NameReserved
        told = {name: self.value(value, (*path, name)) for name, value in node.items() if name != "_sd"}
        if "_sd" in node:
            self.members(node["_sd"], told, path)
        return told

    def members(self, digests: Json, told: dict[str, Json], path: Path) -> None:
        """Put the disclosed members of one object into `told`."""
        if type(digests) is not list:
            raise NameReserved
        for key in digests:
            opened = self._met(key)
            if opened is None:
                continue
            if len(opened) != 3 or not isinstance(opened[1], str):
                raise BadDisclosure
            name = opened[1]
            if name in ("_sd", "..."):
                raise NameReserved
            if name in told:
                raise NameTaken
            here = (*path, name)
            self.disclosed.append(here)
            told[name] = self.value(opened[2], here)

    def _array(self, node: list[Json], path: Path) -> list[Json]:
        if len(path) > jose.MOST_DEPTH:
            raise jose.TooDeep(most=jose.MOST_DEPTH)
        told: list[Json] = []
        for one in node:
            here = (*path, len(told))
            if type(one) is not dict or "..." not in one:
                told.append(self.value(one, here))
                continue
            if len(one) != 1:
                raise NameReserved
            opened = self._met(one["..."])
            if opened is None:
                continue
            if len(opened) != 2:
                raise BadDisclosure
            self.disclosed.append(here)
            told.append(self.value(opened[1], here))
        return told

    def _met(self, key: Json) -> list[Json] | None:
        if not isinstance(key, str):
            raise NameReserved
        if key in self.met:
            raise DigestRepeated
        self.met.add(key)
        opened = self.sent.get(key)
        if opened is not None:
            self.opened += 1
        return opened


def verify(
    sent: str | bytes | SdJwt,
    *,
    key_of: KeyOf,
    now: int,
    key_binding: KeyBinding | None,
    typ: Collection[str] | None,
    aud: str | None = None,
    algorithms: Collection[str] = jose.ALGORITHMS,
    never_hidden: Collection[str] = NEVER_HIDDEN,
    skew: int = SKEW,
) -> Verified:
    """
    Verify a presentation (RFC 9901 7.3).

    Args:
        key_of: finds the issuer's key; all signatures of the general JSON form must hold.
        now: Unix time in seconds.
        key_binding: what the holder must prove; None where our policy asks for no proof. Then one that came is not
            looked at and `key_bound` is false: the sender never decides whether it counts.
        typ: types of the issuer's JWT, as in `jose.read_jws`.
        aud: our name, checked where the issuer's JWT carries an `aud`.

    Raises:
        CredentialError: in the order form, algorithm, signature, digests, times, key binding.
    """
    parts = sent if isinstance(sent, SdJwt) else read(sent)
    issued = jose.read_jws(parts.issuer_jwt, typ=typ, algorithms=algorithms)
    payload = issued.claims()
    jose.verify(issued, key_of(issued.header, payload))
    for jwt in parts.further:
        other = jose.read_jws(jwt, typ=typ, algorithms=algorithms)
        jose.verify(other, key_of(other.header, payload))
    processed = process(payload, parts.disclosures, never_hidden)
    check_times(processed.claims, now, skew)
    if "aud" in processed.claims:
        _check_audience(processed.claims["aud"], aud)
    holder = _holder(payload)
    if key_binding is not None:
        algorithm = payload.get("_sd_alg", "sha-256")
        _check_key_binding(parts, holder, key_binding, now, algorithms, algorithm, skew)
    return Verified(issued.header, processed.claims, processed.disclosed, key_binding is not None, holder)


def check_times(claims: Mapping[str, Json], now: int, skew: int = SKEW) -> None:
    """`exp`, `nbf` and `iat` where they stand (RFC 7519 4.1); a value that is no number is refused, not passed over.

    Raises:
        Expired, NotYetValid, IssuedInFuture, ClaimMalformed: as they say.
    """
    if "exp" in claims and now >= _instant(claims, "exp") + skew:
        raise Expired
    if "nbf" in claims and now < _instant(claims, "nbf") - skew:
        raise NotYetValid
    if "iat" in claims and now < _instant(claims, "iat") - skew:
        raise IssuedInFuture


def _instant(claims: Mapping[str, Json], name: str) -> int | float:
    value = claims.get(name)
    if type(value) is not int and type(value) is not float:
        raise ClaimMalformed(claim=name)
    return value


def _check_audience(told: Json, aud: str | None) -> None:
    """An issuer's `aud` (RFC 7519 4.1.3): one name or several; ours must be among them."""
    names = told if isinstance(told, list) else [told]
    if aud is None or aud not in names:
        raise WrongAudience


def _holder(payload: Mapping[str, Json]) -> dict[str, Json] | None:
    cnf = payload.get("cnf")
    jwk = cnf.get("jwk") if type(cnf) is dict else None
    return jwk if type(jwk) is dict else None


def _check_key_binding(
    parts: SdJwt,
    holder: dict[str, Json] | None,
    asked: KeyBinding,
    now: int,
    algorithms: Collection[str],
    algorithm: str,
    skew: int,
) -> None:
    """Source: RFC 9901 4.3 and 7.3 step 5."""
    if parts.kb_jwt is None:
        raise KeyBindingMissing
    if holder is None:
        raise HolderKeyMissing
    proof = jose.read_jws(parts.kb_jwt, typ=KB_TYP, algorithms=algorithms)
    jose.verify(proof, jose.public_key(holder, alg=proof.alg))
    claims = proof.claims()
    if claims.get("nonce") != asked.nonce:
        raise WrongNonce
    if claims.get("aud") != asked.aud:
        raise WrongAudience
    if abs(now - _instant(claims, "iat")) > skew:
        raise KeyBindingStale
    check_times(claims, now, skew)
    if claims.get("sd_hash") != digest(parts.presented, algorithm):
        raise WrongDigestOfPresentation
