"""Platforms hear of events: signed, at least once, until they take it or are given up."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest
import standardwebhooks

from ruangaman.client import WebhookRefused, verify_webhook
from ruangaman.rooms.access import deliveries
from ruangaman.rooms.access.models import Delivery, Event, WebhookEndpoint
from ruangaman.rooms.access.tests.conftest import BORN, answer
from ruangaman.rooms.access.tests.receiver import receiver
from ruangaman.rooms.vault import api as vault


@pytest.fixture
def there(settings):
    with receiver() as found:
        settings.WEBHOOK_ALLOW = [found.origin]
        yield found


@pytest.fixture(autouse=True)
def _real_time(hour):
    hour.at = datetime.now(UTC)  # receivers compare with their own clock


def send_all(now):
    """Everything that may leave now, one after another."""
    became = []
    while (taken := deliveries.take(now)) is not None:
        became.append(deliveries.send(taken, now=now))
    return became


def test_an_event_arrives_signed_as_the_specification_says(platform, hour, there):
    house = platform("obrol")
    made = house.post("/v1/webhooks", {"url": there.url})
    assert made.status == 201
    told = house.sign_up("obrol", age=BORN["bima"])
    assert send_all(hour.at) == ["done"]
    path, headers, body = there.got[0]
    assert path == "/kait"
    read = standardwebhooks.Webhook(made.json["secret"]).verify(body, headers)
    assert read["type"] == "consent.requested"
    assert read["data"]["session"] == told.json["id"]
    assert headers["webhook-id"] == read["id"] == str(Event.objects.get().id)
    assert verify_webhook(body, headers, made.json["secret"]).id == read["id"]
    with pytest.raises(standardwebhooks.WebhookVerificationError):
        standardwebhooks.Webhook(made.json["secret"]).verify(body.replace(b"obrol", b"ramai"), headers)
    with pytest.raises(WebhookRefused):
        verify_webhook(body + b" ", headers, made.json["secret"])


def test_during_rotation_both_secrets_verify_and_then_the_old_one_no_more(platform, hour, there):
    house = platform("obrol")
    old = house.post("/v1/webhooks", {"url": there.url}).json
    new = house.post(f"/v1/webhooks/{old['id']}/rotate", {"overlap_hours": 1}).json
    assert new["secret"] != old["secret"]
    house.post(f"/v1/webhooks/{old['id']}/test")
    send_all(hour.at)
    _, headers, body = there.got[0]
    assert len(headers["webhook-signature"].split(" ")) == 2
    for secret in (old["secret"], new["secret"]):
        assert standardwebhooks.Webhook(secret).verify(body, headers)["type"] == "test"
    endpoint = WebhookEndpoint.objects.get()
    assert len(deliveries.secrets_of(endpoint, now=hour.at + timedelta(minutes=61))) == 1
    oldest = endpoint.old_secret
    refused = house.post(f"/v1/webhooks/{old['id']}/rotate")
    assert (refused.status, refused.code) == (409, "access.secrets-overlap")
    assert vault.reveal(oldest, purpose="what was promised for an hour is kept") == old["secret"]
    leaked = house.post(f"/v1/webhooks/{old['id']}/rotate", {"overlap_hours": 0}).json
    assert deliveries.secrets_of(WebhookEndpoint.objects.get(), now=hour.at) == [leaked["secret"]]
    with pytest.raises(vault.Forgotten):
        vault.reveal(oldest, purpose="a secret that was rotated away twice")


def test_a_failure_is_tried_again_later_and_later_with_the_same_id(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    there.status = 500
    waits = []
    for _ in range(5):
        assert send_all(hour.at) == ["waiting"]
        row = Delivery.objects.get()
        waits.append((row.next_at - hour.at).total_seconds())
        assert send_all(hour.at) == []
        assert row.endpoint.resting_until <= row.next_at, "an endpoint never rests beyond its only delivery"
        hour.at = row.next_at
    assert all(later > 1.5 * earlier for earlier, later in pairwise(waits))
    there.status = 204
    assert send_all(hour.at) == ["done"]
    assert len({headers["webhook-id"] for _, headers, _ in there.got}) == 1
    assert len(there.got) == 6
    assert WebhookEndpoint.objects.get().failing_since is None


def test_waits_are_scattered_and_a_receiver_may_ask_for_a_longer_one():
    waits = {deliveries.wait(3).total_seconds() for _ in range(50)}
    assert len(waits) > 10
    assert all(0.8 * 1800 <= one <= 1.2 * 1800 for one in waits)
    assert deliveries.wait(1, timedelta(minutes=10)) == timedelta(minutes=10)
    assert deliveries.wait(1, timedelta(days=400)) == timedelta(hours=24)


def test_after_five_days_of_failure_the_endpoint_is_stopped_and_the_feed_says_so(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    there.status = 503
    for _ in range(80):
        if "given_up" in send_all(hour.at):
            break
        hour.at = max(
            min(Delivery.objects.filter(state="waiting").values_list("next_at", flat=True)),
            WebhookEndpoint.objects.get().resting_until,
        )
        if hour.at - Event.objects.earliest("cursor").at > timedelta(hours=60):
            hour.pass_(days=3)
            house.sign_up("obrol", subject=f"p-{hour.at:%d%H%M%S}", age=BORN["bima"])
    (endpoint,) = house.get("/v1/webhooks").json["webhooks"]
    assert endpoint["disabled_because"] == "failing"
    assert house.get("/v1/events?limit=500").json["events"][-1]["type"] == "webhook.disabled"
    assert not Delivery.objects.filter(state="waiting").exists()
    house.post(f"/v1/webhooks/{endpoint['id']}/rotate")
    assert house.get(f"/v1/webhooks/{endpoint['id']}").json["disabled_at"] is None


def test_gone_stops_at_once(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    first, second = (
        Delivery.objects.order_by("id")[0],
        house.sign_up("obrol", subject="p-2", age=BORN["bima"]),
    )
    assert second.status == 201
    there.status = 410
    assert deliveries.take(hour.at) == first.id
    assert deliveries.send(first.id, now=hour.at) == "given_up"
    assert not Delivery.objects.filter(state="waiting").exists(), "nothing waits for an endpoint that ended"
    assert WebhookEndpoint.objects.get().disabled_because == "gone"


def test_an_endpoint_hears_the_kinds_it_asked_for(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url, "kinds": ["consent.given"]})
    told = house.sign_up("obrol", age=BORN["bima"])
    answer(told.json["id"], yes=True, now=hour.pass_(seconds=5))
    send_all(hour.at)
    assert [json.loads(body)["type"] for _, _, body in there.got] == ["consent.given"]
    assert house.post("/v1/webhooks", {"url": there.url, "kinds": ["salah"]}).code == "access.field-refused"


def test_another_platforms_endpoint_hears_nothing_and_is_not_seen(platform, hour, there):
    ramai, obrol = platform("ramai"), platform("obrol")
    made = ramai.post("/v1/webhooks", {"url": there.url}).json
    obrol.sign_up("obrol", age=BORN["bima"])
    assert Delivery.objects.count() == 0
    path = f"/v1/webhooks/{made['id']}"
    for refused in (
        obrol.get(path),
        obrol.call("DELETE", path),
        obrol.post(f"{path}/rotate"),
        obrol.post(f"{path}/test"),
    ):
        assert refused.status == 404
    assert obrol.get("/v1/webhooks").json == {"webhooks": []}


def test_a_removed_endpoint_is_called_no_more_and_its_secret_is_gone(platform, hour, there):
    house = platform("obrol")
    made = house.post("/v1/webhooks", {"url": there.url}).json
    house.sign_up("obrol", age=BORN["bima"])
    assert house.call("DELETE", f"/v1/webhooks/{made['id']}").status == 204
    assert send_all(hour.at) == []
    assert there.got == []
    assert house.get("/v1/webhooks").json == {"webhooks": []}


def test_a_secret_is_shown_once(platform, hour, there):
    house = platform("obrol")
    made = house.post("/v1/webhooks", {"url": there.url})
    assert made.json["secret"].startswith("whsec_")
    assert "secret" not in house.get(f"/v1/webhooks/{made.json['id']}").json
    assert made.json["secret"] not in str(list(WebhookEndpoint.objects.values()))


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:9/",
        "https://169.254.169.254/",
        "https://[::ffff:0:7f00:1]/",
        "https://a.localhost/",
        "https://a:b@contoh.example/",
    ],
)
def test_a_private_address_is_refused_at_registration(platform, url):
    refused = platform("obrol").post("/v1/webhooks", {"url": url})
    assert (refused.status, refused.code) == (422, "access.url-refused")


def test_an_allow_list_that_was_taken_away_closes_the_address(platform, hour, there, settings):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    settings.WEBHOOK_ALLOW = []
    assert send_all(hour.at) == ["waiting"]
    assert Delivery.objects.get().last_problem == "scheme"
    assert there.got == []


def test_a_delivery_whose_sender_died_is_taken_again_after_a_minute(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    assert deliveries.take(hour.at) == Delivery.objects.get().id  # and then the runner dies
    assert deliveries.take(hour.pass_(seconds=59)) is None
    hour.pass_(seconds=1)
    assert send_all(hour.at) == ["done"]


def test_a_delivery_that_no_sender_outlives_is_given_up(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    for _ in range(len(deliveries.WAITS) + 1):
        assert deliveries.take(hour.at) is not None
        hour.pass_(minutes=1)
    assert deliveries.take(hour.at) is None
    assert Delivery.objects.get().last_problem == "sender lost"
    house.sign_up("obrol", subject="p-2", age=BORN["bima"])
    assert send_all(hour.at) == ["done"]


def test_to_one_endpoint_events_go_one_at_a_time_the_oldest_first(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    for number in range(3):
        house.sign_up("obrol", subject=f"p-{number}", age=BORN["bima"])
    first = deliveries.take(hour.at)
    assert deliveries.take(hour.at) is None, "the endpoint is being called"
    deliveries.send(first, now=hour.at)
    assert send_all(hour.at) == ["done", "done"]
    told = [headers["webhook-id"] for _, headers, _ in there.got]
    assert told == [str(one.id) for one in Event.objects.order_by("cursor")]


def test_an_endpoint_that_fails_rests_without_a_call_for_each_event_and_goes_on_from_the_oldest(
    platform, hour, there
):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    for number in range(5):
        house.sign_up("obrol", subject=f"p-{number}", age=BORN["bima"])
    there.status = 500
    assert send_all(hour.at) == ["waiting"]
    assert len(there.got) == 1
    for _ in range(4):
        hour.at = WebhookEndpoint.objects.get().resting_until
        assert send_all(hour.at) == ["waiting"]
    hour.at = WebhookEndpoint.objects.get().resting_until
    there.status = 200
    assert set(send_all(hour.at)) == {"done"}
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.failures, endpoint.resting_until, endpoint.failing_since) == (0, None, None)
    assert len({headers["webhook-id"] for _, headers, _ in there.got[-5:]}) >= 4


def test_an_event_that_its_receiver_never_takes_does_not_stop_the_others(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    for number in range(4):
        house.sign_up("obrol", subject=f"p-{number}", age=BORN["bima"])
    bad = str(Event.objects.earliest("cursor").id)
    there.refuses = bad
    for _ in range(12):
        send_all(hour.at)
        hour.pass_(seconds=4.5)
    assert [row.state for row in Delivery.objects.order_by("event_id")] == ["waiting", "done", "done", "done"]


def test_a_receiver_that_asks_to_be_left_alone_is(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    there.status, there.headers = 503, {"Retry-After": "900"}
    assert send_all(hour.at) == ["waiting"]
    house.sign_up("obrol", subject="p-2", age=BORN["bima"])
    assert send_all(hour.pass_(seconds=890)) == []
    there.status = 200
    assert send_all(hour.pass_(seconds=20)) == ["done", "done"]


@pytest.mark.parametrize("said", ["9" * 40, "\xb2", "-1", "soon", "", "1 Nov 99999999999 00:00:00 GMT"])
@pytest.mark.parametrize(("status", "became"), [(200, "done"), (503, "waiting")])
def test_an_odd_wish_to_be_left_alone_is_no_wish(platform, hour, there, said, status, became):
    """A receiver's header must not end the sender: its call would be made again and never be noted."""
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    there.status, there.headers = status, {"Retry-After": said}
    assert send_all(hour.at) == [became]
    endpoint = WebhookEndpoint.objects.get()
    assert (endpoint.busy_until, endpoint.failures) == (None, int(status != 200))
    longest = timedelta(hours=24 if said.startswith("9") else 0, minutes=1)
    assert status == 200 or endpoint.resting_until <= hour.at + longest


