"""Files for an officer: whatever the bytes, a file of a known kind or one refusal; nothing is said of the place."""

import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ruangaman.core.shown_files import FileRefused, read
from ruangaman.rooms.access.tests.contest_files import EXIF, jpeg, pdf, png, segment, voice

pytestmark = pytest.mark.slow

STARTS = [
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"%PDF-",
    b"OggS",
    b"RIFF",
    b"ID3",
    b"\x1a\x45\xdf\xa3",
    b"0000ftypM4A ",
]
WHOLE = [jpeg(b"x" * 50), png(), pdf(b"x"), voice(b"x")]


def reading(data):
    """The kind of a file, or why it is refused."""
    try:
        return read(data).media_type
    except FileRefused as refused:
        return refused.facts["why"]


KNOWN = {
    "image/jpeg",
    "image/png",
    "application/pdf",
    "audio/mp4",
    "audio/ogg",
    "audio/webm",
    "audio/wav",
    "audio/mpeg",
}
WHY = {"empty", "kind", "broken", "large", "mixed", "acts"}


@given(st.binary(max_size=600), st.sampled_from([b"", *STARTS]))
def test_any_bytes_only_one_refusal(data, start):
    assert reading(start + data) in KNOWN | WHY


@settings(max_examples=200)
@given(st.sampled_from(WHOLE), st.data())
def test_a_changed_file_breaks_nothing(whole, data):
    at = data.draw(st.integers(0, len(whole) - 1))
    changed = bytearray(whole)
    changed[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(whole)))
    assert {reading(bytes(changed)), reading(whole[:cut])} <= KNOWN | WHY


@given(st.binary(max_size=200), st.integers(1, 12_000), st.integers(1, 5_000))
def test_a_photo_keeps_its_picture_and_how_it_was_held_and_nothing_else(mark, width, height):
    if b"PK\x05\x06" in mark:
        return
    kept = read(jpeg(mark, width=width, height=height)).data
    assert mark.replace(b"\xff", b"\xff\x00") in kept
    assert b"GPS" not in kept
    assert b"a comment" not in kept
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 6, 0) in kept
    assert read(kept).data == kept


def test_what_stands_behind_a_photo_is_left_behind():
    assert read(jpeg(b"x", tail=b"second picture")).data == read(jpeg(b"x")).data


@pytest.mark.parametrize("order", ["II", "MM"])
def test_the_way_a_phone_was_held_is_read_in_both_byte_orders(order):
    sign = {"II": "<", "MM": ">"}[order]
    tiff = (
        order.encode()
        + struct.pack(sign + "HI", 42, 8)
        + struct.pack(sign + "HHHIHHI", 1, 0x0112, 3, 1, 8, 0, 0)
    )
    assert struct.pack(">HHIHH", 0x0112, 3, 1, 8, 0) in read(jpeg(b"x", exif=b"Exif\x00\x00" + tiff)).data
    assert b"Exif" not in read(jpeg(b"x", exif=b"Exif\x00\x00" + tiff[:18])).data
    assert b"Exif" in EXIF


def test_a_png_loses_what_it_says_of_people():
    kept = read(png()).data
    assert b"Sari" not in kept
    assert read(kept).data == kept


def test_a_progressive_photo_with_tables_between_its_scans():
    scan = segment(0xDA, b"\x01\x01\x00\x00\x3f\x00")
    whole = jpeg(b"one" + b"\xff", exif=b"")
    more = whole[:-2] + segment(0xC4, bytes(20)) + scan + b"two\xff\xd9"
    assert read(more).data.endswith(b"two\xff\xd9")
