"""A few kilobytes that would inflate to gigabytes, in a list that even bears a good signature."""

import tracemalloc
import zlib

import cbor2
import pytest
from tests.traps.status_tokens import KEY, NOW, URI, key_of

from ruangaman.core.credentials import jose
from ruangaman.core.credentials import status_list as lists
from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.status_list_errors import StatusListInflatesTooFar

CAP = lists.Limits(list_bytes=1 << 20)


def bomb(inflated: int) -> bytes:
    """Zeros, compressed a thousandfold without ever holding them all."""
    stream = zlib.compressobj(9)
    piece = bytes(1 << 20)
    return b"".join(stream.compress(piece) for _ in range(inflated >> 20)) + stream.flush()


BOMB = bomb(256 << 20)


def test_it_is_refused_and_no_more_than_the_cap_is_ever_held():
    lst = jose.to_base64url(BOMB)
    tracemalloc.start()
    with pytest.raises(StatusListInflatesTooFar):
        lists.of_json({"bits": 1, "lst": lst}, CAP)
    with pytest.raises(StatusListInflatesTooFar):
        lists.of_cbor({"bits": 1, "lst": BOMB}, CAP)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 8 << 20, peak


def test_the_limit_that_stands_by_default_refuses_it_too():
    with pytest.raises(StatusListInflatesTooFar):
        lists.of_cbor({"bits": 8, "lst": BOMB})


def test_a_good_signature_does_not_help_it_nor_does_a_loose_policy():
    protected = cbor2.dumps({1: -8, 16: "application/statuslist+cwt"})
    payload = cbor2.dumps({2: URI, 6: NOW, 65533: {"bits": 1, "lst": BOMB}})
    signature = KEY.sign(cbor2.dumps(["Signature1", protected, b"", payload]))
    token = cbor2.dumps(cbor2.CBORTag(18, [protected, {}, payload, signature]))
    with pytest.raises(StatusListInflatesTooFar):
        tokens.standing(lists.Reference(0, URI), token, now=NOW, key_of=key_of, fail_closed=False, limits=CAP)