def test_a_receiver_may_ask_by_a_date_too(platform, hour, there):
    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    house.sign_up("obrol", age=BORN["bima"])
    later = format_datetime(hour.at + timedelta(minutes=15), usegmt=True)
    there.status, there.headers = 503, {"Retry-After": later}
    assert send_all(hour.at) == ["waiting"]
    there.status = 200
    assert send_all(hour.pass_(seconds=890)) == []
    assert send_all(hour.pass_(seconds=20)) == ["done"]


def test_who_never_answers_leaves_room_for_the_others(platform, hour, there):
    """The bounds of the senders: sandbox behind live, the failing behind the sound, no operator alone."""
    sandbox, obrol, ramai = platform("obrol", sandbox=True), platform("obrol"), platform("ramai")
    for house in (sandbox, obrol, ramai):
        for _ in range(5):
            made = house.post("/v1/webhooks", {"url": there.url, "kinds": ["test"]}).json["id"]
            house.post(f"/v1/webhooks/{made}/test")
    taken = []
    while (one := deliveries.take(hour.at)) is not None:
        taken.append(Delivery.objects.select_related("endpoint").get(id=one).endpoint)
    assert [one.sandbox for one in taken] == [False] * 6 + [True] * 2
    assert {one.operator for one in taken[:6]} == {"PT Contoh Riang", "PT Contoh Ramai"}
    assert max(sum(one.operator == whose for one in taken[:6]) for whose in ("PT Contoh Riang",)) == 3
    WebhookEndpoint.objects.update(busy_until=None, failing_since=hour.at)
    Delivery.objects.update(next_at=hour.at)
    taken = []
    while (one := deliveries.take(hour.at)) is not None:
        taken.append(Delivery.objects.select_related("endpoint").get(id=one).endpoint)
    assert [one.sandbox for one in taken] == [False] * 2 + [True]


