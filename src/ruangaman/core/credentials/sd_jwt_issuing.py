"""
Issuing SD-JWTs (RFC 9901 5 and 4.2): which claims the holder may keep to itself, salts, decoys, the holder's key.

Salts and decoys come from `draw`; the same claims and the same draws give the same bytes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import jose
from ruangaman.core.credentials.jose import Json
from ruangaman.core.credentials.sd_jwt import HASHES, NEVER_HIDDEN, ClaimHidden, SdJwt, digest

SALT_BYTES = 16
"""128 bits, as RFC 9901 9.3 advises."""

Draw = Callable[[int], bytes]


@dataclass(frozen=True, slots=True)
class Concealed:
    """Marks a member of an object, or of an array, that the holder may keep to itself."""

    value: Json


@dataclass(frozen=True, slots=True)
class Concealment:
    """The payload with digests, and the disclosures that open them."""

    payload: dict[str, Json]
    disclosures: tuple[str, ...]


def conceal(
    claims: Mapping[str, Json], *, draw: Draw, decoys: int = 0, algorithm: str = "sha-256"
) -> Concealment:
    """
    Replace what is `Concealed` by digests (RFC 9901 4.2).

    Args:
        claims: JSON values with `Concealed` among them, at any depth.
        draw: n -> n fresh random bytes.
        decoys: how many digests without a disclosure stand beside the real ones in each place (section 4.2.5).
        algorithm: `sha-256`, `sha-384` or `sha-512`.

    Raises:
        ClaimHidden: a claim that decides about validity is marked.
        ValueError: another hash, a negative number of decoys, or a claim named as one of the format's own.
    """
    if algorithm not in HASHES or decoys < 0:
        raise ValueError("another hash, or fewer than no decoys")
    for name, value in claims.items():
        if name in NEVER_HIDDEN and _conceals(value):
            raise ClaimHidden(claim=name)
    run = _Concealing(draw, decoys, algorithm)
    payload = run.object(claims)
    return Concealment(payload | {"_sd_alg": algorithm} if run.digests else payload, tuple(run.disclosures))


def _conceals(value: Json) -> bool:
    if isinstance(value, Concealed):
        return True
    if isinstance(value, Mapping):
        return any(_conceals(one) for one in value.values())
    return isinstance(value, list | tuple) and any(_conceals(one) for one in value)


class _Concealing:
    __slots__ = ("algorithm", "decoys", "digests", "disclosures", "draw")

    def __init__(self, draw: Draw, decoys: int, algorithm: str) -> None:
        self.draw, self.decoys, self.algorithm = draw, decoys, algorithm
        self.disclosures: list[str] = []
        self.digests = 0

    def value(self, node: Json) -> Json:
        if isinstance(node, Mapping):
            return self.object(node)
        return self._array(node) if isinstance(node, list | tuple) else node

    def object(self, node: Mapping[str, Json]) -> dict[str, Json]:
        told: dict[str, Json] = {}
        digests: list[str] = []
        for name, value in node.items():
            if name in ("_sd", "...", "_sd_alg"):
                raise ValueError("a claim is named as one of the format's own")
            if isinstance(value, Concealed):
                digests.append(self._hide([self._salt(), name, self.value(value.value)]))
            else:
                told[name] = self.value(value)
        if digests:
            digests += [self._decoy() for _ in range(self.decoys)]
            told["_sd"] = sorted(digests)  # in an order that says nothing of the claims' own
        return told

    def _array(self, node: list[Json] | tuple[Json, ...]) -> list[Json]:
        told: list[Json] = []
        for one in node:
            if not isinstance(one, Concealed):
                told.append(self.value(one))
                continue
            told.append({"...": self._hide([self._salt(), self.value(one.value)])})
        if any(isinstance(one, Concealed) for one in node):
            for _ in range(
                self.decoys
            ):  # the order of the real ones stays, so decoys go where chance puts them
                told.insert(int.from_bytes(self.draw(8), "big") % (len(told) + 1), {"...": self._decoy()})
        return told

    def _hide(self, disclosure: list[Json]) -> str:
        text = jose.to_base64url(jose.write_json(disclosure))
        self.disclosures.append(text)
        self.digests += 1
        return digest(text, self.algorithm)

    def _decoy(self) -> str:
        return digest(jose.to_base64url(self.draw(HASHES[self.algorithm]().digest_size)), self.algorithm)

    def _salt(self) -> str:
        return jose.to_base64url(self.draw(SALT_BYTES))


def issue(
    claims: Mapping[str, Json],
    *,
    key: ec.EllipticCurvePrivateKey,
    header: Mapping[str, Json],
    draw: Draw,
    holder: Mapping[str, str] | None = None,
    decoys: int = 0,
    algorithm: str = "sha-256",
) -> SdJwt:
    """
    An SD-JWT by ES256 with all its disclosures, for the holder.

    Args:
        header: `typ` and what else stands in the protected header; `alg` is put in.
        holder: the public JWK that goes into `cnf` (RFC 7800); checked, and cut down to what names the key.

    Raises:
        ClaimHidden, jose.KeyRefused: as `conceal` and `jose.sign`; also a holder's key that is none.
    """
    concealed = conceal(claims, draw=draw, decoys=decoys, algorithm=algorithm)
    payload = concealed.payload
    if holder is not None:
        jose.public_key(dict(holder))
        named = {name: holder[name] for name in ("kty", "crv", "x", "y", "n", "e") if name in holder}
        payload = payload | {"cnf": {"jwk": named}}
    return SdJwt(jose.sign(header, jose.write_json(payload), key), concealed.disclosures, None)
