"""Dinas PPPA keeps a scorecard with Bappeda; the province checks it; everyone sees what is theirs."""

import hashlib
import io
import json
import zipfile

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ruangaman.adapters import kla_files
from ruangaman.core.kla.errors import ScoreRefused, WeightsRefused
from ruangaman.core.kla.scoring import Told
from ruangaman.rooms.places import cities, roles, side_by_side
from ruangaman.rooms.places.errors import KlaRefused
from ruangaman.rooms.places.kla import cards, checks, exports, proofs
from ruangaman.rooms.places.models import KlaCard, KlaScore, KlaWeights
from ruangaman.rooms.places.reports import clocks

from .conftest import NOON
from .kla_house import DAY, PDF, D, entries, loaded, photo, signed_in, weights_csv
from .reporting import build, published, told

# Weights


def test_before_any_weight_the_score_is_said_to_be_a_range(melati, pppa, hour):
    found = cards.begin(melati, 2026, now=NOON)
    cards.save_scores(found, {1: (Told(share=D(1)), "Perda ada")}, by=pppa, now=NOON)
    text = signed_in(pppa).get(reverse("places:kla-card", args=["kota-melati", 2026])).content.decode()
    assert "0 sampai 1000" in text
    assert "24 bobot belum diketahui." in text
    assert "Skor ini rentang, bukan tebakan." in text


def test_a_city_loads_weights_by_a_page_and_each_version_stays(melati, pppa, hour):
    cards.begin(melati, 2026, now=NOON)
    client, page = signed_in(pppa), reverse("places:kla-weights", args=["kota-melati"])
    form = {"sumber": "Lampiran surat", "celah": "half_up", "bulan": "12", "tahun": ["2026"]}
    for content in (weights_csv(_7="?"), weights_csv()):
        answer = client.post(page, form | {"berkas": SimpleUploadedFile("b.csv", content)})
        assert answer.status_code == 302
    first, second = KlaWeights.objects.order_by("number")
    assert first.points["7"] is None
    assert second.points["7"] == "40"
    assert (second.gap, second.months, second.loaded_by) == ("half_up", 12, pppa)
    assert KlaCard.objects.get().weights == second
    told = entries("kla-weights-loaded")
    assert [one["public"]["unknown"] for one in told] == [1, 0]
    assert told[1]["public"]["sha256"] == hashlib.sha256(weights_csv()).hexdigest()
    assert told[1]["public"]["by"] == "pppa"
    assert "Lampiran surat" in client.get(page).content.decode()
    example = client.get(reverse("places:kla-weights-example", args=["kota-melati"]))
    assert len(kla_files.weights_of(example.content, kla_files.kla()).unknown) == 24


@pytest.mark.parametrize(
    ("content", "form", "sentence"),
    [
        (weights_csv(_1="41"), {}, "Jumlah bobot 1001, lebih dari 1000."),
        (weights_csv(_1="39"), {}, "Jumlah bobot 999, seharusnya 1000."),
        (weights_csv(_3="banyak"), {}, "Baris 4: bobot bukan angka."),
        (b"judul\nPerda\n", {}, "Kolom `no` dan `bobot` tidak ketemu."),
        (weights_csv(), {"sumber": ""}, "Tulis dari mana bobot ini."),
        (weights_csv(), {"sumber": "dari budi@kota.go.id"}, "Jangan tulis surel"),
        (weights_csv(), {"celah": "terserah"}, "Pilih aturan"),
        (weights_csv(), {"bulan": "121"}, "1 sampai 120 bulan"),
        (weights_csv(), {"bulan": "x"}, "1 sampai 120 bulan"),
    ],
)
def test_weights_that_cannot_be_are_refused_in_words_and_nothing_is_kept(
    melati, pppa, hour, content, form, sentence
):
    told = {"sumber": "Surat", "celah": "lower_bound", "bulan": "24"} | form
    sent = told | {"berkas": SimpleUploadedFile("b.csv", content)}
    answer = signed_in(pppa).post(reverse("places:kla-weights", args=["kota-melati"]), sent)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not KlaWeights.objects.exists()
    assert not entries("kla-weights-loaded")


