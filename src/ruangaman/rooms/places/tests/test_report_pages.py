"""The pages of reports and votes as people without and with an account meet them, by HTTP alone."""

import html
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruangaman.core.reports.grid import cell_of
from ruangaman.rooms.places import votes
from ruangaman.rooms.places.models import Report, VoteRound
from ruangaman.rooms.places.reports import sending, tables, wheres
from ruangaman.rooms.places.reports.sending import find

from .conftest import NOON
from .reporting import ANSWER, EAST, PLAIN, STORY, WEST, answered, idea, photo, published, told

pytestmark = pytest.mark.usefixtures("hour")

BASE = "/kota/kota-melati"
FORM = {
    "apa": "dark",
    "cerita": "Lampu di gang mati.",
    "tempat": "p:taman-1",
    "hari": "any",
    "jam": "evening",
}


@pytest.fixture
def desk(moderator):
    """A browser in which the moderator is signed in."""
    client = Client()
    client.force_login(moderator.user)
    return client


def text_of(answer) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def test_a_child_sends_saves_and_reads(client, city, desk, hour):
    page = client.get(f"{BASE}/lapor")
    assert page["Cache-Control"] == "no-store"
    assert "Taman Melati" in text_of(page)
    once = re.search(r'name="once" value="([^"]+)"', page.content.decode()).group(1)
    sent = client.post(f"{BASE}/lapor", FORM | {"once": once})
    assert (sent.status_code, sent["Location"]) == (303, f"{BASE}/lapor/tanda-terima")
    client.post(f"{BASE}/lapor", FORM | {"once": once})
    row = Report.objects.get()
    receipt = text_of(client.get(sent["Location"]))
    number, word = sending.shown_number(row), sending.secret_words(row)["id"]
    assert number in receipt
    assert word in receipt
    other = Client()
    assert other.get(f"{BASE}/lapor/tanda-terima").status_code == 410
    wrong = other.post(f"{BASE}/lapor/lihat", {"nomor": number, "kata": "padi padi padi"})
    assert wrong.status_code == 404
    assert other.post(f"{BASE}/lapor/lihat", {"nomor": number, "kata": word}).status_code == 303
    assert "Belum diperiksa." in text_of(other.get(f"{BASE}/lapor/lihat"))
    hour.pass_(minutes=16)
    assert "Kata rahasia" in text_of(other.get(f"{BASE}/lapor/lihat"))
    assert client.get(f"{BASE}/lapor/tanda-terima").status_code == 410


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"apa": ""}, "Pilih dulu"),
        ({"cerita": " "}, "Tulis dulu ceritanya."), ({"jam": "07.00"}, "Pilih lagi kapan."),
        ({"tempat": "p:x"}, "tidak ada di daftar"),
    ],
)  # fmt: skip
def test_a_form_that_is_not_complete_says_what_and_keeps_what_was_written(client, city, change, said):
    answer = client.post(f"{BASE}/lapor", FORM | change)
    assert answer.status_code == 400
    assert said in text_of(answer)
    assert ("Lampu di gang mati." in text_of(answer)) is ("cerita" not in change)
    assert not Report.objects.exists()


def test_a_photo_goes_along_and_what_is_none_is_told(client, city):
    good = SimpleUploadedFile("sari-di-rumah.jpg", photo(size=(640, 480)))
    assert client.post(f"{BASE}/lapor", FORM | {"foto": good}).status_code == 303
    assert Report.objects.get().photo_state == "waiting"
    bad = client.post(f"{BASE}/lapor", FORM | {"foto": SimpleUploadedFile("a.jpg", b"<html>")})
    assert bad.status_code == 400
    assert "bukan foto" in text_of(bad)


def test_a_body_that_is_too_large_is_refused_unread(client, city):
    large = SimpleUploadedFile("a.jpg", bytes(8_200_000))
    answer = client.post(f"{BASE}/lapor", FORM | {"foto": large})
    assert answer.status_code == 413
    assert "terlalu besar" in text_of(answer)


def test_a_form_from_another_site_is_refused(city):
    assert Client(enforce_csrf_checks=True).post(f"{BASE}/lapor", FORM).status_code == 403
    assert not Report.objects.exists()


