"""Papers shown for a contest: which are taken, what is refused, and that none is written in the clear."""

import io

import pytest
from django.test import Client

from ruangaman.rooms.access.tests.contest_files import jpeg, pdf, png
from ruangaman.rooms.access.tests.contesting import STORY, files, send, waits
from ruangaman.rooms.access.tests.test_age_checks import school
from ruangaman.rooms.ages.models import Contest, ContestFile
from ruangaman.rooms.vault.models import Sealed

__all__ = ["school", "waits"]

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("flaw", "data"),
    [
        ("a web page", b"<!doctype html><script>alert(1)</script>"),
        ("a picture that scripts", b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'),
        ("a program", b"MZ\x90\x00" + bytes(500)),
        ("an archive", b"PK\x03\x04" + bytes(100)),
        ("an animation", b"GIF89a" + bytes(100)),
        (
            "a photo with an archive behind it",
            jpeg(tail=b"PK\x03\x04" + bytes(50) + b"PK\x05\x06" + bytes(18)),
        ),
        ("a PDF with an archive behind it", pdf() + b"PK\x05\x06" + bytes(18)),
        ("a photo that is a web page", jpeg(exif=b"<html><script>alert(1)</script>")),
        ("a picture of 3.6 gigapixels", png(width=60_000, height=60_000)),
        ("a photo of 4 gigapixels", jpeg(width=65_000, height=65_000)),
        ("a photo without a picture", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(30)),
        ("a photo cut off", jpeg(b"x" * 100)[:-60]),
        ("a PDF that acts", pdf(b"<</S /Launch /F (cmd.exe)>>")),
        ("a PDF cut off", b"%PDF-1.7\n" + bytes(2000)),
        ("a film", b"\x00\x00\x00\x18ftypmp42" + bytes(40) + b"hdlr" + bytes(8) + b"vide"),
        ("a sound that is none", b"OggS" + bytes(100)),
    ],
)
def test_a_file_that_is_none_of_those_is_refused_and_the_words_stay(db, hour, flaw, data):
    reply = send(Client(), "/banding", "older", words=STORY, files=files(data))
    assert reply.status_code == 400, flaw
    assert STORY in reply.content.decode()
    assert Contest.objects.count() == 0
    assert Sealed.objects.count() == 0


def test_too_many_and_too_large(db, hour):
    assert send(Client(), "/banding", "older", files=files(*[pdf()] * 4)).status_code == 400
    assert (
        send(
            Client(), "/banding", "older", files=files(pdf(bytes(2_000_000)), pdf(bytes(1_050_000)))
        ).status_code
        == 400
    )
    large = send(Client(), "/banding", "older", words=STORY, files=files(pdf(bytes(3_200_000))))
    assert large.status_code == 413
    assert "Tulis ceritamu saja, itu cukup." in large.content.decode()
    assert Contest.objects.count() == 0


def test_when_too_much_waits_words_are_still_taken(db, hour, monkeypatch):
    from ruangaman.rooms.ages import config

    monkeypatch.setattr(config, "CONTEST_STORE", 1000)
    assert send(Client(), "/banding", "older", files=files(pdf(bytes(2000)))).status_code == 400
    assert send(Client(), "/banding", "older", words=STORY).status_code == 303


def test_no_temporary_file_is_written(db, hour, monkeypatch, tmp_path):
    import tempfile

    def never(*args, **kwargs):
        raise AssertionError("a file was written in the clear")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", never)
    monkeypatch.setattr("django.core.files.uploadedfile.tempfile.NamedTemporaryFile", never)
    monkeypatch.setattr("django.core.files.temp.NamedTemporaryFile", never)
    assert send(Client(), "/banding", "older", files=files(pdf(bytes(2_900_000)))).status_code == 303
    assert ContestFile.objects.get().size > 2_900_000


def test_a_form_of_another_site_is_refused(db, hour):
    strict = Client(enforce_csrf_checks=True)
    assert strict.post("/banding?apa=older", {"words": STORY}).status_code == 403
    assert (
        strict.post("/banding?apa=older", {"words": STORY, "files": io.BytesIO(bytes(3_300_000))}).status_code
        == 413
    )
    assert Contest.objects.count() == 0
