"""What an estimate from a face may decide: every age tried, odd measurements refused, and the page does the same."""

import json
import math
import subprocess
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.architecture.source import PACKAGE
from tests.peers import NODE

from ruangaman.adapters import packs
from ruangaman.core import age_checks, face_estimates
from ruangaman.core.ages import as_number
from ruangaman.core.face_estimates import OLDEST, FaceErrorRefused
from ruangaman.core.law.years import grown_from
from ruangaman.rooms.ages import face_model, faces

TODAY = date(2026, 11, 25)
RULE = faces.rule()
PIN = face_model.package()
SAID = {
    "package": PIN.name,
    "integrity": PIN.integrity,
    "measured_by": "Laboratorium Contoh",
    "measured_on": date(2026, 11, 1),
    "how": "https://contoh.example/ukuran",
    "threshold": 18,
    "people": 1000,
    "share": 0.995,
    "years": 12.5,
}


def read(**changed):
    return face_estimates.error_of(
        SAID | changed, RULE, package=PIN.name, integrity=PIN.integrity, today=TODAY
    )


def test_the_rule_decides_the_age_of_a_grown_up_and_none_that_opens_accounts_to_children():
    pack = packs.load("ID")
    grown = grown_from(pack)
    bounds = set(age_checks.claim_ages(pack, as_number(TODAY)))
    assert set(RULE.decides) == {grown}
    assert set(RULE.never) == bounds - {grown}
    assert {13, 16} <= set(RULE.never)


@pytest.mark.parametrize("years", [0, 4.82, 10, 12.5, 30, OLDEST])
def test_every_age_and_every_buffer(years):
    """A line only for the age that is decided, never nearer than the rule's least, never nearer than was measured."""
    for threshold in (None, *range(-1, OLDEST + 2)):
        for measured in range(1, OLDEST + 1):
            line = face_estimates.line(RULE, read(threshold=measured, years=years), threshold)
            if threshold in RULE.decides and measured == threshold:
                assert line is not None
                assert line - threshold >= max(RULE.least_buffer, years)
            else:
                assert line is None
        assert face_estimates.line(RULE, None, threshold) is None


def test_an_age_that_never_is_decided_is_not_though_the_data_said_so():
    told = {name: {"value": getattr(RULE, name), "source": "x", "doubt": "x"} for name in RULE.__slots__}
    with pytest.raises(ValueError, match="never"):
        face_estimates.rule_of(told | {"decides": {"value": [16, 18], "source": "x", "doubt": "x"}})
    for missing in ("source", "doubt"):
        with pytest.raises(ValueError, match="tries"):
            face_estimates.rule_of(told | {"tries": told["tries"] | {missing: " "}})
        with pytest.raises(ValueError, match="tries"):
            face_estimates.rule_of(
                told | {"tries": {name: one for name, one in told["tries"].items() if name != missing}}
            )


ESTIMATES = st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=8)


@given(ESTIMATES, st.floats(0, OLDEST), st.integers(0, 8))
def test_one_low_picture_or_one_too_few_is_not_proven(estimates, line, frames):
    found = face_estimates.far_above(estimates, line, frames)
    assert found == (
        frames > 0
        and len(estimates) >= frames
        and not any(math.isnan(one) or math.isinf(one) or one < line for one in estimates)
    )
    if found:
        for at in range(len(estimates)):
            lower = [*estimates[:at], math.nextafter(line, -math.inf), *estimates[at + 1 :]]
            assert not face_estimates.far_above(lower, line, frames)
        assert not face_estimates.far_above(estimates[: frames - 1], line, frames)


