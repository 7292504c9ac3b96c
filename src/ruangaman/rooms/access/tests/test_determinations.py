"""Another determination of a service's risk is told to its platform, whoever enters it and however."""

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.models import Service
from ruangaman.rooms.access.tests.conftest import BORN


def told(house):
    events = house.get("/v1/events").json["events"]
    return [one["data"]["risk_profile"] for one in events if one["type"] == "determination.published"]


@pytest.fixture
def admin(db):
    client = Client()
    client.force_login(User.objects.create_superuser("kepala", password="x" * 20))

    def change(slug, **fields):
        row = Service.objects.get(slug=slug)
        path = f"/admin/access/service/{row.id}/change/"
        form = client.get(path).context["adminform"].form
        values = {name: form[name].value() for name in form.fields}
        at = timezone.localtime(values.pop("risk_determined_at"))
        sent = {name: value for name, value in values.items() if value not in (None, False)}
        sent |= {"risk_determined_at_0": at.date(), "risk_determined_at_1": at.strftime("%H:%M:%S"), **fields}
        reply = client.post(path, sent)
        assert reply.status_code == 302, reply.context["adminform"].form.errors

    return change


def test_what_is_entered_at_the_administrators_desk_is_told_as_well(platform, hour, admin):
    house = platform("obrol")
    admin("obrol", contact="halo@obrol.example")
    assert told(house) == []
    admin("obrol", risk_profile="high")
    assert told(house) == ["high"]
    assert Service.objects.get(slug="obrol").contact == "halo@obrol.example"


def test_a_sandbox_is_told_too_since_its_sessions_follow(platform, hour):
    sandbox = platform("obrol", sandbox=True)
    session = sandbox.sign_up("obrol", age=BORN["bima"]).json["id"]
    access.update_service("obrol", risk_profile="high", now=hour.pass_(hours=1))
    assert sandbox.get(f"/v1/sessions/{session}").json["answer"]["outcome"] == "deny"
    assert told(sandbox) == ["high"]


def test_a_determination_that_falls_away_is_told_too(platform, hour):
    house = platform("obrol")
    fallen = {"risk_profile": "unassessed", "risk_determined_by": "", "risk_determined_at": None}
    access.update_service("obrol", now=hour.pass_(hours=1), **fallen)
    access.update_service("obrol", now=hour.pass_(hours=1), **fallen)
    assert told(house) == ["unassessed"]
