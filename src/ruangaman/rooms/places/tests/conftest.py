"""A city, a clock that the test moves, and people with roles."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import User

from ruangaman.adapters import clock
from ruangaman.rooms.places import cities, roles

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
        needed |= {"company": {"organisation": "PT Melati"}}
        roles.give(user, role, city=melati, now=NOON, **(needed.get(role, {}) | more))
        return user

    return made