def test_a_measurement_is_read():
    assert read() == face_estimates.MeasuredError(
        "Laboratorium Contoh", date(2026, 11, 1), "https://contoh.example/ukuran", 18, 1000, 0.995, 12.5
    )
    assert face_estimates.buffer(RULE, read(years=1)) == RULE.least_buffer
    assert face_estimates.buffer(RULE, read(years=30)) == 30


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"package": "@vladmandic/face-api@1.7.14"}, "another model"),
        ({"integrity": "sha512-AAAA"}, "another model"),
        ({"measured_by": " "}, "measured_by"),
        ({"measured_by": 1}, "measured_by"),
        ({"how": "x" * 301}, "how"),
        ({"measured_on": date(2026, 11, 26)}, "measured_on"),
        ({"measured_on": "2026-11-01"}, "measured_on"),
        ({"threshold": True}, "threshold"),
        ({"threshold": 0}, "threshold"),
        ({"people": 299}, "too few people"),
        ({"people": 300.0}, "people"),
        ({"people": -1}, "people"),
        ({"share": 0.98}, "too small a share"),
        ({"share": 1.01}, "share"),
        ({"share": math.nan}, "share"),
        ({"share": True}, "share"),
        ({"years": -1}, "years"),
        ({"years": math.inf}, "years"),
        ({"years": math.nan}, "years"),
        ({"years": "12"}, "years"),
        ({"more": 1}, "fields"),
    ],
)
def test_a_measurement_that_says_less_or_other_is_refused(changed, why):
    with pytest.raises(FaceErrorRefused) as refused:
        read(**changed)
    assert refused.value.facts == {"why": why}


@pytest.mark.parametrize("name", sorted(SAID))
def test_each_field_is_needed(name):
    told = {field: one for field, one in SAID.items() if field != name}
    with pytest.raises(FaceErrorRefused):
        face_estimates.error_of(told, RULE, package=PIN.name, integrity=PIN.integrity, today=TODAY)


ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.dates()
    | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(ODD, st.sampled_from(sorted(SAID)), ODD)
def test_whatever_a_file_holds_nothing_else_is_raised(whole, name, one):
    for told in (whole, SAID | {name: one}):
        try:
            found = face_estimates.error_of(
                told, RULE, package=PIN.name, integrity=PIN.integrity, today=TODAY
            )
        except FaceErrorRefused:
            continue
        assert found.people >= RULE.least_people
        assert RULE.least_share <= found.share <= 1
        assert 0 <= found.years <= OLDEST


def test_the_page_decides_as_the_law_does():
    """The module of the page, in Node, on the same lists; the sentences of its pictures beside it."""
    lists = [
        [28.0] * 5,
        [28.0] * 4,
        [28.0] * 6,
        [27.999] + [40.0] * 4,
        [],
        [math.nan] * 5,
        [math.inf] * 5,
        [40.0] * 5,
    ]
    cases = [(one, line, frames) for one in lists for line in (0.0, 28.0, 38.5) for frames in (0, 1, 5)]
    names = {"nan": "NaN", "inf": "Infinity"}
    told = [[[names.get(str(x), x) for x in one], *rest] for one, *rest in cases]
    code = f"""
import {{ farAbove, unfit }} from {json.dumps((PACKAGE / "rooms/ages/static/ages/wajah-aturan.js").as_uri())};
const read = (one) => (one === "NaN" ? NaN : one === "Infinity" ? Infinity : one);
const cases = {json.dumps(told)};
const rule = {{ darkest: 0.2, least_score: 0.6, least_face: 0.3 }};
const face = (score, height) => ({{ score, height }});
console.log(JSON.stringify([cases.map(([one, line, frames]) => farAbove(one.map(read), line, frames)), [
  unfit([face(0.9, 0.5)], 0.5, rule), unfit([face(0.9, 0.5)], 0.19, rule), unfit([], 0.5, rule),
  unfit([face(0.59, 0.5)], 0.5, rule), unfit([face(0.9, 0.5), face(0.4, 0.5)], 0.5, rule),
  unfit([face(0.9, 0.29)], 0.5, rule),
]]));
"""
    done = subprocess.run(
        [NODE, "--input-type=module", "-e", code], capture_output=True, text=True, timeout=60, check=True
    )
    decided, why = json.loads(done.stdout)
    assert decided == [face_estimates.far_above(*one) for one in cases]
    assert True in decided
    assert why == ["", "dark", "none", "none", "several", "far"]
