"""Blind RSA (RFC 9474) and Privacy Pass with token type 0x0002 (RFC 9577, RFC 9578)."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from ruangaman.core.credentials import blind_rsa, token_headers, tokens
from ruangaman.core.credentials.blind_rsa import VARIANTS, PublicKey, SigningKey, Variant
from ruangaman.core.credentials.token_keys import id_of, read_spki, spki, token_key_id
from tests.vectors.outcome import Check, Differs, Outcome, failed, not_covered, passed, same

HASH_BY_SALT = {20: "sha1", 28: "sha224", 32: "sha256", 48: "sha384", 64: "sha512"}
"""A PSS salt is as long as its hash unless a file says otherwise (RFC 8017 9.1, note 4)."""


def _draws(*parts: bytes) -> Callable[[int], bytes]:
    """Gives the parts one by one; whoever asks for another length than the next part has is wrong."""
    left = list(parts)

    def draw(size: int) -> bytes:
        part = left.pop(0)
        same("bytes drawn", size, len(part))
        return part

    return draw


def _number(told: Any) -> int:
    return told if isinstance(told, int) else int(_digits(told) or "0", 16)


def _bytes(told: str) -> bytes:
    return bytes.fromhex(_digits(told))


def _digits(told: str | list[str]) -> str:
    """Hex as others write it: with `0x` or without, in one piece, in lines, or as a list of lines."""
    joined = "".join("".join(told).split())
    return joined[2:] if joined[:2] in ("0x", "0X") else joined


_SPELLINGS = {
    "msgprefix": "msg_prefix",
    "randommsgprefix": "msg_prefix",
    "inputmsg": "input_msg",
    "preparedmsg": "input_msg",
    "encodedmsg": "encoded_msg",
    "blindedmsg": "blinded_msg",
    "blindedmessage": "blinded_msg",
    "blindsig": "blind_sig",
    "blindsignature": "blind_sig",
    "signature": "sig",
    "israndomized": "is_randomized",
    "tokenchallenge": "token_challenge",
    "tokenrequest": "token_request",
    "tokenresponse": "token_response",
    "tokentype": "token_type",
    "tokenkeyid": "token_key_id",
    "tokenkey": "token_key",
    "tokenauthenticatorinput": "token_authenticator_input",
    "issuername": "issuer_name",
    "redemptioncontext": "redemption_context",
    "origininfo": "origin_info",
}


def _spelt(case: dict[str, Any]) -> dict[str, Any]:
    """The same case with names as the RFCs spell them; a name that is there already is never replaced."""
    named = {_SPELLINGS.get(name.lower().replace("_", ""), name): value for name, value in case.items()}
    return named | {name: value for name, value in case.items() if name in named}


def _variant(case: dict[str, Any]) -> Variant | None:
    told = re.sub(r"[\s_-]+", "-", str(case.get("name", ""))).upper()
    return next((one for name, one in VARIANTS.items() if name.upper() == told), None)


def _cases(file: Path) -> list[dict[str, Any]]:
    told = json.loads(file.read_text(encoding="utf-8"))
    if isinstance(told, dict) and len(told) > 0 and all(isinstance(one, dict) for one in told.values()):
        told = [{"name": name} | one for name, one in told.items()]
    if isinstance(told, dict):
        lists = [one for one in told.values() if isinstance(one, list) and one and isinstance(one[0], dict)]
        told = lists[0] if len(lists) == 1 else [told]
    if not isinstance(told, list) or not told or not all(isinstance(one, dict) for one in told):
        raise Differs("no list of cases")
    return [_spelt(one) for one in told]


def blind_rsa_file(file: Path) -> Outcome:
    """RFC 9474 appendix A, or EMSA-PSS alone."""
    cases = _cases(file)
    if any("info" in one or "eprime" in one or str(one.get("name", "")).startswith("RSAPB") for one in cases):
        return not_covered(
            "partially blind signatures (public metadata) are a draft that no token of ours uses"
        )
    if all({"msg", "salt", "expected"} <= one.keys() for one in cases):
        for one in cases:
            _emsa_pss(one)
        return passed(f"{len(cases)} EMSA-PSS encodings")
    covered = [one for one in cases if _variant(one)]
    if not covered and all("name" in one for one in cases):
        return not_covered(
            f"no variant of RFC 9474: {', '.join(sorted({str(one['name']) for one in cases}))}"
        )
    for one in covered:
        _blind_signature(one, _variant(one))
    if len(covered) < len(cases):
        return failed("a case without the name of its variant")
    return passed(", ".join(str(one["name"]).removeprefix("RSABSSA-SHA384-") for one in covered))


def _emsa_pss(one: dict[str, Any]) -> None:
    message, salt, expected = (_bytes(one[name]) for name in ("msg", "salt", "expected"))
    told = str(one.get("hash", "")).lower().replace("-", "")
    names = (
        [told]
        if told
        else [HASH_BY_SALT[len(salt)]]
        if len(salt) in HASH_BY_SALT
        else list(HASH_BY_SALT.values())
    )
    if "emBits" in one:
        sizes = [_number(one["emBits"])]
    else:  # one bit less than a modulus of whole bytes, or of any size that these bytes can hold
        sizes = [8 * len(expected) - spare for spare in (1, 0, 2, 3, 4, 5, 6, 7)]
    for name in names:
        for bits in sizes:
            if blind_rsa.emsa_pss_encode(message, salt, bits, name) == expected:
                if not blind_rsa.emsa_pss_fits(message, expected, bits, len(salt), name):
                    raise Differs("the encoding is not read back")
                return
    same("EM", blind_rsa.emsa_pss_encode(message, salt, sizes[0], names[0]), expected)


def _blind_signature(one: dict[str, Any], variant: Variant | None) -> None:
    assert variant is not None
    p, q, e, n = (_number(one[name]) for name in ("p", "q", "e", "n"))
    key = SigningKey.of(p, q, e)
    same("n", key.public.n, n)
    if "d" in one:
        same("d", key.dp, _number(one["d"]) % (p - 1))
        same("d", key.dq, _number(one["d"]) % (q - 1))
    if "sLen" in one:
        same("sLen", variant.salt_length, _number(one["sLen"]))
    if "is_randomized" in one:
        same("is_randomized", variant.randomized, bool(_number(one["is_randomized"])))
    msg, prefix, salt = (_bytes(one.get(name, "")) for name in ("msg", "msg_prefix", "salt"))
    input_msg = blind_rsa.prepare(msg, variant, _draws(prefix))
    if "input_msg" in one:
        same("input_msg", input_msg, _bytes(one["input_msg"]))
    if "encoded_msg" in one:
        same(
            "encoded_msg",
            blind_rsa.emsa_pss_encode(input_msg, salt, n.bit_length() - 1),
            _bytes(one["encoded_msg"]),
        )
    inv = _number(one["inv"])
    drawn = pow(inv, -1, n).to_bytes(key.public.modulus_len, "big")
    blinded = blind_rsa.blind(
        key.public, input_msg, variant.salt_length, _draws(*([salt] if salt else []), drawn)
    )
    same("inv", blinded.inv, inv)
    same("blinded_msg", blinded.blinded_msg, _bytes(one["blinded_msg"]))
    sig = _signed_and_finalized(key, input_msg, blinded, _bytes(one["blind_sig"]), variant.salt_length)
    same("sig", sig, _bytes(one["sig"]))


def _signed_and_finalized(
    key: SigningKey, input_msg: bytes, blinded: blind_rsa.Blinded, blind_sig: bytes, salt_length: int
) -> bytes:
    for arithmetic in (blind_rsa.PYTHON, blind_rsa.GMPY2):
        if arithmetic is not None:
            fresh = (3).to_bytes(key.public.modulus_len, "big")
            ours = blind_rsa.blind_sign(key, blinded.blinded_msg, _draws(fresh), arithmetic)
            same(f"blind_sig by {arithmetic.name}", ours, blind_sig)
    return blind_rsa.finalize(key.public, input_msg, blind_sig, blinded.inv, salt_length)


def privacy_pass_file(file: Path) -> Outcome:
    """Issuance, headers, and the structures of challenge and token."""
    told = json.loads(file.read_text(encoding="utf-8"))
    if isinstance(told, list) and told and all(isinstance(one, dict) and "issuance" in one for one in told):
        return not_covered("batched tokens are a draft that our issuer does not serve")
    cases = _cases(file)
    if all("WWW-Authenticate" in one for one in cases):
        for one in cases:
            _header(one)
        return passed(f"{len(cases)} headers, their challenges read and written anew")
    if any("extensions" in one for one in cases):
        return not_covered("tokens with extensions (public metadata) are a draft")
    others = sorted({_type(one) for one in cases} - {tokens.TOKEN_TYPE})
    beside = f"; token types {', '.join(f'{one:#06x}' for one in others)} are not ours" if others else ""
    cases = [one for one in cases if _type(one) == tokens.TOKEN_TYPE]
    if not cases:
        return not_covered(f"no case of token type 0x0002{beside}")
    if all("token_authenticator_input" in one for one in cases):
        for one in cases:
            _structures(one)
        return passed(f"{len(cases)} challenges and inputs of authenticators{beside}")
    for one in cases:
        _issuance(one)
    return passed(f"{len(cases)} issuances from key, nonce, salt and blind to the token{beside}")


def _type(one: dict[str, Any]) -> int:
    for name in ("token_type", "type"):
        if name in one:
            return _number(one[name])
    for name in ("token_challenge", "token", "token_request"):
        if name in one:
            return int(str(one[name])[:4], 16)
    raise Differs("a case without a token type")


def _structures(one: dict[str, Any]) -> None:
    names = _bytes(one["origin_info"]).decode()
    challenge = tokens.TokenChallenge(
        _bytes(one["issuer_name"]).decode(),
        _bytes(one["redemption_context"]),
        tuple(names.split(",")) if names else (),
    )
    encoded = challenge.encode()
    same("challenge", tokens.TokenChallenge.read(encoded), challenge)
    digest = tokens.challenge_digest(encoded)
    key_id = _bytes(one["token_key_id"]) if "token_key_id" in one else token_key_id(_bytes(one["token_key"]))
    told = tokens.token_input(_bytes(one["nonce"]), digest, key_id)
    same("token_authenticator_input", told, _bytes(one["token_authenticator_input"]))


def _issuing_key(told: str) -> SigningKey:
    raw = _bytes(told)
    key = load_pem_private_key(raw if raw.startswith(b"-----") else told.encode(), None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise Differs("skS is no RSA key")
    numbers = key.private_numbers()
    return SigningKey.of(numbers.p, numbers.q, numbers.public_numbers.e)


def _issuance(one: dict[str, Any]) -> None:
    key, told_key = _issuing_key(one["skS"]), _bytes(one["pkS"])
    same("pkS", spki(key.public), told_key)
    same("key of pkS", read_spki(told_key), key.public)
    challenge = _bytes(one["token_challenge"])
    same("token_challenge", tokens.TokenChallenge.read(challenge).encode(), challenge)
    pending = tokens.begin(
        challenge, told_key, _draws(*(_bytes(one[name]) for name in ("nonce", "salt", "blind")))
    )
    same("token_request", pending.request, _bytes(one["token_request"]))
    response = _bytes(one["token_response"])
    for arithmetic in (blind_rsa.PYTHON, blind_rsa.GMPY2):
        if arithmetic is not None:
            keys, fresh = tokens.IssuingKeys.of([key]), (3).to_bytes(256, "big")
            same("token_response", tokens.issue(pending.request, keys, _draws(fresh), arithmetic), response)
    token = tokens.finish(pending, response)
    same("token", token, _bytes(one["token"]))
    same("token read and written", tokens.Token.read(token).encode(), token)
    same("token_key_id", tokens.Token.read(token).token_key_id, id_of(key))
    _verified(read_spki(told_key), token)


def _verified(key: PublicKey, token: bytes) -> None:
    blind_rsa.verify(key, token[: tokens.INPUT_BYTES], token[tokens.INPUT_BYTES :], tokens.SALT_LENGTH)


def _header(one: dict[str, Any]) -> None:
    told = token_headers.read_challenges(one["WWW-Authenticate"])
    count = len({name.rsplit("-", 1)[1] for name in one if name.startswith("token-challenge-")})
    same("challenges", len(told), count)
    for at, ours in enumerate(told):
        same(f"token-challenge-{at}", ours.challenge, _bytes(one[f"token-challenge-{at}"]))
        if f"token-type-{at}" in one:
            same(
                f"token-type-{at}",
                int.from_bytes(ours.challenge[:2], "big"),
                _number(one[f"token-type-{at}"]),
            )
        key, age = one.get(f"token-key-{at}"), one.get(f"max-age-{at}")
        same(f"token-key-{at}", ours.token_key, _bytes(key) if key else None)
        same(f"max-age-{at}", ours.max_age, None if age is None else int(age))
        if ours.challenge[:2] == b"\x00\x02":
            same("challenge", tokens.TokenChallenge.read(ours.challenge).encode(), ours.challenge)
            if ours.token_key is not None:
                same("token-key", spki(read_spki(ours.token_key)), ours.token_key)
    same("header", token_headers.read_challenges(token_headers.challenge_header(told)), told)


CHECKS: dict[str, Check] = {
    "rfc9474-blind-rsa": blind_rsa_file,
    "rfc9577-9578-privacy-pass": privacy_pass_file,
}
