"""Whoever signs in at the staff's door is led to a page that their account may see."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.desk import staff
from ruangaman.rooms.learning import api as learning
from ruangaman.rooms.places import cities, roles

pytestmark = pytest.mark.django_db

PASSWORD = "kuda hijau naik sepeda"
WITH = {
    "kelurahan": {"area": "99.71.01.1001"},
    "ngo": {"organisation": "Yayasan Melati"},
    "company": {"organisation": "PT Melati"},
    "body": {"body": "pu"},
}
BEGINS = {
    "pppa": "/kota/kota-melati/kerja/laporan",
    "kelurahan": "/kota/kota-melati/kerja/laporan",
    "bappeda": "/kota/kota-melati/kerja/jawab",
    "body": "/kota/kota-melati/kerja/instansi",
}


@pytest.fixture(autouse=True)
def _fresh_tries():
    staff.TRIES._left.clear()


def account(name: str, **rights: bool) -> User:
    access.add_staff(name, now=clock.now(), **rights)
    user = User.objects.get(username=name)
    user.set_password(PASSWORD)
    user.save()
    return user


def led(name: str, **more: str) -> tuple[str, int]:
    """Where signing in leads, and what the page answers."""
    client = Client()
    where = client.post("/petugas/masuk", {"username": name, "password": PASSWORD} | more)["Location"]
    return where, client.get(where).status_code


def test_organisers_begin_at_campaigns_until_that_is_taken_away():
    account("dinas")
    assert led("dinas") == ("/petugas/", 403)  # no right yet: the page says whom to ask
    learning.give_organiser("dinas", name="Dinas Pendidikan", region="33", now=clock.now())
    assert led("dinas") == ("/pelajaran/kampanye/", 200)
    assert led("dinas", next="/pelajaran/kampanye/baru") == ("/pelajaran/kampanye/baru", 200)
    learning.end_organiser("dinas", region="33", now=clock.now())
    assert led("dinas") == ("/petugas/", 403)


def test_officers_begin_at_their_letters_whatever_else_they_are():
    account("dewi", officer=True, admin=True)
    learning.give_organiser("dewi", name="Dinas Pendidikan", region="33", now=clock.now())
    assert led("dewi") == ("/petugas/", 200)


def test_administrators_who_are_nothing_else_begin_at_the_administration():
    account("kepala", admin=True)
    assert led("kepala") == ("/admin/", 200)


@pytest.mark.parametrize("role", [one for one in roles.ACTS if one != roles.PROVINCE])
def test_each_role_of_a_city_begins_where_it_may_look(role):
    city = cities.add("kota-melati", "99.71", "Kota Melati", now=clock.now())
    user = account("warga")
    row = roles.give(user, role, city=city, now=clock.now(), **WITH.get(role, {}))
    assert led("warga") == (BEGINS.get(role, "/kota/kota-melati/"), 200)
    roles.end(row, now=clock.now())
    assert led("warga") == ("/petugas/", 403)


def test_who_checks_for_a_province_begins_at_its_cities():
    cities.add("kota-melati", "99.71", "Kota Melati", now=clock.now())
    roles.give(account("provinsi"), roles.PROVINCE, province="99", now=clock.now())
    assert led("provinsi") == ("/provinsi/99/", 200)
