"""A platform keeps a house's keys for an hour and no longer, and what was spent until nobody can take it again."""

import pytest
from tests.checks.age_tokens import ENDS, NOON, asked, listed, token

from ruangaman.client.tokens import (
    DIRECTORY_PATH,
    REFETCH_S,
    HouseKeys,
    TokenRefused,
    check_token,
    keeping,
    read_directory,
)
from ruangaman.core.credentials.token_directory import write_directory
from ruangaman.core.credentials.token_keys import token_key_id


class House:
    """What it publishes; `clock` is the platform's."""

    def __init__(self) -> None:
        self.clock, self.listed, self.fetched, self.broken = float(NOON), [listed(0), listed(1)], [], False

    def get(self, address: str) -> bytes:
        if self.broken:
            raise OSError("no way there")
        self.fetched.append(address)
        return write_directory("/token", self.listed)

    def keys(self) -> HouseKeys:
        return HouseKeys("https://rumah.example/", now=lambda: self.clock, get=self.get)


@pytest.fixture
def house() -> House:
    return House()


def test_the_keys_are_fetched_once_an_hour(house):
    keys = house.keys()
    first = keys()
    assert keys() is first
    house.clock += REFETCH_S
    assert keys() is first
    house.clock += 1
    assert keys() == first
    assert house.fetched == [f"https://rumah.example{DIRECTORY_PATH}"] * 2
    house.clock -= 10 * REFETCH_S  # a clock that was set back
    keys()
    assert len(house.fetched) == 3


def test_a_key_that_was_taken_out_counts_for_an_hour_at_the_most(house):
    keys, gone = house.keys(), token(number=1)
    assert check_token(gone, keys(), "age_over_13", {"standard"}, [asked()], lambda *_: True, now=NOON)
    house.listed = [listed(0)]
    house.clock += REFETCH_S + 1
    with pytest.raises(TokenRefused, match="key-unknown"):
        check_token(gone, keys(), "age_over_13", {"standard"}, [asked()], lambda *_: True, now=house.clock)


def test_nothing_old_is_given_while_the_house_does_not_answer(house):
    keys = house.keys()
    keys()
    house.broken, house.clock = True, house.clock + REFETCH_S + 1
    with pytest.raises(OSError, match="no way there"):
        keys()
    house.broken = False
    assert len(keys()) == 2


def test_a_spent_pair_is_kept_until_an_hour_after_its_key(house):
    keys, kept = read_directory(write_directory("/token", [listed(0)])), []

    def store(nonce: bytes, token_key_id: bytes, until: int) -> bool:
        kept.append((token_key_id, until))
        return len(kept) == 1

    once, told = keeping(keys, store), token()
    check_token(told, keys, "age_over_13", {"standard"}, [asked()], once, now=NOON)
    assert kept == [(token_key_id(listed(0).token_key), ENDS + REFETCH_S)]
    with pytest.raises(TokenRefused, match="spent"):
        check_token(told, keys, "age_over_13", {"standard"}, [asked()], once, now=NOON)
