"""A setting is read as it was meant, or refused by name: nothing is guessed."""

import math
import os
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.site import start
from ruangaman.site.environment import WORDS, Environment

NUMBERS = {
    "RUANGAMAN_MAIL_TIMEOUT_S": ("MAIL_TIMEOUT_S", 1, 300),
    "RUANGAMAN_API_PER_SECOND": ("API_PER_SECOND", 0.001, 1e9),
    "RUANGAMAN_API_BURST": ("API_BURST", 1, 1e9),
    "RUANGAMAN_ASK_PER_SECOND": ("ASK_PER_SECOND", 0.001, 1e9),
    "RUANGAMAN_ASK_BURST": ("ASK_BURST", 1, 1e9),
}
WORDED = ("RUANGAMAN_STORY", "RUANGAMAN_BEHIND_PROXY")


class Given(Environment):
    """An environment with one variable."""

    def __init__(self, **given: str) -> None:
        super().__init__()
        self.ENVIRON = given


ODD = st.one_of(
    st.text(max_size=20),
    st.text("0123456789eE.,+-_ $xinfa\u0663\uff11", max_size=12),
    st.floats(allow_nan=True, allow_infinity=True).map(str),
    st.integers(-10, 10**12).map(str),
)


@given(ODD)
def test_a_number_is_what_was_written_or_is_refused_by_name(text):
    env = Given(X=text)
    found = env.number("X", default=7.0, least=1, most=1e9)
    if not text:
        assert (found, env.refused) == (7.0, {})
    elif env.refused:
        assert (found, list(env.refused)) == (7.0, ["X"])
    else:
        assert found == float(text)
        assert text.isascii()
        assert math.isfinite(found)
        assert 1 <= found <= 1e9


@given(st.floats(1, 1e9).map(lambda n: f"{n:.6f}") | st.integers(1, 10**9).map(str))
def test_every_plain_number_in_its_bounds_is_read(text):
    env = Given(X=text)
    assert env.number("X", default=7.0, least=1, most=1e9) == float(text)
    assert not env.refused


@pytest.mark.parametrize(("text", "value"), [("1e9", 1e9), ("2.5E2", 250.0), ("1E+3", 1000.0), ("007", 7.0)])
def test_a_power_of_ten_is_read_as_one(text, value):
    assert Given(X=text).number("X", default=0.0, least=0, most=1e9) == value


@given(ODD | st.sampled_from(["ture", "yess", "2", "ya", "None", "null", "$HOME", " 1"]))
def test_yes_and_no_are_words_of_a_list_and_nothing_else_counts_as_no(text):
    env = Given(X=text)
    found = env.yes("X", default=True)
    if text and text.lower() not in WORDS:
        assert (found, list(env.refused)) == (True, ["X"])
    else:
        assert found is (WORDS[text.lower()] if text else True)
        assert not env.refused


@given(ODD)
def test_addresses_zones_levels_and_databases_never_break_the_reading(text):
    env = Given(A=text, Z=text, L=text, D=text)
    assert env.zone("Z", default="Asia/Jakarta")
    assert env.word("L", default="WARNING", of=("WARNING", "INFO")) in ("WARNING", "INFO")
    assert env.database("D", default="sqlite:///x")["ENGINE"].endswith(("sqlite3", "postgresql"))
    assert isinstance(env.address("A", default="http://localhost"), str)


@pytest.mark.parametrize(
    ("installed", "told"), [(False, "pip install pylongfellow"), (True, "is missing or is another file")]
)
def test_proofs_without_what_checks_them_stop_the_start(settings, monkeypatch, tmp_path, installed, told):
    from ruangaman.adapters import longfellow

    monkeypatch.setattr(longfellow, "installed", lambda: installed)
    monkeypatch.setattr(longfellow, "CIRCUITS", tmp_path)
    settings.WALLET_PROOFS, settings.SETTINGS_REFUSED = False, {}
    settings.SECRET_KEY, settings.MASTER_KEY = "k" * 50, b64encode(bytes(32)).decode()
    start.check()
    settings.WALLET_PROOFS = True
    with pytest.raises(start.SettingRefused) as refused:
        start.check()
    assert refused.value.facts["setting"] == "RUANGAMAN_WALLET_PROOFS"
    assert told in refused.value.facts["why"]


