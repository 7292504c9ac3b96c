"""What tests of campaigns share: the hour, an organiser, and a campaign of theirs."""

import pytest
from django.contrib.auth.models import User

from ruangaman.adapters import clock
from ruangaman.rooms.learning.campaigns import making, organisers
from ruangaman.rooms.learning.models import Campaign, Organiser
from ruangaman.rooms.learning.tests.classes import MONDAY, day


class Hour:
    at = MONDAY

    def __call__(self):
        return self.at


@pytest.fixture
def hour(monkeypatch):
    told = Hour()
    monkeypatch.setattr(clock, "now", told)
    return told


@pytest.fixture
def dinas(db) -> Organiser:
    User.objects.create_user("dinas", is_staff=True)
    return organisers.give("dinas", name="Dinas Pendidikan", region="33", now=MONDAY)


@pytest.fixture
def signed_in(client, dinas, hour):
    client.force_login(dinas.user)
    return client


@pytest.fixture
def campaign(dinas):
    def made(**other) -> Campaign:
        told = {
            "name_id": "Jeli membaca pesan",
            "name_en": "Look twice",
            "audience": "B3",
            "objectives": ("B3-2",),
            "region": "33",
            "reach_goal": 100,
            "effect_goal": 0.2,
            "design": "waitlist",
            "starts_on": day(0),
            "ends_on": day(56),
        } | other
        return making.make(dinas, making.Asked(**told), now=MONDAY)

    return made
