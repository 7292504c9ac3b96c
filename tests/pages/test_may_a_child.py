"""The public answer: which app at which age, straight from the law engine, in words a parent can use."""

import csv
import io
import re
from datetime import UTC, datetime

import pytest

from ruangaman.adapters import clock
from ruangaman.core.law.years import AgeRange
from ruangaman.rooms.access import api as access
from ruangaman.site.public import named, question

pytestmark = pytest.mark.django_db


def service(slug, name, risk, *, children=False, kind="other", operator="PT Contoh"):
    determined = {} if risk == "unassessed" else {"risk_determined_by": "Komdigi", "risk_determined_at": DAY}
    access.create_service(
        slug=slug,
        operator=operator,
        name=name,
        type=kind,
        purpose={"id": "Contoh", "en": "Example"},
        risk_profile=risk,
        designed_for_children=children,
        now=DAY,
        **determined,
    )


DAY = datetime(2026, 11, 2, 3, 0, tzinfo=UTC)
STORIES, CHAT, NETWORK, UNASSESSED = "dongeng-kita", "obrol", "ramai", "kuis"


@pytest.fixture(autouse=True)
def four_services(db):
    service(STORIES, "Dongeng Kita", "low", children=True, kind="stories")
    service(CHAT, "Obrol", "low", kind="chat")
    service(NETWORK, "Ramai", "high", kind="social_media")
    service(UNASSESSED, "Kuis Seru", "unassessed", children=True, kind="game")


def facts_of(slug):
    return access.service(slug).facts


# What PP TUNAS says, written down by hand: Art. 21(1) for age and risk, Art. 9 for consent below 17 and at 17.
EXPECTED = {
    STORIES: dict.fromkeys(range(3, 18), "asks"),
    CHAT: {year: "later" if year < 13 else "asks" for year in range(3, 18)},
    NETWORK: {year: "later" if year < 16 else "asks" for year in range(3, 18)},
    UNASSESSED: {year: "unknown" if year < 16 else "asks" for year in range(3, 18)},
}


@pytest.mark.parametrize("slug", EXPECTED)
def test_every_age_gets_the_answer_of_the_law(slug):
    facts = facts_of(slug)
    found = {year: question.verdict(facts, year, now=clock.now()).state for year in range(3, 18)}
    assert found == EXPECTED[slug]


def test_a_no_names_the_birthday_on_which_it_ends():
    now = clock.now()
    assert question.verdict(facts_of(CHAT), 10, now=now).word == "Nanti, 13 tahun"
    assert question.verdict(facts_of(NETWORK), 10, now=now).word == "Nanti, 16 tahun"


def test_the_law_is_blamed_and_not_the_parent():
    told = question.verdict(facts_of(NETWORK), 10, now=clock.now())
    assert "Aturan menutupnya, bukan orang tua." in told.reason
    assert told.article == "PP TUNAS Pasal\N{NO-BREAK SPACE}21"


def test_at_seventeen_the_child_agrees_and_a_parent_confirms():
    told = question.verdict(facts_of(STORIES), 17, now=clock.now())
    younger = question.verdict(facts_of(STORIES), 16, now=clock.now())
    assert younger.sentence == "Boleh, kalau orang tua mengizinkan."
    assert told.state == "asks"
    assert told.sentence == "Boleh, kalau anak setuju dan orang tua mengonfirmasi."


def test_where_a_word_about_the_age_does_not_open_the_page_says_that_it_must_be_proved(client):
    now = clock.now()
    proof = "Umur anak harus dibuktikan dulu."
    found = {slug: question.verdict(facts_of(slug), 17, now=now).proof for slug in (STORIES, CHAT, NETWORK)}
    assert found == {STORIES: "", CHAT: "", NETWORK: proof}
    assert proof in client.get("/?umur=17&aplikasi=ramai").content.decode()
    english = client.get("/?umur=17&aplikasi=ramai&bahasa=en").content.decode()
    assert "age must be proved first." in english


