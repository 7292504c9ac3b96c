"""Doors, a door's lessons, one lesson, its sheet: without scripts, in both languages, with the law as of today."""

import io
import json
import re
import zipfile

import pytest
from django.utils import translation
from django.utils.html import escape
from django.utils.text import capfirst
from msgspec.structs import replace

from ruangaman.adapters import clock
from ruangaman.core.learning.model import Course, LawTold, Plain, Told
from ruangaman.rooms.learning import api, courses
from ruangaman.rooms.learning.packs import kinds
from ruangaman.rooms.learning.templatetags import lessons

WHOLE = courses.course()
LESSON = WHOLE.lessons["B3-2"]
ASKED = {"question": "account", "age": {"at_least": 13, "at_most": 15}, "service": {"risk_profile": "high"}}
SENSITIVE = next(name for name, one in sorted(WHOLE.lessons.items()) if one.brief)
DRAWN = min(WHOLE.pictures)
LAW = LawTold(ASKED, "deny", "ID/account/high-risk-under-16")


@pytest.fixture
def taught(monkeypatch):
    """The lessons with this one changed."""

    def change(**told):
        other = Course(
            WHOLE.scheme, {**WHOLE.lessons, "B3-2": replace(LESSON, **told)}, WHOLE.forms, WHOLE.pictures
        )
        monkeypatch.setattr(courses, "course", lambda: other)
        courses.explained.cache_clear()

    yield change
    courses.explained.cache_clear()


