"""A vector of mobile documents that was changed fails: the checks can say no."""

import json

import pytest

from tests.vectors.running import DATA, outcome

pytestmark = pytest.mark.slow

ANNEX = sorted((DATA / "iso18013-5-annex-d").glob("*.hex"))
REAL = sorted((DATA / "mdoc-real-issuers").glob("*.json"))
# Their last byte is covered by no signature of which the key is told, and repeated in no file beside them.
ALONE = ("items_request.hex", "device_engagement.hex", "device_response.hex")


@pytest.mark.parametrize(
    "file", [one for one in ANNEX if not one.name.endswith(ALONE)], ids=lambda one: one.stem[20:]
)
def test_a_changed_last_byte_fails(file, tmp_path):
    folder = tmp_path / "iso18013-5-annex-d"
    folder.mkdir()
    told = file.read_text().strip()
    (folder / file.name).write_text(told[:-2] + f"{int(told[-2:], 16) ^ 3:02x}")
    came = outcome(folder / file.name, folder.name)
    assert came.state != "pass", came.detail


@pytest.mark.parametrize("file", REAL, ids=lambda one: one.stem)
@pytest.mark.parametrize("share", [0.02, 0.25, 0.5, 0.75, 0.98])
def test_a_changed_digit_anywhere_fails(file, share, tmp_path):
    folder = tmp_path / "mdoc-real-issuers"
    folder.mkdir()
    told = json.loads(file.read_text())
    at = int(len(told["cbor_hex"]) * share)
    told["cbor_hex"] = (
        f"{told['cbor_hex'][:at]}{int(told['cbor_hex'][at], 16) ^ 1:x}{told['cbor_hex'][at + 1 :]}"
    )
    (folder / file.name).write_text(json.dumps(told))
    assert outcome(folder / file.name, folder.name).state == "fail"


@pytest.mark.parametrize("file", REAL, ids=lambda one: one.stem)
def test_another_clock_or_nonce_fails(file, tmp_path):
    folder = tmp_path / "mdoc-real-issuers"
    folder.mkdir()
    told = json.loads(file.read_text())
    changes = [{"now": "2040-01-01"}, {"now": "2019-01-01"}]
    if "nonce" in told:
        changes += [{"nonce": "other"}, {"client_id": told["client_id"] + "x"}]
    for change in changes:
        (folder / file.name).write_text(json.dumps(told | change))
        assert outcome(folder / file.name, folder.name).state == "fail", change


def test_a_handover_that_we_do_not_know_leaves_the_device_out_and_says_so(tmp_path):
    folder = tmp_path / "mdoc-real-issuers"
    folder.mkdir()
    told = json.loads(REAL[-1].read_text()) | {"session_transcript": "a handover of tomorrow"}
    (folder / "a.json").write_text(json.dumps(told))
    came = outcome(folder / "a.json", folder.name)
    assert came.state == "pass"
    assert "the device's part not" in came.detail
