"""Conditions in a call (RFC 9110 13): a reader is spared what it knows, a writer is refused before anything is done."""

import pytest

from ruangaman.rooms.access.models import AccessSession, IdempotencyKey, WebhookEndpoint
from ruangaman.rooms.access.tests.conftest import BORN

pytestmark = pytest.mark.slow


@pytest.fixture
def house(platform, hour):
    return platform("obrol")


@pytest.fixture
def session(house):
    made = house.sign_up("obrol", age=BORN["bima"])
    path = f"/v1/sessions/{made.json['id']}"
    return path, house.get(path).headers["ETag"]


def test_a_reader_is_spared_what_it_knows(house, session):
    path, tag = session
    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        for method in ("GET", "HEAD"):
            told = house.call(method, path, if_none_match=known)
            assert (told.status, told.json) == (304, None)
            assert told.headers["ETag"] == tag
            assert not {"Content-Type", "Content-Length"} & set(told.headers)
    assert house.get(path, if_none_match='"other"').status == 200
    assert house.get(path, if_match=tag).status == 200
    refused = house.get(path, if_match='"other"')
    assert (refused.status, refused.code) == (412, "access.precondition-failed")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("if_none_match", "{tag}"),
        ("if_none_match", "W/{tag}"),
        ("if_none_match", "*"),
        ("if_match", '"other"'),
        ("if_match", "W/{tag}"),
    ],
)
def test_a_writer_whose_condition_does_not_hold_changes_nothing(house, session, name, said):
    path, tag = session
    refused = house.call("DELETE", path, **{name: said.format(tag=tag)})
    assert (refused.status, refused.code) == (412, "access.precondition-failed")
    assert AccessSession.objects.get().closed_at is None
    assert house.get(path).headers["ETag"] == tag


@pytest.mark.parametrize(
    ("name", "said"), [("if_match", "{tag}"), ("if_match", "*"), ("if_none_match", '"other"')]
)
def test_a_writer_whose_condition_holds_gets_what_was_done_and_never_a_304(house, session, name, said):
    path, tag = session
    told = house.call("DELETE", path, **{name: said.format(tag=tag)})
    assert (told.status, told.json["state"]) == (200, "closed")
    again = house.call("DELETE", path, if_none_match=f'"a", "{told.headers["ETag"]}"')
    assert again.status == 200


def test_where_nothing_can_be_shown_nothing_matches(house, session):
    """No GET shows anything at this address, so `If-Match` never holds there and `If-None-Match` always does."""
    path, tag = session
    body = {"age": {"at_least": 13, "at_most": 15}, "evidence": "verified"}
    refused = house.post(f"{path}/age", body, if_match="*", idempotency_key="k-1")
    assert (refused.status, refused.code) == (412, "access.precondition-failed")
    assert not IdempotencyKey.objects.exists()
    assert house.post(f"{path}/age", body, if_none_match="*").status == 200
    assert house.post(f"{path}/age", body, if_none_match=tag).status == 200
    assert house.post("/v1/webhooks", {"url": "https://platform.example/"}, if_none_match="*").status == 412
    assert not WebhookEndpoint.objects.exists()


def test_a_thing_that_is_not_there_is_not_found_whatever_the_condition(house):
    gone = "/v1/sessions/019a0000-0000-7000-8000-000000000000"
    assert house.call("DELETE", gone, if_match="*").code == "access.not-found"
