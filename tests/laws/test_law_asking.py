"""The door: what cannot be read is refused by a stable code that names the field and never repeats what was sent."""

# ruff: noqa: E501  one line of input a line

import io
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.laws.synthetic import NOW, edited, pack

from ruangaman.core import law
from ruangaman.site.commands.ask import lines
from ruangaman.site.errors import CATALOGUE

PACK = pack()
PACKS = {"XA": PACK}
GOOD: dict[str, Any] = {
    "jurisdiction": "XA", "question": "account", "on": "2026-11-24", "age": {"birth_date": "2012-05-10"},
    "service": {"risk": "low", "made": True}, "consent": {"state": "granted", "by": "parent"},
}  # fmt: skip


def told(line: bytes) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(law.answer_line(PACKS, line, now=NOW))
    return answer


def with_(**changes: Any) -> bytes:
    return json.dumps(GOOD | changes).encode()


BAD = [
    (b"", "ask.blank", ""),
    (b"   ", "ask.blank", ""),
    (b"{", "ask.not-json", ""),
    (b"[1]", "ask.not-an-object", ""),
    (b'"x"', "ask.not-an-object", ""),
    (b"\xff{}", "ask.not-utf8", ""),
    (b'\xef\xbb\xbf{"jurisdiction":"XA","question":"account"}', "ask.byte-order-mark", ""),
    (b' \xef\xbb\xbf{', "ask.byte-order-mark", ""),
    (b"\xff\xfe{\x00}\x00", "ask.not-utf8", ""),
    (b'{"jurisdiction":"XA","zone":"\\ud800"}', "ask.lone-surrogate", "zone"),
    (b'{"jurisdiction":"XA","zone":"a\\ude00\\ud83d"}', "ask.lone-surrogate", "zone"),
    (b'{"jurisdiction":"\\uD800","question":"account"}', "ask.lone-surrogate", "jurisdiction"),
    (b'{"jurisdiction":"XA","service":{"x":[["\\udfff"]]}}', "ask.lone-surrogate", "service.x"),
    (b'{"jurisdiction":"XA","service":{"\\ud800":1}}', "ask.lone-surrogate", "service"),
    (b'{"\\ud800":"XA"}', "ask.lone-surrogate", ""),
    (b'{"jurisdiction":"XA","zone":"\\ud800"', "ask.not-json", ""),
    (b'{"jurisdiction":"XA","zone":"\\uZZZZ"}', "ask.not-json", ""),
    (b'{"jurisdiction":"\xc3\x28"}', "ask.not-utf8", ""),
    (b'{"jurisdiction":"XA","question":"account","users":NaN}', "ask.not-json", ""),
    (b'{"jurisdiction":"XA","question":"account","users":Infinity}', "ask.not-json", ""),
    (b'{"jurisdiction":"XA","question":"account","age":{"at_least":1e400}}', "ask.wrong-value", "age.at_least"),
    (b'{"jurisdiction":"XA","question":"account","users":-1e999}', "ask.wrong-value", "users"),
    (b'{"jurisdiction":"XA","users":' + b"9" * 4_301 + b"}", "ask.wrong-value", "users"),
    (b'{"jurisdiction":"XA","users":[1,1e400]}', "ask.wrong-value", "users"),
    (b"1e400", "ask.wrong-value", ""),
    (b'{"jurisdiction":"XA","users":1e400', "ask.not-json", ""),
    (b'{"jurisdiction":"XA","users":1e400,"more":NaN}', "ask.not-json", ""),
    (b" " * 65_537, "ask.line-too-long", ""),
    (b'{"x":"' + b"y" * 1_000_000 + b'"}', "ask.line-too-long", ""),
    (b'{"jurisdiction":"XA","question":"account","x":' + b"[" * 16 + b"]" * 16 + b"}", "ask.too-deep", ""),
    (b"[" * 60_000, "ask.too-deep", ""),
    (b"{}", "ask.missing-field", "jurisdiction"),
    (b'{"jurisdiction":7}', "ask.wrong-type", "jurisdiction"),
    (b'{"jurisdiction":["XA"]}', "ask.wrong-type", "jurisdiction"),
    (b'{"jurisdiction":"ZZ"}', "ask.unknown-jurisdiction", "jurisdiction"),
    (b'{"jurisdiction":"XA"}', "ask.missing-field", "question"),
    (with_(question="no_such"), "ask.unknown-question", "question"),
    (with_(question=["account"]), "ask.wrong-type", "question"),
    (with_(colour="red"), "ask.unknown-field", "colour"),
    (with_(service={"risk": "low", "colour": "red"}), "ask.unknown-field", "service.colour"),
    (with_(service={"risk": "highest"}), "ask.unknown-value", "service.risk"),
    (with_(service={"risk": 1}), "ask.wrong-type", "service.risk"),
    (with_(service={"risk": ["low"]}), "ask.wrong-type", "service.risk"),
    (with_(service={"made": 1}), "ask.wrong-type", "service.made"),
    (with_(service={"made": 0.0}), "ask.wrong-type", "service.made"),
    (with_(service={"made": "true"}), "ask.wrong-type", "service.made"),
    (with_(service="low"), "ask.wrong-type", "service"),
    (with_(consent={"ends_at": "2027-01-01"}), "ask.bad-date", "consent.ends_at"),
    (with_(consent={"ends_at": 5}), "ask.wrong-type", "consent.ends_at"),
    (with_(consent={"ends_at": "2026-01-01T00:00:00Z"}), "ask.ended", "consent.ends_at"),
    (with_(age=12), "ask.wrong-type", "age"),
    (with_(age={}), "ask.wrong-value", "age"),
    (with_(age={"years": 12}), "ask.unknown-field", "age.years"),
    (with_(age={"birth_date": "2012-02-30"}), "ask.bad-date", "age.birth_date"),
    (with_(age={"birth_date": "20120203"}), "ask.bad-date", "age.birth_date"),
    (with_(age={"birth_date": "2012-W05-1"}), "ask.bad-date", "age.birth_date"),
    (with_(age={"birth_date": 20120203}), "ask.wrong-type", "age.birth_date"),
    (with_(age={"birth_date": "2012-02-03", "at_least": 3}), "ask.wrong-value", "age"),
    (with_(age={"birth_date": "2026-11-25"}), "ask.birth-in-future", "age.birth_date"),
    (with_(age={"birth_date": "1870-01-01"}), "ask.age-too-high", "age.birth_date"),
    (with_(age={"at_least": 151}), "ask.age-too-high", "age.at_least"),
    (with_(age={"at_least": -1}), "ask.wrong-value", "age.at_least"),
    (with_(age={"at_least": 13.0}), "ask.wrong-type", "age.at_least"),
    (with_(age={"at_least": True}), "ask.wrong-type", "age.at_least"),
    (with_(age={"at_least": 10**400}), "ask.age-too-high", "age.at_least"),
    (with_(age={"at_least": 16, "at_most": 13}), "ask.range-upside-down", "age"),
    (with_(on="2026-02-29"), "ask.bad-date", "on"),
    (with_(on="2026-11-24T10:00:00"), "ask.bad-date", "on"),
    (with_(on="1850-01-01"), "ask.bad-date", "on"),
    (with_(on=20261124), "ask.wrong-type", "on"),
    (with_(zone="Mars/Olympus"), "ask.unknown-value", "zone"),
    (with_(signs="A"), "ask.wrong-type", "signs"),
    (with_(signs=["A", "A"]), "ask.wrong-value", "signs"),
    (with_(signs=["Z"]), "ask.unknown-value", "signs"),
    (with_(users=-1), "ask.wrong-value", "users"),
    (with_(users=1.5), "ask.wrong-type", "users"),
    (with_(users={"at_least": 9, "at_most": 3}), "ask.range-upside-down", "users"),
    (with_(nik="9999012411100001"), "ask.unknown-field", "nik"),
    (b'{"jurisdiction":"XA","question":"account","question":"claim"}', "ask.duplicate-key", "question"),
    (b'{"jurisdiction":"XA","question":"account","service":{"risk":"low","risk":"high"}}', "ask.duplicate-key", "risk"),
    (b'{"jurisdiction":"XA","question" :"account","service":{"risk":"low","risk":"high"}}', "ask.duplicate-key", "risk"),
    (b'{"jurisdiction":"XA","question":"account","on":"2026-11-24T10:00:00Z","service":{"risk":"low","risk":"high"}}', "ask.duplicate-key", "risk"),
    (b'{"jurisdiction":"XA","question":"account","on":"2026-11-24T10\\u003a00:00Z","service":{"risk":"low","risk":"high"}}', "ask.duplicate-key", "risk"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "code", "field"), BAD)