def test_only_so_many_tests_wait_for_an_endpoint(platform, hour, there):
    house = platform("obrol")
    made = house.post("/v1/webhooks", {"url": there.url}).json["id"]
    assert [house.post(f"/v1/webhooks/{made}/test").status for _ in range(3)] == [202] * 3
    refused = house.post(f"/v1/webhooks/{made}/test")
    assert (refused.status, refused.code, refused.json["most"]) == (409, "access.tests-waiting", 3)
    send_all(hour.at)
    assert house.post(f"/v1/webhooks/{made}/test").status == 202


def test_a_stopped_endpoint_refuses_a_test_and_says_why_it_was_stopped(platform, hour, there):
    house = platform("obrol")
    made = house.post("/v1/webhooks", {"url": there.url}).json["id"]
    there.status = 410
    house.post(f"/v1/webhooks/{made}/test")
    send_all(hour.at)
    refused = house.post(f"/v1/webhooks/{made}/test")
    assert (refused.status, refused.code, refused.json["why"]) == (409, "access.webhook-disabled", "gone")
    there.status = 200
    house.post(f"/v1/webhooks/{made}/rotate")
    assert house.post(f"/v1/webhooks/{made}/test").status == 202
    assert send_all(hour.at) == ["done"]


def test_an_act_that_fails_tells_nobody(platform, hour, there):
    from django.db import transaction

    house = platform("obrol")
    house.post("/v1/webhooks", {"url": there.url})
    told = house.sign_up("obrol", age=BORN["bima"])
    before = Event.objects.count()

    @transaction.atomic
    def act():
        answer(told.json["id"], yes=True, now=hour.pass_(seconds=1))
        assert Event.objects.count() == before + 1
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert Event.objects.count() == before
    assert Delivery.objects.count() == 1


def test_ten_endpoints_are_enough(platform, there):
    house = platform("obrol")
    for _ in range(10):
        assert house.post("/v1/webhooks", {"url": there.url}).status == 201
    assert house.post("/v1/webhooks", {"url": there.url}).code == "access.too-many-endpoints"
