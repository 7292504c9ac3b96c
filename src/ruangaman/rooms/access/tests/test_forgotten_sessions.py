"""A platform that holds the id of a session hears once that its child was forgotten, and nothing about whom."""

import json

import pytest

from ruangaman.rooms.access import deliveries
from ruangaman.rooms.access.models import AccessSession, Delivery
from ruangaman.rooms.access.tests.conftest import BIMA, answer, withdraw
from ruangaman.rooms.access.tests.receiver import receiver
from ruangaman.rooms.families import api as families

pytestmark = pytest.mark.slow


@pytest.fixture
def there(settings):
    with receiver() as found:
        settings.WEBHOOK_ALLOW = [found.origin]
        yield found


def heard(house) -> list[dict]:
    events = house.get("/v1/events?limit=500").json["events"]
    return [one for one in events if one["type"] == "session.forgotten"]


def family_of(made: dict):
    return families.family_of(families.ChildRef(AccessSession.objects.get(id=made["id"]).child))


@pytest.mark.parametrize("sandbox", [False, True])
def test_it_hears_once_by_feed_and_webhook_and_of_nobody(platform, hour, there, sandbox):
    house, other = platform("obrol", sandbox=sandbox), platform("ramai", sandbox=sandbox)
    assert house.post("/v1/webhooks", {"url": there.url, "kinds": ["session.forgotten"]}).status == 201
    made = house.sign_up("obrol", age=BIMA, child={"nickname": "Bima"}).json
    family = family_of(made)
    hour.pass_(days=500)
    families.settle_due(hour.at)
    families.settle_due(hour.at)
    with pytest.raises(families.NoSuchFamily):
        families.forget_family(family, why="perkara 7", despite_open=True, now=hour.at)
    (event,) = heard(house)
    del event["cursor"]
    assert event == {
        "id": event["id"],
        "type": "session.forgotten",
        "timestamp": hour.at.isoformat(),
        "sandbox": sandbox,
        "data": {"service": "obrol", "session": made["id"]},
    }
    assert heard(other) == []
    (delivery,) = Delivery.objects.all()
    assert deliveries.take(hour.at) == delivery.id
    assert deliveries.send(delivery.id, now=hour.at) == "done"
    ((_path, _headers, body),) = there.got
    assert json.loads(body) == event
    told = house.get(f"/v1/sessions/{made['id']}").json
    assert (told["state"], told["subject"], told["next"], told["deletion"]) == ("closed", None, None, None)
    again = house.sign_up("obrol", age=BIMA)
    assert again.status == 201
    assert again.json["id"] != made["id"]


def test_it_hears_also_while_it_still_owes_a_deletion(platform, hour):
    house = platform("obrol")
    made = house.sign_up("obrol", age=BIMA).json
    withdraw(made["id"], answer(made["id"], yes=True, now=hour.at), now=hour.at)
    families.forget_family(family_of(made), why="perkara 7", despite_open=True, now=hour.at)
    assert [one["data"]["session"] for one in heard(house)] == [made["id"]]
    (task,) = house.get("/v1/deletions").json["deletions"]
    assert (task["session"], task["subject"]) == (made["id"], "p-1")


def test_who_closed_the_account_hears_no_more_of_the_family(platform, hour):
    house = platform("obrol")
    made = house.sign_up("obrol", age=BIMA).json
    family = family_of(made)
    assert house.call("DELETE", f"/v1/sessions/{made['id']}").status == 200
    for task in house.get("/v1/deletions").json["deletions"]:
        house.post(
            f"/v1/deletions/{task['id']}/confirm",
            {"systems": ["akun"], "counts": {}, "done_at": hour.at.isoformat(), "by": "data officer"},
        )
    hour.pass_(days=31)
    families.settle_due(hour.at)
    assert families.family(family, now=hour.at).forgotten_at == hour.at
    assert heard(house) == []
