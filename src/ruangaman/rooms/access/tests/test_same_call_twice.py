"""The same call twice at the same moment: one effect, one answer, on both databases."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from tests.at_once import together, writers

from ruangaman.adapters import http_out
from ruangaman.rooms.access import sessions as acts
from ruangaman.rooms.access import webhooks
from ruangaman.rooms.access.models import AccessSession, Event, GuardianAsk, IdempotencyKey
from ruangaman.rooms.access.tests.conftest import SARI, Hour, Platform, Told
from ruangaman.rooms.families.models import Child, ConsentRequest
from ruangaman.rooms.ledger.models import Entry

__all__ = ["writers"]  # the fixture that gives SQLite a file to write side by side

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

BODY = {
    "service": "obrol",
    "subject": "p-1",
    "age": {"at_least": 14, "at_most": 14},
    "child": {"nickname": "Bima"},
}
COUNTED = (AccessSession, GuardianAsk, ConsentRequest, Child, Event, Entry, IdempotencyKey)


def post(key: str, body: dict[str, Any], idempotency_key: str = "k-1") -> Callable[[], Told]:
    return lambda: Platform(key, Client()).post("/v1/sessions", body, idempotency_key=idempotency_key)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


@pytest.mark.parametrize("calls", [2, 5])
def test_the_same_call_from_several_threads_has_one_effect_and_one_answer(platform, hour: Hour, calls):
    alone = platform("obrol")
    before = counts()
    post(alone.key, BODY | {"subject": "p-0"}, "k-0")()
    one = {name: count - before[name] for name, count in counts().items()}
    before = counts()
    told = together(*[post(alone.key, BODY) for _ in range(calls)])
    assert {name: count - before[name] for name, count in counts().items()} == one
    assert [one.status for one in told] == [201] * calls
    assert len({json.dumps(one.json, sort_keys=True) for one in told}) == 1
    replayed = [one.headers.get("Idempotency-Replayed") for one in told]
    assert sorted(replayed, key=str) == [None] + ["true"] * (calls - 1)


def test_another_body_under_the_same_key_at_the_same_moment_is_refused_and_does_nothing(platform, hour: Hour):
    key = platform("obrol").key
    told = together(post(key, BODY), post(key, BODY | {"subject": "p-2"}))
    assert sorted(one.status for one in told) == [201, 422]
    assert [one.code for one in told if one.status == 422] == ["access.idempotency-key-reused"]
    assert AccessSession.objects.count() == 1


def test_the_second_call_waits_for_the_first_instead_of_doing_the_act_as_well(
    platform, hour: Hour, monkeypatch
):
    key, inside, go_on, runs = platform("obrol").key, threading.Event(), threading.Event(), []
    real = acts.open_session

    def slow(*args: Any, **more: Any) -> Any:
        runs.append(1)
        inside.set()
        assert go_on.wait(20)
        return real(*args, **more)

    monkeypatch.setattr(acts, "open_session", slow)

    def second() -> Told:
        assert inside.wait(20)
        threading.Timer(0.5, go_on.set).start()
        return post(key, BODY)()

    first, other = together(post(key, BODY), second)
    assert (first.status, other.status, len(runs)) == (201, 201, 1)
    assert first.json == other.json
    connections.close_all()


def test_a_first_call_that_fails_leaves_the_key_to_the_one_that_waited(platform, hour: Hour, monkeypatch):
    key, inside, go_on, runs = platform("obrol").key, threading.Event(), threading.Event(), []
    real = acts.open_session

    def breaks_once(*args: Any, **more: Any) -> Any:
        runs.append(1)
        if len(runs) == 1:
            inside.set()
            assert go_on.wait(20)
            raise acts.CountryUnknown
        return real(*args, **more)

    monkeypatch.setattr(acts, "open_session", breaks_once)

    def second() -> Told:
        assert inside.wait(20)
        threading.Timer(0.5, go_on.set).start()
        return post(key, BODY)()

    first, other = together(post(key, BODY), second)
    assert (first.code, other.status) == ("access.country-unknown", 201)
    assert IdempotencyKey.objects.get().ref == AccessSession.objects.get().id


def test_a_repetition_shows_how_things_stand_and_never_opens_what_was_closed_meanwhile(platform, hour: Hour):
    from ruangaman.rooms.access.tests.conftest import answer, withdraw

    house = platform("dongeng-kita")
    body = {"service": "dongeng-kita", "subject": "p-1", "age": SARI}
    made = house.post("/v1/sessions", body, idempotency_key="k-1")
    guardian = answer(made.json["id"], yes=True, now=hour.pass_(minutes=1))
    opened = house.post("/v1/sessions", body, idempotency_key="k-2")
    assert (opened.status, opened.json["state"]) == (200, "open")
    withdraw(made.json["id"], guardian, now=hour.pass_(minutes=1))
    again = house.post("/v1/sessions", body, idempotency_key="k-2")
    assert again.headers["Idempotency-Replayed"] == "true"
    assert (again.status, again.json["state"]) == (200, "waiting" if again.json["next"] else "closed")
    assert again.json["state"] != "open"


@pytest.mark.parametrize("more", [{}, {"idempotency_key": "k-1"}], ids=["bare", "with a key"])
def test_no_transaction_waits_for_a_name_server(platform, hour: Hour, monkeypatch, more):
    inside: list[bool] = []

    def look(target: http_out.Target, **_: float) -> tuple[str, ...]:
        inside.append(connection.in_atomic_block)
        return ("192.0.2.1",)

    monkeypatch.setattr(http_out, "resolve", look)
    told = platform("obrol").post("/v1/webhooks", {"url": "https://slow.example/kait"}, **more)
    assert (told.status, inside) == (201, [False])


def test_silent_name_servers_hold_two_threads_of_web_for_a_moment_and_no_more(
    platform, hour: Hour, monkeypatch
):
    asked: list[str] = []
    answers = threading.Event()
    house = platform("obrol")

    def silent(host: str, *_: Any, **__: Any) -> list[Any]:
        asked.append(host)
        answers.wait(20)
        return []

    def register() -> tuple[int, int]:
        asked.clear()
        told = house.post("/v1/webhooks", {"url": "https://silent.example/kait"})
        return told.status, len(asked)

    monkeypatch.setattr(http_out.socket, "getaddrinfo", silent)
    monkeypatch.setattr(webhooks, "LOOK_S", 0.2)
    begun = time.monotonic()
    try:
        assert register() == (201, 1)
        with webhooks._LOOKING, webhooks._LOOKING:
            assert register() == (201, 0)
        assert register() == (201, 1)
        assert time.monotonic() - begun < 15
    finally:
        answers.set()
