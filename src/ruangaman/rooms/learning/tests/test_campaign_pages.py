"""An officer finds the pages of campaigns, sees what is wrong in a form at its top, and draws when there is enough."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from ruangaman.adapters import clock
from ruangaman.rooms.learning import api
from ruangaman.rooms.learning.campaigns import making, organisers
from ruangaman.rooms.learning.models import Campaign
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, make
from ruangaman.rooms.learning.tests.test_campaigns import WANTED, joined, took

pytestmark = pytest.mark.django_db
LIST, NEW = "/pelajaran/kampanye/", "/pelajaran/kampanye/baru"


@pytest.fixture(autouse=True)
def _monday(monkeypatch):
    monkeypatch.setattr(clock, "now", lambda: MONDAY)


@pytest.fixture
def officer(client):
    user = User.objects.create_user("dinas", is_staff=True)
    organisers.give("dinas", name="Dinas Pendidikan", region="33", now=MONDAY)
    client.force_login(user)
    return client


def text(answer):
    return answer.content.decode()


def test_from_the_doors_an_officer_finds_the_campaigns_and_where_to_sign_in(client):
    assert f'href="{LIST}"' in text(client.get("/pelajaran/"))
    page = text(client.get(LIST))
    assert f'<a href="{NEW}">Masuk untuk penyelenggara</a>' in page
    assert "Kampanye baru" not in page
    User.objects.create_user("dinas", is_staff=True)
    begins = api.give_organiser("dinas", name="Dinas Pendidikan", region="33", now=MONDAY)
    assert begins.endswith(NEW)


def test_who_organises_makes_a_new_one_from_the_list(officer):
    page = text(officer.get(LIST))
    assert f'<a href="{NEW}">Kampanye baru</a>' in page
    assert "Masuk untuk penyelenggara" not in page


def test_what_is_wrong_leads_from_the_top_to_its_field_and_the_office_stays_chosen(officer):
    second = organisers.give("dinas", name="Kantor Desa", region="33.74", now=MONDAY)
    told = WANTED | {"ends_on": "2026-12-08", "organiser": str(second.pk), "region": "33.74"}
    page = text(officer.post(NEW, told))
    top, _form, rest = page.partition('<form method="post" class="stack">')
    assert '<a href="#salah-ends_on">Dari mulai sampai selesai minimal 28 hari' in top
    assert 'aria-invalid="true" aria-describedby="salah-ends_on"' in rest
    assert rest.count("aria-invalid") == 1
    assert f'<option value="{second.pk}" selected>Kantor Desa</option>' in rest


def test_the_draw_is_offered_when_there_are_groups_enough(officer):
    officer.post(NEW, WANTED)
    row = Campaign.objects.get()
    desk = reverse("learning:campaign", args=[row.slug])
    joined(row, making.FEWEST_GROUPS - 1)
    assert "7 kelompok siap diundi" in text(officer.get(desk))
    assert "Undi sekarang" not in text(officer.get(desk))
    make(campaign=row.code, region="33.74", name="6A")
    assert "Undi sekarang" in text(officer.get(desk))


def test_a_hard_sentence_of_a_message_stands_once_with_what_to_do_in_the_readers_language(officer):
    officer.post(NEW, WANTED)
    row = Campaign.objects.get()
    hard = "Penyelenggara itu berkesinambungan."
    said = {
        "headline_id": "Jeli",
        "headline_en": "Look",
        "text_id": f"{hard} Lihat dulu.",
        "text_en": "Look.",
    }
    making.word(row, "A", said, now=MONDAY)
    desk = reverse("learning:campaign", args=[row.slug])
    page = text(officer.get(desk))
    assert page.count(f"<li>{hard}") == 1
    assert "“berkesinambungan” tidak ada di daftar kata pembaca ini." in page
    assert "“berkesinambungan” is not among the words" in text(officer.get(desk + "?bahasa=en"))


def test_of_one_class_no_interval_is_spoken_of(client):
    told = make(seats_wanted=12)
    took(told, "pre", lambda n: 1, 0)
    told.teach(day(1))
    took(told, "delayed", lambda n: 4, 29)
    api.settle_due(after(57))
    page = text(client.get(f"/pelajaran/pemandu/{told.token}/hasil"))
    assert "Kelas ini: 17% benar sebelum pelajaran, 67% setelah 28 hari." in page
    assert "95 persen" not in page
