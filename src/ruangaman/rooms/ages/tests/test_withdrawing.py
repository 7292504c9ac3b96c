"""An operator takes a key out: at once, by its id, and a new one stands there."""

import pytest
from django.test import Client

from ruangaman.core.credentials.token_directory import read_directory
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages.errors import NotFound
from ruangaman.rooms.ages.models import IssuerKey

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def published():
    told = read_directory(Client().get("/.well-known/private-token-issuer-directory").content)
    return {one.token_key_id.hex(): (one.claim, one.assurance) for one in told.token_keys}


def test_a_withdrawn_key_leaves_the_directory_and_another_takes_its_place(hour, one_claim):
    before = published()
    assert {one.key_id: (one.claim, one.assurance) for one in ages.issuer_keys(hour())} == before
    gone = next(iter(before))
    ages.withdraw_key(gone[:20].upper(), now=hour())
    after = published()
    assert gone not in after
    assert sorted(after.values()) == sorted(before.values())
    assert IssuerKey.objects.get(key_id=bytes.fromhex(gone)).destroyed_at == hour()


@pytest.mark.parametrize("said", ["", "zz", "00" * 32])
def test_an_id_that_names_no_key_or_every_key_takes_none_out(hour, one_claim, said):
    before = published()
    with pytest.raises(NotFound):
        ages.withdraw_key(said, now=hour())
    assert published() == before
