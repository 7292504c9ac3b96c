"""Sandbox keys: the same door, and nobody behind it."""

from datetime import timedelta

import pytest

from ruangaman.rooms.access import settling
from ruangaman.rooms.access.tests.conftest import BORN, NOON
from ruangaman.rooms.families.models import ConsentRequest, Outgoing


@pytest.fixture
def test_key(platform):
    return platform("obrol", sandbox=True)


def simulate(house, session, said):
    return house.post(f"/v1/sandbox/sessions/{session}/guardian", {"answer": said})


def test_a_simulated_yes_opens_and_reaches_no_guardian(test_key, hour):
    told = test_key.sign_up("obrol", age=BORN["bima"], guardian={"email": "ibu@contoh.example"})
    assert (told.status, told.json["state"], told.json["sandbox"]) == (201, "waiting", True)
    assert told.json["next"]["kind"] == "guardian_request"
    assert told.json["next"]["due_at"]
    opened = simulate(test_key, told.json["id"], "granted")
    assert opened.json["state"] == "open"
    assert Outgoing.objects.count() == ConsentRequest.objects.count() == 0
    kinds = [one["type"] for one in test_key.get("/v1/events").json["events"]]
    assert kinds == ["consent.requested", "consent.given"]


@pytest.mark.parametrize(("said", "deletes"), [("refused", True), ("lapsed", False)])
def test_a_simulated_no_stays_closed(test_key, hour, said, deletes):
    told = test_key.sign_up("obrol", age=BORN["bima"])
    closed = simulate(test_key, told.json["id"], said)
    assert (closed.json["state"], closed.json["consent"]["state"]) == ("closed", said)
    duties = test_key.get("/v1/deletions").json["deletions"]
    assert bool(duties) == deletes
    if deletes:
        body = {"systems": ["akun"], "done_at": NOON.isoformat(), "by": "petugas"}
        done = test_key.post(f"/v1/deletions/{duties[0]['id']}/confirm", body)
        assert done.json["receipt"]
        assert test_key.get("/v1/deletions").json["deletions"] == []


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"done_at": "0001-01-01T00:00:00+14:00"}, "done_at"),
        ({"done_at": "9999-12-31T23:59:59-14:00"}, "done_at"),
        ({"done_at": (NOON + timedelta(hours=1)).isoformat()}, "done_at"),
        ({"done_at": (NOON - timedelta(hours=1)).isoformat()}, "done_at"),
        ({"by": "ibu@contoh.example"}, "by"),
        ({"by": "petugas\0"}, "form"),
        ({"systems": ["akun\0"]}, "form"),
        ({"counts": {"pesan\0": 1}}, "form"),
        ({"exceptions": [{"what": "bukti\0", "ground": "UU"}]}, "form"),
    ],
)
def test_a_confirmation_is_checked_as_a_real_one_is(test_key, hour, more, why):
    told = test_key.sign_up("obrol", age=BORN["bima"])
    simulate(test_key, told.json["id"], "refused")
    duty = test_key.get("/v1/deletions").json["deletions"][0]["id"]
    body = {"systems": ["akun"], "done_at": NOON.isoformat(), "by": "petugas"} | more
    refused = test_key.post(f"/v1/deletions/{duty}/confirm", body)
    assert (refused.status, refused.json["why"]) == (422, why)
    assert test_key.get("/v1/deletions").json["deletions"]


def test_a_simulated_withdrawal_needs_a_yes_first(test_key, hour):
    told = test_key.sign_up("obrol", age=BORN["bima"])
    early = simulate(test_key, told.json["id"], "withdrawn")
    assert (early.status, early.code) == (409, "access.not-simulated")
    simulate(test_key, told.json["id"], "granted")
    assert simulate(test_key, told.json["id"], "withdrawn").json["consent"]["state"] == "withdrawn"
    assert simulate(test_key, told.json["id"], "granted").status == 409


def test_a_simulated_window_closes_too(test_key, hour):
    told = test_key.sign_up("obrol", age=BORN["bima"])
    hour.pass_(hours=24, seconds=1)
    path = f"/v1/sessions/{told.json['id']}"
    assert test_key.get(path).json["consent"]["state"] == "lapsed"
    assert settling.settle_due(hour.at) == 1
    assert settling.settle_due(hour.at) == 0
    event = test_key.get("/v1/events").json["events"][-1]
    assert event["type"] == "consent.lapsed"
    assert event["timestamp"] == (NOON + timedelta(hours=24)).isoformat()
    assert test_key.sign_up("obrol").json["state"] == "waiting", "asked again"


def test_at_17_the_simulation_confirms(platform, hour):
    house = platform("ramai", sandbox=True)
    told = house.sign_up("ramai", age=BORN["ayu"], evidence="verified", child_consent=True)
    assert told.json["consent"]["kind"] == "confirmation"
    assert simulate(house, told.json["id"], "granted").json["state"] == "open"


def test_closing_a_sandbox_account(test_key, hour):
    told = test_key.sign_up("obrol", age=BORN["bima"])
    simulate(test_key, told.json["id"], "granted")
    closed = test_key.call("DELETE", f"/v1/sessions/{told.json['id']}")
    assert (closed.json["state"], closed.json["consent"]["state"]) == ("closed", "invalidated")
    assert closed.json["deletion"]
    assert closed.json["answer"]["text"]["en"] == "This account is closed.", "and not that a consent lapsed"
    assert simulate(test_key, told.json["id"], "granted").code == "access.session-closed"


def test_whose_account_is_closed_asks_for_no_data(platform, test_key, hour):
    session = test_key.sign_up("obrol", age=BORN["ayu"]).json["id"]
    path = f"/v1/sandbox/sessions/{session}/data-request"
    made = test_key.post(path, {"right": "copy"}, idempotency_key="before")
    assert made.status == 201
    test_key.call("DELETE", f"/v1/sessions/{session}")
    refused = test_key.post(path, {"right": "copy"})
    assert (refused.status, refused.code) == (409, "access.session-closed")
    again = test_key.post(path, {"right": "copy"}, idempotency_key="before")
    assert (again.status, again.json["id"]) == (201, made.json["id"]), (
        "what was done is shown, not done again"
    )


def test_live_and_sandbox_do_not_see_each_other(platform, test_key, hour):
    live = platform("obrol")
    pretended = test_key.sign_up("obrol", age=BORN["bima"]).json["id"]
    real = live.sign_up("obrol", age=BORN["bima"]).json["id"]
    assert pretended != real
    assert live.get(f"/v1/sessions/{pretended}").status == 404
    assert test_key.get(f"/v1/sessions/{real}").status == 404
    assert len(live.get("/v1/events").json["events"]) == 1
    assert simulate(live, real, "granted").code == "access.sandbox-only"
    assert simulate(test_key, real, "granted").status == 404
