"""Evidence of a scorecard: what is taken, who confirms it, which points are at risk, what the house itself knows."""

import contextlib
import hashlib
import io
import json
import re
import zipfile
from datetime import date

import pytest
from django.core.files import uploadedfile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ruangaman.adapters import kla_files
from ruangaman.core.kla.errors import WeightsRefused
from ruangaman.rooms.places import kla_feeds
from ruangaman.rooms.places.errors import EvidenceRefused
from ruangaman.rooms.places.kla import cards, files, proofs
from ruangaman.rooms.places.models import KlaEvidence, KlaFile

from .conftest import NOON
from .kla_house import DAY, PDF, D, entries, photo, signed_in

# Evidence


def office(names: dict[str, bytes], *, core: bytes = b"<x>Budi Santoso</x>") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, data in {"[Content_Types].xml": b"<Types/>", "docProps/core.xml": core, **names}.items():
            made.writestr(name, data)
    return out.getvalue()


def test_a_photo_keeps_nothing_of_the_camera_and_a_document_nothing_of_its_author():
    kept = files.read(photo())
    assert (kept.media, kept.extension) == ("image/jpeg", "jpg")
    assert b"KAMERA RAHASIA" in photo()
    assert b"KAMERA" not in kept.data
    assert not dict(Image.open(io.BytesIO(kept.data)).getexif())
    out = io.BytesIO()
    Image.new("RGBA", (20, 10), (1, 2, 3, 4)).save(out, "PNG")
    assert files.read(out.getvalue()).extension == "png"
    sheet = files.read(office({"xl/workbook.xml": b"<workbook/>"}))
    assert sheet.extension == "xlsx"
    with zipfile.ZipFile(io.BytesIO(sheet.data)) as folded:
        assert b"Budi" not in folded.read("docProps/core.xml")
        assert folded.read("xl/workbook.xml") == b"<workbook/>"
    assert files.read(office({"word/document.xml": b"<x/>"})).extension == "docx"
    assert files.read(PDF).media == "application/pdf"


def test_a_real_sheet_survives_being_cleaned():
    from openpyxl import Workbook, load_workbook

    book = Workbook()
    book.properties.creator = "Budi Santoso"
    book.active["A1"] = "Jumlah anak"
    out = io.BytesIO()
    book.save(out)
    assert b"Budi" in zipfile.ZipFile(io.BytesIO(out.getvalue())).read("docProps/core.xml")
    kept = load_workbook(io.BytesIO(files.read(out.getvalue()).data))
    assert kept.active["A1"].value == "Jumlah anak"
    assert "Budi" not in str(kept.properties.creator)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"x" * (files.MOST_BYTES + 1), "large"),
        (b"<html>hai</html>", "kind"),
        (b"GIF89a", "kind"),
        (b"\xff\xd8\xff\xe0 no picture", "broken"),
        (b"%PDF-1.7 cut", "broken"),
        (b"%PDF-1.7 /JavaScript \n%%EOF", "acts"),
        (b"%PDF-1.7 <script>x</script>\n%%EOF", "mixed"),
        (b"PK\x03\x04 no archive", "broken"),
        (office({"hal.html": b"x"}), "kind"),
        (office({"xl/workbook.xml": b"x", "xl/vbaProject.bin": b"x"}), "acts"),
        (office({"xl/workbook.xml": b"x", "xl/embeddings/a.bin": b"x"}), "acts"),
        (office({"xl/workbook.xml": b" " * (files.MOST_UNFOLDED + 1)})[:100] + b"", "broken"),
        (b"RIFF\0\0\0\0WAVE", "kind"),
    ],
)
def test_what_is_no_evidence_is_refused(data, why):
    with pytest.raises(EvidenceRefused) as refused:
        files.read(data)
    assert refused.value.facts["why"] == why


def test_a_picture_that_unfolds_too_far_is_refused_unseen():
    out = io.BytesIO()
    Image.new("1", (6000, 6000)).save(out, "PNG")
    with pytest.raises(EvidenceRefused) as refused:
        files.read(out.getvalue())
    assert refused.value.facts["why"] == "large"


def test_an_archive_that_unfolds_too_far_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("[Content_Types].xml", b"<Types/>")
        made.writestr("xl/workbook.xml", b" " * (files.MOST_UNFOLDED + 1))
    with pytest.raises(EvidenceRefused) as refused:
        files.read(out.getvalue())
    assert refused.value.facts["why"] == "large"