def test_weights_that_do_not_fit_points_that_stand_are_refused_whole(card, melati, pppa):
    smaller = weights_csv(_1="20", _2="60")
    with pytest.raises(ScoreRefused):
        cards.load_weights(
            melati, smaller, source="Baru", gap="above", months=24, years=[2026], by=pppa, now=NOON
        )
    assert KlaWeights.objects.count() == 1
    with pytest.raises(WeightsRefused):
        cards.load_weights(melati, b"", source="Baru", gap="above", months=24, by=pppa, now=NOON)


# Scores


def test_all_scores_are_saved_from_one_table_and_an_empty_field_is_no_zero(melati, pppa, hour):
    loaded(melati, pppa)
    cards.begin(melati, 2026, now=NOON)
    page = reverse("places:kla-card", args=["kota-melati", 2026])
    form = {f"nilai-{no}": "" for no in range(1, 25)} | {f"satuan-{no}": "persen" for no in range(1, 25)}
    form |= {"nilai-1": "38,5", "satuan-1": "poin", "nilai-2": "50%", "nilai-3": "0"}
    answer = signed_in(pppa).post(page, form)
    assert answer.status_code == 302
    rows = {one.indicator: one for one in KlaScore.objects.all()}
    assert set(rows) == {1, 2, 3}
    assert rows[1].points == D("38.5")
    assert rows[2].share == D("0.5")
    assert rows[3].share == 0
    seen = cards.board(cards.card(melati, 2026))
    assert seen.total.low == D("58.5")
    assert seen.total.high == D("58.5") + 880
    assert "3 nilai disimpan." in signed_in(pppa).get(answer["Location"]).content.decode()
    assert signed_in(pppa).post(page, form)["Location"].endswith("tersimpan=0")


