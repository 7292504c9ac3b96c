"""An office sees what was sent to it and nothing else, answers in plain words, and shows what it did."""

import html
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import get_resolver

from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import roles
from ruangaman.rooms.places.errors import NotFound, RoleRefused
from ruangaman.rooms.places.models import Report, ReportStep
from ruangaman.rooms.places.report_errors import ReportRefused
from ruangaman.rooms.places.reports import answers, clocks, desk, sending

from .auditing import metadata_of
from .conftest import NOON
from .reporting import ANSWER, EAST, acting, answered, exif, photo, published, told

pytestmark = pytest.mark.usefixtures("hour")
BASE = "/kota/kota-melati"
OFFICE = f"{BASE}/kerja/instansi"


@pytest.fixture
def works(person, city):
    return acting(person("body"), city, "handle")


@pytest.fixture
def mine(city, moderator):
    return published(city, moderator, told(city))


@pytest.fixture
def theirs(city, moderator):
    return published(city, moderator, told(city, where=f"a:{EAST}"), body="dishub")


def browser(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def done(**more) -> dict:
    form = {"jawaban": "solved", "teks": ANSWER["id"], "teks_en": ANSWER["en"], "selesai": "2026-11-25"}
    return form | more


def picture() -> SimpleUploadedFile:
    return SimpleUploadedFile("hasil.jpg", photo(exif=exif()), "image/jpeg")


def test_it_sees_its_own_and_no_others(city, works, mine, theirs):
    page = browser(works.user)
    listed = page.get(OFFICE)
    assert "Laporan untuk Dinas Pekerjaan Umum" in text_of(listed)
    assert f"{OFFICE}/{mine.pk}" in listed.content.decode()
    assert str(theirs.pk) not in listed.content.decode()
    assert page.get(f"{OFFICE}/{mine.pk}").status_code == 200
    assert page.get(f"{OFFICE}/{theirs.pk}").status_code == 404
    assert page.post(f"{OFFICE}/{theirs.pk}", done()).status_code == 404
    for query in ("?instansi=dishub", "?instansi="):
        assert str(theirs.pk) not in page.get(OFFICE + query).content.decode()
    with pytest.raises(NotFound):
        answers.answer(city, works, theirs.pk, what="answered", said=ANSWER, now=NOON)


def test_what_waits_to_be_read_is_not_its(city, works):
    row = told(city)
    assert browser(works.user).get(f"{OFFICE}/{row.pk}").status_code == 404


def test_no_other_page_of_the_city_is_open_to_it(city, works):
    page = browser(works.user)
    tried = 0
    for pattern in get_resolver("ruangaman.rooms.places.urls").url_patterns:
        route = str(pattern.pattern)
        if "/kerja/" not in route and not re.search(r"/(audit|perbaikan)/$", route):
            continue
        path = "/" + route.replace("<slug:slug>", city.slug).replace("<int:year>", "2026")
        if "<" in path or path == OFFICE:
            continue
        tried += 1
        answer = page.get(path)
        answer = page.post(path) if answer.status_code == 405 else answer
        assert answer.status_code in (302, 403), path
    assert tried > 8


def test_it_answers_in_both_languages_and_says_when_it_was_done(city, works, mine):
    page = browser(works.user)
    assert page.post(f"{OFFICE}/{mine.pk}", done(teks_en="")).status_code == 400
    for wrong in ("", "2026-11-26", "2020-01-01", "kemarin"):
        refused = page.post(f"{OFFICE}/{mine.pk}", done(selesai=wrong))
        assert refused.status_code == 400, wrong
        assert "Tulis tanggal selesainya" in text_of(refused)
    sent = page.post(f"{OFFICE}/{mine.pk}", done())
    assert (sent.status_code, sent["Location"]) == (303, f"{OFFICE}/{mine.pk}#riwayat")
    public = text_of(Client().get(f"{BASE}/laporan/{mine.serial}"))
    assert "dikerjakan 25 November 2026" in public
    assert ANSWER["id"] in public
    mine.refresh_from_db()
    assert mine.state == "solved"


def test_a_photo_of_it_is_sealed_until_another_adult_looked(city, works, moderator, mine):
    page = browser(works.user)
    assert page.post(f"{OFFICE}/{mine.pk}", done(jawaban="planned", foto=picture())).status_code == 400
    assert page.post(f"{OFFICE}/{mine.pk}", done(foto=picture())).status_code == 303
    shown = f"{BASE}/laporan/{mine.serial}/sesudah"
    step = ReportStep.objects.get(what="solved")
    assert step.photo_state == "waiting"
    assert Client().get(shown).status_code == 404
    assert page.get(f"{BASE}/kerja/laporan/{mine.pk}/sesudah").status_code == 403
    look = browser(moderator.user)
    assert f"{BASE}/kerja/laporan/{mine.pk}#done-show" in look.get(f"{BASE}/kerja/laporan").content.decode()
    data = look.get(f"{BASE}/kerja/laporan/{mine.pk}/sesudah").content
    assert data[:2] == b"\xff\xd8"
    assert metadata_of(data) == []
    assert look.post(f"{BASE}/kerja/laporan/{mine.pk}", {"act": "done-show"}).status_code == 303
    assert Client().get(shown).content == data
    assert "Turunkan dan hapus foto" not in text_of(Client().get(f"{BASE}/laporan/{mine.serial}"))
    assert "Turunkan dan hapus foto" in text_of(look.get(f"{BASE}/laporan/{mine.serial}"))
    down = f"{BASE}/laporan/{mine.serial}/turunkan"
    assert page.post(down, {"foto": "sesudah"}).status_code == 403
    assert Client().get(shown).status_code == 200
    assert look.post(down, {"foto": "sesudah"}).status_code == 303
    assert Client().get(shown).status_code == 404
    assert look.post(down, {"foto": "sesudah"}).status_code == 303  # twice is once
    kinds = Entry.objects.filter(kind="report.done-photo-looked")
    assert kinds.count() == 2


def test_who_sent_a_photo_never_says_that_it_shows_nobody(city, moderator, mine):
    answered(city, acting(moderator.user, city, "answer"), mine, "solved", photo=photo())
    with pytest.raises(ReportRefused) as refused:
        desk.look_at_done(city, moderator, mine.pk, show=True, now=NOON)
    assert refused.value.facts["why"] == "photo-own"


def test_a_photo_ends_with_its_report(city, works, moderator, mine, hour):
    answers.answer(city, works, mine.pk, what="solved", said=ANSWER, photo=photo(), now=NOON)
    desk.look_at_done(city, moderator, mine.pk, show=True, now=NOON)
    step = ReportStep.objects.get(what="solved")
    mine.refresh_from_db()
    clocks.settle_due(mine.forget_at)
    assert sending.photo_of(step) == b""
    step.refresh_from_db()
    assert (step.photo, step.photo_state) == ([], "")


def test_an_old_report_whose_key_is_gone_takes_no_photo_and_ends_all_the_same(city, works, mine, hour):
    mine.refresh_from_db()
    later = mine.forget_at
    clocks.settle_due(later)
    with pytest.raises(ReportRefused) as refused:
        answers.answer(city, works, mine.pk, what="solved", said=ANSWER, photo=photo(), now=later)
    assert refused.value.facts["why"] == "photo-old"
    answers.answer(city, works, mine.pk, what="solved", said=ANSWER, now=later)
    assert Report.objects.get(pk=mine.pk).state == "solved"


def test_what_is_not_its_task_it_sends_on_and_sees_no_more(city, works, mine):
    page = browser(works.user)
    sent = page.post(f"{OFFICE}/{mine.pk}", {"act": "send", "instansi": "dishub"})
    assert (sent.status_code, sent["Location"]) == (303, OFFICE)
    assert page.get(f"{OFFICE}/{mine.pk}").status_code == 404


def test_it_has_its_clock(city, works, mine, hour):
    clock = mine.clocks.get(what="answer")
    hour.at = clock.remind_at
    assert "hampir habis" in text_of(browser(works.user).get(OFFICE))
    hour.at = clock.due_at + timedelta(minutes=1)
    assert "1 terlambat." in text_of(browser(works.user).get(OFFICE))


@pytest.mark.parametrize("body", ["", "tidak_ada"])
def test_an_office_that_the_citys_table_does_not_name_has_no_account(city, works, body):
    with pytest.raises(RoleRefused) as refused:
        roles.give(works.user, "body", city=city, body=body, now=NOON)
    assert refused.value.facts["why"] == "body"
    with pytest.raises(RoleRefused):
        roles.give(works.user, "pppa", city=city, body="pu", now=NOON)


def test_one_account_answers_for_two_offices(city, works, mine, theirs):
    roles.give(works.user, "body", city=city, body="dishub", now=NOON)
    listed = browser(works.user).get(OFFICE).content.decode()
    assert str(mine.pk) in listed
    assert str(theirs.pk) in listed
    roles.end_of(works.user, "body", city=city, body="pu", now=NOON)
    assert str(mine.pk) not in browser(works.user).get(OFFICE).content.decode()
