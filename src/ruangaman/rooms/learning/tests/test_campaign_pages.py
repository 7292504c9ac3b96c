"""An officer finds the pages of campaigns, sees what is wrong in a form at its top, and draws when there is enough."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from ruangaman.adapters import clock
from ruangaman.rooms.learning import api
from ruangaman.rooms.learning.campaigns import making, organisers
from ruangaman.rooms.learning.models import Campaign
from ruangaman.rooms.learning.tests.campaigning import WANTED, joined, took
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, make

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


def groups_page(client, told):
    return text(client.get(f"/pelajaran/pemandu/{told.token}/"))


def test_a_group_that_was_not_drawn_in_time_waits_for_nothing_and_sets_its_own_day(officer, monkeypatch):
    officer.post(NEW, WANTED)
    row = Campaign.objects.get()
    told = joined(row, 1)[0]
    page = groups_page(officer, told)
    assert "Tunggu undiannya sebelum mengajar." in page
    assert "Paling lambat 4 Januari 2027." in page
    monkeypatch.setattr(clock, "now", lambda: after(29))
    page = groups_page(officer, told)
    assert "Tunggu undiannya" not in page
    assert "Kelompok ini tidak ikut dibandingkan. Tesnya tetap bisa dipakai." in page
    assert "Paling lambat" not in page
    told.teach(day(30), now=after(29))
    assert told.group.taught_on == day(30)


def test_who_leads_a_group_is_told_to_wait_for_the_draw_and_then_what_was_drawn(officer):
    officer.post(NEW, WANTED)
    row = Campaign.objects.get()
    groups = joined(row)
    early = make(campaign=row.code, region="33.74", name="6A")
    assert "Tunggu undiannya sebelum mengajar." in groups_page(officer, early)
    early.teach(day(0))
    assert "Kelompok ini tidak ikut dibandingkan." in groups_page(officer, early)
    making.draw(row, now=MONDAY)
    making.wait_from(row, day(3), now=MONDAY)
    told = {}
    for one in groups:
        one.group.refresh_from_db()
        told[one.group.arm] = groups_page(officer, one)
    assert "Kelompok ini diajar dulu." in told["teach"]
    assert "Hari pelajaran dari kampanye: 10 Desember 2026." in told["teach"]
    assert 'name="hari" value="2026-12-10"' in told["teach"]
    assert "Kelompok ini menunggu." in told["wait"]
    assert all("Jeli membaca pesan" in page for page in told.values())


def test_who_leads_a_group_sees_its_own_wording_and_not_the_other(officer):
    officer.post(NEW, WANTED | {"design": "wordings"})
    row = Campaign.objects.get()
    for letter in "AB":
        said = {
            f"{name}_{language}": f"Kata {letter}"
            for name in ("headline", "text")
            for language in ("id", "en")
        }
        making.word(row, letter, said, now=MONDAY)
    groups = joined(row)
    making.draw(row, now=MONDAY)
    for one in groups:
        one.group.refresh_from_db()
        mine, other = ("A", "B") if one.group.arm == "A" else ("B", "A")
        page = groups_page(officer, one)
        assert f"Kelompok ini memakai kata-kata {mine}." in page
        assert f"<p>Kata {mine}</p>" in page
        assert f"Kata {other}" not in page
        assert f"poster-{mine}.pdf" in page
        assert f"/pelajaran/p/{row.wordings.get(letter=mine).code}" in page


def test_of_one_class_no_interval_is_spoken_of(client):
    told = make(seats_wanted=12)
    took(told, "pre", lambda n: 1, 0)
    told.teach(day(1))
    took(told, "delayed", lambda n: 4, 29)
    api.settle_due(after(57))
    page = text(client.get(f"/pelajaran/pemandu/{told.token}/hasil"))
    assert "Kelas ini: 17% benar sebelum pelajaran, 67% setelah 28 hari." in page
    assert "95 persen" not in page
