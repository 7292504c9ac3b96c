"""Acts at the same moment never wait in a circle, of which PostgreSQL would end one with a fault of ours."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.at_once import together, writers

from ruangaman.adapters import http_out
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access import deliveries, events, webhooks
from ruangaman.rooms.access.models import Delivery, Event, WebhookEndpoint
from ruangaman.rooms.access.tests.conftest import BORN, Hour, answer
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger import api as ledger

__all__ = ["writers"]  # the fixture that gives SQLite a file to write side by side

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def crossed(
    monkeypatch: pytest.MonkeyPatch,
    first: Callable[[], Any],
    second: Callable[[], Any],
    module: Any,
    name: str,
) -> list[Any]:
    """Run `first` to the moment before it calls `module.name`, let `second` run for a while, then let both end."""
    there, go_on, mine = threading.Event(), threading.Event(), threading.local()
    real = getattr(module, name)

    def stop(*args: Any, **more: Any) -> Any:
        if getattr(mine, "first", False):
            there.set()
            go_on.wait(20)
        return real(*args, **more)

    monkeypatch.setattr(module, name, stop)

    def early() -> Any:
        mine.first = True
        return first()

    def late() -> Any:
        assert there.wait(20)
        threading.Timer(0.5, go_on.set).start()
        return second()

    return together(early, late)


@pytest.fixture
def hook(platform, hour: Hour) -> WebhookEndpoint:
    """An endpoint that wants everything."""
    told = platform("obrol").post("/v1/webhooks", {"url": "https://192.0.66.1/kait"})
    return WebhookEndpoint.objects.get(id=told.json["id"])


@pytest.fixture
def guardian_answers(platform, hour: Hour) -> Callable[[], Any]:
    """A live answer: it holds the ledger, then the feed, then names the endpoint in a delivery."""
    session = platform("obrol").sign_up("obrol", "p-live", age=BORN["bima"]).json["id"]
    return lambda: answer(session, yes=True, now=hour.at)


def told() -> int:
    return Event.objects.filter(kind="consent.given").count()


def test_a_test_event_and_an_answer(hook, guardian_answers, hour, monkeypatch):
    test, _ = crossed(
        monkeypatch, lambda: webhooks.test(hook, now=hour.at), guardian_answers, events, "write"
    )
    assert test is not None
    assert told() == 1


def test_a_rotation_and_an_answer(hook, guardian_answers, hour, monkeypatch):
    def rotate() -> str:
        return webhooks.rotate(hook, overlap=timedelta(hours=1), now=hour.at).secret

    secret, _ = crossed(monkeypatch, rotate, guardian_answers, ledger, "append")
    assert secret is not None
    assert told() == 1


def test_an_endpoint_that_is_stopped_and_an_answer(hook, guardian_answers, hour, monkeypatch):
    webhooks.test(hook, now=hour.at)
    taken = deliveries.take(hour.at)
    assert taken is not None

    def gone() -> str:
        return deliveries.send(taken, now=hour.at, post=lambda *_, **__: http_out.Reply(410, b""))

    became, _ = crossed(monkeypatch, gone, guardian_answers, deliveries, "disable")
    assert became == "given_up"
    assert told() == 1
    assert not Delivery.objects.filter(state="waiting", event__kind="test").exists()


def test_an_account_closed_in_the_sandbox_and_a_live_answer(platform, guardian_answers, hour, monkeypatch):
    sandbox = platform("obrol", sandbox=True)
    session = sandbox.sign_up("obrol", age=BORN["bima"]).json["id"]

    def close() -> int:
        return sandbox.call("DELETE", f"/v1/sessions/{session}").status

    status, _ = crossed(monkeypatch, close, guardian_answers, families, "close")
    assert status == 200
    assert told() == 1


def test_a_described_service_and_a_sign_up(platform, hour, monkeypatch):
    house = platform("obrol")

    def describe() -> Any:
        return access.update_service("obrol", contact="halo@obrol.example", now=hour.at)

    ref, made = crossed(
        monkeypatch, describe, lambda: house.sign_up("obrol", age=BORN["bima"]).status, ledger, "append"
    )
    assert ref is not None
    assert made == 201


def test_a_repeated_sign_up_that_asks_another_guardian_and_an_answer(platform, hour, monkeypatch):
    """The platform says the age anew and names the father; at that moment the mother answers what she was asked."""
    house = platform("obrol")
    told_first = {"age": {"at_least": 13, "at_most": 15}, "guardian": {"email": "ibu@contoh.example"}}
    session = house.sign_up("obrol", **told_first).json["id"]
    other = {"age": {"at_least": 14, "at_most": 15}, "guardian": {"email": "ayah@contoh.example"}}
    answered = crossed(
        monkeypatch,
        lambda: answer(session, yes=True, now=hour.at),
        lambda: house.sign_up("obrol", **other).status,
        ledger,
        "append",
    )
    assert answered[0] is not None
    assert answered[1] == 200
    assert told() == 1