def test_a_range_in_which_the_consent_changes_hands_says_from_when(client):
    page = client.get("/aplikasi?umur=16-17").content.decode()
    assert (
        "Boleh, kalau orang tua mengizinkan. Mulai 17 tahun, anak setuju dan orang tua mengonfirmasi." in page
    )
    assert (
        "Mulai 17 tahun, anak setuju dan orang tua mengonfirmasi." in client.get("/aplikasi").content.decode()
    )
    younger = client.get("/aplikasi?umur=13-15").content.decode().split('<ul class="icons">')[0]
    assert "Mulai 17 tahun" not in younger


def test_one_state_has_one_colour_wherever_it_stands(client):
    doors = {(cell.word, cell.colour) for card in (CHAT, NETWORK)
             for cell in [question.verdict(facts_of(card), 10, now=clock.now())]}  # fmt: skip
    assert doors == {("Nanti, 13 tahun", "genteng"), ("Nanti, 16 tahun", "genteng")}


def test_the_start_page_leads_to_the_lessons_and_to_the_map(client):
    page = client.get("/").content.decode()
    door = re.search(r'<a class="card door-card" href="([^"]+)">(?:(?!</a>).)*Saya guru', page, re.DOTALL)
    assert door.group(1) == "/pelajaran/"
    assert '<a href="/pelajaran/">Pelajaran</a>' in page.split("<footer")[1]
    assert 'href="/kota/"' in page
    assert "Segera" not in page
    help_page = client.get("/bantuan").content.decode()
    assert help_page.count('href="/pelajaran/"') == 2  # for a child, and for a teacher
    assert "Lessons and tests for a class" in client.get("/?bahasa=en").content.decode()


def test_a_band_promises_no_year_more_than_it_gets():
    facts = facts_of(NETWORK)
    assert question.range_verdict(facts, AgeRange("15-16", 15, 16), now=clock.now()).word == "Nanti, 16 tahun"


def test_the_form_answers_by_its_address_alone(client):
    page = client.get("/?umur=10&aplikasi=dongeng-kita").content.decode()
    status = re.search(r'<div role="status">(.*?)</section>', page, re.DOTALL).group(1)
    assert "Boleh, kalau orang tua mengizinkan." in status
    assert "Aplikasi ini dibuat untuk anak dan risikonya rendah." in status
    assert 'value="10" selected' in page
    english = client.get("/?umur=10&aplikasi=ramai&bahasa=en").content.decode()
    assert "Later, at 16." in english


def test_an_app_we_do_not_know_is_treated_as_not_allowed(client):
    for strange in ("lain", "tidak-ada", "<script>"):
        page = client.get("/", {"umur": "10", "aplikasi": strange}).content.decode()
        assert "Aplikasi ini belum kami kenal. Anggap belum boleh." in page
        assert "<script>" not in page.replace('<script src="', "")


@pytest.mark.parametrize(
    "age", ["", "-1", "2", "18", "200", "9" * 5000, "x", "10.5", "１０", "10 ", "13-15", "<b>"]
)
@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("id", "Umur itu tidak bisa kami jawab. Pilih umur 3 sampai 17 tahun."),
        ("en", "We cannot answer for that age. Choose an age from 3 to 17."),
    ],
)
def test_an_age_that_is_not_on_the_list_never_gets_the_answer_of_another(client, age, language, sentence):
    answer = client.get("/", {"umur": age, "aplikasi": "ramai", "bahasa": language})
    page = answer.content.decode()
    assert answer.status_code == 400
    status = re.search(r'<div role="status">(.*?)</section>', page, re.DOTALL).group(1)
    assert sentence in status
    assert "Nanti" not in status
    assert "Later" not in status
    assert not re.search(r'<option value="\d+" selected', page)
    assert 'value="ramai" selected' in page


def test_the_form_without_an_age_shows_which_age_it_answers(client):
    page = client.get("/?aplikasi=ramai").content.decode()
    assert 'value="10" selected' in page
    assert "Nanti, 16 tahun." in page