@pytest.mark.parametrize(
    ("value", "unit", "sentence"),
    [
        ("101", "persen", "Indikator 4: persen harus 0 sampai 100."),
        ("-1", "persen", "Indikator 4: persen harus 0 sampai 100."),
        ("99999999999", "persen", "Indikator 4: persen harus 0 sampai 100."),
        ("40,01", "poin", "Indikator 4: poin lebih dari bobotnya."),
        ("banyak", "poin", "Indikator 4: ini bukan angka."),
        ("1e2", "persen", "Indikator 4: ini bukan angka."),
    ],
)
def test_a_score_that_cannot_be_keeps_what_was_typed_and_saves_nothing(
    melati, pppa, hour, value, unit, sentence
):
    loaded(melati, pppa)
    cards.begin(melati, 2026, now=NOON)
    form = {"nilai-1": "50", "satuan-1": "persen", "nilai-4": value, "satuan-4": unit}
    answer = signed_in(pppa).post(reverse("places:kla-card", args=["kota-melati", 2026]), form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert f'value="{value}"' in answer.content.decode()
    assert not KlaScore.objects.exists()


@pytest.mark.parametrize(
    "why", ["tanya 0812 3456 7890", "kirim ke ibu@kota.id", "NIK 3171234567890001", "x" * 501]
)
def test_no_person_stands_on_a_card(card, pppa, why):
    with pytest.raises(KlaRefused):
        cards.save_scores(card, {1: (Told(share=D(1)), why)}, by=pppa, now=NOON)


# Handing over, and the province


def test_721_is_handed_over_one_indicator_comes_back_and_588_40_remains(card, pppa, provincial, hour):
    city = signed_in(pppa)
    act = reverse("places:kla-act", args=["kota-melati", 2026])
    assert city.post(act, {"act": "submit"}).status_code == 302
    assert city.post(act, {"act": "submit"}).status_code == 422  # while the province checks
    cards.save_scores(
        card, {2: (Told(share=D(1)), "")}, by=pppa, now=NOON
    )  # no longer changes what was handed over
    province = signed_in(provincial)
    page = reverse("places:kla-check", args=["kota-melati", 2026])
    text = province.get(page).content.decode()
    assert "721, Nindya" in text
    no_reason = province.post(page, {"indikator": "7", "tanda": "returned", "alasan": ""})
    assert no_reason.status_code == 422
    assert "Tulis alasan." in no_reason.content.decode()
    returned = {"tanda": "returned", "alasan": "Dokumen tidak ada"}
    for no in (7, 9, 17, 21):
        assert province.post(page, {"indikator": str(no)} | returned).status_code == 302
    for no, left in ((24, "66"), (23, "64,8"), (1, "26.2")):
        marked = {"indikator": str(no), "tanda": "part", "sisa": left, "alasan": "Sebagian"}
        assert province.post(page, marked).status_code == 302
    unmarked = province.post(page, {"act": "finish"})
    assert unmarked.status_code == 422
    assert "Indikator 2 belum diperiksa." in unmarked.content.decode()
    before = city.get(reverse("places:kla-card", args=["kota-melati", 2026])).content.decode()
    assert "Dokumen tidak ada" not in before  # no half judgement is told
    assert province.post(page, {"act": "rest"}).status_code == 302
    assert province.post(page, {"act": "finish"}).status_code == 302
    assert province.post(page, {"act": "finish"}).status_code == 422
    row = checks.last(card)
    assert row.after["claimed"] == {"low": "721", "high": "721"}
    assert row.after["remains"] == {"low": "588.4", "high": "588.4"}
    after = city.get(reverse("places:kla-card", args=["kota-melati", 2026])).content.decode()
    assert "588,40, Pratama" in after
    assert "Dokumen tidak ada" in after
    told = entries("kla-checked")[0]["public"]
    assert (told["accepted"], told["part"], told["returned"]) == (17, 3, 4)
    assert told["hash"] == hashlib.sha256(bytes(row.salt) + checks.canonical(row.after)).hexdigest()
    assert len(entries("kla-marked")) == 24
    assert hashlib.sha256(checks.canonical(row.snapshot)).hexdigest() == row.sha256
    assert "721" not in json.dumps([one["public"] for one in entries("kla-submitted")])


def test_who_read_the_check_before_it_was_finished_marks_nothing_after(card, pppa, provincial, hour):
    checks.submit(card, by=pppa, now=NOON)
    stale = checks.last(card)
    fresh = checks.last(card)
    checks.accept_rest(fresh, by=provincial, now=NOON)
    after = checks.finish(fresh, by=provincial, now=NOON).after
    late = {"by": provincial, "now": NOON}
    for act in (
        lambda row: checks.mark(row, 7, "returned", remains=None, reason="Terlambat", **late),
        lambda row: checks.accept_rest(row, **late),
        lambda row: checks.finish(row, **late),
    ):
        stale.finished_at = None
        with pytest.raises(KlaRefused) as refused:
            act(stale)
        assert refused.value.facts["why"] == "finished"
    again = checks.read(checks.last(card))
    assert (again.verdicts[7].mark, again.submission.after) == ("accepted", after)


def test_a_card_that_came_back_is_handed_over_again_and_the_province_sees_what_it_said(
    card, pppa, provincial
):
    first = checks.submit(card, by=pppa, now=NOON)
    checks.mark(first, 7, "returned", remains=None, reason="Tanpa SK", by=provincial, now=NOON)
    checks.accept_rest(first, by=provincial, now=NOON)
    checks.finish(first, by=provincial, now=NOON)
    second = checks.submit(card, by=pppa, now=NOON)
    assert second.number == 2
    text = signed_in(provincial).get(reverse("places:kla-check", args=["kota-melati", 2026])).content.decode()
    assert "Kiriman sebelumnya: dikembalikan, Tanpa SK" in text
    with pytest.raises(KlaRefused):
        checks.mark(first, 7, "accepted", remains=None, reason="", by=provincial, now=NOON)
    with pytest.raises(KlaRefused):
        checks.accept_rest(first, by=provincial, now=NOON)
    # The city still reads the check that is finished.
    assert (
        "Tanpa SK"
        in signed_in(pppa)
        .get(reverse("places:kla-indicator", args=["kota-melati", 2026, 7]))
        .content.decode()
    )


@pytest.mark.parametrize(
    "form",
    [
        {"indikator": "7", "tanda": "part", "sisa": "73", "alasan": "x"},
        {"indikator": "7", "tanda": "part", "sisa": "", "alasan": "x"},
        {"indikator": "7", "tanda": "part", "sisa": "-1", "alasan": "x"},
        {"indikator": "7", "tanda": "mungkin", "alasan": "x"},
        {"indikator": "7", "tanda": ""},
        {"indikator": "25", "tanda": "accepted"},
        {"indikator": "", "tanda": "accepted"},
        {"indikator": "7", "tanda": "returned", "alasan": "telepon 081234567890"},
    ],
)
def test_a_mark_that_cannot_be_is_refused(card, pppa, provincial, form):
    row = checks.submit(card, by=pppa, now=NOON)
    answer = signed_in(provincial).post(reverse("places:kla-check", args=["kota-melati", 2026]), form)
    assert answer.status_code == 422
    assert not checks.read(row).verdicts


def test_nothing_claimed_is_nothing_to_hand_over(melati, pppa, hour):
    found = cards.begin(melati, 2026, now=NOON)
    answer = signed_in(pppa).post(reverse("places:kla-act", args=["kota-melati", 2026]), {"act": "submit"})
    assert answer.status_code == 422
    assert "Belum ada nilai yang bisa dikirim." in answer.content.decode()
    assert checks.last(found) is None


def test_cities_side_by_side_for_their_province_and_no_number_for_anybody_else(
    card, pppa, provincial, melati
):
    cities.add("kota-mawar", "99.72", "Kota Mawar", now=NOON)
    cities.add("kota-jauh", "31.71", "Kota Jauh", now=NOON)
    page = reverse("places:province", args=["99"])
    draft = signed_in(provincial).get(page).content.decode()
    assert "721" not in draft  # a draft is the city's own
    checks.submit(card, by=pppa, now=NOON)
    text = signed_in(provincial).get(page).content.decode()
    assert "721" in text
    assert "24 belum ditandai" in text
    assert "belum dikirim" in text
    assert "Kota Jauh" not in text
    for client in (Client(), signed_in(pppa)):
        public = client.get(page).content.decode()
        assert "Kota Mawar" in public
        assert "721" not in public
    assert Client().get(reverse("places:province", args=["98"])).status_code == 404
    assert Client().get(reverse("places:province", args=["x"])).status_code == 404


def test_a_province_sees_how_its_cities_are_and_what_is_not_known(
    melati, provincial, pppa, settings, tmp_path
):
    settings.CITIES_DIR = tmp_path
    build(tmp_path / melati.slug)
    cities.add("kota-mawar", "99.72", "Kota Mawar", now=NOON)
    row = {"code": "99.71", "level": "city", "name": "Kota Melati", "parent": "", "of": "children",
           "children": 1880.0, "low": 400.0, "high": 900.0, "share_low": 0.21, "share_high": 0.48,
           "kept_back": 0}  # fmt: skip
    rows = {"format": 1, "columns": list(row), "rows": [list(row.values())]}
    (tmp_path / melati.slug / "map" / "rows-6-12-day-foot-play.json").write_text(json.dumps(rows))
    sdg = {"format": 1, "part_b": {"value": 0.4112}}
    (tmp_path / melati.slug / "results" / "sdg.json").write_text(json.dumps(sdg))
    moderator = roles.acting(pppa, melati, "moderate")
    report = published(melati, moderator, told(melati))
    clocks.settle_due(report.clocks.get(what="answer").due_at)
    published(melati, moderator, told(melati, words="Lampu mati", kind="dark"))
    page = reverse("places:province", args=["99"])
    text = signed_in(provincial).get(page).content.decode()
    for one in ("antara 21 dan 48 dari 100 anak", "41 dari 100 orang"):
        assert one in text
    known, unknown = side_by_side.of(cities.every("99"), NOON)[::-1]
    if known.city != melati:
        known, unknown = unknown, known
    assert (known.reports, known.late, known.plans, known.certificates) == (2, 1, None, None)
    assert (unknown.walk, unknown.space, unknown.reports) == ("belum ada data", "belum ada data", None)
    assert text.count("belum ada data") == 2 + 6
    assert "dari 100" not in Client().get(page).content.decode()


def test_the_list_of_cities_leads_to_each_province(melati):
    cities.add("kota-jauh", "31.71", "Kota Jauh", now=NOON)
    text = Client().get(reverse("places:cities")).content.decode()
    assert text.index("Kota Jauh") < text.index("Kota Melati")
    for code in ("31", "99"):
        assert reverse("places:province", args=[code]) in text


def test_the_score_is_public_only_when_the_city_says_so(card, pppa):
    page, goals = (reverse(f"places:{one}", args=["kota-melati"]) for one in ("kla", "kla-goals"))
    assert "721" not in Client().get(page).content.decode()
    assert "poin" not in Client().get(goals).content.decode().split("<main")[1].split("jadi poinnya")[0]
    act = reverse("places:kla-act", args=["kota-melati", 2026])
    signed_in(pppa).post(act, {"act": "publish"})
    assert "721 dari 1000, Nindya" in Client().get(page).content.decode()
    assert "dari" in Client().get(goals).content.decode()
    signed_in(pppa).post(act, {"act": "hide"})
    assert "721" not in Client().get(page).content.decode()
    assert len(entries("kla-published")) == len(entries("kla-unpublished")) == 1


def test_the_last_day_decides_which_evidence_counts(card, pppa):
    proofs.add_link(card, 1, "https://a.example/", title="SK", question="", by=pppa, now=NOON, **DAY)
    act = reverse("places:kla-act", args=["kota-melati", 2026])
    assert signed_in(pppa).post(act, {"act": "last-day", "hari": "2026-04-30"}).status_code == 302
    assert cards.board(cards.card(card.city, 2026)).lines[0].standing == "old"
    for wrong in ("2025-12-31", "2028-01-01", ""):
        assert signed_in(pppa).post(act, {"act": "last-day", "hari": wrong}).status_code == 422


def test_years_beside_each_other(card, pppa, melati):
    earlier = cards.begin(melati, 2025, now=NOON)
    cards.save_scores(earlier, {no: (Told(share=D("0.5")), "") for no in range(1, 25)}, by=pppa, now=NOON)
    for pair in ((2026, 2025), (2025, 2026)):
        text = (
            signed_in(pppa).get(reverse("places:kla-compare", args=["kota-melati", *pair])).content.decode()
        )
        assert "500 → 721 (+221)" in text
        assert "+8,80" in text
    assert (
        signed_in(pppa).get(reverse("places:kla-compare", args=["kota-melati", 2026, 2019])).status_code
        == 404
    )
    assert [one.year for one in cards.cards(melati)] == [2026, 2025]
    for wrong in (2014, 2028):
        with pytest.raises(KlaRefused):
            cards.begin(melati, wrong, now=NOON)


# Exports


def test_the_zip_for_the_province_holds_everything_and_its_sums_are_right(card, pppa, bappeda):
    proofs.add_file(card, 2, PDF, title="=HYPERLINK(1)", question="2.1", by=pppa, now=NOON, **DAY)
    proofs.add_file(card, 2, PDF, title="lagi", question="2.2", by=pppa, now=NOON, **DAY)
    proofs.add_file(card, 11, photo(), title="Taman", question="", by=pppa, now=NOON, **DAY)
    client = signed_in(bappeda)
    found = client.get(reverse("places:kla-export", args=["kota-melati", 2026, "zip"]))
    assert found["Content-Disposition"].startswith("attachment")
    with zipfile.ZipFile(io.BytesIO(b"".join(found.streaming_content))) as folded:
        names = set(folded.namelist())
        sums = dict(line.split("  ")[::-1] for line in folded.read("SHA256SUMS").decode().splitlines())
        assert set(sums) == names - {"SHA256SUMS"}
        assert all(hashlib.sha256(folded.read(name)).hexdigest() == told for name, told in sums.items())
        assert len([name for name in names if name.startswith("bukti/")]) == 2
        rows = folded.read("bukti.csv").decode("utf-8-sig").splitlines()
        assert len(rows) == 4
        assert any("'=HYPERLINK(1)" in row for row in rows)
        told = json.loads(folded.read("kartu.json"))
    assert told["total"] == {"low": "721", "high": "721"}
    assert told["levels"] == ["nindya", "nindya"]
    assert len(told["indicators"]) == 24
    by_kind = {one: client.get(reverse("places:kla-export", args=["kota-melati", 2026, one])) for one in
               ("csv", "bukti.csv", "json", "xlsx", "exe")}  # fmt: skip
    assert by_kind["csv"].content.decode("utf-8-sig").count("\r\n") == 25
    assert by_kind["bukti.csv"].status_code == 200
    assert by_kind["json"].json()["year"] == 2026
    assert by_kind["exe"].status_code == 404
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(by_kind["xlsx"].content))
    assert book.sheetnames == ["Nilai", "Bukti"]
    assert book["Nilai"].max_row == 25