def sent(**form) -> dict:
    told = {
        "jenis": "file",
        "judul": "SK Gugus Tugas",
        "pertanyaan": "2.1",
        "tanggal": "2026-05-01",
        "sampai": "",
    }
    return told | form


def test_a_large_file_never_touches_the_disk_in_the_clear(card, pppa, monkeypatch):
    def on_a_disk(*_: object, **__: object) -> None:
        raise AssertionError("a file of a form was written")

    monkeypatch.setattr(uploadedfile.tempfile, "NamedTemporaryFile", on_a_disk)
    large = PDF[:-6] + b"%" * 3_000_000 + b"\n%%EOF\n"
    add = reverse("places:kla-add", args=["kota-melati", 2026, 2])
    client = Client(enforce_csrf_checks=True)
    client.force_login(pppa)
    assert client.post(add, sent(berkas=SimpleUploadedFile("x.pdf", large))).status_code == 403
    page = reverse("places:kla-indicator", args=["kota-melati", 2026, 2])
    word = re.search(r'csrfmiddlewaretoken" value="(\w+)"', client.get(page).content.decode())[1]
    form = sent(csrfmiddlewaretoken=word, berkas=SimpleUploadedFile("x.pdf", large))
    assert client.post(add, form).status_code == 302
    assert KlaEvidence.objects.get().sha256 == hashlib.sha256(large).hexdigest()
    form = sent(csrfmiddlewaretoken=word, berkas=SimpleUploadedFile("x.pdf", large * 3))
    assert client.post(add, form).status_code == 422


def test_evidence_is_brought_by_one_confirmed_by_another_and_never_shown_as_a_page(card, pppa, bappeda):
    add = reverse("places:kla-add", args=["kota-melati", 2026, 2])
    answer = signed_in(pppa).post(add, sent(berkas=SimpleUploadedFile("x.exe", PDF)))
    assert answer.status_code == 302
    row = KlaEvidence.objects.get()
    assert row.sha256 == hashlib.sha256(PDF).hexdigest()
    page = reverse("places:kla-indicator", args=["kota-melati", 2026, 2])
    assert "belum dikonfirmasi orang kedua" in signed_in(bappeda).get(page).content.decode()
    change = reverse("places:kla-evidence", args=["kota-melati", row.pk])
    own = signed_in(pppa).post(change, {"act": "confirm"})
    assert own.status_code == 422
    assert "dikonfirmasi orang lain" in own.content.decode()
    assert signed_in(bappeda).post(change, {"act": "confirm"}).status_code == 302
    assert signed_in(bappeda).post(change, {"act": "confirm"}).status_code == 422
    assert cards.board(card).lines[1].standing == "fine"
    found = signed_in(bappeda).get(reverse("places:kla-file", args=["kota-melati", row.pk]))
    assert found.content == PDF
    assert found["Content-Disposition"].startswith("attachment;")
    assert found["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in found["Content-Security-Policy"]


def test_the_ledger_holds_no_hash_that_tells_the_file_and_a_withdrawn_one_is_forgotten(card, pppa):
    row = proofs.add_file(card, 2, PDF, title="SK", question="", by=pppa, now=NOON, **DAY)
    told = entries("kla-evidence-added")[0]["public"]
    assert told["hash"] == hashlib.sha256(bytes(row.salt) + row.sha256.encode()).hexdigest()
    change = reverse("places:kla-evidence", args=["kota-melati", row.pk])
    assert signed_in(pppa).post(change, {"act": "withdraw", "alasan": ""}).status_code == 422
    assert signed_in(pppa).post(change, {"act": "withdraw", "alasan": "Ada nama anak"}).status_code == 302
    row.refresh_from_db()
    assert not KlaFile.objects.exists()
    assert (row.salt, row.sha256, row.size) == (None, "", 0)
    assert signed_in(pppa).get(reverse("places:kla-file", args=["kota-melati", row.pk])).status_code == 404
    assert cards.board(card).lines[1].standing == "missing"
    page = (
        signed_in(pppa).get(reverse("places:kla-indicator", args=["kota-melati", 2026, 2])).content.decode()
    )
    assert "Ada nama anak" in page
    with pytest.raises(EvidenceRefused):
        proofs.withdraw(row, why="lagi", by=pppa, now=NOON)


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        ({}, "Pilih satu berkas."),
        ({"judul": ""}, "Tulis judul."),
        ({"judul": "telepon 081234567890"}, "Jangan tulis surel"),
        ({"tanggal": ""}, "Tanggal ini tidak mungkin."),
        ({"tanggal": "2027-01-01"}, "Tanggal ini tidak mungkin."),
        ({"tanggal": "1900-01-01"}, "Tanggal ini tidak mungkin."),
        ({"sampai": "2026-04-30"}, "Tanggal ini tidak mungkin."),
        ({"sampai": "besok"}, "Tanggal ini tidak mungkin."),
        ({"jenis": "link", "tautan": "http://kota.go.id/x"}, "https://"),
        ({"jenis": "link", "tautan": "javascript:alert(1)"}, "https://"),
        ({"jenis": "link", "tautan": "https://a:b@kota.go.id/"}, "https://"),
        ({"jenis": "link", "tautan": "https://[x"}, "https://"),
        ({"jenis": "plan", "tanggal": "2026-01-01"}, "Tanggal ini tidak mungkin."),
        ({"jenis": "result", "hasil": "walk"}, "Hasil ini tidak ada lagi."),
    ],
)
def test_evidence_that_is_not_complete_is_refused_in_words(card, pppa, form, sentence):
    told = sent(**form)
    if form.get("jenis", "file") == "file" and form:
        told["berkas"] = SimpleUploadedFile("x.pdf", PDF)
    answer = signed_in(pppa).post(reverse("places:kla-add", args=["kota-melati", 2026, 2]), told)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not KlaEvidence.objects.exists()


