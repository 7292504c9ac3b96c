"""Who may do what in a city."""

import pytest
from django.contrib.auth.models import AnonymousUser, User
from django.http import HttpResponse

from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import cities, roles
from ruangaman.rooms.places.errors import CityRefused, NotFound, RoleRefused
from ruangaman.rooms.places.models import City, Role

from .conftest import NOON

EVERY_ACT = frozenset().union(*roles.ACTS.values())


@pytest.mark.parametrize("role", sorted(set(roles.ACTS) - {roles.PROVINCE}))
def test_a_role_may_what_its_table_says_and_nothing_else(role, person, melati):
    user = person(role)
    assert {act for act in EVERY_ACT if roles.may(user, melati, act)} == roles.ACTS[role]


def test_another_city_is_closed(person, melati):
    other = cities.add("kota-mawar", "99.72", "Kota Mawar", now=NOON)
    assert not any(roles.may(person("pppa"), other, act) for act in EVERY_ACT)


def test_a_province_looks_at_its_cities_alone(melati):
    user = User.objects.create_user("provinsi", is_staff=True)
    roles.give(user, "province", province="99", now=NOON)
    elsewhere = cities.add("kota-jauh", "31", "Kota Jauh", now=NOON)
    assert roles.may(user, melati, "check")
    assert not roles.may(user, melati, "plan")
    assert not roles.may(user, elsewhere, "look")


@pytest.mark.django_db
def test_nobody_and_an_administrator_have_no_role(melati):
    for user in (AnonymousUser(), User.objects.create_superuser("admin")):
        assert not any(roles.may(user, melati, act) for act in EVERY_ACT)


def test_what_ended_is_over_and_may_be_given_again(person, melati):
    user = person("bappeda")
    roles.end(Role.objects.get(user=user), now=NOON)
    assert not roles.may(user, melati, "plan")
    roles.give(user, "bappeda", city=melati, now=NOON)
    assert roles.may(user, melati, "plan")
    assert Entry.objects.filter(kind="places.role-given").count() == 2
    assert Entry.objects.filter(kind="places.role-ended").count() == 1


def test_an_account_that_was_closed_may_nothing(person, melati):
    user = person("pppa")
    user.is_active = False
    assert not roles.may(user, melati, "look")


def test_given_twice_is_given_once(person, melati):
    user = person("pppa")
    assert roles.give(user, "pppa", city=melati, now=NOON) == Role.objects.get(user=user)


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("wali_kota", {}),
        ("kelurahan", {}),
        ("kelurahan", {"area": "31.71.01.1001"}),
        ("pppa", {"area": "99.71.01.1001"}),
        ("ngo", {}),
        ("company", {"organisation": " "}),
        ("pppa", {"city": None}),
        ("pppa", {"province": "99"}),
        ("province", {"province": "99"}),
        ("province", {"city": None, "province": "9x"}),
    ],
)
def test_a_role_without_what_it_needs_is_refused(role, more, melati):
    user = User.objects.create_user("siapa", is_staff=True)
    with pytest.raises(RoleRefused):
        roles.give(user, role, now=NOON, **({"city": melati} | more))
    assert not Role.objects.exists()


def test_a_kelurahan_is_inside_its_own_area(person, melati):
    who = roles.acting(person("kelurahan"), melati, "answer")
    assert who is not None
    assert who.inside("99.71.01.1001")
    assert who.inside("99.71.01.1001.RW01")
    assert not who.inside("99.71.01.1002")
    assert not who.inside("99.71.01.10011")


@pytest.mark.parametrize(
    "told",
    [("Kota", "31.71", "x"), ("a" * 41, "31.71", "x"), ("kota", "3171", "x"), ("kota", "31.71", " "),
     ("kota-melati", "31.71", "x"), ("kota-lain", "99.71", "x")],
)  # fmt: skip
def test_a_city_that_is_not_complete_or_taken_is_refused(told, melati):
    with pytest.raises(CityRefused):
        cities.add(*told, now=NOON)
    assert City.objects.get() == melati


def test_a_city_is_renamed_and_found(melati):
    assert cities.add("kota-melati", "99.71", "Melati Baru", now=NOON).name == "Melati Baru"
    assert cities.get("kota-melati").name == "Melati Baru"
    assert [one.slug for one in cities.every("99")] == ["kota-melati"]
    assert not cities.every("31")
    with pytest.raises(NotFound):
        cities.get("tidak-ada")


def test_a_page_asks_for_the_right(rf, person, melati):
    page = roles.needs("plan")(lambda request, city, who: HttpResponse(f"{city.slug} {who.role}"))
    request = rf.get("/kota/kota-melati/rencana")
    request.user = AnonymousUser()
    assert page(request, "kota-melati").status_code == 302
    request.user = person("forum_anak")
    assert page(request, "kota-melati").status_code == 403
    request.user = person("bappeda")
    assert page(request, "kota-melati").content == b"kota-melati bappeda"


def test_several_roles_are_one_for_each_and_the_widest_first(person, melati):
    user = person("kelurahan")
    roles.give(user, "kelurahan", city=melati, area="99.71.01.1002", now=NOON)
    roles.give(user, "ngo", city=melati, organisation="Yayasan Melati", now=NOON)
    found = [(one.role, one.areas) for one in roles.ways(user, melati, "audit")]
    assert found == [("ngo", ()), ("kelurahan", ("99.71.01.1001", "99.71.01.1002"))]
    assert [one.role for one in roles.ways(user, melati, "moderate")] == ["kelurahan"]
    for act in EVERY_ACT:  # whatever one of the roles may somewhere, the account may there
        for area in ("99.71.01.1001", "99.71.01.1002", "99.71.01.1003"):
            ways = roles.ways(user, melati, act)
            first = roles.acting(user, melati, act)
            assert any(one.inside(area) for one in ways) == bool(first and first.inside(area))
    assert roles.acting(user, melati, "pledge", role="kelurahan").organisation == ""
    assert roles.acting(user, melati, "pledge", role="pppa") is None
    assert roles.acting(user, melati, "moderate", role="ngo") is None


def test_a_role_is_ended_by_its_name_and_only_once(person, melati):
    user = person("kelurahan")
    with pytest.raises(NotFound):
        roles.end_of(user, "kelurahan", city=melati, area="99.71.01.1002", now=NOON)
    roles.end_of(user, "kelurahan", city=melati, area="99.71.01.1001", now=NOON)
    assert not roles.may(user, melati, "look")
    with pytest.raises(NotFound):
        roles.end_of(user, "kelurahan", city=melati, area="99.71.01.1001", now=NOON)
