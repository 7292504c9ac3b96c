"""Pages of groups without scripts: made, printed, tested, typed in; and what nobody but the facilitator sees."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from ruangaman.adapters import clock
from ruangaman.core.learning import seats
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.groups import counting, making, telling
from ruangaman.rooms.learning.models import Group, PaperRow, Seat, Sheet
from ruangaman.rooms.learning.tests.classes import MONDAY, after, day, make

pytestmark = pytest.mark.django_db

LEAD, CLASS = "/pelajaran/pemandu/", "/pelajaran/kelas/"
FORM = {"untuk": "B3", "nama": "5A", "kursi": "12", "pelajaran": ["B3-2"], "bahasa_tes": "id"}


@pytest.fixture
def at(monkeypatch):
    """Move the clock of the views."""

    def move(days: float = 0):
        monkeypatch.setattr(clock, "now", lambda: MONDAY + timedelta(days=days))

    move()
    return move


def text(answer):
    return html.unescape(answer.content.decode())


def make_by_page(client, **other):
    answer = client.post(LEAD, FORM | other)
    assert answer.status_code == 303, text(answer)
    return answer["Location"]


def ids(kind, answer):
    return re.findall(rf'name="{kind}-([^"]+)"', text(answer))


def test_a_group_is_made_without_an_account_and_its_address_is_told_to_nobody(client, at):
    form = client.get(LEAD + "?untuk=B3")
    assert 'value="B3-2"' in text(form)
    address = make_by_page(client)
    assert re.fullmatch(r"/pelajaran/pemandu/[A-Za-z0-9_-]{43}/", address)
    page = client.get(address)
    assert page["Referrer-Policy"] == "same-origin"
    assert page["Cache-Control"] == "no-store"
    assert "5A" in text(page)
    secret = making.read(address.split("/")[3])
    group = Group.objects.get()
    assert bytes(group.key) == making.key_of(secret)
    codes = [seats.code(secret, number) for number in range(1, 13)]
    rows = [bytes(one.code) for one in Seat.objects.order_by("number")]
    assert rows == [making.hashed(code) for code in codes]
    assert not any(code in text(page) for code in codes)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"nama": "Bu Sari"}, "Jangan nama orang"),
        ({"nama": "0812 3456 789"}, "Jangan nama orang"),
        ({"kursi": "1"}, "2 sampai 60"),
        ({"kursi": "61"}, "2 sampai 60"),
        ({"kursi": "dua"}, "2 sampai 60"),
        ({"pelajaran": []}, "1 sampai 3 pelajaran"),
        ({"pelajaran": ["B3-1", "B3-2", "B3-3", "B3-4"]}, "1 sampai 3 pelajaran"),
        ({"pelajaran": ["B4-1"]}, "1 sampai 3 pelajaran"),
        ({"pelajaran": ["B3-2", "B3-2"]}, "1 sampai 3 pelajaran"),
        ({"untuk": "B9"}, "untuk siapa"),
        ({"bahasa_tes": "jv"}, "bahasanya"),
        ({"wilayah": "3171"}, "Kode wilayah"),
        ({"wilayah": "31.71.01.1001.1"}, "Kode wilayah"),
        ({"wilayah": "98.01"}, "Kode wilayah"),
        ({"kampanye": "TIDAKADA"}, "Kode kampanye"),
    ],
)
def test_what_does_not_make_a_group_is_said_and_what_was_typed_stays(client, at, other, why):
    answer = client.post(LEAD, FORM | other)
    assert answer.status_code == 422
    assert why in text(answer)
    assert Group.objects.count() == 0


def test_too_many_groups_from_one_network_wait_until_tomorrow(client, at, monkeypatch):
    monkeypatch.setattr(counting, "GROUPS_A_DAY", 2)
    make_by_page(client)
    make_by_page(client)
    answer = client.post(LEAD, FORM)
    assert (answer.status_code, answer.has_header("Retry-After")) == (429, True)
    at(1)
    make_by_page(client)


def test_another_address_finds_nothing_and_neither_does_one_that_was_deleted(client, at):
    address = make_by_page(client)
    assert client.get("/pelajaran/pemandu/" + "A" * 43 + "/").status_code == 404
    assert client.get("/pelajaran/pemandu/x/").status_code == 404
    assert client.get(address + "hapus").status_code == 200
    assert Group.objects.get().forgotten_at is None
    assert "sudah dihapus" in text(client.post(address + "hapus"))
    assert client.get(address).status_code == 404


def test_slips_are_the_same_each_time_and_hold_every_code(client, at):
    address = make_by_page(client)
    first, second = (client.get(address + "slip.pdf") for _ in range(2))
    assert first.content == second.content
    assert first["Content-Type"] == "application/pdf"
    assert first.content[:5] == b"%PDF-"


def open_code(client, code, **other):
    return client.post(CLASS, {"kode": code} | other)


def chosen(answer, told):
    """The answers of a page of the test: each item by `told`."""
    return {f"j-{item}": told[item] for item in set(ids("j", answer)) if item in told}


def hidden(answer):
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', text(answer))
    return dict(found)


def right(objective, form):
    return {item.id: item.answer for item in courses.course().forms[objective, form].items}


def test_without_scripts_a_learner_takes_the_test_that_is_open_and_sees_no_result(client, at):
    told = make()
    assert "Tes awal" in text(open_code(client, seats.shown(told.code(1)).lower()))
    page = open_code(client, told.code(1), tes="B3-2")
    assert sorted(set(ids("j", page))) == sorted(right("B3-2", "A"))
    assert 'class="feedback"' not in text(page)
    assert "data-right" not in text(page)
    answers = chosen(page, right("B3-2", "A"))
    answers |= {f"y-{item}": "0" for item in set(ids("y", page))}
    sent = client.post(CLASS, hidden(page) | answers)
    assert "Terkirim" in text(sent)
    assert "Semua tes hari ini sudah selesai" in text(sent)
    row = Sheet.objects.get()
    assert (row.seat.number, row.time, row.form, row.taken_on, row.on_paper) == (1, "pre", "A", day(0), False)
    assert {one[0]: one[1:] for one in row.answers} == {
        item: [answer, False] for item, answer in right("B3-2", "A").items()
    }
    # The same form sent again, as by a button pressed twice, is one sheet.
    client.post(CLASS, hidden(page) | answers)
    assert Sheet.objects.count() == 1


def test_each_time_has_its_days_and_between_them_the_next_one_is_told(client, at):
    told = make()
    told.teach(day(0))
    assert "Tes akhir" in text(open_code(client, told.code(2)))
    at(1)
    between = text(open_code(client, told.code(2)))
    assert "Belum ada tes yang dibuka hari ini" in between
    assert "Tes hari ke-28: mulai 28 Desember 2026" in between
    at(28)
    page = open_code(client, told.code(2), tes="B3-2")
    assert sorted(set(ids("j", page))) == sorted(right("B3-2", "A"))  # even seats saw B before
    at(43)
    assert "Belum ada tes" in text(open_code(client, told.code(2)))


def test_six_to_nine_year_olds_stop_after_five_and_are_not_asked_how_sure(client, at):
    told = make(audience="B2", objectives=("B2-2",))
    first = open_code(client, told.code(1), tes="B2-2")
    assert len(set(ids("j", first))) == 5
    assert ids("y", first) == []
    second = client.post(CLASS, hidden(first) | chosen(first, right("B2-2", "A")))
    assert "Berhenti di sini boleh" in text(second)
    assert Sheet.objects.count() == 0
    answers = hidden(second) | chosen(second, right("B2-2", "A"))
    assert "Terkirim" in text(client.post(CLASS, answers))
    assert {one[2] for one in Sheet.objects.get().answers} == {None}
    assert all(one[1] == right("B2-2", "A")[one[0]] for one in Sheet.objects.get().answers)


def test_of_the_youngest_a_carer_ticks_what_was_seen(client, at):
    told = make(audience="B1", objectives=("B1-1",))
    page = open_code(client, told.code(1), tes="B1-1")
    names = [one.id for one in courses.course().lessons["B1-1"].observations]
    assert "Terkirim" in text(client.post(CLASS, hidden(page) | {f"j-{names[0]}": "1", f"j-{names[2]}": "1"}))
    assert Sheet.objects.get().answers == [[name, at in (0, 2)] for at, name in enumerate(names)]


def test_on_day_28_parents_tell_what_they_did(client, at):
    told = make(audience="PAR", objectives=("PAR-7",))
    told.teach(day(0))
    assert "kunci-belanja" not in text(open_code(client, told.code(1), tes="PAR-7"))
    at(28)
    page = open_code(client, told.code(1), tes="PAR-7")
    assert ids("d", page) == ["kunci-belanja"]
    client.post(CLASS, hidden(page) | {"d-kunci-belanja": "1"})
    row = Sheet.objects.get()
    assert row.did == ["kunci-belanja"]
    assert {one[1] for one in row.answers} == {""}


def test_a_code_that_is_wrong_is_told_apart_from_one_that_nobody_has(client, at, monkeypatch):
    told = make()
    code = told.code(1)
    wrong = code[:8] + ("2" if code[8] != "2" else "3")
    assert "Periksa 9 hurufnya" in text(open_code(client, wrong))
    nobody = seats.code(bytes(32), 9)
    assert "belum dikenal" in text(open_code(client, nobody))
    monkeypatch.setattr(counting, "WRONG_CODES_AN_HOUR", 1)
    assert open_code(client, code).status_code == 429


def test_for_the_script_a_code_opens_the_same_test_in_the_groups_language(client, at):
    told = make(language="en")
    answer = client.post(CLASS + "buka", json.dumps({"code": told.code(3)}), content_type="application/json")
    found = answer.json()
    assert (found["code"], found["language"], found["today"]) == (told.code(3), "en", "2026-12-07")
    assert [one["key"] for one in found["tests"]] == ["B3-2.pre"]
    assert "What is this?" in found["tests"][0]["page"]
    bad = ((" ", 400), ("[]", 400), ('{"code": 3}', 404), ("x" * 1001, 413), ("[" * 900, 400), ("3", 400))
    for body, status in bad:
        answer = client.post(CLASS + "buka", body, content_type="application/json")
        assert answer.status_code == status, body[:20]


def test_by_http_sheets_are_answered_one_by_one(client, at):
    told = make()
    sheet = told.sheet(1)
    body = json.dumps({"sheets": [sheet, told.sheet(1, right=5)]})
    answer = client.post(CLASS + "kirim", body, content_type="application/json")
    assert answer.json()["sheets"] == [
        {"id": sheet["id"], "result": "accepted"},
        {"id": told.sheet(1, right=5)["id"], "result": "refused", "code": "learning.sheet-stands"},
    ]
    assert client.post(CLASS + "kirim", "no", content_type="application/json").status_code == 400
    large = client.post(CLASS + "kirim", "x" * 262_145, content_type="application/json")
    assert (large.status_code, large.json()) == (413, {"code": "learning.sheets-too-large"})


def test_the_facilitator_sees_how_many_have_come_and_which_seats_have_none(client, at):
    address = make_by_page(client)
    token = address.split("/")[3]
    group, secret = making.find(token)
    assert "0 dari 12 lembar" in text(client.get(address))
    for number in (1, 2, 4):
        page = open_code(client, seats.code(secret, number), tes="B3-2")
        client.post(CLASS, hidden(page))
    page = text(client.get(address))
    assert "3 dari 12 lembar" in page
    assert "Belum ada dari kursi 3, 5, 6, 7, 8, 9, 10, 11, 12." in page
    assert "Hasil tampil satu kali, 56 hari setelah pelajaran." in page
    assert "%" not in page
    assert client.post(address + "hari", {"hari": "2026-12-07"}).status_code == 303
    assert "28 Desember 2026 sampai 18 Januari 2027" in text(client.get(address))
    for said in ("2026-12-06", "2027-12-07", "kemarin", "2026-02-30"):
        assert client.post(address + "hari", {"hari": said}).status_code == 400
    client.post(CLASS, hidden(open_code(client, seats.code(secret, 1), tes="B3-2")))
    assert Sheet.objects.filter(time="post").count() == 1
    refused = client.post(address + "hari", {"hari": "2026-12-08"})
    assert (refused.status_code, "tidak bisa diubah lagi" in text(refused)) == (400, True)
    assert Group.objects.get(pk=group.pk).taught_on == day(0)


def test_nine_are_too_few_to_be_shown_and_those_who_wait_are_told_when_their_lesson_comes(client, at):
    small = make(seats_wanted=9)
    assert "terlalu kecil untuk ditampilkan" in text(client.get(f"{LEAD}{small.token}/"))
    waits = make(name="5B")
    Group.objects.filter(pk=waits.group.pk).update(arm="wait")
    address = f"{LEAD}{waits.token}/"
    assert "setelah kelompok lain belajar" in text(client.get(address))
    assert client.post(address + "hari", {"hari": "2026-12-07"}).status_code == 400
    Group.objects.filter(pk=waits.group.pk).update(taught_on=day(0))
    page = text(client.get(address))
    assert "mulai 19 Januari 2027" in page
    assert "Hanya pelajarannya yang berbeda." in page


def test_printed_forms_say_no_right_answer_and_have_one_order_for_all(client, at):
    address = make_by_page(client)
    first = text(client.get(address + "soal/B3-2/A"))
    assert first == text(client.get(address + "soal/B3-2/A"))
    assert "Nomor kursi" in first
    assert "/pelajaran/berkas/pdf/B3-2.id.pdf" in text(client.get(address))
    # Sheets of two classes, or of two times, are told apart when they come back.
    assert "5A" in first
    for one in ("Tes awal", "Tes akhir", "Tes hari ke-28"):
        assert re.search(rf"\(\s+\) {one}", first)
    assert client.get(address + "soal/B3-1/A").status_code == 404
    assert client.get(address + "soal/B3-2/C").status_code == 404


# On paper

MARKS = ("a", "B", "3", "-", "1", "c")


def row(number, marks=MARKS, **other):
    cells = {f"m-{number}-{at}": sign for at, sign in enumerate(marks, start=1)}
    return cells | {"kali": "1", "tanggal": "2026-12-07"} | other


def typed(client, address, told):
    return client.post(address + "kertas/B3-2/pre", told)


def test_what_was_typed_twice_alike_is_a_sheet_and_the_letters_are_those_of_the_printed_page(client, at):
    address = make_by_page(client)
    assert typed(client, address, row(1, **{"u-1": "5 2"})).status_code == 200
    assert (Sheet.objects.count(), PaperRow.objects.count()) == (0, 1)
    second = typed(client, address, row(1, ("A", "b", "C", "0", "a", "3"), kali="2", **{"u-1": "2,5"}))
    assert "Cocok. Sudah masuk." in text(second)
    sheet = Sheet.objects.get()
    assert (sheet.on_paper, sheet.form, PaperRow.objects.count()) == (True, "A", 0)
    printed = text(client.get(address + "soal/B3-2/A"))
    options = [
        re.findall(r"<li><b>([A-D])\.</b>\s+(.*?)</li>", part)
        for part in printed.split('<li class="card')[1:]
    ]
    form = {
        item.id: {o.id: o.text.id for o in item.options} for item in courses.course().forms["B3-2", "A"].items
    }
    for at_item, (letter, (item, option, sure)) in enumerate(zip("ABC-AC", sheet.answers, strict=True)):
        assert form[item].get(option) == dict(options[at_item]).get(letter)
        assert sure == (None if letter == "-" else at_item + 1 not in (2, 5))


def test_where_two_typings_differ_a_person_decides_item_by_item(client, at):
    address = make_by_page(client)
    typed(client, address, row(2))
    answer = typed(client, address, row(2, ("a", "b", "c", "-", "2", "c"), kali="2", **{"u-2": "1"}))
    assert "Berbeda dari masukan pertama" in text(answer)
    assert Sheet.objects.count() == 0
    beda = address + "kertas/B3-2/pre/beda"
    page = text(client.get(beda))
    assert "Pertama: A" in page
    assert "Kedua: B" in page
    assert client.post(beda, {"kursi": "2", "p-5": "2"}).status_code == 400
    assert client.post(beda, {"kursi": "2", "p-5": "2", "p-unsure": "1"}).status_code == 303
    sheet = Sheet.objects.get()
    assert [one[2] for one in sheet.answers] == [True, True, True, None, True, True]
    assert PaperRow.objects.count() == 0
    assert "Tidak ada yang berbeda" in text(client.get(beda))


@pytest.mark.parametrize(
    ("told", "why"),
    [
        (row(1, MARKS[:5]), "Belum lengkap"),
        (row(1, ("a", "b", "c", "d", "a", "a")), "Belum lengkap"),
        (row(1, **{"u-1": "7"}), "Belum lengkap"),
        (row(1, kali="2"), "Masukan pertama kursi ini belum ada"),
        (row(1, tanggal="2026-12-09"), "Tanggalnya tidak cocok"),
        (row(1, tanggal="2026-12-05"), "Tanggalnya tidak cocok"),
    ],
)
def test_a_row_that_is_not_whole_is_kept_nowhere_and_says_why(client, at, told, why):
    address = make_by_page(client)
    answer = typed(client, address, told)
    assert answer.status_code == 422
    assert why in text(answer)
    assert PaperRow.objects.count() == 0


def test_a_seat_whose_sheet_came_online_is_not_typed_over(client, at):
    address = make_by_page(client)
    secret = making.read(address.split("/")[3])
    client.post(CLASS, hidden(open_code(client, seats.code(secret, 1), tes="B3-2")))
    answer = typed(client, address, row(1))
    assert "Lembar kursi ini sudah masuk" in text(answer)
    assert 'name="m-1-1"' not in text(client.get(address + "kertas/B3-2/pre"))


def test_changing_the_first_typing_asks_for_the_second_again(client, at):
    address = make_by_page(client)
    typed(client, address, row(1))
    typed(client, address, row(1, ("b", *MARKS[1:]), kali="2"))
    typed(client, address, row(1, ("c", *MARKS[1:])))
    assert list(PaperRow.objects.values_list("turn", "marks")) == [(1, "cbc-ac")]


def test_without_a_second_typing_rows_may_be_used_as_they_are(client, at):
    address = make_by_page(client)
    typed(client, address, row(1) | row(2))
    assert "2 baris baru diketik satu kali" in text(client.get(address + "kertas/B3-2/pre"))
    assert client.post(address + "kertas/B3-2/pre/beda", {"tanpa": "1"}).status_code == 303
    assert Sheet.objects.filter(on_paper=True).count() == 2


def test_a_row_is_answered_by_itself_for_the_script(client, at):
    address = make_by_page(client)
    answer = client.post(address + "kertas/B3-2/pre", row(1), headers={"accept": "application/json"})
    assert answer.json()["rows"]["1"]["result"] == "saved"


def test_sixty_seats_are_typed_page_by_page_within_the_fields_that_a_form_may_have(client, at):
    address = make_by_page(client, kursi="60")
    whole = set()
    for number in range(1, 6):
        page = text(client.get(f"{address}kertas/B3-2/pre?halaman={number}"))
        names = re.findall(r'name="([mud]-\d+[^"]*)"', page)
        assert len(names) <= 190
        whole |= {name.split("-")[1] for name in names}
    assert whole == {str(number) for number in range(1, 61)}


def test_observations_on_paper_are_yes_or_no(client, at):
    address = make_by_page(client, untuk="B1", pelajaran=["B1-1"])
    for turn in ("1", "2"):
        told = {f"m-1-{at}": sign for at, sign in enumerate("ytY0", start=1)}
        client.post(address + "kertas/B1-1/pre", told | {"kali": turn, "tanggal": "2026-12-07"})
    assert [one[1] for one in Sheet.objects.get().answers] == [True, False, True, False]


def test_numbers_of_stages_are_told_by_the_days(at):
    told = make()
    told.teach(day(0))
    today = timezone.localdate(after(28))
    assert [stage.time for stage in telling.stages(told.group, today) if stage.open] == ["delayed"]


# Of another site, past the limit, and what may be left out


def call(client, path, told, **headers):
    return client.post(CLASS + path, json.dumps(told), content_type="application/json", headers=headers)


FOREIGN = (
    {"sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "same-site"},
    {"origin": "https://elsewhere.example"},
    {"origin": "null"},
)
OWN = (
    {},
    {"sec-fetch-site": "same-origin"},
    {"sec-fetch-site": "none"},
    {"origin": "http://testserver"},
    {"sec-fetch-site": "same-origin", "origin": "null"},
)


@pytest.mark.parametrize("headers", FOREIGN)
def test_a_page_of_another_site_opens_nothing_sends_nothing_and_counts_for_nothing(
    client, at, headers, monkeypatch
):
    told = make()
    monkeypatch.setattr(counting, "WRONG_CODES_AN_HOUR", 1)
    nobody = seats.code(bytes(32), 9)
    for path, body in (("buka", {"code": nobody}), ("kirim", {"sheets": [told.sheet(1)]})):
        answer = call(client, path, body, **headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "learning.from-another-site")
    answer = client.post(CLASS, {"kode": nobody}, headers=headers)
    assert (answer.status_code, "situs lain" in text(answer)) == (403, True)
    assert Sheet.objects.count() == 0
    for own in OWN:
        assert call(client, "buka", {"code": told.code(1)}, **own).status_code == 200
        assert client.post(CLASS, {"kode": told.code(1)}, headers=own).status_code == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
def test_what_a_foreign_form_can_send_is_no_call(client, at, kind):
    told = make()
    for path, body in (("buka", {"code": told.code(1)}), ("kirim", {"sheets": [told.sheet(1)]})):
        answer = client.generic("POST", CLASS + path, json.dumps(body), content_type=kind)
        assert (answer.status_code, answer.json()["code"]) == (415, "learning.sheets-malformed")
    assert Sheet.objects.count() == 0


def test_a_class_goes_on_when_its_network_is_shut_for_the_wrong_codes_of_somebody_else(
    client, at, monkeypatch
):
    monkeypatch.setattr(counting, "WRONG_CODES_AN_HOUR", 1)
    told, others = make(), make(name="6B")
    word = call(client, "buka", {"code": told.code(1)}).json()["word"]
    assert call(client, "buka", {"code": seats.code(bytes(32), 9)}).status_code == 404
    assert call(client, "buka", {"code": told.code(2)}).status_code == 429
    # The word opens every code of its group, and none of another, there or not.
    assert call(client, "buka", {"code": told.code(2), "word": word}).status_code == 200
    for code in (others.code(1), seats.code(bytes(32), 9)):
        assert call(client, "buka", {"code": code, "word": word}).status_code == 429
    for wrong in (word[:-1] + ("A" if word[-1] != "A" else "B"), "x" * 300, "", told.group.pk.hex):
        assert call(client, "buka", {"code": told.code(2), "word": wrong}).status_code == 429
    assert open_code(client, told.code(3), kata=word).status_code == 200
    # Sheets: those with the word come in, the others wait on their devices.
    assert call(client, "kirim", {"sheets": [told.sheet(4)]}).status_code == 429
    sheets = [told.sheet(4, word=word), told.sheet(5), others.sheet(1, word=word)]
    answer = call(client, "kirim", {"sheets": sheets}).json()["sheets"]
    assert [one["result"] for one in answer] == ["accepted", "later", "later"]
    assert [row.seat.number for row in Sheet.objects.select_related("seat")] == [4]


def test_without_scripts_a_test_that_was_begun_is_finished_though_the_network_was_shut_meanwhile(
    client, at, monkeypatch
):
    told = make()
    page = open_code(client, told.code(1), tes="B3-2")
    monkeypatch.setattr(counting, "WRONG_CODES_AN_HOUR", 0)
    assert "Terkirim" in text(client.post(CLASS, hidden(page) | chosen(page, right("B3-2", "A"))))
    assert Sheet.objects.count() == 1


SENSITIVE = next(
    name for name, one in sorted(courses.course().lessons.items()) if name[:2] == "B4" and one.note
)


def test_the_test_of_a_sensitive_lesson_begins_with_its_note_and_is_left_out_without_loss(client, at):
    lesson = courses.course().lessons[SENSITIVE]
    told = make(audience="B4", objectives=(SENSITIVE,))
    page = open_code(client, told.code(1), tes=SENSITIVE)
    first = lesson.note.id.split(".")[0]
    assert text(page).index(first) < text(page).index('name="j-')
    out = client.post(CLASS, hidden(page) | chosen(page, right(SENSITIVE, "A")) | {"lewati": "1"})
    assert f"Mulai: {lesson.title.id}" in text(out)
    assert Sheet.objects.count() == 0
    drawn = call(client, "buka", {"code": told.code(1)}).json()["tests"][0]["page"]
    assert "data-catatan" in drawn
    assert "data-lewati" in drawn
    printed = text(client.get(f"{LEAD}{told.token}/soal/{SENSITIVE}/A"))
    assert printed.index(first) < printed.index("<ol")
    plain = call(client, "buka", {"code": make().code(1)}).json()["tests"][0]["page"]
    assert "data-catatan" not in plain
    assert "data-lewati" not in plain


def test_whoever_leads_reads_the_brief_on_a_page_of_its_own_and_no_childs_sheet_has_it(client, at):
    lesson = courses.course().lessons[SENSITIVE]
    told = make(audience="B4", objectives=(SENSITIVE,))
    address = f"/pelajaran/{SENSITIVE}/pemandu"
    assert address in text(client.get(f"{LEAD}{told.token}/"))
    words = max(lesson.brief.id.splitlines(), key=len).strip("- ")[:60]
    assert words in text(client.get(address))
    assert words not in text(client.get(f"/pelajaran/{SENSITIVE}/lembar"))
    assert client.get("/pelajaran/B3-2/pemandu").status_code == 404
    assert client.get("/pelajaran/B9-9/pemandu").status_code == 404
    assert "/pelajaran/B3-2/pemandu" not in text(client.get(f"{LEAD}{make().token}/"))


# Paper that comes another way


def test_one_row_that_does_not_fit_leaves_the_others_their_sheets(client, at):
    address = make_by_page(client)
    group, secret = making.find(address.split("/")[3])
    typed(client, address, row(1) | row(2) | row(3))
    client.post(CLASS, hidden(open_code(client, seats.code(secret, 2), tes="B3-2")))
    PaperRow.objects.filter(seat__number=3).update(taken_on=day(40))  # its day fitted when it was typed
    assert "2 baris baru diketik satu kali" in text(client.get(address + "kertas/B3-2/pre"))
    assert client.post(address + "kertas/B3-2/pre/beda", {"tanpa": "1"}).status_code == 303
    kept = Sheet.objects.order_by("seat__number").values_list("seat__number", "on_paper")
    assert list(kept) == [(1, True), (2, False)]
    assert list(PaperRow.objects.values_list("seat__number", flat=True)) == [3]
    assert group.pk == Group.objects.get().pk