def test_from_the_map_comes_a_square_alone(client, city):
    cell = cell_of(106.8151, -6.1933, 100)
    page = client.get(f"{BASE}/lapor?sel={cell}").content.decode()
    assert f'name="tempat" value="c:{cell}"' in page
    for wrong in ("106.8151,-6.1933", "x", "1:2:3", "999999999999:1"):
        assert 'value="c:' not in client.get(f"{BASE}/lapor?sel={wrong}").content.decode()
    client.post(f"{BASE}/lapor", FORM | {"tempat": f"c:{cell}"})
    assert Report.objects.get().area == EAST


def test_with_many_places_a_kelurahan_is_chosen_first(client, city, monkeypatch):
    from ruangaman.rooms.places.views import reports

    monkeypatch.setattr(reports, "FEW", 2)
    page = text_of(client.get(f"{BASE}/lapor"))
    assert "Di kelurahan mana?" in page
    assert "Taman Melati" not in page
    page = text_of(client.get(f"{BASE}/lapor?kel={WEST}"))
    assert "Taman Melati" in page
    assert "SDN Karanganyar" not in page


def test_danger_shows_the_helpline_at_once(client, city):
    client.post(f"{BASE}/lapor", FORM | {"apa": "person", "cerita": "Ada orang mengancam."})
    receipt = client.get(f"{BASE}/lapor/tanda-terima").content.decode()
    assert 'href="tel:129"' in receipt
    client.post(f"{BASE}/lapor", FORM)
    assert 'href="tel:129"' not in client.get(f"{BASE}/lapor/tanda-terima").content.decode()


def test_a_moderator_reads_rewords_and_a_body_answers(client, city, desk, hour):
    row = told(city, photo=photo(size=(640, 480)))
    inbox = text_of(desk.get(f"{BASE}/kerja/laporan"))
    assert sending.shown_number(row) in inbox
    assert "rumahku" not in inbox
    here = f"{BASE}/kerja/laporan/{row.pk}"
    assert "rumahku" not in text_of(desk.get(here))
    assert desk.get(f"{here}/foto").status_code == 404
    assert desk.post(here, {"act": "open"}).status_code == 303
    opened = text_of(desk.get(here))
    assert "rumahku" in opened
    assert "rumah atau alamat, nama orang" in opened
    assert desk.get(f"{here}/foto")["Content-Type"] == "image/jpeg"
    copied = desk.post(here, {"act": "publish", "teks": STORY, "teks_en": "x", "instansi": "pu"})
    assert copied.status_code == 400
    form = {"act": "publish", "teks": PLAIN["id"], "teks_en": PLAIN["en"], "instansi": "pu", "foto": "ya"}
    assert desk.post(here, form).status_code == 303
    assert desk.post(here, form).status_code == 409
    assert client.get(f"{BASE}/laporan/1/foto")["Content-Type"] == "image/jpeg"
    answers = f"{BASE}/kerja/jawab/{row.pk}"
    assert PLAIN["id"] in text_of(desk.get(f"{BASE}/kerja/jawab?instansi=pu"))
    told_without_day = desk.post(answers, {"jawaban": "planned", "teks": "Ya.", "teks_en": "Yes."})
    assert told_without_day.status_code == 400
    form = {"jawaban": "planned", "tanggal": "2026-12-01", "teks": ANSWER["id"], "teks_en": ANSWER["en"]}
    assert desk.post(answers, form).status_code == 303
    assert desk.post(answers, {"act": "send", "instansi": "dishub"}).status_code == 303
    page = text_of(client.get(f"{BASE}/laporan/1"))
    for said in (PLAIN["id"], ANSWER["id"], "1 Desember 2026", "Direncanakan", "Dinas Perhubungan"):
        assert said in page
    found = find(city, row.number, sending.secret_words(row)["id"], network="a", now=hour())
    assert found == row


