"""
Token Status List: the examples and test vectors of draft-ietf-oauth-status-list.

A file may tell the byte array or single statuses (`status[7] = 2`) before what encodes them: a list in JSON or CBOR, a
status token as JWT or CWT, or a referenced token; raw, in hex with comments, decoded, or in diagnostic notation. The
draft's tokens with `kid` 12 are signed with its example key, whose public half stands here.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import cbor, cose, jose
from ruangaman.core.credentials import status_list as lists
from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.status_list import Reference, StatusList
from tests.vectors import slow_status_list as slow
from tests.vectors.diagnostic import from_hex, from_notation
from tests.vectors.outcome import Differs, Outcome, not_covered, passed, same


def _number(text: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(text + "="), "big")


EXAMPLE_KID = "12"
EXAMPLE_KEY = ec.EllipticCurvePublicNumbers(
    _number("I3HWm_0Ds1dPMI-IWmf4mBmH-YaeAVbPVu7vB27CxXo"),
    _number("6N_d5Elj9bs1htgV3okJKIdbHEpkgTmAluYKJemzn1M"),
    ec.SECP256R1(),
).public_key()
# Signs again what came without a signature, or by a key that nobody published: the rest is checked all the same.
OUR_KEY = ec.derive_private_key(7, ec.SECP256R1())

_NUMBER = r"(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)"
_ARRAY = re.compile(r"byte_?array\s*[=:]\s*\[([^\]]*)\]")
_STATUS = re.compile(rf"status\s*\[\s*(\d+)\s*\]\s*[=:]\s*{_NUMBER}")
# Words that announce what follows, such as "encoded:".
_LABEL = re.compile(r"^\s*[A-Za-z_][A-Za-z0-9_ -]*:\s*$", re.MULTILINE)
_WRAPPED = re.compile(r"\r?\n[ \t]*")
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_FENCE = re.compile(r"^\s*[~`]{3,}.*$", re.MULTILINE)


def check(file: Path) -> Outcome:
    text = _FENCE.sub("", file.read_text(encoding="utf-8"))
    array = _ARRAY.search(text)
    expected = bytes(_int(one) for one in array[1].split(",") if one.strip()) if array else None
    single = {int(idx): _int(value) for idx, value in _STATUS.findall(text)}
    text = _LABEL.sub("", _STATUS.sub("", _ARRAY.sub("", text))).strip()
    return _read(text, expected, single)


def _int(told: str) -> int:
    told = told.strip()
    return int(told, 0) if not told.isdigit() else int(told)


def _read(text: str, expected: bytes | None, single: dict[int, int]) -> Outcome:
    compact = "".join(text.split()).partition("~")[0]
    if _COMPACT.fullmatch(compact):
        return _of_jwt(compact, expected, single)
    if (data := from_hex(text)) is not None:
        return _of_cbor(data, expected, single)
    objects = list(_objects(text))
    if len(objects) == 2 and "alg" in objects[0]:
        return _of_decoded(*objects, expected, single)
    if len(objects) == 1 and "lst" in objects[0]:
        return _of_list(lists.read_json(_WRAPPED.sub("", text).encode()), objects[0]["lst"], expected, single)
    if len(objects) == 1 and ("status" in objects[0] or "status_list" in objects[0]):
        return _of_claims(objects[0], expected, single)
    if not objects and (data := from_notation(text)) is not None:
        return _of_cbor(data, expected, single)
    return not_covered("neither a status list, nor a status token, nor a token that refers to one")


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """JSON objects one after the other, dots between them; lines may be wrapped inside of texts."""
    left, decoder = _WRAPPED.sub("", text), json.JSONDecoder()
    while left := left.lstrip(" .\t"):
        try:
            found, end = decoder.raw_decode(left)
        except ValueError:
            return
        if isinstance(found, dict):
            yield found
        left = left[end:]


def _of_list(found: StatusList, lst: str | bytes, expected: bytes | None, single: dict[int, int]) -> Outcome:
    _same_list(found, lst, expected, single)
    told = [f"{len(found)} entries of {found.bits} bits, as the slow reader says"]
    told += ["byte array as told"] if expected is not None else []
    told += [f"{len(single)} single statuses as told"] if single else []
    return passed("; ".join(told))


def _same_list(found: StatusList, lst: str | bytes, expected: bytes | None, single: dict[int, int]) -> None:
    plain = slow.unpacked(lst)
    same("byte array", found.packed, plain if expected is None else expected)
    values = slow.statuses(plain, found.bits)
    same("number of entries", len(found), len(values))
    # Of long lists, all that are set and some of the many others.
    told = [idx for idx, value in enumerate(values) if value or len(values) <= 1 << 16 or idx % 1_009 == 0]
    same("statuses", [found.status(idx) for idx in told], [values[idx] for idx in told])
    for idx, value in single.items():
        same(f"status[{idx}]", found.status(idx), value)
    same("after JSON and back", lists.of_json(lists.json_form(found)), found)
    same("after CBOR and back", lists.read_cbor(lists.write_cbor(found)), found)
    _must_refuse("an index beyond the end", lambda: found.status(len(found)))


def _of_jwt(token: str, expected: bytes | None, single: dict[int, int]) -> Outcome:
    head, body, _ = (
        part and base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in token.split(".")
    )
    header, claims = json.loads(head), json.loads(body)
    signed = header.get("kid") == EXAMPLE_KID
    if "status_list" in claims:
        if not signed:
            signing = token.rpartition(".")[0]
            token = f"{signing}.{jose.to_base64url(jose.es256(signing.encode(), OUR_KEY))}"
        return _of_token(token, claims["sub"], claims, signed, expected, single)
    if signed:
        jose.verify(jose.read_jws(token, typ=None), EXAMPLE_KEY)
    return _of_reference(lists.reference_in_jwt(claims), claims["status"], _about(signed))


def _of_decoded(
    header: dict[str, Any], claims: dict[str, Any], expected: bytes | None, single: dict[int, int]
) -> Outcome:
    if "status_list" not in claims:
        return _of_claims(claims, expected, single)
    same("alg", header["alg"], jose.ES256)
    token = jose.sign(header, jose.write_json(claims), OUR_KEY)
    return _of_token(token, claims["sub"], claims, False, expected, single)


def _of_claims(claims: dict[str, Any], expected: bytes | None, single: dict[int, int]) -> Outcome:
    if "status" in claims:
        return _of_reference(
            lists.reference_in_jwt(claims), claims["status"], "decoded, so without a signature"
        )
    if "lst" in claims["status_list"]:
        found = lists.of_json(claims["status_list"])
        return _of_list(found, claims["status_list"]["lst"], expected, single)
    return _of_reference(lists.reference_in(claims), claims, "a status by itself")


def _of_cbor(data: bytes, expected: bytes | None, single: dict[int, int]) -> Outcome:
    try:
        tree = cbor2.loads(data)
    except cbor2.CBORError as broken:
        raise Differs(f"not CBOR: {broken}") from None
    signed = tree.value if isinstance(tree, cbor2.CBORTag) and tree.tag == 18 else tree
    if isinstance(signed, list | tuple) and len(signed) == 4 and isinstance(signed[2], bytes):
        return _of_cose(data, list(signed), expected, single)
    if isinstance(tree, dict) and "lst" in tree:
        return _of_list(lists.read_cbor(data), tree["lst"], expected, single)
    if isinstance(tree, dict) and 65533 in tree:
        return _of_list(lists.of_cbor(tree[65533]), tree[65533]["lst"], expected, single)
    return _of_tree(tree, "without a signature")


def _of_cose(data: bytes, parts: list[Any], expected: bytes | None, single: dict[int, int]) -> Outcome:
    protected, unprotected, payload, signature = parts
    header = {**unprotected, **(cbor2.loads(protected) if protected else {})}
    claims = cbor2.loads(payload)
    signed = header.get(4) == EXAMPLE_KID.encode()
    if isinstance(claims, dict) and 65533 in claims:
        named = {
            "exp": claims.get(4),
            "iat": claims.get(6),
            "ttl": claims.get(65534),
            "status_list": claims[65533],
        }
        if not signed:
            again = jose.es256(cbor.encode(["Signature1", protected, b"", payload]), OUR_KEY)
            data = data.removesuffix(cbor.byte_string(signature)) + cbor.byte_string(again)
        return _of_token(data, claims[2], named, signed, expected, single)
    if signed:
        cose.verify_sign1(cose.message_of(cbor.read(data), tag=18), EXAMPLE_KEY)
    return _of_tree(claims, _about(signed))


def _of_tree(tree: Any, about: str) -> Outcome:
    """Any CBOR that refers to a list: by claim 65535 of a CWT, or by a member `status`, that of an mdoc for one."""
    if isinstance(tree, dict) and 65535 in tree:
        return _of_reference(lists.reference_in_cwt(tree), tree[65535], about)
    for status in _deep(tree, 0):
        return _of_reference(lists.reference_in(status), status, about)
    return not_covered("CBOR that neither holds a status list nor refers to one")


def _deep(tree: Any, depth: int) -> Iterator[dict[str, Any]]:
    if depth > 12:
        return
    if isinstance(tree, cbor2.CBORTag):
        yield from _deep(tree.value, depth + 1)
    elif isinstance(tree, list | tuple):
        for one in tree:
            yield from _deep(one, depth + 1)
    elif isinstance(tree, dict):
        if isinstance(tree.get("status"), dict) and "status_list" in tree["status"]:
            yield tree["status"]
        elif isinstance(tree.get("status_list"), dict) and "idx" in tree["status_list"]:
            yield tree
        for one in tree.values():
            yield from _deep(one, depth + 1)
    elif isinstance(tree, bytes) and len(tree) > 8:
        try:
            inside = cbor2.loads(tree)
        except cbor2.CBORError:
            return
        yield from _deep(inside, depth + 1)


def _of_reference(found: Reference | None, status: Any, about: str) -> Outcome:
    if found is None:
        return not_covered("a token whose status is told by another mechanism than a status list")
    told = status["status_list"]
    same("reference", (found.idx, found.uri), (told["idx"], told["uri"]))
    return passed(f"refers to entry {found.idx} of its list; {about}")


def _of_token(
    token: str | bytes,
    uri: str,
    claims: dict[str, Any],
    signed: bool,
    expected: bytes | None,
    single: dict[int, int],
) -> Outcome:
    """A status token, checked at the moment it was issued; then every way in which it must be refused."""

    theirs = EXAMPLE_KEY if signed else OUR_KEY.public_key()

    def at(now: int, where: str = uri, key: ec.EllipticCurvePublicKey = theirs) -> Any:
        if isinstance(token, str):
            return tokens.check_status_jwt(token, where, now=now, key_of=lambda _header: key)
        return tokens.check_status_cwt(token, where, now=now, key_of=lambda _header: key)

    found = at(claims["iat"])
    same("sub", found.sub, uri)
    same("times", (found.iat, found.exp, found.ttl), (claims["iat"], claims.get("exp"), claims.get("ttl")))
    _same_list(found.status_list, claims["status_list"]["lst"], expected, single)
    _must_refuse("another uri", lambda: at(claims["iat"], uri + "0"))
    _must_refuse("a time before its own", lambda: at(claims["iat"] - tokens.SKEW_SECONDS - 1))
    if found.exp is not None:
        _must_refuse("a time after its end", lambda: at(found.exp + tokens.SKEW_SECONDS + 1))
    other = OUR_KEY.public_key() if signed else EXAMPLE_KEY
    _must_refuse("another key", lambda: at(claims["iat"], key=other))
    standing = tokens.standing(Reference(0, uri), token, now=claims["iat"], key_of=lambda _header: theirs)
    same("status of entry 0", standing.status, found.status_list.status(0))
    return passed(f"{len(found.status_list)} entries of {found.status_list.bits} bits; {_about(signed)}")


def _about(signed: bool) -> str:
    if signed:
        return "signature checked with the draft's example key"
    return "signature not checked: none came with it, or its key is not published"


def _must_refuse(what: str, work: Callable[[], object]) -> None:
    try:
        work()
    except CredentialError:
        return
    raise Differs(f"{what} is not refused")


CHECKS = {"token-status-list": check}