def test_points_at_risk_and_the_forecast_follow_the_evidence(card, pppa, bappeda):
    for no in range(1, 25):
        row = proofs.add_link(
            card, no, "https://melati.example/sk", title="SK", question="", by=pppa, now=NOON, **DAY
        )
        if no > 4:
            proofs.confirm(row, by=bappeda, now=NOON)
    old = proofs.add_link(
        card, 24, "https://melati.example/lama", title="Lama", question="", dated=date(2020, 1, 1), until=None,
        by=pppa, now=NOON,
    )  # fmt: skip
    proofs.add_plan(card, 1, title="Perda baru", question="", by_day=date(2026, 12, 1), by=pppa, now=NOON)
    proofs.add_plan(card, 2, title="Terlambat", question="", by_day=date(2027, 2, 1), by=pppa, now=NOON)
    seen = cards.board(card)
    assert seen.lines[23].standing == "mixed"
    assert (seen.at_risk.low, seen.at_risk.high) == (D("116.2"), D("152.2"))
    ahead = [one.low for one in (seen.forecast.low, seen.forecast.likely, seen.forecast.high)]
    assert ahead == [D("568.8"), D("634.6"), D(721)]
    proofs.withdraw(old, why="Terlalu lama", by=pppa, now=NOON)
    assert cards.board(card).at_risk.high == D("116.2")
    text = signed_in(pppa).get(reverse("places:kla-card", args=["kota-melati", 2026])).content.decode()
    assert "116,20" in text or "116,2" in text


# Results of this house


def put(folder, name: str, content) -> None:
    (folder / "results").mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(json.dumps(content))


COLUMNS = ["code", "level", "name", "parent", "age", "light", "mobility", "reach", "metres", "children", "safe",
           "unknown", "unsafe", "low", "high", "share_low", "share_high", "kept_back"]  # fmt: skip


def coverage(*rows) -> dict:
    full = []
    for row in rows:
        told = {
            "age": "6-12",
            "light": "day",
            "mobility": "foot",
            "reach": "sdg",
            "metres": 400,
            "kept_back": 0,
        } | row
        full.append([told.get(name, "") for name in COLUMNS])
    return {"columns": COLUMNS, "rows": full}


