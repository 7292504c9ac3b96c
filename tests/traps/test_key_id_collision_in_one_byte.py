"""A request names its key by one byte. Two keys that end alike would be taken for each other."""

import hashlib

import pytest
from tests.checks.age_tokens import both, listed, signing_key, token

from ruangaman.core.credentials import tokens
from ruangaman.core.credentials.blind_rsa import PublicKey
from ruangaman.core.credentials.epochs import with_a_free_byte
from ruangaman.core.credentials.token_directory import DirectoryKey, write_directory
from ruangaman.core.credentials.token_errors import KeyByteNotFound, KeyByteTaken, KeyUnknown
from ruangaman.core.credentials.token_keys import id_of, key_byte, spki, token_key_id

BASE = (1 << 2047) + 1


def colliding():
    """Two public keys whose ids end in the same byte; nobody needs to sign with them."""
    found = {}
    for number in range(BASE, BASE + 1024, 2):
        told = spki(PublicKey(number, 65537))
        byte = key_byte(token_key_id(told))
        if byte in found:
            return found[byte], told
        found[byte] = told
    raise AssertionError("more than 256 bytes")


def test_keys_are_made_until_one_ends_in_a_free_byte():
    made = iter(range(10**6))
    live = [hashlib.sha256(bytes([one])).digest() for one in range(200)]
    taken = {key_byte(one) for one in live}

    def id_of_number(number):
        return hashlib.sha256(b"%d" % number).digest()

    tried = []
    for _ in range(40):
        key = with_a_free_byte(lambda: tried.append(next(made)) or tried[-1], id_of_number, live)
        assert key_byte(id_of_number(key)) not in taken
    assert len(tried) > 40, "no collision was met"


def test_no_free_byte_is_said_and_not_waited_for():
    everything = [bytes(31) + bytes([byte]) for byte in range(256)]
    with pytest.raises(KeyByteNotFound):
        with_a_free_byte(lambda: pytest.fail("a key was made in vain"), bytes, everything)
    with pytest.raises(KeyByteNotFound):
        with_a_free_byte(lambda: everything[3], bytes, everything[:10], tries=50)


def test_the_directory_and_the_issuer_refuse_two_that_end_alike():
    first, second = colliding()
    keys = [DirectoryKey(one, "age_over_13", "standard", 0, 10) for one in (first, second)]
    with pytest.raises(KeyByteTaken):
        write_directory("/token", keys)
    with pytest.raises(KeyByteTaken):
        tokens.IssuingKeys.of([signing_key(0), signing_key(0)])


def test_a_byte_that_no_key_has_is_unknown():
    key = signing_key(0)
    keys = tokens.IssuingKeys.of([key])
    request = tokens.TokenRequest((key_byte(id_of(key)) + 1) % 256, b"\x01" * 256).encode()
    with pytest.raises(KeyUnknown):
        tokens.issue(request, keys, bytes)


def test_the_whole_id_counts_at_a_platform():
    """A platform looks a key up by all 32 bytes, so that a colliding key is none of those it knows."""
    told = token()
    other = told[:66] + bytes([told[66] ^ 1]) + told[67:]
    assert other[97] == told[97]
    assert both(other, keys=[listed()]) == "key-unknown"
