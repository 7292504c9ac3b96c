"""What a child may be called: names that people bear, in any script; nothing rides along, and nothing stays unseen."""

import unicodedata

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.core import nicknames
from ruangaman.core.nicknames import JOINER, NON_JOINER, is_nickname
from ruangaman.core.verdicts import name_check

JOINERS = (NON_JOINER, JOINER)
BORNE_WITH_JOINERS = {
    "Alireza, Persian": "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627",
    "Mohammad-Ali with a kasra before": "\u0645\u062d\u0645\u062f \u0639\u0644\u06cc\u0650\u200c\u067e\u0648\u0631",
    "Sri, Sinhala": "\u0dc1\u0dca\u200d\u0dbb\u0dd3",
    "Krishna, Sinhala": "\u0d9a\u0dca\u200d\u0dbb\u0dd2\u0dc2\u0dca\u0da7\u0dd2",
    "Anvar, Malayalam with the older chillu": "\u0d05\u0d28\u0d4d\u200d\u0d35\u0d31",
    "with a visible virama, Devanagari": "\u0936\u094d\u200c\u0930\u0940",
    "with a visible pangkon, Javanese": "\ua9b1\ua9c0\u200c\ua9ab\ua9b6",
}


@pytest.mark.parametrize(
    "name",
    [
        "Sari", "Bima", "Ayu", "Rani", "Dewi", "Bimasakti", "Nur'aini", "Nur\u2019aini", "M. Rizky", "Siti-Aisyah",
        "Putu Ayu", "Muh. A. Fajar", "Rizky Jr.", "Bima 14", "Jos\u00e9", "Jose\u0301", "\u0938\u0940\u0924\u093e",
        "\ua9b1\ua9ab\ua9b6", "\u0639\u0627\u0626\u0634\u0629", "\u7f8e\u73b2",
    ],
)  # fmt: skip
def test_a_name_that_people_bear_is_a_nickname(name):
    assert is_nickname(name)


@pytest.mark.parametrize("name", BORNE_WITH_JOINERS.values(), ids=BORNE_WITH_JOINERS)
def test_a_name_that_needs_a_joiner_may_have_it(name):
    assert is_nickname(name)


@pytest.mark.parametrize(
    "name",
    [
        "\u0639\u0644\u06cc\u200c",  # at the end
        "\u200c\u0639\u0644\u06cc",  # at the beginning
        "\u0639\u0644\u06cc\u200c \u0631\u0636\u0627",  # before a space
        "\u0639\u0644\u06cc\u200c\u200c\u0631\u0636\u0627",  # twice
        "\u0639\u0644\u06cc\u200d\u0631\u0636\u0627",  # a joiner, where letters join by themselves
        "\u0631\u200c\u0636\u0627",  # after a letter that never joins the next: nobody would see it
        "\u0639\u0644\u06cc\u200cAli",  # between two scripts
        "\u0dc1\u200d\u0dbb\u0dd3",  # no virama
        "\u0dc1\u0dca\u200d",  # nothing after it
        "\ua9b1\ua9c0\u200d\ua9ab\ua9b6",  # Javanese joins by itself
        "\u1000\u1039\u200c\u1000",  # Burmese needs none
        "Sa\u200cri",
        "Sa\u200dri",
    ],
)
def test_a_joiner_that_nobody_would_see_is_refused(name):
    assert not is_nickname(name)
    assert is_nickname(name.replace(NON_JOINER, "").replace(JOINER, "")), "it is the joiner that is refused"


def test_the_joining_arabic_letters_are_those_of_unicode():
    """Against the tables of another implementation (RFC 5892), for each pair of letters of the block."""
    letters = [chr(at) for at in range(0x0620, 0x0700) if unicodedata.category(chr(at)) == "Lo"]
    assert len(letters) == 150
    differs = [
        (hex(ord(one)), hex(ord(other)))
        for one in letters
        for other in letters
        if is_nickname(f"{one}{NON_JOINER}{other}") != idna.valid_contextj(f"{one}{NON_JOINER}{other}", 1)
    ]
    assert differs == []


SCRIPTS = ("abcXY'-. 12", "\u0639\u06cc\u0631\u0621\u064e", "\u0dc1\u0dca\u0dbb\u0dd3", "\u0d28\u0d4d\u0d35",
           "\ua9b1\ua9c0\ua9ab", "\u0915\u094d\u0937\u093c", "\u1000\u1039", "\u200c\u200d")  # fmt: skip
MIXED = st.text(st.sampled_from("".join(SCRIPTS)), max_size=12)
NEAR = st.one_of(
    *(st.text(st.sampled_from(one + SCRIPTS[-1]), min_size=1, max_size=8) for one in SCRIPTS[:-1])
)


@given(st.one_of(MIXED, NEAR))
def test_every_joiner_that_is_taken_stands_between_letters_and_is_one_of_the_standard(name):
    if not is_nickname(name):
        return
    for place, one in enumerate(name):
        if one in JOINERS:
            assert idna.valid_contextj(name, place)
            assert unicodedata.category(name[place - 1])[0] in "LM"
            assert unicodedata.category(name[place + 1])[0] == "L"
    assert is_nickname(name.replace(NON_JOINER, "").replace(JOINER, ""))


@given(st.from_regex(r"[A-Za-z]{1,8}( [A-Za-z]{1,8})?", fullmatch=True), st.sampled_from(JOINERS), st.data())
def test_a_latin_name_takes_no_joiner_anywhere(name, joiner, data):
    at = data.draw(st.integers(0, len(name)))
    assert not is_nickname(name[:at] + joiner + name[at:])


UNSEEN = [chr(at) for at in range(0x110000) if nicknames.UNSEEN.match(chr(at))]


@given(
    st.sampled_from([*BORNE_WITH_JOINERS.values(), "Sari", "\uac00\uc601"]),
    st.sampled_from(UNSEEN),
    st.data(),
)
def test_a_letter_or_mark_that_nobody_sees_is_refused_anywhere(name, unseen, data):
    at = data.draw(st.integers(0, len(name)))
    assert not is_nickname(name[:at] + unseen + name[at:])


@given(st.text(max_size=60))
def test_no_string_raises_and_what_is_taken_is_short_and_holds_a_letter(name):
    if is_nickname(name):
        assert len(name) <= nicknames.LONGEST
        assert any(unicodedata.category(one)[0] == "L" for one in name)
        assert not {unicodedata.category(one)[0] for one in name if one not in JOINERS} & set("CS")


@given(
    st.sampled_from(sorted(BORNE_WITH_JOINERS.values())), st.text("0123456789abcdef", min_size=8, max_size=8)
)
def test_an_office_that_writes_no_joiner_means_the_same_name(name, nonce):
    bare = name.replace(NON_JOINER, "").replace(JOINER, "")
    assert name_check(nonce, name) == name_check(nonce, bare)
