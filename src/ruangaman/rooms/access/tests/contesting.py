"""Whoever contests an age, and the page of the officer: what the tests of contests share."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.contest_files import jpeg, png
from ruangaman.rooms.access.tests.test_age_checks import come_back, path_of, verdict, visit
from ruangaman.rooms.ages.models import Contest
from ruangaman.rooms.families import api as families
from ruangaman.rooms.ledger.models import Entry

STORY = "Aku lahir 2009, di rapor salah tahun."
WHY = {
    "reason": "Rapormu cocok. Umurmu sudah diperbaiki.",
    "reason_en": "Your report fits. Your age was corrected.",
}


def said(platform, low, high):
    house = platform("ramai")
    told = house.sign_up("ramai", age={"at_least": low, "at_most": high}, evidence="self_declared")
    return house, told.json


def proved(platform, hour, over=True):
    """An account at Ramai whose child a school answered for; (house, session, path of the check)."""
    house, session = said(platform, 17, 17)
    path = path_of(session["next"]["url"])
    browser = Client()
    _, asked = visit(browser, session["next"]["url"])
    come_back(browser, asked, verdict(asked, over, hour))
    return house, session, path


def state(house, session):
    return house.get(f"/v1/sessions/{session['id']}").json


def files(*data):
    return [SimpleUploadedFile("Rapor Sari.jpg", one, content_type="text/html") for one in data]


def send(browser, path, kind, **form):
    return browser.post(f"{path}?apa={kind}", form)


def receipt(browser):
    """Number and secret word as the person reads them."""
    page = browser.get("/banding/tanda-terima").content.decode()
    number, word = re.findall(r'<b class="said">([^<]+)</b>', page)
    return number, word, page


def look(browser, number, word):
    return browser.post("/banding/lihat", {"nomor": number, "kata": word}, follow=True)


def kinds():
    return [entry.kind for entry in Entry.objects.order_by("index") if entry.kind.startswith("contest.")]


def known(session):
    return families.child_age(families.ChildRef(AccessSession.objects.get(id=session["id"]).child))


@pytest.fixture
def waits(db, hour):
    browser = Client()
    send(browser, "/banding", "older", words=STORY, files=files(jpeg(b"PAPER"), png()))
    number, word, _ = receipt(browser)
    row = Contest.objects.get()
    return row, f"/petugas/banding/{row.pk}", number, word
