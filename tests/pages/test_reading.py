"""Texts of the public pages are short enough for their readers, in both languages."""

import re
from pathlib import Path

import polib
import pytest

import ruangaman

CATALOGUE = Path(ruangaman.__file__).parent / "site" / "locale" / "en" / "LC_MESSAGES" / "django.po"
MOST_WORDS = 15  # a sentence on a family page
SHOUTED = re.compile(r"\b(?!PIN\b|OTP\b|SAPA\b|BMKG\b|WIB\b|CSV\b|TUNAS\b|PP\b|HP\b|ID\b|EN\b)[A-Z]{3,}\b")
BLAMING = ("ditolak sistem", "yakin?", "rejected by", "ribuan orang tua", "direkomendasikan", "recommended")


def sentences():
    for entry in polib.pofile(str(CATALOGUE)):
        for text in (entry.msgid, entry.msgstr):
            yield from re.split(r"(?<=[.?!:])\s+", text)


def test_every_text_has_its_english():
    assert [entry.msgid for entry in polib.pofile(str(CATALOGUE)) if not entry.msgstr] == []


def test_a_sentence_has_at_most_fifteen_words():
    long = [sentence for sentence in sentences() if len(re.findall(r"[\w'-]+", sentence)) > MOST_WORDS]
    assert long == []


@pytest.mark.parametrize("phrase", BLAMING)
def test_no_page_blames_presses_or_boasts(phrase):
    assert [sentence for sentence in sentences() if phrase in sentence.lower()] == []


def test_no_page_shouts():
    assert [sentence for sentence in sentences() if SHOUTED.search(sentence) or sentence.count("!") > 1] == []
