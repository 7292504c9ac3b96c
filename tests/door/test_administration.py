"""Who may see nothing at /admin/ does not enter it: members of Forum Anak have accounts too."""

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.places import cities, roles


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("path", ["/admin/", "/admin/auth/user/", "/admin/jsi18n/", "/admin/access/"])
@pytest.mark.parametrize("role", ["forum_anak", "pppa"])
def test_an_account_with_a_role_in_a_city_alone_is_refused(db, role, path):
    city = cities.add("kota-melati", "99.71", "Kota Melati", now=clock.now())
    user = User.objects.create_user("anggota", is_staff=True)
    roles.give(user, role, city=city, now=clock.now())
    assert browser(user).get(path).status_code == 403


def test_an_account_with_a_right_there_enters(db):
    user = User.objects.create_user("dewi", is_staff=True)
    assert browser(user).get("/admin/").status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_user"))
    assert browser(user).get("/admin/").status_code == 200
    assert browser(User.objects.create_superuser("kepala")).get("/admin/").status_code == 200


def test_who_is_not_signed_in_is_sent_to_the_door_and_everybody_may_leave(db):
    assert Client().get("/admin/").status_code == 302
    signed = browser(User.objects.create_user("anggota", is_staff=True))
    assert signed.get("/admin/password_change/").status_code == 200
    assert signed.post("/admin/logout/").status_code < 400
    assert signed.get("/admin/").status_code == 302
