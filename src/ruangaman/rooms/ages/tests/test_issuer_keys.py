"""The issuer's keys among several processes: nothing that is over stays in a memory or in the directory."""

import pytest
from django.test import Client

from ruangaman.core.credentials.token_directory import read_directory
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import issuer_keys
from ruangaman.rooms.ages.models import DirectoryVersion, IssuerKey

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def named() -> set[bytes]:
    told = DirectoryVersion.objects.latest("number").body
    return {one.token_key_id for one in read_directory(told.encode()).token_keys}


def elsewhere_withdrawn(monkeypatch, row, now):
    """Another process takes a key out in the moment in which this one waits for its turn at the ledger."""
    done = []

    def first_in_line(name):
        real = getattr(issuer_keys.ledger, name)

        def wait(*args, **more):
            if not done:
                done.append(IssuerKey.objects.filter(pk=row.pk).update(withdrawn_at=now, destroyed_at=now))
            return real(*args, **more)

        monkeypatch.setattr(issuer_keys.ledger, name, wait)

    first_in_line("line_up")
    first_in_line("append")


def test_a_directory_never_names_a_key_that_was_taken_out_while_it_was_written(hour, one_claim, monkeypatch):
    issuer_keys.ensure(hour())
    gone = IssuerKey.objects.filter(assurance="strict").latest("not_before")
    hour.pass_(days=7)  # the keys of the epoch after its own become due, and a directory with them
    elsewhere_withdrawn(monkeypatch, gone, hour())
    issuer_keys.ensure(hour())
    assert DirectoryVersion.objects.count() == 2
    assert bytes(gone.key_id) not in named()


def test_a_private_part_that_another_process_destroyed_leaves_this_memory_too(hour, one_claim):
    issuer_keys.ensure(hour())
    rows = list(IssuerKey.objects.order_by("not_before"))
    issuer_keys.private(rows[0])
    IssuerKey.objects.filter(pk=rows[0].pk).update(
        destroyed_at=hour()
    )  # as the runner does, in its own process
    issuer_keys.private(rows[1])
    assert set(issuer_keys._KEPT) == {bytes(rows[1].key_id)}


def test_taking_out_a_key_that_signs_no_more_keeps_when_its_private_part_was_destroyed(hour, one_claim):
    issuer_keys.ensure(hour())
    old = IssuerKey.objects.earliest("not_before")
    ended = hour.pass_(days=1)  # into the overlap
    ages.settle_due(ended)
    ages.withdraw_key(bytes(old.key_id).hex(), now=hour.pass_(minutes=1))
    old.refresh_from_db()
    assert (old.withdrawn_at, old.destroyed_at) == (hour(), ended)
    assert bytes(old.key_id) not in named()


def test_a_house_that_moved_tells_its_new_address_at_once(hour, one_claim, settings):
    Client().get("/.well-known/private-token-issuer-directory")
    settings.BASE_URL = settings.ISSUER_URL = "https://umur.kota.example"
    told = Client().get("/.well-known/private-token-issuer-directory").content
    assert read_directory(told).issuer_request_uri == "https://umur.kota.example/age-tokens"
