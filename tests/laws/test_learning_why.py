"""Hard sentences are explained in both languages, and a cloze test takes out what it says."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.adapters import lesson_files
from ruangaman.core.learning import plain, why

CODES = re.findall(r"`([a-z-]+)`", (plain.Finding.__doc__ or "").partition("Codes:")[2])


def test_every_finding_has_words() -> None:
    assert set(CODES) == set(why.WHY)


@pytest.fixture(scope="module")
def limits():
    return next(
        one for one in lesson_files.course(lesson_files.folder()).scheme.audiences if one.id == "PAR"
    ).limits


@pytest.mark.parametrize("code", CODES)
def test_it_says_what_was_found_and_what_to_do(code, limits) -> None:
    vocabulary = plain.Vocabulary(frozenset(), {"tautan": "alamat"}, frozenset())
    told = why.why(plain.Finding(code, "Tekan tautan.", "tautan"), limits, vocabulary, 3)

    assert "{" not in told.id + told.en
    assert told.id != told.en
    assert code in ("passive", "yang", "only-dont") or "tautan" in told.id.lower()


def test_a_cloze_test_takes_out_every_seventh_word_after_the_first_sentence() -> None:
    told = why.cloze("Satu dua tiga empat lima enam tujuh delapan. a b c d e f g, h i j k l m-n o p.")

    assert told.text == (
        "Satu dua tiga empat lima enam tujuh delapan. a b c d e f (1) ______, h i j k l m-n (2) ______ p."
    )
    assert told.key == ("g", "o")


WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=8), min_size=1, max_size=300)


@given(WORDS)
def test_with_its_key_a_cloze_test_is_the_text_again(words) -> None:
    text = "Mulai. " + " ".join(words) + "."
    told = why.cloze(text)
    back = told.text
    for number, word in enumerate(told.key, start=1):
        back = back.replace(f"({number}) ______", word, 1)

    assert back == text
    assert len(told.key) == min(why.GAPS, len(words) // why.EVERY)


def ran(*words: str, told: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-m", "ruangaman.site.cli", "learn", *words]
    return subprocess.run(command, input=told, capture_output=True, timeout=60, check=False)


def test_a_text_of_ones_own_is_explained_in_the_language_asked_for() -> None:
    text = b"Klik link ini dalam waktu dua hari."
    indonesian = ran("plain", "--text", "-", "--audience", "PAR", told=text)
    english = ran("plain", "--text", "-", "--audience", "PAR", "--language", "en", told=text)

    assert indonesian.returncode == english.returncode == 0
    assert "number: Tulis “dua” dengan angka." in indonesian.stdout.decode()
    assert "term: “link” is not explained. Give beside it: tautan." in english.stdout.decode()


@pytest.mark.parametrize(
    ("words", "told", "said"),
    [
        (("plain",), b"", "name a lesson"),
        (("plain", "--text", "-", "--audience", "B9"), b"", "--audience is one of B1"),
        (("plain", "--text", "-", "--audience", "PAR"), b"\xff\xfe", "can't decode"),
        (("plain", "--text", "-", "--audience", "PAR"), b"a" * 100_001, "longer than 100000 bytes"),
        (("cloze", "B9-9"), b"", "no lesson B9-9"),
    ],
)
def test_what_cannot_be_read_is_said(words, told, said) -> None:
    done = ran(*words, told=told)

    assert done.returncode == 2
    assert said in done.stderr.decode()


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    done = ran("plain", "--text", str(tmp_path / "tidak-ada.txt"), "--audience", "PAR")

    assert done.returncode == 2
    assert "No such file" in done.stderr.decode()
