"""The lists that say whether a card still counts: entries by chance, and the list as the world sees it."""

import gzip
import json

import pytest
from django.test import Client

from ruangaman.core.credentials import jose
from ruangaman.rooms.ages import config, holders, status_lists
from ruangaman.rooms.ages.models import CardBatch, StatusList
from ruangaman.rooms.ages.tests.card_holder import batch_for
from ruangaman.rooms.ages.tests.conftest import wallet
from ruangaman.rooms.ages.tests.holder_wallet import ISSUER

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_indexes_are_by_chance_and_never_given_twice(hour):
    _, holder = wallet()
    _, one = batch_for(holder, 30)
    _, two = batch_for(holder, 30)
    found = [
        json.loads(jose.from_base64url(card.split("~")[0].split(".")[1]))["status"]["status_list"]["idx"]
        for card in one + two
    ]
    assert len(set(found)) == 60
    assert found != sorted(found)
    assert max(found) - min(found) > config.STATUS_ENTRIES // 2
    row = StatusList.objects.get()
    decoys = bytes(row.decoys)
    assert not any(decoys[index >> 3] >> (index & 7) & 1 for index in found)
    assert sum(one.bit_count() for one in decoys) == config.STATUS_DECOYS
    assert row.used == config.STATUS_DECOYS + 60
    taken = bytes(row.taken)  # what is marked here is not drawn again
    assert all(taken[index >> 3] >> (index & 7) & 1 for index in found)
    assert sum(one.bit_count() for one in taken) == row.used


def test_another_list_is_opened_when_three_quarters_are_given_out(hour, monkeypatch):
    _, holder = wallet()
    batch_for(holder, 1)
    StatusList.objects.update(used=config.STATUS_ENTRIES * 3 // 4)
    batch_for(holder, 1)
    assert list(StatusList.objects.order_by("number").values_list("open", flat=True)) == [False, True]
    first, second = StatusList.objects.order_by("number").values_list("number", flat=True)
    assert Client().get(f"/status/{first}").status_code == 200
    told = CardBatch.objects.order_by("id").last()
    assert holders._entries(holder).keys() == {first, second}
    assert told.holder_id == holder.pk


def test_a_list_is_compressed_cacheable_and_the_same_for_everybody(hour, settings):
    _, holder = wallet()
    batch_for(holder, 1)
    path = f"/status/{StatusList.objects.get().number}"
    plain = Client().get(path, headers={"Accept-Encoding": "identity"})
    assert plain["Content-Type"] == "application/statuslist+jwt"
    assert plain["Cache-Control"] == "public, max-age=900"
    assert plain["Access-Control-Allow-Origin"] == "*"
    zipped = Client().get(path, headers={"Accept-Encoding": "br, gzip"})
    assert zipped["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.content) == plain.content
    assert len(zipped.content) < 0.8 * len(plain.content)
    assert zipped["ETag"] != plain["ETag"]
    assert "Accept-Encoding" in plain["Vary"]
    hour.pass_(minutes=2)
    status_lists._TOLD.clear()  # another process
    assert Client().get(path).content == plain.content
    again = Client().get(path, headers={"If-None-Match": plain["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(path, headers={"Accept-Encoding": "gzip;q=0"})["ETag"] == plain["ETag"]
    claims = json.loads(jose.from_base64url(plain.content.decode().split(".")[1]))
    assert (claims["ttl"], claims["exp"] - claims["iat"] <= 1800, claims["sub"]) == (900, True, ISSUER + path)
    hour.pass_(minutes=15)
    assert Client().get(path).content != plain.content


@pytest.mark.parametrize(
    ("accept", "status", "kind"),
    [
        ("*/*", 200, "application/statuslist+jwt"),
        ("application/statuslist+cwt", 200, "application/statuslist+cwt"),
        ("application/statuslist+cwt;q=0.5, application/statuslist+jwt", 200, "application/statuslist+jwt"),
        ("application/statuslist+jwt;q=0.5, application/statuslist+cwt", 200, "application/statuslist+cwt"),
        ("text/html", 406, None),
    ],
)
def test_a_list_comes_as_it_is_asked_for(hour, accept, status, kind):
    _, holder = wallet()
    batch_for(holder, 1)
    reply = Client().get(f"/status/{StatusList.objects.get().number}", headers={"Accept": accept})
    assert (reply.status_code, reply.get("Content-Type") if kind else None) == (status, kind)


def test_how_a_list_stood_before_is_not_told_and_there_is_no_other_list(hour):
    _, holder = wallet()
    batch_for(holder, 1)
    path = f"/status/{StatusList.objects.get().number}"
    assert Client().get(path + "?time=1686925000").status_code == 501
    assert Client().get("/status/999999").status_code == 404
