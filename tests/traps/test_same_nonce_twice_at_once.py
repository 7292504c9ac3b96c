"""One token is shown many times at the same moment: one of them is taken, whatever the store."""

import os
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.checks.age_tokens import NOON, ORDER, Spends, asked, both, listed, signing_key, token

from ruangaman.client.tokens import MemorySpends
from ruangaman.core.credentials import blind_rsa, token_check, tokens
from ruangaman.core.credentials.token_errors import TokenSpent

AT_ONCE = 16


class SqliteSpends:
    """A table with one unique constraint, and a connection a thread."""

    def __init__(self, path):
        self.path = path
        self.mine = threading.local()
        self.connection().execute("create table spent (key_id blob, nonce blob, primary key (key_id, nonce))")

    def connection(self):
        if not hasattr(self.mine, "connection"):
            self.mine.connection = sqlite3.connect(self.path, timeout=30, isolation_level=None)
        return self.mine.connection

    def __call__(self, nonce, token_key_id):
        done = self.connection().execute("insert or ignore into spent values (?, ?)", (token_key_id, nonce))
        return done.rowcount == 1


@pytest.mark.parametrize(
    "make", [lambda _: Spends(), lambda _: MemorySpends(), SqliteSpends], ids=["dict", "memory", "sqlite"]
)
def test_one_of_many_at_once_is_taken(tmp_path, make):
    spend = make(tmp_path / "spent.sqlite")
    told, keys = token(), token_check.known_keys([listed()])
    policy = token_check.Policy.of(["age_over_13"], "standard", ORDER)
    digests = {tokens.challenge_digest(asked())}
    gate = threading.Barrier(AT_ONCE)

    def redeem(_):
        gate.wait()
        try:
            token_check.check(told, keys, policy, digests, NOON, spend)
        except TokenSpent:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert sorted(pool.map(redeem, range(AT_ONCE))) == [False] * (AT_ONCE - 1) + [True]


def test_a_second_signature_over_the_same_nonce_is_the_same_token():
    """The store is keyed by nonce: whoever has the same input signed twice still has one token."""
    first = token()
    key = signing_key()
    blinded = blind_rsa.blind(key.public, first[:98], 48, os.urandom)
    answer = blind_rsa.blind_sign(key, blinded.blinded_msg, os.urandom)
    second = first[:98] + blind_rsa.finalize(key.public, first[:98], answer, blinded.inv, 48)
    assert second != first
    spend = Spends()
    assert both(first, spend=spend) == "yes"
    assert both(second, spend=spend) == "spent"


def test_the_same_nonce_under_another_key_is_another_token():
    challenge = asked()
    spend = Spends()
    keys = [listed(0), listed(1)]

    def draws():
        given = [b"n" * 32]
        return lambda size: given.pop() if size == 32 and given else os.urandom(size)

    for number in (0, 1):
        told = token(challenge, number, draws())
        assert told[2:34] == b"n" * 32
        assert both(told, keys=keys, spend=spend) == "yes"
        assert both(told, keys=keys, spend=spend) == "spent"


def test_a_refused_token_is_not_spent():
    told, spend = token(), Spends()
    assert both(told, spend=spend, challenges=[asked(b"d" * 32)]) == "challenge-unknown"
    assert both(told[:-1] + bytes([told[-1] ^ 1]), spend=spend) == "signature"
    assert spend.kept == {}
    assert both(told, spend=spend) == "yes"
