"""Accounts of the staff: nobody but their person knows the password, and guessing is slow."""

import re
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.desk import staff
from ruangaman.rooms.ledger.models import Entry

PASSWORD = "tiga kucing di atas atap"


@pytest.fixture(autouse=True)
def _fresh_tries():
    staff.TRIES._left.clear()


@pytest.fixture
def link(db) -> str:
    return urlsplit(access.add_staff("dewi", officer=True, now=clock.now())).path


def chosen(client: Client, path: str, first: str = PASSWORD, second: str | None = None):
    shown = client.get(path, follow=True)
    where = shown.redirect_chain[-1][0] if shown.redirect_chain else path
    return client.post(where, {"new_password1": first, "new_password2": second or first})


def sign_in(name: str = "dewi", password: str = PASSWORD, client: Client | None = None, **more):
    return (client or Client()).post("/petugas/masuk", {"username": name, "password": password} | more)


def test_a_new_account_has_no_password_until_its_person_sets_one_by_the_link(link):
    assert not User.objects.get().has_usable_password()
    assert sign_in(password="").status_code == 200
    done = chosen(Client(), link)
    assert (done.status_code, done["Location"]) == (302, "/petugas/masuk")
    assert sign_in()["Location"] == "/petugas/"
    assert [one.kind for one in Entry.objects.order_by("index")] == ["staff.added", "staff.password-set"]


def test_looking_at_the_link_changes_nothing_and_using_it_ends_it(link):
    for _ in range(3):
        assert "Pilih kata sandi" in Client().get(link, follow=True).content.decode()
    assert not User.objects.get().has_usable_password()
    chosen(Client(), link)
    gone = Client().get(link, follow=True)
    assert gone.status_code == 410
    assert "Tautan ini sudah dipakai atau lewat waktunya." in gone.content.decode()
    assert chosen(Client(), link, "kata sandi orang lain").status_code == 410
    assert sign_in()["Location"] == "/petugas/"


def test_the_token_leaves_the_address_at_once(link):
    shown = Client().get(link)
    assert shown.status_code == 302
    assert link.rsplit("/", 1)[1] not in shown["Location"]


@pytest.mark.parametrize(
    ("later", "status"), [(timedelta(hours=24), 200), (timedelta(hours=24, seconds=2), 410)]
)
def test_the_link_ends_after_a_day(link, monkeypatch, later, status):
    at = datetime.now() + later - timedelta(seconds=1)
    monkeypatch.setattr(PasswordResetTokenGenerator, "_now", lambda _self: at)
    assert Client().get(link, follow=True).status_code == status


def test_a_second_link_ends_the_first_and_the_password(link):
    chosen(Client(), link)
    signed = Client()
    sign_in(client=signed)
    assert signed.get("/petugas/").status_code == 200
    fresh = urlsplit(access.add_staff("dewi", now=clock.now())).path
    assert signed.get("/petugas/").status_code == 302
    assert sign_in().status_code == 200
    assert chosen(Client(), fresh).status_code == 302
    assert staff.is_officer(User.objects.get())


@pytest.mark.parametrize("password", ["pendek", "password1234"])
def test_a_weak_password_is_refused_and_the_link_goes_on(link, password):
    assert chosen(Client(), link, password).status_code == 200
    assert chosen(Client(), link, PASSWORD, "tiga kucing di bawah atap").status_code == 200
    assert not User.objects.get().has_usable_password()
    assert chosen(Client(), link).status_code == 302


@pytest.mark.parametrize("name", ["", "nama dengan spasi", "x" * 151, "a/b"])
def test_a_name_that_cannot_sign_in_is_refused(db, name):
    with pytest.raises(RuangAmanError) as refused:
        access.add_staff(name, now=clock.now())
    assert refused.value.code == "access.staff-name-refused"
    assert User.objects.count() == 0


def test_after_five_wrong_tries_the_right_password_waits_too_and_the_page_says_how_long(link):
    chosen(Client(), link)
    for _ in range(5):
        assert sign_in(password="salah salah salah").status_code == 200
    stopped = sign_in()
    assert stopped.status_code == 429
    assert re.search(r"Tunggu \d+ detik", stopped.content.decode())
    assert int(stopped["Retry-After"]) <= 61
    assert sign_in("anto", "salah salah salah").status_code == 200  # another name is not held up