def page(client, path, language="id"):
    client.cookies["bahasa"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


@pytest.mark.parametrize("language", ["id", "en"])
def test_from_the_door_to_the_lesson(client, language):
    doors = page(client, "/pelajaran/", language)
    for one in WHOLE.scheme.audiences:
        assert f"/pelajaran/untuk/{one.id}/" in doors
        assert getattr(one.name, language) in doors
    listed = page(client, "/pelajaran/untuk/B3/", language)
    assert "/pelajaran/B3-2/" in listed
    told = page(client, "/pelajaran/B3-2/", language)
    for screen in LESSON.screens:
        assert escape(getattr(screen.title, language)) in told
    assert told.count('type="radio"') == sum(len(item.options) for item in LESSON.practice)
    assert "<h1>" in page(client, "/pelajaran/B3-2/lembar", language)
    for name in ("B3-2", "B3-3"):  # the second one's sheet repeats its title, which a reader meets once
        title, sheet = WHOLE.lessons[name].title, page(client, f"/pelajaran/{name}/lembar", language)
        assert f"<h1>{escape(getattr(title, language))}</h1>" in sheet
        assert f"<p>{escape(getattr(title, language))}</p>" not in sheet


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_lesson_opens_with_its_pictures_and_what_a_carer_watches(client, language):
    for name, lesson in WHOLE.lessons.items():
        told = page(client, f"/pelajaran/{name}/", language)
        assert escape(getattr(lesson.title, language)) in told
        for one in lesson.observations:
            assert escape(getattr(one.text, language)) in told
        for picture in set(re.findall(r'src="(/pelajaran/gambar/[^"]+)"', told)):
            assert client.get(picture).status_code == 200
        assert escape(getattr(lesson.title, language)) in page(client, f"/pelajaran/{name}/lembar", language)


def test_each_answer_has_its_own_words_on_the_page_and_no_form_is_shown(client):
    told = page(client, "/pelajaran/B3-2/")
    for item in LESSON.practice:
        for option in item.options:
            assert f'value="{option.id}"' in told
    for letter in ("A", "B"):
        assert not any(item.id in told for item in WHOLE.forms["B3-2", letter].items)


@pytest.mark.parametrize(
    "path", ["/pelajaran/B3-99/", "/pelajaran/untuk/B9/", "/pelajaran/gambar/tidak-ada.svg"]
)
def test_what_is_not_there_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_a_drawing_is_shown(client):
    answer = client.get("/pelajaran/gambar/tiga-tanya.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert answer.content.startswith(b"<svg")


def test_what_is_told_of_the_law_has_its_article_of_today_and_a_change_is_said(client, taught):
    screens = (replace(LESSON.screens[0], law=(LAW, LAW)), *LESSON.screens[1:])
    taught(screens=screens)
    assert page(client, "/pelajaran/B3-2/").count("PP 17/2025 Pasal 21 ayat (1)") == 1
    assert page(client, "/pelajaran/B3-2/", "en").count("PP 17/2025 Art. 21(1)") == 1
    taught(screens=(replace(screens[0], law=(replace(LAW, outcome="allow"),)), *screens[1:]))
    told = page(client, "/pelajaran/B3-2/")
    assert "Aturan ini sudah berubah" in told
    assert "PP 17/2025" not in told


def test_a_reason_of_the_law_leads_to_the_screen_that_explains_it(taught):
    taught(
        screens=(replace(LESSON.screens[2], explains=("ID/account/high-risk-under-16",)), *LESSON.screens[3:])
    )
    assert api.explaining("ID/account/high-risk-under-16", "B3") == "/pelajaran/B3-2/#tiga-tanya"
    assert api.explaining("ID/account/nothing-of-the-kind") is None


def test_a_reader_is_sent_to_the_lesson_of_their_own_age_and_no_child_to_one_for_adults():
    found = {
        who: api.explaining("ID/account/high-risk-under-16", who)
        for who in (None, "B2", "B4", "B5", "PAR", "PUB")
    }
    assert found["PAR"].startswith("/pelajaran/PAR-1/#")
    assert found["PUB"].startswith("/pelajaran/PAR-1/#")
    assert found["B4"] == found["B5"]
    assert found["B5"].startswith("/pelajaran/B4-8/#")
    assert found["B2"] == found[None]
    assert found["B2"].startswith("/pelajaran/B3-")
    assert api.explaining("ID/account/under-3", "B5") is None
    assert api.explaining("ID/account/consented", "PAR").startswith("/pelajaran/B4-8/#")


def test_a_sensitive_lesson_begins_with_its_note_and_a_way_round_it(client, taught):
    taught(note=Told("Pelajaran ini tentang bujukan. Boleh dilewati.", "About grooming. You may skip it."))
    told = page(client, "/pelajaran/B3-2/")
    assert told.index("Boleh dilewati.") < told.index('class="card step"')
    assert "Lewati" in told


def test_a_text_is_shown_in_paragraphs_and_points_and_never_as_code():
    text = Told("Satu.\n\n- a\n- b <b>", "One.")
    assert lessons.said(text) == '<p>Satu.</p><ul class="points"><li>a</li><li>b &lt;b&gt;</li></ul>'
    with translation.override("en"):
        assert lessons.say(Plain("Satu", "One")) == "One"


def test_the_worker_keeps_lessons_alone(client):
    reply = client.get("/pelajaran/pekerja.js").content.decode()
    kept = json.loads(reply.partition("\n")[0].removeprefix("const KEPT = ").rstrip(";"))
    allowed = re.compile(kept["pages"])
    assert all(
        allowed.search(path) for path in ("/pelajaran/", "/pelajaran/B3-2/", "/pelajaran/gambar/x.svg")
    )
    assert not any(
        allowed.search(path) for path in ("/pelajaran/pekerja.js", "/keluarga/", "/kota/pelajaran/")
    )
    assert json.loads(client.get("/pelajaran/pelajaran.webmanifest").content)["start_url"] == "/pelajaran/"


@pytest.mark.parametrize(
    "path",
    [
        *("", "untuk/B3/", "B3-2/", "B3-2/lembar", "ulang/", "siapa/", "tanpa-sinyal/", "bantuan/anak/"),
        *("pekerja.js", "pelajaran.webmanifest", f"{SENSITIVE}/pemandu", f"gambar/{DRAWN}.svg"),
    ],
)
def test_whoever_asks_for_the_head_of_a_page_alone_is_answered(client, path):
    answer = client.head(f"/pelajaran/{path}")
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("who", WHOLE.scheme.audiences, ids=lambda one: one.id)
def test_what_somebody_can_do_afterwards_is_told_to_adults_and_never_as_if_to_a_child(client, who, language):
    aims = [one for one in WHOLE.scheme.objectives if WHOLE.scheme.audience(one.id) == who]
    door = page(client, f"/pelajaran/untuk/{who.id}/", language)
    for aim in aims:
        told = escape(str(capfirst(aim.can.said(language))))
        assert (told in door) is (who.first is None), aim.id
        assert (told in page(client, f"/pelajaran/{aim.id}/", language)) is (who.first is None), aim.id
        assert escape(WHOLE.lessons[aim.id].title.said(language)) in door


@pytest.mark.parametrize("kind", ["offline", "epub"])
@pytest.mark.parametrize("name", ["B1-4", "PAR-1"])
def test_nor_does_a_file_that_children_read_speak_of_them(kind, name):
    made = kinds.KINDS[kind].make(WHOLE, (name,), "id", clock.now())
    with zipfile.ZipFile(io.BytesIO(made)) as file:
        told = [file.read(one).decode() for one in file.namelist() if one.endswith("html")]
    aim = next(one for one in WHOLE.scheme.objectives if one.id == name)
    can = escape(str(capfirst(aim.can.id)))
    assert any(can in one for one in told) is (WHOLE.scheme.audience(name).first is None)


def test_a_house_shows_no_form_with_its_key(client):
    for name, letter in WHOLE.forms:
        assert client.get(f"/pelajaran/{name}/bentuk/{letter}").status_code == 404
    told = client.get(
        "/pelajaran/B3-2/bentuk/A", headers={"ruangaman.remarks": "x", "Ruangaman-Remarks": "x"}
    )
    assert told.status_code == 404