def test_a_line_that_cannot_be_answered_says_why(line: bytes, code: str, field: str):
    answer = told(line)
    assert set(answer) == {"error"}
    assert (answer["error"]["code"], answer["error"]["field"]) == (code, field)
    assert code in CATALOGUE
    assert len(json.dumps(answer)) < 600


def test_a_good_line_is_answered_whatever_its_blanks_and_escapes():
    plain = law.answer_line(PACKS, json.dumps(GOOD, separators=(",", ":")).encode(), now=NOW)
    for line in (
        json.dumps(GOOD),
        json.dumps(GOOD, indent=1),
        json.dumps(GOOD).replace('":', '" :'),
        json.dumps(GOOD).replace("account", "\\u0061ccount"),
    ):
        assert law.answer_line(PACKS, line.encode(), now=NOW) == plain
    assert told(plain)["error"]["code"] == "ask.missing-field"


def test_null_is_unknown():
    unknown = GOOD | {
        "consent": None,
        "service": {"risk": None, "made": None},
        "age": None,
        "signs": None,
        "users": None,
        "zone": None,
        "on": None,
    }
    bare = {"jurisdiction": "XA", "question": "account"}
    assert told(json.dumps(unknown).encode()) == told(json.dumps(bare).encode())


junk = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(max_size=12),
        st.sampled_from(["low", "granted", "2012-05-10", "A"]),
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["at_least", "at_most", "birth_date", "risk", "made", "state", "x"]),
            inner,
            max_size=3,
        ),
    ),
    max_leaves=6,
)


