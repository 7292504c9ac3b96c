"""Keys: shown once, kept as a hash, bound to a service, ended by time, rotation or revocation."""

from datetime import timedelta

import pytest

from ruangaman.rooms.access import api as access
from ruangaman.rooms.access import keys
from ruangaman.rooms.access.models import ApiKey
from ruangaman.rooms.access.tests.conftest import BORN, NOON, Platform


def test_a_key_has_256_bits_and_is_kept_as_a_hash_only(services):
    made = access.create_key(service="obrol", now=NOON)
    assert made.text.startswith(f"ra_live_{made.key_id}_")
    assert len(made.text.rsplit("_", 1)[1]) == 52  # base32 of 32 bytes
    row = str(list(ApiKey.objects.values()))
    assert made.text not in row
    assert made.text.rsplit("_", 1)[1] not in row
    assert access.create_key(service="obrol", sandbox=True, now=NOON).text.startswith("ra_test_")


@pytest.mark.parametrize(
    "header",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic YTpi",
        "Bearer ra_live_aaaaaaaaaaaaa_" + "a" * 52,
        "Bearer ra_live_" + "é" * 66,
    ],
)
def test_without_a_good_key_nothing_is_told(services, header):
    from django.test import Client

    sent = {"HTTP_AUTHORIZATION": header.encode().decode("latin-1")} if header else {}
    reply = Client().get("/v1/events", **sent)
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert reply.headers["Content-Type"] == "application/problem+json"
    assert reply.json()["code"] == ("access.key-refused" if header else "access.key-missing")


def test_a_scope_that_the_key_lacks_is_refused(platform, hour):
    house = platform("obrol", scopes=("ask",))
    refused = house.sign_up("obrol", age=BORN["bima"])
    assert (refused.status, refused.code, refused.json["scope"]) == (403, "access.scope-missing", "sessions")
    assert (
        house.post("/v1/ask", {"jurisdiction": "ID", "question": "account", "age": {"at_least": 18}}).status
        == 200
    )


def test_during_rotation_both_keys_work_and_afterwards_only_the_new_one(services, hour):
    old = access.create_key(service="obrol", scopes=("events",), now=NOON)
    new = access.rotate_key(old.key_id, overlap=timedelta(hours=2), now=NOON)
    assert Platform(old.text).get("/v1/events").status == 200
    assert Platform(new.text).get("/v1/events").status == 200
    assert Platform(new.text).get("/v1/deletions").code == "access.scope-missing", "the rights stay the same"
    hour.pass_(hours=2)
    assert Platform(old.text).get("/v1/events").code == "access.key-refused"
    assert Platform(new.text).get("/v1/events").status == 200
    with pytest.raises(keys.NotFound):
        access.rotate_key(old.key_id, now=hour.at)


def test_a_revoked_key_ends_at_once_an_expired_one_at_its_instant(services, hour):
    made = access.create_key(service="obrol", lifetime=timedelta(days=1), now=NOON)
    hour.pass_(hours=23, minutes=59, seconds=59)
    assert Platform(made.text).get("/v1/events").status == 200
    hour.pass_(seconds=1)
    assert Platform(made.text).get("/v1/events").status == 401
    other = access.create_key(service="obrol", now=NOON)
    access.revoke_key(other.key_id, now=hour.at)
    assert Platform(other.text).get("/v1/events").status == 401
    with pytest.raises(keys.NotFound):
        access.revoke_key(other.key_id, now=hour.at)


def test_a_key_is_for_one_service_or_one_operator(services):
    for wrong in (
        {},
        {"service": "obrol", "operator": "PT Contoh Riang"},
        {"operator": "PT Yang Tidak Ada"},
        {"service": "obrol", "scopes": ("semua",)},
        {"service": "obrol", "scopes": ()},
        {"service": "obrol", "lifetime": timedelta(0)},
    ):
        with pytest.raises(keys.KeyChoiceRefused):
            access.create_key(now=NOON, **wrong)
    with pytest.raises(keys.NotFound) as refused:
        access.create_key(service="tidak-ada", now=NOON)
    assert refused.value.facts == {
        "what": "service",
        "named": "tidak-ada",
        "known": "dongeng-kita, obrol, ramai",
    }
    with pytest.raises(keys.KeyChoiceRefused) as refused:
        access.create_key(operator="PT Yang Tidak Ada", now=NOON)
    assert "PT Contoh Riang" in refused.value.facts["known"]


def test_without_a_service_a_key_says_how_to_add_one(db):
    with pytest.raises(keys.NotFound) as refused:
        access.create_key(service="nope", now=NOON)
    assert refused.value.facts["known"] == "none yet; see `ruangaman services add`"


def test_last_use_is_noted_to_the_minute(services, hour):
    made = access.create_key(service="obrol", now=NOON)
    house = Platform(made.text)
    house.get("/v1/events")
    hour.pass_(seconds=30)
    house.get("/v1/events")
    assert ApiKey.objects.get().last_used_at == NOON
    hour.pass_(seconds=31)
    house.get("/v1/events")
    assert ApiKey.objects.get().last_used_at == hour.at
    (view,) = access.all_keys()
    assert view.last_used_at == hour.at


def test_a_key_that_calls_too_often_waits(platform, hour, settings):
    settings.API_PER_SECOND, settings.API_BURST = 0.01, 3.0
    from ruangaman.rooms.access import door

    door.forget_limits()
    house, other = platform("obrol"), platform("obrol")
    assert [house.get("/v1/events").status for _ in range(3)] == [200, 200, 200]
    refused = house.get("/v1/events")
    assert (refused.status, refused.code) == (429, "access.too-many-calls")
    assert 1 <= int(refused.headers["Retry-After"]) <= 101
    assert other.get("/v1/events").status == 200, "each key has a bucket of its own"
