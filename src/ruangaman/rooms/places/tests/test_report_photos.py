"""A photo is drawn anew before it is kept, and shown only after an adult looked at it."""

from io import BytesIO

import pytest
from PIL import Image

from ruangaman.adapters import photos
from ruangaman.adapters.photos import PhotoRefused
from ruangaman.rooms.places.models import Report
from ruangaman.rooms.places.report_errors import ReportRefused
from ruangaman.rooms.places.reports import desk, sending, tables, telling
from ruangaman.rooms.vault.models import Sealed

from .conftest import NOON
from .reporting import exif, photo, published, told

LIMITS = photos.Limits(most_side=1280, most_bytes=8_000_000, most_pixels=40_000_000, kinds=photos.ANY)


def canvas(width: int, height: int) -> bytes:
    """A WebP of thirty bytes that says it is so large."""
    told = bytes(4) + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF" + (22).to_bytes(4, "little") + b"WEBPVP8X" + (10).to_bytes(4, "little") + told


@pytest.mark.parametrize(
    ("form", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("PNG", "RGBA"), ("PNG", "P"), ("WEBP", "RGB")]
)
def test_nothing_of_place_phone_or_time_is_left(form, mode):
    sent = photo(form=form, mode=mode, exif=exif()) + b"HPKU behind the picture"
    drawn = photos.redraw(sent, LIMITS).data
    found = Image.open(BytesIO(drawn))
    assert found.format == "JPEG"
    assert not found.getexif()
    assert set(found.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"HPKU" not in drawn
    assert b"Exif" not in drawn


def test_a_photo_stands_upright_and_is_small():
    found = Image.open(BytesIO(photos.redraw(photo(exif=exif()), LIMITS).data))
    assert found.size == (960, 1280)  # it lay on its side


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"), (b"GIF89a" + bytes(50), "kind"), (b"<svg/>", "kind"), (photo()[:900], "broken"),
        (photo(form="BMP", size=(9, 9)), "kind"), (photo(size=(7000, 7000), mode="L", form="PNG"), "large"),
        (bytes(9_000_000), "large"), (b"\x89PNG\r\n\x1a\n" + bytes(30), "broken"), (canvas(40_000, 40_000), "large"),
        (photo(form="WEBP")[:-9], "broken"), (photo() + b"PK\x05\x06" + bytes(18), "mixed"),
        (photo(form="WEBP") + b"PK\x05\x06" + bytes(18), "mixed"), (canvas(40, 40), "broken"),
    ],
)  # fmt: skip
def test_what_is_no_photo_that_can_be_taken_is_refused(data, why):
    with pytest.raises(PhotoRefused) as refused:
        photos.redraw(data, LIMITS)
    assert refused.value.facts["why"] == why


def test_a_refused_photo_leaves_no_report(city):
    with pytest.raises(PhotoRefused):
        told(city, photo=b"no photo")
    assert not Report.objects.exists()


def test_a_photo_waits_for_an_adult(city, moderator):
    row = told(city, photo=photo())
    assert row.photo_state == "waiting"
    assert sending.photo_of(row)[:2] == b"\xff\xd8"
    row = published(city, moderator, row, photo=True)
    assert (row.photo_state, row.photo_by) == ("shown", moderator.user)
    assert telling.line(telling.public(city).get(), telling.names(city))["photo"]


def test_a_photo_with_a_face_is_destroyed_at_once(city, moderator):
    row = published(city, moderator, told(city, photo=photo()), photo=False)
    assert row.photo_state == "refused"
    assert sending.photo_of(row) == b""
    assert not Sealed.objects.filter(kind="places.report-photo").exists()


def test_a_photo_of_a_private_report_is_never_shown(city, moderator):
    row = published(city, moderator, told(city, kind="person", photo=photo()), photo=True, body="pppa")
    assert row.photo_state == "refused"
    hidden = published(city, moderator, told(city, photo=photo()), photo=True, private=True)
    assert hidden.photo_state == "refused"


def test_a_photo_is_destroyed_with_a_refusal_and_with_a_join(city, moderator):
    first, second = told(city, photo=photo()), told(city, photo=photo())
    for row in (first, second):
        desk.open_it(city, moderator, row.pk, now=NOON)
    said = {"id": "Ini tentang seseorang.", "en": "This is about a person."}
    desk.refuse(city, moderator, first.pk, reason="about_a_person", said=said, now=NOON)
    third = told(city)
    desk.join(city, moderator, second.pk, third.pk, now=NOON)
    assert not Sealed.objects.filter(kind="places.report-photo").exists()


def test_a_photo_can_be_taken_down_later(city, moderator):
    row = published(city, moderator, told(city, photo=photo()), photo=True)
    desk.take_photo_down(city, moderator, row.pk, now=NOON)
    assert not telling.public(city).get().photo
    assert not Sealed.objects.filter(kind="places.report-photo").exists()


def test_more_photos_than_a_city_keeps_are_not_taken_and_words_are(city, person):
    text = tables.text_of(city, "kinds").replace("photos_waiting: 2000", "photos_waiting: 1")
    tables.load(city, "kinds", text.encode(), by=person("pppa"), now=NOON)
    told(city, photo=photo())
    with pytest.raises(ReportRefused):
        told(city, photo=photo())
    assert told(city)
