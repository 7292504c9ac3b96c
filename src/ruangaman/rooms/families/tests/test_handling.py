"""How data is handled is what the operator states: in the record, the notice, the receipt; nothing is made up."""

import hashlib
import json
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from ruangaman.rooms.families import handling, records
from ruangaman.rooms.families.tests.conftest import DONGENG, path, row, text

pytestmark = pytest.mark.slow

STATED = {
    "storage_locations": (text("Kota Simpan", "Keep City"), text("Kota Dua", "City Two")),
    "processing_locations": (text("Kota Olah", "Work City"),),
    "geographic_restrictions": (text("dalam negeri saja", "inside the country alone"),),
    "recipient_third_parties": (),
    "retention_period": text("sembilan puluh hari", "ninety days"),
    "collection_method": text("anak mengisi", "the child enters it"),
    "processing_method": text("oleh mesin", "by a machine"),
    "party_address": "Jalan Uji 9, Kota Simpan",
}
DATA = ({**text("Nama panggilan", "Nickname"), "pii_optional": True},)
TELLING = replace(DONGENG, handling=STATED, contact="kantor@cerita.example", data_requested=DATA)
INVENTED = (
    "held by the controller",
    "as the notice says",
    "provided by the child",
    "until the consent is withdrawn or",
)


def purpose_and_party(record):
    return record["pii_processing"]["purposes"][0], record["parties"][0]


def test_a_record_holds_what_was_stated_by_the_names_of_the_standard(ask):
    record = json.loads(json.dumps(records.record(row(ask(card=TELLING)))))
    purpose, party = purpose_and_party(record)
    for name, value in STATED.items():
        told = party[name] if name == "party_address" else purpose[name]
        assert told == json.loads(json.dumps(value)), name
    assert party["party_contact"] == "kantor@cerita.example"
    (asked,) = purpose["pii_information"]
    assert asked == {
        "pii_type": text("Nama panggilan", "Nickname"),
        "pii_attribute_id": "1",
        "pii_optional": True,
        "sensitive_pii_category": None,
        "special_pii_category": None,
    }
    assert record["x_not_stated"] == ["sensitive_pii_category", "special_pii_category"]
    assert purpose["withdrawal_method"] == "http://localhost:8000/keluarga/"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(sorted([*STATED, "party_contact"]))))
def test_what_is_not_stated_is_said_to_be_so_and_never_made_up(ask, stated):
    waiting = row(ask())
    waiting.card = {
        **waiting.card,
        "handling": {name: value for name, value in STATED.items() if name in stated},
        "contact": "kantor@cerita.example" if "party_contact" in stated else "",
    }
    record = records.record(waiting)
    purpose, party = purpose_and_party(record)
    missing = {*STATED, "party_contact"} - stated
    assert missing == set(record["x_not_stated"]) - set(handling.MARKS)
    for name in missing:
        told = {**party, **purpose}[name]
        assert told in (handling.NOT_STATED, [handling.NOT_STATED]), name
    for name in stated - {"party_contact"}:
        assert {**party, **purpose}[name] == STATED[name]
    assert not [word for word in INVENTED if word in json.dumps(record)]


def test_the_record_of_a_request_made_before_operators_could_state_anything(ask):
    old = row(ask())
    old.card = {name: value for name, value in old.card.items() if name not in ("handling", "contact")}
    assert set(STATED) <= set(records.record(old)["x_not_stated"])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("id", ["Tempat simpan: Kota Simpan; Kota Dua", "Lama simpan: sembilan puluh hari",
                "Penerima data: tidak ada"]),
        ("en", ["Storage place: Keep City; City Two", "Storage time: ninety days",
                "Recipients of data: none"]),
    ],
)  # fmt: skip
def test_the_guardian_reads_where_and_how_long_before_answering(ask, mother, language, said):
    invitation = ask(card=TELLING, language=language)
    page = mother.browser.get(path(invitation.find_url), {"bahasa": language}).content.decode()
    facts = page.split('class="facts"')[1].split("</section>")[0]
    assert [line for line in said if line not in facts] == []
    notice = row(invitation).notice
    assert [line for line in said if line not in notice] == []
    assert row(invitation).notice_sha256 == hashlib.sha256(notice.encode()).hexdigest()


def test_the_guardian_reads_that_nothing_was_stated(ask, mother):
    invitation = ask()
    page = mother.browser.get(path(invitation.find_url)).content.decode()
    words = "Belum dinyatakan pengelola: tempat simpan, lama simpan, penerima data"
    assert words in page
    assert words in row(invitation).notice
    assert "tidak ada" not in row(invitation).notice


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "id",
            ["Tempat simpan", "Kota Simpan; Kota Dua", "sembilan puluh hari", "oleh mesin", "tidak ada"],
        ),
        ("en", ["Storage place", "Keep City; City Two", "ninety days", "by a machine", "none"]),
    ],
)
def test_receipt_page_pdf_and_json_say_it_in_the_readers_language(ask, mother, language, words):
    invitation = ask(card=TELLING)
    mother.answer(invitation, "yes", "sari")
    base = f"/keluarga/tanda-terima/{row(invitation).receipts.get().pk}"
    page = mother.browser.get(base, {"bahasa": language}).content.decode()
    both = [*words, "Jalan Uji 9, Kota Simpan", "kantor@cerita.example"]
    assert [word for word in both if word not in page] == []
    for query in ({}, {"ukuran": "80mm"}):
        pdf = mother.browser.get(base + ".pdf", {**query, "bahasa": language})
        printed = " ".join(
            " ".join(one.extract_text() for one in PdfReader(BytesIO(pdf.content)).pages).split()
        )
        assert [word for word in both if word not in printed] == []
    document = mother.browser.get(base + ".json").json()
    assert (
        document["record"]["pii_processing"]["purposes"][0]["retention_period"] == STATED["retention_period"]
    )


def test_a_receipt_says_what_the_operator_did_not_state(ask, mother):
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    page = mother.browser.get(f"/keluarga/tanda-terima/{row(invitation).receipts.get().pk}").content.decode()
    assert "<dt>Belum dinyatakan pengelola</dt>" in page
    assert "kontak pengelola" in page