def test_a_refusal_and_a_join_are_read_by_the_sender(client, city, desk, moderator):
    first = published(city, moderator, told(city))
    client.post(f"{BASE}/lapor", FORM | {"apa": "hole", "cerita": "Got terbuka di taman"})
    row = Report.objects.get(state="received")
    here = f"{BASE}/kerja/laporan/{row.pk}"
    desk.post(here, {"act": "open"})
    assert "Mungkin sama dengan" in text_of(desk.get(here))
    assert desk.post(here, {"act": "join", "dengan": "x"}).status_code == 400
    assert desk.post(here, {"act": "join", "dengan": str(first.pk)}).status_code == 303
    answered(city, moderator, first, "solved")
    number, word = sending.shown_number(row), sending.secret_words(row)["en"]
    client.post(f"{BASE}/lapor/lihat", {"nomor": number, "kata": word})
    page = text_of(client.get(f"{BASE}/lapor/lihat"))
    for said in ("Sudah selesai.", "2 orang melaporkan hal ini.", ANSWER["id"]):
        assert said in page
    other = told(city, words="Kepala dinas jelek")
    here = f"{BASE}/kerja/laporan/{other.pk}"
    desk.post(here, {"act": "open"})
    form = {
        "act": "refuse",
        "alasan": "about_a_person",
        "alasan_teks": "Ini tentang orang.",
        "alasan_teks_en": "It is about a person.",
    }
    assert desk.post(here, form).status_code == 303
    client.post(f"{BASE}/lapor/lihat", {"nomor": other.number, "kata": sending.secret_words(other)["id"]})
    assert "Ini tentang orang." in text_of(client.get(f"{BASE}/lapor/lihat"))


def test_the_public_list_filters_by_links_and_says_what_is_late(client, city, moderator, hour):
    for index in range(3):
        published(city, moderator, told(city, words=f"Lubang {index}"))
    published(
        city,
        moderator,
        idea(city, "Aku mau zebra", where=f"a:{EAST}"),
        said={"id": "Minta zebra cross.", "en": "A crossing please."},
    )
    answered(city, moderator, Report.objects.get(serial=2), "solved")
    answered(city, moderator, Report.objects.get(serial=3), "not_solved", reason="no_money")

    def rows(query: str) -> list[str]:
        return re.findall(r"/laporan/(\d+)\"", client.get(f"{BASE}/laporan?{query}").content.decode())

    assert rows("") == ["4", "3", "2", "1"]
    assert rows("status=terbuka") == ["4", "1"]
    assert rows("status=selesai") == ["2"]
    assert rows("status=tidak-bisa") == ["3"]
    assert rows("jenis=ide") == ["4"]
    assert rows(f"kel={WEST}&status=terbuka") == ["1"]
    assert rows("status=x&jenis=y&hal=z") == ["4", "3", "2", "1"]
    from ruangaman.rooms.places import api

    api.settle_due(hour.pass_(days=5))
    assert "Terlambat" in text_of(client.get(f"{BASE}/laporan?status=terbuka&jenis=bahaya"))


def test_no_link_is_made_from_what_anybody_wrote(client, city, moderator):
    said = {"id": "Kabel <a href=//jahat>klik</a> jatuh", "en": "A <script>alert(1)</script> cable"}
    published(city, moderator, told(city), said=said)
    for language in ("id", "en"):
        page = client.get(f"{BASE}/laporan/1?bahasa={language}").content.decode()
        assert "<a href=//jahat" not in page
        assert "<script>alert" not in page


def test_private_joined_and_unread_ones_are_not_public(client, city, moderator, desk):
    hidden = published(city, moderator, told(city), private=True)
    waiting = told(city)
    assert client.get(f"{BASE}/laporan/{hidden.serial}").status_code == 404
    assert client.get(f"{BASE}/laporan/0").status_code == 404
    text = (
        client.get(f"{BASE}/laporan").content.decode()
        + client.get(f"{BASE}/laporan.geojson").content.decode()
    )
    assert waiting.number not in text
    assert PLAIN["id"] not in text
    first = published(city, moderator, told(city, words="Satu"))
    second = published(city, moderator, told(city, words="Dua"))
    desk.post(f"{BASE}/kerja/laporan/{second.pk}", {"act": "join", "dengan": str(first.pk)})
    moved = client.get(f"{BASE}/laporan/{second.serial}")
    assert (moved.status_code, moved["Location"]) == (302, f"{BASE}/laporan/{first.serial}")


def test_the_city_page_has_its_doors(client, city, desk):
    assert f"{BASE}/lapor" in client.get(f"{BASE}/").content.decode()
    assert f"{BASE}/kerja/laporan" not in client.get(f"{BASE}/").content.decode()
    assert f"{BASE}/kerja/laporan" in desk.get(f"{BASE}/").content.decode()


WORK = ["kerja/laporan", "kerja/laporan/aturan", "kerja/jawab", "kerja/suara"]


@pytest.mark.parametrize("path", WORK)
def test_work_is_for_those_who_have_it(client, city, person, path):
    assert client.get(f"{BASE}/{path}").status_code == 302
    client.force_login(person("company"))
    assert client.get(f"{BASE}/{path}").status_code == 403