def test_signing_in_never_leads_to_another_house(link):
    chosen(Client(), link)
    assert sign_in(next="https://jahat.example/")["Location"] == "/petugas/"
    assert sign_in(next="/petugas/?giliran=kita")["Location"] == "/petugas/?giliran=kita"


def test_an_administrator_cannot_type_a_password_for_somebody(db):
    root = User.objects.create_superuser("kepala", password="x" * 20)
    other = User.objects.create_user("dewi", password="y" * 20)
    client = Client()
    client.force_login(root)
    assert client.get("/admin/auth/user/add/").status_code == 403
    assert client.post(f"/admin/auth/user/{other.pk}/password/", {}).status_code == 403
    shown = client.get(f"/admin/auth/user/{other.pk}/change/")
    assert shown.status_code == 200
    for gone in ("pbkdf2", "../password/"):
        assert gone not in shown.content.decode()


def test_the_desk_at_admin_is_entered_by_the_same_door_and_guessing_there_is_as_slow(db):
    path = urlsplit(access.add_staff("kepala", admin=True, officer=False, now=clock.now())).path
    chosen(Client(), path)
    client = Client()
    shown = client.get("/admin/access/service/", follow=True)
    assert unquote(shown.redirect_chain[-1][0]) == "/petugas/masuk?next=/admin/access/service/"
    assert "Masuk untuk petugas" in shown.content.decode()
    straight = {"username": "kepala", "password": PASSWORD, "next": "/admin/"}
    assert client.post("/admin/login/", straight)["Location"] == "/petugas/masuk"
    assert client.get("/admin/").status_code == 302
    for _ in range(5):
        assert sign_in("kepala", "salah", client, next="/admin/").status_code == 200
    assert sign_in("kepala", PASSWORD, client, next="/admin/").status_code == 429
    assert client.get("/admin/").status_code == 302
    staff.TRIES._left.clear()
    assert sign_in("kepala", PASSWORD, client, next="/admin/")["Location"] == "/admin/"
    assert client.get("/admin/access/service/").status_code == 200


def test_an_address_ends_no_password_and_without_one_the_link_is_given(db, client):
    path = urlsplit(access.add_staff("dewi", mail="dewi@kota.example", now=clock.now())).path
    assert not access.staff_signs_in("dewi")
    assert access.add_staff("dewi", mail="dewi@kota.example", now=clock.now())  # nobody has set one yet
    user = User.objects.get()
    user.set_password(PASSWORD)
    user.save()
    assert access.staff_signs_in("dewi")
    assert access.add_staff("dewi", mail="baru@kota.example", officer=True, now=clock.now()) == ""
    user.refresh_from_db()
    assert user.email == "baru@kota.example"
    assert user.check_password(PASSWORD)
    assert staff.is_officer(User.objects.get())
    assert Entry.objects.order_by("index").last().kind == "staff.changed"
    assert urlsplit(access.add_staff("dewi", now=clock.now())).path != path
    assert not access.staff_signs_in("dewi")
    assert not access.staff_signs_in("siapa")


def test_an_account_that_was_closed_is_opened_by_a_link_alone(db):
    User.objects.create_user("dewi", password=PASSWORD, is_staff=True, is_active=False)
    assert access.add_staff("dewi", mail="dewi@kota.example", now=clock.now())
    assert not User.objects.get().has_usable_password()


def test_an_account_has_an_address_only_when_it_is_given_one(db):
    access.add_staff("dewi", mail=" dewi@kota.example ", now=clock.now())
    assert User.objects.get().email == "dewi@kota.example"
    access.add_staff("dewi", now=clock.now())
    assert User.objects.get().email == "dewi@kota.example"
    with pytest.raises(RuangAmanError) as refused:
        access.add_staff("dewi", mail="dewi di kota", now=clock.now())
    assert refused.value.code == "access.staff-mail-refused"
    access.add_staff("dewi", mail="", now=clock.now())
    assert User.objects.get().email == ""
    assert b"kota.example" not in b"".join(bytes(one.entry) for one in Entry.objects.all())