def test_a_value_that_begins_with_a_dollar_is_itself():
    assert Given(X="$Y", Y="other").str("X", default="") == "$Y"


ODD_ONES = [
    *((name, odd) for name in NUMBERS for odd in ("1e99", "0", "-1", "19x", "nan", "inf", "1_000", "\u0661")),
    *((name, odd) for name in WORDED for odd in ("ture", "2", "nein")),
    ("RUANGAMAN_DATABASE_URL", "sqlit:///x"),
    ("RUANGAMAN_DATABASE_URL", "postgres://u@host:port/x"),
    ("RUANGAMAN_TIME_ZONE", "Asia/Jakata"),
    ("RUANGAMAN_LOG_LEVEL", "LOUD"),
    ("RUANGAMAN_BASE_URL", "http://localhost:80a"),
    ("RUANGAMAN_BASE_URL", "http://[::1"),
]


def read(**variables: str) -> subprocess.CompletedProcess[str]:
    """What a fresh process makes of these variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")}
    code = "import sys; from ruangaman.site import settings as s; print(s.SETTINGS_REFUSED, "
    code += ", ".join(f"s.{name}" for name, _, _ in NUMBERS.values()) + ")"
    return subprocess.run(
        [sys.executable, "-c", code], env=kept | variables, capture_output=True, text=True, timeout=60
    )


def test_the_settings_of_the_house_name_each_variable_that_they_could_not_read(tmp_path):
    for at in range(max(map(len, ([o for n, o in ODD_ONES if n == name] for name, _ in ODD_ONES)))):
        chosen = {name: [o for n, o in ODD_ONES if n == name] for name, _ in ODD_ONES}
        given = {name: odd[min(at, len(odd) - 1)] for name, odd in chosen.items()}
        done = read(RUANGAMAN_DATA_DIR=str(tmp_path), **given)
        assert done.returncode == 0, done.stderr
        for name in given:
            assert name in done.stdout, (name, given[name])
        assert "20.0 50.0 200.0 1000.0 2000.0" in done.stdout


def test_numbers_reach_the_settings_as_they_were_written(tmp_path):
    done = read(RUANGAMAN_DATA_DIR=str(tmp_path), **dict.fromkeys(NUMBERS, "1e2"))
    assert done.stdout.strip() == "{} 100.0 100.0 100.0 100.0 100.0"


def test_every_setting_that_is_no_text_is_read_by_a_reader_that_refuses():
    source = Path(sys.modules[settings.SETTINGS_MODULE].__file__ or "").read_text(encoding="utf-8")
    for guess in ("env.bool", "env.int", "env.float", "env.db_url", "env("):
        assert guess not in source
    for name in (*NUMBERS, *WORDED):
        assert f'"{name}"' in source


def test_the_start_refuses_what_could_not_be_read(monkeypatch):
    monkeypatch.setattr(settings, "SETTINGS_REFUSED", {"RUANGAMAN_API_BURST": "a number from 1 to 1e+09"})
    with pytest.raises(start.SettingRefused) as refused:
        start.check()
    assert refused.value.facts["setting"] == "RUANGAMAN_API_BURST"


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", ("a", "b")),
        ("b", ("b",)),
        (" B , a ", ("b", "a")),
        ("none", ()),
        ("c", None),
        ("a,c", None),
        (",", None),
        ("none,a", None),
    ],
)
def test_a_list_of_words_is_read_whole_or_refused_by_name(said, found):
    env = Given(X=said)
    assert env.words("X", default=("a", "b"), of=("a", "b")) == (found if found is not None else ("a", "b"))
    assert list(env.refused) == ([] if found is not None else ["X"])


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", ()),
        ("16", (16,)),
        ("16, 13,16", (13, 16)),
        ("0", None),
        ("100", None),
        ("16.5", None),
        ("１６", None),
    ],
)
def test_ages_are_read_whole_or_refused_by_name(said, found):
    env = Given(X=said)
    assert env.ages("X") == (found or ())
    assert list(env.refused) == ([] if found is not None else ["X"])
