"""Status lists, status tokens and references: the first byte chooses the reader, the rest is what it reads."""

import json
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.core.credentials import cbor, cose, jose
from ruangaman.core.credentials import status_list as lists
from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.errors import CredentialError

VECTORS = Path(__file__).resolve().parents[1] / "tests" / "vectors" / "data" / "token-status-list"
URI = "https://example.com/statuslists/1"
NOW = 1_686_920_170
KEY = ec.derive_private_key(7, ec.SECP256R1())
PUBLIC = KEY.public_key()
# Small, so that a bomb of a few bytes meets the limit as well.
LIMITS = lists.Limits(read_bytes=1 << 16, list_bytes=1 << 18)


def target(data: bytes) -> None:
    """Lets `CredentialError` pass and nothing else."""
    kind, rest = data[:1], data[1:]
    text = rest.decode("latin-1")
    try:
        READERS[kind[0] % len(READERS) if kind else 0](rest, text)
    except CredentialError:
        return


def seeds() -> Iterator[bytes]:
    """The published lists and tokens, each for every reader: hex as its bytes, wrapped lines as one."""
    for path in sorted(VECTORS.glob("*.txt")):
        text = path.read_text(encoding="utf-8").partition("encoded:")[2] or path.read_text(encoding="utf-8")
        text = "".join("".join(line.partition("#")[0].split()) for line in text.splitlines())
        try:
            data = bytes.fromhex(text)
        except ValueError:
            data = text.encode()
        # The claims of a decoded token stand behind its header.
        for part in {data, data.partition(b"}.")[2]} - {b""}:
            yield from (bytes([kind]) + part for kind in range(len(READERS)))
    for bits in (1, 2, 4, 8):
        made = lists.StatusList(bits, bytes(range(0, 250, 50)), URI)
        yield b"\x00" + json.dumps(lists.json_form(made)).encode()
        yield b"\x01" + lists.write_cbor(made)


def _list(found: lists.StatusList) -> None:
    if len(found):
        found.status(0), found.status(len(found) - 1)
    if lists.of_json(lists.json_form(found), LIMITS) != found:
        raise AssertionError("a list that was read is not the same when written and read again")


def _json(rest: bytes, _text: str) -> None:
    _list(lists.read_json(rest, LIMITS))


def _cbor(rest: bytes, _text: str) -> None:
    _list(lists.read_cbor(rest, LIMITS))


def _jwt(_rest: bytes, text: str) -> None:
    tokens.check_status_jwt(text, URI, now=NOW, key_of=lambda _header: PUBLIC, limits=LIMITS)


def _jwt_claims(rest: bytes, _text: str) -> None:
    """Behind a good header and signature, so that what a signer may write is met too."""
    token = jose.sign({"typ": tokens.JWT_TYPE}, rest, KEY)
    tokens.check_status_jwt(token, URI, now=NOW, key_of=lambda _header: PUBLIC, limits=LIMITS)


def _cwt(rest: bytes, _text: str) -> None:
    tokens.check_status_cwt(rest, URI, now=NOW, key_of=lambda _header: PUBLIC, limits=LIMITS)


def _cwt_claims(rest: bytes, _text: str) -> None:
    protected = cbor.encode({cose.ALG: cose.ES256, 16: tokens.CWT_TYPE})
    signature = jose.es256(cbor.encode(["Signature1", protected, b"", rest]), KEY)
    token = cbor.encode(cbor.Tagged(18, [protected, {}, rest, signature]))
    tokens.check_status_cwt(token, URI, now=NOW, key_of=lambda _header: PUBLIC, limits=LIMITS)


def _reference_in_json(rest: bytes, _text: str) -> None:
    lists.reference_in_jwt(lists.parsed_json(rest, LIMITS))


def _reference_in_cbor(rest: bytes, _text: str) -> None:
    found = lists.parsed_cbor(rest, LIMITS)
    if isinstance(found, dict):
        lists.reference_in_cwt(found)
    lists.reference_in(found)


READERS = (_json, _cbor, _jwt, _jwt_claims, _cwt, _cwt_claims, _reference_in_json, _reference_in_cbor)