@pytest.fixture
def folder(settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    found = tmp_path / "kota-melati"
    put(found, "city.json", {"format": 1, "made_on": "2026-11-01"})
    return found


def test_results_that_are_not_there_are_no_zero(card, pppa, settings, tmp_path):
    settings.CITIES_DIR = tmp_path
    assert all(not found for found in kla_feeds.facts(card.city, NOON).values())
    page = (
        signed_in(pppa).get(reverse("places:kla-indicator", args=["kota-melati", 2026, 11])).content.decode()
    )
    assert "Belum ada data." in page
    assert "Itu bukan nol" in page
    public = Client().get(reverse("places:kla", args=["kota-melati"])).content.decode()
    assert public.count("belum ada data") == len(kla_feeds.FED)


def test_map_results_feed_their_indicators_and_become_evidence_as_they_were(card, pppa, folder):
    put(folder, "results/coverage.json", coverage(
        {"level": "city", "code": "99.71", "share_low": 0.344, "share_high": 0.612},
        {"level": "city", "code": "99.71", "age": "0-5", "share_low": 0.1, "share_high": 0.1, "kept_back": 1},
        {"level": "city", "code": "99.71", "light": "dusk", "share_low": 0.9, "share_high": 0.9},
        {"level": "kelurahan", "code": "99.71.01.1001", "name": "Kenanga", "share_low": 0.2, "share_high": 0.5},
        {"level": "kelurahan", "code": "99.71.01.1002", "name": "Dahlia", "share_low": "", "share_high": ""},
    ))  # fmt: skip
    put(folder, "results/sdg.json", {"part_a": {"value": 0.234}, "part_b": {"value": None}})
    put(
        folder,
        "results/places.json",
        {"format": 1, "places": [{"kind": "park"}, {"kind": "school"}, {"kind": "school"}]},
    )
    told = kla_feeds.facts(card.city, NOON)
    texts = {no: [one.text["id"] for one in found] for no, found in told.items()}
    assert texts[11] == [
        "Anak 6-12 tahun dengan jalan aman ke tempat untuk anak, paling jauh 400 m: 34% sampai 62%.",
        "SDG 11.7.1, ruang terbuka dan jalan di lahan terbangun: 23,4%.",
        "Taman dan tempat bermain di peta: 1.",
    ]
    assert texts[2] == ["Kelurahan dengan angka jalan aman anak 6-12 tahun (400 m): 1."]
    assert told[2][0].rows == (("99.71.01.1001", "Kenanga", "20-50%"),)
    assert texts[19] == ["Sekolah dan PAUD di peta: 2."]
    assert texts[5] == texts[3] == texts[6] == []  # no library on the map is no proof that there is none
    add = reverse("places:kla-add", args=["kota-melati", 2026, 11])
    form = {"jenis": "result", "hasil": "walk-6-12-sdg"}
    assert signed_in(pppa).post(add, form).status_code == 302
    assert signed_in(pppa).post(add, form).status_code == 422  # the same once more
    row = KlaEvidence.objects.get()
    assert row.facts["sha256"] == hashlib.sha256((folder / "results/coverage.json").read_bytes()).hexdigest()
    assert row.dated == date(2026, 11, 1)
    assert cards.board(card).lines[10].standing == "fine"
    put(folder, "results/coverage.json", {"columns": [], "rows": []})
    row.refresh_from_db()
    assert "34% sampai 62%" in row.facts["text"]["id"]


@pytest.mark.parametrize(
    "content",
    [
        "[",
        "[[[[",
        '"x"',
        '{"columns": 1, "rows": 2}',
        '{"columns": ["level"], "rows": [1, ["city"]]}',
        "null",
    ],
)
def test_a_broken_result_is_no_data(card, folder, content):
    for name in ("coverage", "sdg", "places"):
        (folder / "results").mkdir(exist_ok=True)
        (folder / f"results/{name}.json").write_text(content)
    assert all(not found for found in kla_feeds.facts(card.city, NOON).values())


def test_other_parts_of_the_house_plug_in_what_they_know(card, pppa, monkeypatch):
    monkeypatch.setattr(kla_feeds, "_readers", {no: [] for no in kla_feeds.FED})
    fact = kla_feeds.Fact("pledges", {"id": "Janji: 3.", "en": "Pledges: 3."}, date(2026, 11, 2), "pledges")
    reader = lambda city, now: [fact] if city.slug == "kota-melati" else []  # noqa: E731
    kla_feeds.register(3, reader)
    kla_feeds.register(3, reader)
    assert kla_feeds.facts(card.city, NOON)[3] == [fact]
    assert "Janji: 3." in Client().get(reverse("places:kla", args=["kota-melati"])).content.decode()
    with pytest.raises(KeyError):
        kla_feeds.register(4, reader)


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"PK\x03\x04", b"%PDF-1.7", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"]),
)
def test_odd_bytes_are_refused_and_nothing_else_happens(noise, start):
    with contextlib.suppress(EvidenceRefused):
        files.read(start + noise)
    for before in (b"", b"no,bobot\n", b"weights:\n", start):
        with contextlib.suppress(WeightsRefused):
            kla_files.weights_of(before + noise, kla_files.kla())
