"""The tile mark: the same for everyone who sees the same hash, different for anyone who sees another."""

import hashlib
import re

import pytest

from ruangaman.core import tegel
from ruangaman.core.tegel_words import WORDS_EN, WORDS_ID

DIGESTS = [hashlib.sha256(str(number).encode()).digest() for number in range(400)]
MARKS = [tegel.mark(digest) for digest in DIGESTS]


def test_the_same_hash_draws_the_same_mark_and_picture():
    for digest, one in zip(DIGESTS[:40], MARKS, strict=False):
        again = tegel.mark(digest)
        assert again == one
        assert tegel.mark_svg(again) == tegel.mark_svg(one)


def test_a_known_hash_keeps_its_code_and_words():
    """Receipts are printed: a change of the rules would orphan them. Worked out by hand from the bytes."""
    one = tegel.mark(bytes([0b00_00000, 0, 0, 0b000_00001, 0, 1, 2]) + bytes(25))
    assert one.code == "222-223"  # thirty low bits of 1: 00000 five times, then 00001
    assert one.words["id"] == ("padi", "perahu", "lampu")
    assert one.words["en"] == ("rice", "boat", "lamp")


def test_one_flipped_bit_changes_what_people_compare():
    digest = DIGESTS[7]
    for byte in range(9):  # code, words, colours
        flipped = bytearray(digest)
        flipped[byte] ^= 1
        other = tegel.mark(bytes(flipped))
        assert (other.code, other.words, other.colours, other.grid) != (
            MARKS[7].code,
            MARKS[7].words,
            MARKS[7].colours,
            MARKS[7].grid,
        ), byte


def test_the_code_is_six_signs_without_look_alikes():
    assert len(set(tegel.ALPHABET)) == 32
    assert not set("0O1I") & set(tegel.ALPHABET)
    for one in MARKS:
        assert re.fullmatch(f"[{tegel.ALPHABET}]{{3}}-[{tegel.ALPHABET}]{{3}}", one.code)


def test_every_sign_can_stand_at_every_place():
    for place in range(6):
        seen = {one.code.replace("-", "")[place] for one in MARKS}
        assert len(seen) > 28, (place, seen)


def test_the_grid_is_six_by_six_and_mirrored_four_ways():
    for one in MARKS:
        assert [len(row) for row in one.grid] == [6] * 6
        for y in range(6):
            for x in range(6):
                cell = one.grid[y][x]
                assert one.grid[y][5 - x] == cell.mirrored(across=True, down=False)
                assert one.grid[5 - y][x] == cell.mirrored(across=False, down=True)


def drawn_points(cell):
    """The corner points of the one shape that a mark of this single cell draws."""
    svg = tegel.mark_svg(tegel.Mark(((cell,),), MARKS[0].colours, "222-222", MARKS[0].words))
    path = re.findall(r' d="(M[^"]*)"', svg)[-1]
    return {(int(x), int(y)) for x, y in re.findall(r"(?:[ML]|A\d+ \d+ 0 0 1 )(\d+) (\d+)", path)}


@pytest.mark.parametrize("shape", tegel.CORNER_SHAPES + tegel.SIDE_SHAPES + tegel.DIAGONAL_SHAPES)
def test_a_mirrored_cell_is_drawn_where_a_mirror_would_show_it(shape):
    for turn in range(2 if shape in tegel.DIAGONAL_SHAPES else 4):
        cell = tegel.Cell(shape, turn, 1, 0)
        points = drawn_points(cell)
        assert len(points) >= 2
        across = {(tegel.CELL - x, y) for x, y in points}
        down = {(x, tegel.CELL - y) for x, y in points}
        assert drawn_points(cell.mirrored(across=True, down=False)) == across, turn
        assert drawn_points(cell.mirrored(across=False, down=True)) == down, turn


def test_a_mirror_seen_in_a_mirror_is_the_thing_itself():
    for shape in tegel.SHAPES:
        for turn in range(2 if shape in tegel.DIAGONAL_SHAPES else 4):
            cell = tegel.Cell(shape, turn, 1, 0)
            for across, down in ((True, False), (False, True), (True, True)):
                assert cell.mirrored(across=across, down=down).mirrored(across=across, down=down) == cell


def test_four_different_colours_of_six_show_in_every_mark():
    for one in MARKS:
        assert len(set(one.colours)) == 4 <= len(tegel.PALETTE) == 6
        svg = tegel.mark_svg(one)
        for name in one.colours:
            assert f'fill="{tegel.PALETTE[name]}"' in svg, (one.code, name)


def test_three_different_words_are_spoken_even_when_the_bytes_repeat():
    for same in (0, 254, 255):
        one = tegel.mark(bytes([0, 0, 0, 0, same, same, same]) + bytes(25))
        assert len(set(one.words["id"])) == 3
        assert len(set(one.words["en"])) == 3
    for one in MARKS:
        assert len(set(one.words["id"])) == 3


def test_each_word_list_holds_256_plain_words_and_none_twice():
    for words in (WORDS_ID, WORDS_EN):
        assert len(words) == 256
        assert len(set(words)) == 256
        assert all(re.fullmatch(r"[a-z]{2,11}", word) for word in words)


# Rude, frightening, a slur, or slang for a body part in either language, though some look innocent.
NOT_SPOKEN_TO_CHILDREN = frozenset(
    """anjing babi monyet tai kontol burung pisang terong pepaya susu telur biji batang pisau pistol darah hantu
    setan ular mati bom racun dog pig cow ass cock bitch nuts balls melon hoe knife gun blood ghost snake bomb
    poison kill""".split()  # noqa: SIM905
)


def test_no_word_is_rude_or_frightening():
    assert NOT_SPOKEN_TO_CHILDREN.isdisjoint(WORDS_ID)
    assert NOT_SPOKEN_TO_CHILDREN.isdisjoint(WORDS_EN)


def test_the_printed_mark_is_black_white_and_hatch():
    for one in MARKS[:60]:
        svg = tegel.mark_svg(one, style="print")
        colours = set(re.findall(r"#[0-9A-Fa-f]{3,6}\b", re.sub(r"url\(#[^)]*\)", "", svg)))
        assert colours <= {"#fff", "#000"}
        assert svg.count("<pattern") == 2


def test_a_picture_is_hidden_from_screen_readers_unless_it_is_named():
    assert 'aria-hidden="true"' in tegel.mark_svg(MARKS[0])
    assert 'role="img" aria-label="Tanda tegel"' in tegel.mark_svg(MARKS[0], title="Tanda tegel")


def test_a_mark_is_small_enough_to_stand_in_a_page_many_times():
    assert max(len(tegel.mark_svg(one)) for one in MARKS) < 3000


@pytest.mark.parametrize("length", [0, 16, 31, 33, 64])
def test_anything_but_thirty_two_bytes_is_refused(length):
    with pytest.raises(ValueError, match="32 bytes"):
        tegel.mark(bytes(length))
