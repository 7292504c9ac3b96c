"""Addresses that are none, but meant for the door, and bodies that are nobody's."""

import io

import pytest
from django.test import Client

from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.models import WebhookEndpoint
from ruangaman.rooms.access.tests.conftest import NOON


@pytest.mark.parametrize("path", ["/v1", "//v1/ask", "///v1", "/v1/", "/v1/nope"])
def test_what_is_meant_for_the_door_gets_a_problem_document(db, path):
    for method in ("GET", "POST"):
        told = Client().generic(method, "/", PATH_INFO=path)  # the client takes `//v1` for a host
        assert told.status_code == 404, method
        assert told.headers["Content-Type"] == "application/problem+json"
        assert told.json()["code"] == "access.not-found"


@pytest.mark.parametrize("path", ["/v10", "/tidak-ada/v1/"])
def test_what_is_not_gets_a_page(db, path):
    assert Client().get(path).headers["Content-Type"].startswith("text/html")


def test_a_body_that_was_not_read_is_never_taken_for_an_empty_one(services, hour):
    """A key that begins to live between two looks: the body is gone, so nothing is done without it."""
    key = access.create_key(service="obrol", now=NOON).text
    unread = {access.BODY_UNREAD: True, "wsgi.input": io.BytesIO(), "HTTP_AUTHORIZATION": f"Bearer {key}"}
    told = Client().post("/v1/webhooks", b"{}", "application/json", **unread)
    assert (told.status_code, told.json()["code"]) == (401, "access.key-refused")
    assert not WebhookEndpoint.objects.exists()


def test_who_is_known_is_asked_before_a_body_is_waited_for(services, hour):
    made = access.create_key(service="obrol", now=NOON)
    assert access.is_known(f"Bearer {made.text}", now=NOON)
    assert not access.is_known("", now=NOON)
    assert not access.is_known("Bearer ra_live_x", now=NOON)
    access.revoke_key(made.key_id, now=NOON)
    assert not access.is_known(f"Bearer {made.text}", now=NOON)
