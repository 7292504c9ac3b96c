"""Two at the same moment: one token for a code, one batch for a token, no entry given out twice, none left standing."""

from collections import Counter

import pytest
from django.db import transaction
from tests.at_once import together, writers

from ruangaman.rooms.ages import card_keys, cards, config, holders, status_lists
from ruangaman.rooms.ages.models import CardBatch, CardKey, CardOffer, Holder, StatusList
from ruangaman.rooms.ages.tests.conftest import NOON, wallet
from ruangaman.rooms.ages.tests.holder_wallet import a_key, proof

__all__ = ["writers"]  # the fixture that gives SQLite a file to write side by side

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def offered():
    _, holder = wallet()
    row = cards.offer(holder, now=NOON)
    return holder, row, cards.code_of(row), cards.digits_of(row)


def with_token():
    holder, _, code, digits = offered()
    return holder, cards.redeem(code, digits, now=NOON)


def a_batch(token, count=3):
    nonce = cards.nonce(NOON)
    proofs = [proof(a_key(), nonce, NOON) for _ in range(count)]
    return lambda: cards.issue(cards.by_token(token, now=NOON), proofs, now=NOON)


def test_a_code_gives_one_token(hour):
    _, _, code, digits = offered()
    told = together(*[lambda: cards.redeem(code, digits, now=NOON)] * 6)
    assert Counter(one == "ages.code-refused" for one in told) == {True: 5, False: 1}


def test_however_many_guess_at_once_five_digits_are_compared(hour):
    _, row, code, digits = offered()
    wrong = f"{(int(digits) + 1) % 10**6:06}"
    assert set(together(*[lambda: cards.redeem(code, wrong, now=NOON)] * 12)) == {"ages.code-refused"}
    row.refresh_from_db()
    assert row.tries == config.DIGIT_TRIES


def test_a_token_gives_one_batch(hour):
    holder, token = with_token()
    told = together(*[a_batch(token) for _ in range(5)])
    assert sorted(len(one) for one in told if isinstance(one, list)) == [3]
    assert {one for one in told if isinstance(one, str)} == {"ages.card-token-refused"}
    assert CardBatch.objects.filter(holder=holder).count() == 1
    assert StatusList.objects.get().used == config.STATUS_DECOYS + 3


def test_one_nonce_serves_one_of_two_tokens(hour):
    (_, one), (_, other) = with_token(), with_token()
    nonce = cards.nonce(NOON)

    def asks(token):
        jwt = proof(a_key(), nonce, NOON)
        return lambda: cards.issue(cards.by_token(token, now=NOON), [jwt], now=NOON)

    told = together(asks(one), asks(other))
    assert sorted(type(one).__name__ for one in told) == ["list", "str"]
    assert "openid4vci.nonce-refused" in told


def test_no_entry_is_given_out_twice_and_one_list_is_opened(hour):
    def take():
        with transaction.atomic():
            return status_lists.take(30, now=NOON)

    told = together(*[take] * 8)
    assert {number for number, _ in told} == {StatusList.objects.get().number}
    found = [index for _, entries in told for index in entries]
    assert len(set(found)) == 240


def test_two_who_need_a_key_at_once_make_one(hour):
    assert len(set(together(*[lambda: card_keys.signing(NOON).kid] * 5))) == 1
    assert CardKey.objects.count() == 1


@pytest.mark.parametrize("round_", range(4))
def test_no_card_is_left_standing_when_its_wallet_is_stopped_at_that_moment(hour, round_):
    holder, token = with_token()
    a_batch(with_token()[1])()  # key and list are there
    told = together(a_batch(token), lambda: holders.stop(holder, now=NOON))
    assert told[0] == "ages.stopped" or len(told[0]) == 3
    row = StatusList.objects.get()
    statuses = bytes(row.statuses)
    entries = holders._entries(holder).get(row.number, [])
    assert len(entries) == (3 if isinstance(told[0], list) else 0)
    assert all(statuses[one >> 3] >> (one & 7) & 1 for one in entries)


@pytest.mark.parametrize("round_", range(4))
def test_a_wallet_may_be_emptied_while_cards_are_fetched_or_let_go(hour, round_):
    holder, token = with_token()
    a_batch(token)()
    later = NOON + config.CARDS_VALID + 2 * config.SKEW
    second = cards.offer(holder, now=NOON)
    more = a_batch(cards.redeem(cards.code_of(second), cards.digits_of(second), now=NOON))
    together(more, lambda: holders.forget(holder, now=NOON), lambda: cards.end_old(later))
    assert not Holder.objects.filter(pk=holder.pk).exists()
    assert not CardBatch.objects.filter(holder=holder.pk).exists()
    assert not CardOffer.objects.filter(holder=holder.pk).exists()
