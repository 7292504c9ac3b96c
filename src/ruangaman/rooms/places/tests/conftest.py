"""A city, a clock that the test moves, and people with roles."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.contrib.auth.models import User

from ruangaman.adapters import clock
from ruangaman.core.kla.scoring import Told
from ruangaman.rooms.places import cities, roles
from ruangaman.rooms.places.kla import cards
from ruangaman.rooms.places.models import KlaCard

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # 12.00 WIB


class Hour:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def hour(monkeypatch):
    found = Hour()
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture
def melati(db):
    """A small city."""
    return cities.add("kota-melati", "99.71", "Kota Melati", now=NOON)


@pytest.fixture
def person(melati):
    """Makes an account with a role in the city: `person("pppa")`."""

    def made(role: str, **more: str) -> User:
        user = User.objects.create_user(f"{role}-{User.objects.count()}", is_staff=True)
        needed = {"kelurahan": {"area": "99.71.01.1001"}, "ngo": {"organisation": "Yayasan Melati"}}
        needed |= {"body": {"body": "pu"}}
        needed |= {"company": {"organisation": "PT Melati"}}
        roles.give(user, role, city=melati, now=NOON, **(needed.get(role, {}) | more))
        return user

    return made


@pytest.fixture
def users(person):
    """Two auditors."""
    return person("auditor"), person("ngo")


@pytest.fixture
def office(person):
    """Who decides about audits."""
    return person("pppa")


@pytest.fixture
def city(melati, settings, tmp_path):
    """The city, built, with places to report at."""
    from .reporting import build  # which knows this file

    settings.CITIES_DIR = tmp_path
    build(tmp_path / melati.slug)
    return melati


@pytest.fixture
def moderator(person, city):
    """Who looks at reports before they are shown."""
    from .reporting import acting

    return acting(person("pppa"), city, "moderate")


# The scorecard


@pytest.fixture
def pppa(person):
    return person("pppa")


@pytest.fixture
def bappeda(person):
    return person("bappeda")


@pytest.fixture
def provincial(melati):
    user = User.objects.create_user("provinsi", is_staff=True)
    roles.give(user, "province", province="99", now=NOON)
    return user


@pytest.fixture
def card(melati, pppa, hour) -> KlaCard:
    """The card of 2026 with known weights, 721 points claimed."""
    from .kla_house import loaded

    loaded(melati, pppa)
    found = cards.begin(melati, 2026, now=NOON)
    told = {no: (Told(share=Decimal("0.72")), "") for no in range(2, 25)} | {
        1: (Told(points=Decimal("29.8")), "")
    }
    cards.save_scores(found, told, by=pppa, now=NOON)
    return found
