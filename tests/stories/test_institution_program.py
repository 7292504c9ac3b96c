"""The example institution without a browser: what it signs, for whom, and that it keeps nothing."""

import json
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from examples.institution.institution import Institution, is_over
from examples.serving import Answer, Request
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from ruangaman.core import age_verdicts
from ruangaman.core.ages import as_number, completed_years

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
BACK = "http://localhost:8000/cek-umur/kembali"
ISSUER = "http://sekolah.localhost:8003"
ASKED = {"audience": "rumah", "state": "s" * 43, "nonce": "n" * 43, "age_over": "16", "return_to": BACK}
KEY = OKPKey.generate_key("Ed25519", {"kid": "uji"}, private=True)


def school(now=NOW) -> Institution:
    people = [
        {"id": "ayu", "name": {"id": "Ayu", "en": "Ayu"}, "birth_date": "2009-03-04"},
        {"id": "bima", "name": {"id": "Bima", "en": "Bima"}, "birth_date": "2012-03-14"},
    ]
    name = {"id": "Sekolah Contoh", "en": "Example School"}
    settings = {"name": name, "issuer": ISSUER, "audiences": {"rumah": BACK}, "people": people}
    return Institution(settings | {"key": KEY.as_dict(private=True)}, now=lambda: now)


def post(path: str, form, at=NOW, **headers) -> Answer:
    body = urlencode(form).encode()
    return school(at).handle(Request("POST", path, "sekolah.localhost:8003", {}, headers, {}, body))


def said(answer: Answer):
    token = parse_qs(urlsplit(answer.headers["Location"]).query)["answer"][0]
    return token, age_verdicts.read(
        token, keys={"keys": [KEY.as_dict(private=False)]}, issuer=ISSUER, audience="rumah",
        nonce=ASKED["nonce"], threshold=int(ASKED["age_over"]), now=NOW,
    )  # fmt: skip


@pytest.mark.parametrize(("person", "over"), [("ayu", True), ("bima", False), ("tidak-ada", None)])
def test_the_answer_is_one_yes_or_no_and_nothing_else(person, over):
    token, found = said(post("/tanya/kirim", ASKED | {"orang": person}))
    assert found.over is over
    for word in (person, "2009", "2012", "Sekolah"):
        assert word not in token


@pytest.mark.parametrize(
    ("person", "words"), [("ayu", "Ya, sudah 16"), ("bima", "Belum 16"), ("tidak-ada", "tidak kenal")]
)
def test_what_will_be_said_is_shown_first_and_nothing_is_sent_by_looking(person, words):
    answer = post("/tanya/lihat", ASKED | {"orang": person})
    assert words in str(answer.body)
    assert "Location" not in answer.headers
    assert "ra-age" not in str(answer.body)


@pytest.mark.parametrize(
    "change",
    [
        {"return_to": "http://jahat.example/"}, {"return_to": BACK + "x"}, {"audience": "lain"},
        {"audience": ""}, {"state": ""}, {"nonce": ""}, {"age_over": "0"}, {"age_over": "016"},
        {"age_over": "100"}, {"age_over": "١٦"}, {"age_over": ""},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/tanya/lihat", "/tanya/kirim", "/tanya/batal"])
def test_a_question_of_an_unknown_house_sends_nobody_anywhere(path, change):
    answer = post(path, ASKED | change | {"orang": "ayu"})
    assert answer.status == 400
    assert "Location" not in answer.headers


def test_a_form_of_another_site_and_a_person_that_is_none_get_no_answer():
    form = ASKED | {"orang": "ayu"}
    assert post("/tanya/kirim", form, **{"sec-fetch-site": "cross-site"}).status == 403
    assert post("/tanya/kirim", ASKED | {"orang": "../ayu"}).status == 400


def test_it_keeps_nothing():
    one = school()
    before = repr(vars(one))
    body = urlencode(ASKED | {"orang": "ayu"}).encode()
    one.handle(Request("POST", "/tanya/kirim", "sekolah.localhost:8003", {}, {}, {}, body))
    assert repr(vars(one)) == before
    source = "".join(
        file.read_text()
        for file in Path(__file__).resolve().parents[2].glob("examples/institution/[!n_]*.py")
    )
    for word in ("open(", "write_text", "sqlite", "print(", "logging"):
        assert word not in source, word


@given(
    st.dates(min_value=datetime(1950, 1, 1).date(), max_value=datetime(2030, 1, 1).date()),
    st.dates(min_value=datetime(1950, 1, 1).date(), max_value=datetime(2060, 1, 1).date()),
    st.integers(1, 99),
)
def test_it_counts_years_as_the_house_does(birth, today, years):
    lived = completed_years(as_number(birth), as_number(today))
    assert is_over(birth, years, today) == (lived >= years)
    assert json.dumps(is_over(birth, years, today)) in ("true", "false")