@pytest.mark.slow
@settings(max_examples=1500, deadline=None)
@given(st.sampled_from([*GOOD, "zone", "users", "signs", "evidence", "x"]), junk)
def test_whatever_stands_in_a_field_is_answered_or_refused_by_name(field: str, value: Any):
    line = json.dumps(GOOD | {field: value}).encode()
    answer = told(line)
    if "error" in answer:
        assert answer["error"]["code"] in CATALOGUE
        assert answer["error"]["code"] != "ask.bad-facts"
    else:
        assert answer["outcome"]


@settings(max_examples=1000, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_whatever_raise(line: bytes):
    assert "error" in told(line)


def test_an_error_never_repeats_what_was_sent():
    for field in ("on", "zone", "evidence"):
        assert "Rahasia" not in json.dumps(told(with_(**{field: "Rahasia Sari"})))
    assert "Rahasia" not in json.dumps(told(with_(age={"birth_date": "Rahasia"})))


def test_a_replay_and_the_present_say_which_they_are():
    answer = told(with_())
    assert answer["law_version"] == {"pack": "XA", "version": "1.0", "hash": PACK.hash}
    assert set(answer) == {
        "outcome", "open", "decided", "reason", "at_worst", "at_best", "managed_by", "conditions", "actions", "notices",
        "extras", "articles", "confidence", "doubt", "valid_until", "settles", "age_needed", "law_version", "text", "derived",
    }  # fmt: skip
    derived = told(with_(evidence="verified"))["derived"]
    assert derived == {"age": 14, "band": "13-15", "is_child": True, "local_date": "2026-11-24"}


def test_the_dict_the_line_and_the_typed_facts_give_the_same_answer():
    answer = PACK.ask(GOOD, now=NOW)
    assert answer.as_json() == law.answer_line(PACKS, with_(), now=NOW)
    assert PACK.answer("account", PACK.typed("account", GOOD, now=NOW)) == answer
    assert answer.as_dict() == told(with_())


class Stream(io.BytesIO):
    """Counts the longest piece that was ever held."""

    longest = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        found = super().readline(size)
        self.longest = max(self.longest, len(found))
        return found


def test_lines_are_cut_without_holding_a_long_one():
    stream = Stream(b"a\n\n" + b"x" * 5_000_000 + b"\nb\n" + b"y" * 10 + b"\n" + b"z" * 11 + b"\nlast")
    assert [line[:20] for line in lines(stream, 10)] == [
        b"a",
        b"",
        b"x" * 11,
        b"b",
        b"y" * 10,
        b"z" * 11,
        b"last",
    ]
    assert stream.longest <= 12


@pytest.mark.slow
def test_the_command_answers_line_by_line_and_its_exit_status_tells():
    good = json.dumps({"jurisdiction": "ID", "question": "account"}).encode()
    command = [sys.executable, "-m", "ruangaman.site.cli", "ask"]
    both = subprocess.run(
        command, input=good + b"\n\n" + good + b"\n", capture_output=True, timeout=60, check=False
    )
    answers = [json.loads(line) for line in both.stdout.splitlines()]
    assert both.returncode == 1
    assert [("outcome" in one, one.get("error", {}).get("code")) for one in answers] == [
        (True, None),
        (False, "ask.blank"),
        (True, None),
    ]
    fine = subprocess.run(command, input=good, capture_output=True, timeout=60, check=False)
    assert (fine.returncode, fine.stdout.count(b"\n")) == (0, 1)
    assert (
        subprocess.run([*command, "/no/such/file"], capture_output=True, timeout=60, check=False).returncode
        == 2
    )
    assert (
        subprocess.run(
            [*command, "--as-known-on", "someday"], capture_output=True, timeout=60, check=False
        ).returncode
        == 2
    )


@pytest.mark.slow
@pytest.mark.parametrize("many", [1, 5_000])  # what is kept back fails at the end, what is not in the middle
def test_answers_that_cannot_be_written_are_told_with_a_code_and_no_traceback(many: int):
    good = json.dumps({"jurisdiction": "ID", "question": "account"}).encode() + b"\n"
    command = [sys.executable, "-m", "ruangaman.site.cli", "ask"]
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            command, input=good * many, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False
        )
    said = done.stderr.decode()
    assert done.returncode == 2
    assert "ask.output-failed (why=No space left on device)" in said
    assert len(said.splitlines()) == 2, "what happened and its sentence; no traceback, nothing at the end"


