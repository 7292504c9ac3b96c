"""Tokens, challenges, requests and keys: any bytes are read or refused."""

from contextlib import suppress

from ruangaman.core.credentials import blind_rsa, token_check, token_keys, tokens
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.token_directory import DirectoryKey

KEY = blind_rsa.PublicKey((1 << 2047) + 1, 65537)
SPKI = token_keys.spki(KEY)
KEYS = token_check.known_keys([DirectoryKey(SPKI, "age_over_1", "standard", 0, 10)])
POLICY = token_check.Policy("age_over_1", frozenset({"standard"}))


def target(data: bytes) -> None:
    """What is read is written back to the same bytes; what is not is refused."""
    for read in (
        tokens.TokenChallenge.read,
        tokens.TokenRequest.read,
        tokens.TokenResponse.read,
        tokens.Token.read,
    ):
        try:
            made = read(data)
        except CredentialError:
            continue
        assert made.encode() == data
    with suppress(CredentialError):
        assert token_keys.spki(token_keys.read_spki(data)) == data
    digests = {data[34:66]}
    for told in (
        data,
        (b"\x00\x02" + data[:64].ljust(64) + token_keys.token_key_id(SPKI) + data[64:]).ljust(354),
    ):
        try:
            token_check.check(told, KEYS, POLICY, digests | {told[34:66]}, 5, lambda *_: True)
        except CredentialError:
            continue
        raise AssertionError("a token that nobody signed was taken")