def test_a_code_that_did_not_match_is_said_in_words_and_never_repeated(client):
    page = client.get("/?kode=tidak-cocok").content.decode()
    assert "Kode tidak cocok. Periksa 8 hurufnya." in page
    assert 'aria-invalid="true"' in page
    assert "Tunggu 1 menit" in client.get("/?kode=tunggu").content.decode()
    assert "7K4PQQQQ" not in client.get("/?kode=7K4PQQQQ").content.decode().replace("kode=7K4PQQQQ", "")


def test_the_code_goes_to_the_families_room_by_post(client):
    page = client.get("/").content.decode()
    form = re.search(r'<form class="card" id="kode"[^>]*>', page).group(0)
    assert 'method="post"' in form
    assert "csrfmiddlewaretoken" in page


def test_the_table_shows_each_app_at_each_age_with_shape_and_word(client):
    page = client.get("/aplikasi").content.decode()
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th>(.*?)</tr>", page, re.DOTALL)
    words = {name: re.findall(r"<span>([^<]+)</span></span></td>", cells) for name, cells in rows}
    assert words["Ramai"] == ["Nanti, 16 tahun"] * 4 + ["Izin"]
    assert words["Obrol"] == ["Nanti, 13 tahun"] * 3 + ["Izin"] * 2
    assert words["Dongeng Kita"] == ["Izin"] * 5
    assert words["Kuis Seru"] == ["Belum dinilai"] * 4 + ["Izin"]
    assert all(cells.count('class="door"') == 5 for _, cells in rows)


def test_one_age_is_a_list_and_a_search_that_finds_nothing_says_what_that_means(client):
    listed = client.get("/aplikasi?umur=10-12").content.decode()
    assert "<table>" not in listed
    assert listed.count('class="card door-card"') == 4 + len(NAMED)
    nothing = client.get("/aplikasi?cari=zzz").content.decode()
    assert "Tidak ketemu. Aplikasi yang belum dinilai kami anggap belum boleh untuk anak." in nothing
    strange = client.get("/aplikasi?umur=1-99").content.decode()
    assert strange.count("<table>") == 1
    assert "Rentang umur itu tidak ada dalam aturan. Di bawah ini semua umur." in strange


# pp-tunas: the Ministry's first list, and the platform that was accepted after it changed.
NAMED = ("YouTube", "TikTok", "Facebook", "Instagram", "Threads", "X", "Bigo Live", "Roblox")


def row_of(page, name):
    return re.search(rf'<tr><th scope="row">{name}</th>(.*?)</tr>', page, re.DOTALL).group(1)


@pytest.mark.parametrize("name", NAMED)
def test_each_named_platform_stands_in_the_table_with_date_source_and_confidence(client, name):
    row = row_of(client.get("/aplikasi").content.decode(), name)
    assert re.findall(r"<span>([^<]+)</span></span></td>", row) == ["Nanti, 16 tahun"] * 4 + ["Izin"]
    for words in (
        "Kementerian menyebutnya berisiko tinggi.",
        "Disebut dalam Pernyataan Kementerian 6 Maret 2026.",
        "Akun anak di bawah 16 tahun ditutup bertahap.",
        "Permenkomdigi 9/2026 Pasal 30 (menurut berita)",
        "sejak 28 Maret 2026",
        "Keyakinan: dua sumber atau lebih.",
    ):
        assert words in row, words
    english = row_of(client.get("/aplikasi?bahasa=en").content.decode(), name)
    assert "The Ministry calls it high risk." in english
    assert "since 28 March 2026" in english
    assert "Confidence: two sources or more." in english


def test_the_platform_that_changed_says_so_with_its_own_date_and_its_doubt(client):
    page = client.get("/aplikasi").content.decode()
    accepted = (
        "Akun boleh tetap, tanpa kontak dengan orang asing. Pernyataan Kementerian 30 April 2026, sejak 30 April 2026. "
        "Keyakinan: satu sumber."
    )
    assert accepted in row_of(page, "Roblox")
    assert "Profil risiko Roblox setelah perubahan diterima tidak terlihat." in row_of(page, "Roblox")
    assert page.count(accepted) == 2  # the table, and its card on a phone