def test_without_the_extra_there_is_no_xlsx_and_all_else(card, pppa, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    assert not exports.has_xlsx()
    client = signed_in(pppa)
    assert (
        "XLSX</a>" not in client.get(reverse("places:kla-card", args=["kota-melati", 2026])).content.decode()
    )
    assert client.get(reverse("places:kla-export", args=["kota-melati", 2026, "xlsx"])).status_code == 404
    with pytest.raises(WeightsRefused) as refused:
        kla_files.weights_of(b"PK\x03\x04", kla_files.kla())
    assert refused.value.facts["why"] == "xlsx-needs-extra"


# Who may what

PAGES = {
    "places:kla-years": (),
    "places:kla-card": (2026,),
    "places:kla-indicator": (2026, 2),
    "places:kla-export": (2026, "json"),
    "places:kla-card-goals": (2026,),
    "places:kla-compare": (2026, 2026),
}


@pytest.mark.parametrize("role", ["kelurahan", "ngo", "company", "forum_anak", "auditor"])
def test_numbers_that_are_not_published_are_for_those_who_keep_them(role, card, person):
    client = signed_in(person(role))
    for name, more in PAGES.items():
        assert client.get(reverse(name, args=["kota-melati", *more])).status_code == 403, name
    assert client.get(reverse("places:kla-weights", args=["kota-melati"])).status_code == 403
    assert client.get(reverse("places:kla-check", args=["kota-melati", 2026])).status_code == 403


def test_bappeda_scores_and_does_not_load_and_another_city_is_closed(card, pppa, bappeda, provincial):
    for name, more in PAGES.items():
        answer = signed_in(bappeda).get(reverse(name, args=["kota-melati", *more]))
        assert answer.status_code == 200, name
        assert signed_in(provincial).get(reverse(name, args=["kota-melati", *more])).status_code == 403
    assert signed_in(bappeda).get(reverse("places:kla-weights", args=["kota-melati"])).status_code == 403
    other = cities.add("kota-mawar", "99.72", "Kota Mawar", now=NOON)
    cards.begin(other, 2026, now=NOON)
    row = proofs.add_file(card, 2, PDF, title="SK", question="", by=pppa, now=NOON, **DAY)
    assert signed_in(pppa).get(reverse("places:kla-card", args=["kota-mawar", 2026])).status_code == 403
    stranger = User.objects.create_user("mawar", is_staff=True)
    roles.give(stranger, "pppa", city=other, now=NOON)
    assert signed_in(stranger).get(reverse("places:kla-file", args=["kota-mawar", row.pk])).status_code == 404
    assert (
        signed_in(stranger).get(reverse("places:kla-file", args=["kota-melati", row.pk])).status_code == 403
    )
    assert (
        signed_in(provincial).get(reverse("places:kla-file", args=["kota-melati", row.pk])).status_code == 200
    )


def test_administrators_see_who_has_which_role_and_nobody_else_does(card, pppa, provincial):
    page = reverse("places:roles", args=["kota-melati"])
    assert signed_in(pppa).get(page).status_code == 403
    assert Client().get(page).status_code == 302
    text = signed_in(User.objects.create_superuser("kepala")).get(page).content.decode()
    assert pppa.username in text
    assert "semua kota provinsi Bunga (rekaan)" in text
    assert "Mengisi kartu KLA dan buktinya." in text
    assert Client().post(page).status_code == 405


def test_every_role_and_every_act_has_its_words():
    from ruangaman.rooms.places.views import role_list

    assert set(role_list.NAMES) == set(roles.ACTS)
    assert set(role_list.WORDS) == frozenset().union(*roles.ACTS.values())