def test_a_table_is_loaded_and_a_broken_one_is_told(city, desk):
    here = f"{BASE}/kerja/laporan/aturan"
    text = tables.text_of(city, "clocks").replace("days: 14", "days: 12")
    good = SimpleUploadedFile("jam.yaml", text.encode())
    assert desk.post(here, {"bagian": "clocks", "berkas": good}).status_code == 303
    assert tables.clocks(city).of["answer"].takes.days == 12
    page = text_of(desk.get(here))
    assert "Tabel kota, versi" in page
    for form in ({"bagian": "clocks"}, {"bagian": "x", "berkas": SimpleUploadedFile("a", b"a: 1")},
                 {"bagian": "bodies", "berkas": SimpleUploadedFile("a", b"bodies: 1")}):  # fmt: skip
        assert desk.post(here, form).status_code == 400


def test_a_member_votes_on_the_page_and_everybody_reads_the_result(
    client, city, moderator, desk, person, hour
):
    for index, text in enumerate(["Zebra cross.", "Lampu gang."]):
        published(city, moderator, idea(city, f"Aku mau {index}"), said={"id": text, "en": f"Idea {index}."})
    form = {"judul": "Pilih ide", "judul_en": "Choose", "aturan": "approval", "hari": "7", "ide": ["1", "2"]}
    assert desk.post(f"{BASE}/kerja/suara", form | {"ide": ["1"]}).status_code == 400
    assert desk.post(f"{BASE}/kerja/suara", form)["Location"] == f"{BASE}/suara/1"
    public = text_of(client.get(f"{BASE}/suara/1"))
    assert "Satu surat suara menyetujui 1 sampai 3 ide." in public
    assert "Kirim suaraku" not in public
    assert client.post(f"{BASE}/suara/1/pilih", {"ide": "1"}).status_code == 302
    assert desk.post(f"{BASE}/suara/1/pilih", {"ide": "1"}).status_code == 403
    for index in range(5):
        member = Client()
        member.force_login(person("forum_anak"))
        assert "Kirim suaraku" in text_of(member.get(f"{BASE}/suara/1"))
        assert member.post(f"{BASE}/suara/1/pilih", {}).status_code == 400
        assert (
            member.post(f"{BASE}/suara/1/pilih", {"ide": ["1", "2"] if index else ["2"]}).status_code == 303
        )
        assert "Suaramu sudah dihitung." in text_of(member.get(f"{BASE}/suara/1"))
        assert member.post(f"{BASE}/suara/1/pilih", {"ide": ["1"]}).status_code == 409
    assert client.get(f"{BASE}/suara/1.json").status_code == 404
    votes.settle_due(hour.pass_(days=7))
    page = text_of(client.get(f"{BASE}/suara/1"))
    row = VoteRound.objects.get()
    for said in ("Terpilih", "5 surat suara dari 5 anggota.", row.sha256):
        assert said in page
    assert client.get(f"{BASE}/suara/1.json").content.decode() == row.result
    assert "Pilih ide" in text_of(client.get(f"{BASE}/suara"))
    assert "Ikut pemungutan suara Forum Anak 1" in text_of(client.get(f"{BASE}/laporan/2"))


def test_forum_anak_opens_a_round_itself(city, person, moderator):
    for index in range(2):
        published(
            city, moderator, idea(city, f"Aku mau {index}"), said={"id": f"Ide {'abc'[index]}.", "en": "x."}
        )
    client = Client()
    client.force_login(person("forum_anak"))
    form = {"judul": "Pilih", "judul_en": "Choose", "aturan": "approval", "hari": "7", "ide": ["1", "2"]}
    assert client.post(f"{BASE}/kerja/suara", form).status_code == 303


def test_the_network_limit_is_told_with_its_wait(client, city, monkeypatch, person):
    text = re.sub(r"an_hour: \d+", "an_hour: 2", tables.text_of(city, "kinds"))
    tables.load(city, "kinds", text.encode(), by=person("pppa"), now=NOON)
    answers = [client.post(f"{BASE}/lapor", FORM) for _ in range(3)]
    assert [one.status_code for one in answers] == [303, 303, 429]
    assert int(answers[2]["Retry-After"]) > 0


def test_places_change_with_the_files_of_the_city(city, tmp_path):
    before = wheres.of_city(city, 100)
    (tmp_path / city.slug / "results" / "places.json").write_text("[]")
    assert len(before.places) == 2
    assert list(wheres.of_city(city, 100).places) == []