@pytest.mark.parametrize(("day", "listed"), [((2026, 3, 5), 0), ((2026, 3, 6), 8), ((2026, 3, 28), 8)])
def test_the_list_and_its_phase_begin_on_their_days(day, listed):
    now = datetime(*day, 5, tzinfo=UTC)
    assert len(named.platforms(now=now)) == listed
    told = named.phase(now=now)
    assert told.says.startswith(
        "Sejak 28 Maret 2026" if day == (2026, 3, 28) else "Tahap pertama mulai 28 Maret 2026"
    )
    assert all(bool(one.notes) == (day == (2026, 3, 28)) for one in named.platforms(now=now))


def test_the_csv_holds_the_same_answers_and_the_version_of_the_law(client):
    answer = client.get("/aplikasi.csv")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(answer.content.decode())))
    assert lines[0] == [
        "Aplikasi", "Penyelenggara", "Risiko", "Ditetapkan", "3-5", "6-9", "10-12", "13-15", "16-17",
        "Pasal", "Sejak", "Keyakinan", "Akun yang sudah ada", "Versi aturan",
    ]  # fmt: skip
    by_name = {line[0]: dict(zip(lines[0], line, strict=True)) for line in lines[1:]}
    ramai = by_name["Ramai"]
    assert [ramai[ages] for ages in lines[0][4:9]] == ["Nanti, 16 tahun"] * 4 + ["Izin"]
    assert "Pasal 21 ayat (1)" in ramai["Pasal"]
    assert (ramai["Ditetapkan"], ramai["Sejak"]) == ("Dinilai Komdigi, 2 November 2026.", "27 Maret 2025")
    assert re.fullmatch(r"ID \S+", ramai["Versi aturan"])
    assert set(NAMED) < set(by_name)
    assert by_name["TikTok"]["Sejak"] == "28 Maret 2026"
    assert by_name["TikTok"]["Keyakinan"] == "dua sumber atau lebih"
    assert (
        "30 April 2026; Pernyataan Kementerian 30 April 2026; satu sumber"
        in by_name["Roblox"]["Akun yang sudah ada"]
    )


@pytest.mark.parametrize(
    "address", ["/aplikasi", "/aplikasi?umur=10-12", "/aplikasi.csv", "/aturan", "/aturan/existing_account"]
)
def test_an_english_reader_meets_the_sources_in_english(client, address):
    home = client.get(address, follow=True).content.decode()
    assert "Pernyataan Kementerian 6 Maret 2026" in home or "umur=10-12" in address
    client.get("/aplikasi?bahasa=en")
    page = client.get(address, follow=True).content.decode()
    assert "Statement of the Ministry, 6 March 2026" in page
    visible = re.sub(r"<(script|style).*?</\1>|<[^>]+>", " ", page, flags=re.DOTALL)
    assert not re.search(r"\b(Pernyataan|Evaluasi|Maret|hari libur|Pasal|ayat)\b", visible)


def test_a_spreadsheet_does_not_run_the_name_of_an_app(client):
    service("evil", '=HYPERLINK("http://x")', "low", operator="@SUM(1)")
    lines = list(csv.reader(io.StringIO(client.get("/aplikasi.csv").content.decode())))
    line = next(line for line in lines if "HYPERLINK" in line[0])
    assert line[0].startswith("'=")
    assert line[1].startswith("'@")


def test_a_wrong_code_comes_back_to_the_start_page_and_stands_in_its_field_once(client):
    answer = client.post("/kode", {"code": "AAAA-AAAA"}, follow=True)
    assert answer.redirect_chain == [("/?kode=tidak-cocok#kode", 302)]
    page = answer.content.decode()
    assert "Kode tidak cocok. Periksa 8 hurufnya." in page
    assert page.count("AAAA-AAAA") == 1
    assert 'value="AAAA-AAAA"' in page
    assert "AAAA" not in client.get("/?kode=tidak-cocok").content.decode()


def test_after_five_wrong_codes_the_wait_is_said_in_words(client):
    for _ in range(5):
        client.post("/kode", {"code": "AAAA-AAAA"})
    page = client.post("/kode", {"code": "AAAA-AAAA"}, follow=True).content.decode()
    assert "Sudah lima kali salah. Tunggu 1 menit, lalu coba lagi." in page