def test_asking_needs_no_django():
    code = (
        "import ruangaman.site.commands.ask, ruangaman.adapters.packs, sys; sys.exit('django' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


@pytest.mark.parametrize("leap", ["03-01", "02-28"])
def test_columns_answer_as_one_question_at_a_time(leap: str):
    used = law.compile_pack(edited(pack=("leap_birthday: 03-01", f"leap_birthday: {leap}")))
    random = np.random.default_rng(3)
    rows = 40_000
    engine = used.tables["account"]
    columns: dict[str, Any] = {
        axis.fact.name: random.integers(0, axis.size + 1, rows, dtype=np.uint8) for axis in engine.space.axes
    }
    years, months, days = (random.integers(a, b, rows) for a, b in ((2000, 2027), (1, 13), (1, 29)))
    born = np.minimum(years * 10000 + months * 100 + days, 20261124).astype(np.int32)
    born[:50] = 20120229
    columns["birth"] = born
    for on in ("2026-11-24", "2027-02-28", "2028-06-01"):
        found = used.ask_columns("account", columns, on=datetime.fromisoformat(on).date())
        for n in [*range(60), *random.integers(0, rows, 300).tolist()]:
            places = {
                axis.fact.name: (axis.fact.words, columns[axis.fact.name][n]) for axis in engine.space.axes
            }
            words = {
                name: None if place == len(said) else said[place] for name, (said, place) in places.items()
            }
            made = None if words["made"] is None else words["made"] == "yes"
            birth = str(born[n])
            answer = used.ask(
                {"question": "account", "on": on, "age": {"birth_date": f"{birth[:4]}-{birth[4:6]}-{birth[6:]}"},
                 "service": {"risk": words["risk"], "made": made}, "consent": {"state": words["consent"], "by": words["by"]}},
                now=NOW,
            )  # fmt: skip
            assert found.answers[found.numbers[n]] is answer.core
            if on == "2028-06-01":
                assert found.changes[n] == answer.until_day
            else:
                assert 0 < found.changes[n] <= (answer.until_day or 99991231)


def test_the_hint_about_nan_stands_only_where_one_stands():
    hint = "NaN and Infinity are not JSON"
    for line in (b'{"users":NaN}', b'{"users":[1,-Infinity]}', b'{"service":{"users":Infinity}}'):
        assert hint in told(line)["error"]["message"], line
    for line in (
        b"{",
        b'{"zone":"NaN",}',
        b'\xef\xbb\xbf{"users":1}',
        b'{"zone":"\\ud800"}',
        b'{"a":"\\uZZZZ"}',
    ):
        assert hint not in told(line)["error"]["message"], line
