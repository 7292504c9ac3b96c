"""Files of the same kinds as others write them: they pass when they are right, and fail when they are wrong."""

import hashlib
import json
import re

import pytest

from ruangaman.adapters import longfellow
from ruangaman.core.credentials import cbor, mdoc_zk
from tests import mdocs, zk_wallet
from tests.vectors.running import DATA, outcome

pytestmark = pytest.mark.slow

RSA, ANNEX, EU, ZK = (
    DATA / name for name in ("rfc9474-blind-rsa", "iso18013-5-annex-d", "eu-av", "longfellow-zk")
)


def wrapped(text):
    """Hex without `0x`, in lines."""
    return "\n".join(re.findall(".{1,64}", text.removeprefix("0x")))


def camel(name):
    return re.sub(r"_(\w)", lambda found: found[1].upper(), name)


def written(folder, name, told):
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(told if isinstance(told, str) else json.dumps(told))
    return outcome(folder / name, folder.name)


RFC9474 = json.loads((RSA / "rfc9474_vectors.json").read_text())


@pytest.mark.parametrize(
    "change",
    [
        lambda case: [case],
        lambda case: {"vectors": [case], "source": "an appendix"},
        lambda case: {case["name"]: {name: value for name, value in case.items() if name != "name"}},
        lambda case: [{camel(name): value for name, value in case.items()}],
        lambda case: [case | {"name": case["name"].replace("-", "_").lower()}],
        lambda case: [
            {
                name: wrapped(value) if isinstance(value, str) and name not in ("name", "sLen") else value
                for name, value in case.items()
            }
        ],
    ],
    ids=["list", "named list", "by name", "camel case", "name spelt otherwise", "lines without 0x"],
)
def test_blind_signatures_as_others_write_them(tmp_path, change):
    case = next(one for one in RFC9474 if one["name"].endswith("PSSZERO-Deterministic"))
    came = written(tmp_path / RSA.name, "appendix.json", change(case))
    assert came.state == "pass", came.detail
    wrong = case | {"sig": case["sig"][:-1] + ("0" if case["sig"][-1] != "0" else "1")}
    assert written(tmp_path / RSA.name, "appendix.json", change(wrong)).state == "fail"


@pytest.mark.parametrize(
    "told",
    [
        {"iss": "https://example.gov", "nbf": 1262304000, "vc": {"type": ["VerifiableCredential"]}},
        {"iss": "did:example:1", "aud": "x", "nonce": "n", "vp": {"verifiableCredential": ["eyJ...c"]}},
        {"@context": ["https://www.w3.org/2018/credentials/v1"], "proof": {"jws": "eyJ...A"}},
        {"schema_id": "3Qow:2:BasicScheme:0.1", "cred_def_id": "CsiD:3:CL:4687", "values": {}},
    ],
    ids=["jwt_vc", "jwt_vp", "ldp_vp", "ac_vc"],
)
def test_a_credential_of_another_format_passes_by_being_refused(tmp_path, told):
    came = written(tmp_path / "openid4vp-1.0", "response__other.json", told)
    assert (came.state, "refused" in came.detail) == ("pass", True)


def test_a_query_of_a_format_that_nobody_names_is_not_covered(tmp_path):
    query = {"credentials": [{"id": "a", "format": "dc+sd-jvt", "meta": {"vct_values": ["x"]}}]}
    assert written(tmp_path / "openid4vp-1.0", "query.json", query).state == "not covered"
    query["credentials"][0]["format"] = "ldp_vc"
    assert written(tmp_path / "openid4vp-1.0", "query.json", query).state == "pass"


def test_an_answer_shows_nothing_that_the_request_of_the_annex_does_not_ask(tmp_path):
    name = "iso_18013_5_annex_d_items_request.hex"
    told = cbor.read(bytes.fromhex((ANNEX / name).read_text().strip()))
    folder = tmp_path / ANNEX.name
    assert written(folder, name, cbor.encode(told).hex()).state == "pass"
    other = told | {"docType": "eu.europa.ec.av.1"}
    assert written(folder, name, cbor.encode(other).hex()).state == "fail"
    ((space, row),) = told["nameSpaces"].items()
    less = told | {"nameSpaces": {space: {one: row[one] for one in list(row)[1:]}}}
    assert written(folder, name, cbor.encode(less).hex()).state == "fail"


def test_a_signer_of_the_annex_for_another_purpose_fails(tmp_path):
    name = "iso_18013_5_annex_d_ds_cert.hex"
    text = (ANNEX / name).read_text()
    usage = "28818c5d050102"  # 1.0.18013.5.1.2, for signers of documents
    assert text.count(usage) == 1
    assert written(tmp_path / ANNEX.name, name, text.replace(usage, "28818c5d050109")).state == "fail"


def test_a_digest_that_is_written_wrong_in_diagnostic_notation_fails(tmp_path):
    name = "proof_of_age_mdoc_diagnostic.txt"
    text = (EU / name).read_text()
    found = re.search(r"0: h'([0-9A-F])", text)
    wrong = text[: found.start(1)] + ("E" if found[1] != "E" else "A") + text[found.end(1) :]
    assert written(tmp_path / EU.name, name, wrong).state == "fail"


@pytest.mark.parametrize("name", ["fingerprint", "public_key_x", "private_key"])
def test_a_key_that_is_described_wrong_fails(tmp_path, name):
    told = json.loads((ZK / "ds-longfellow-vectors.json").read_text())
    told[name] = ("0" if told[name][0] != "0" else "1") + told[name][1:]
    assert written(tmp_path / ZK.name, "ds-longfellow-vectors.json", told).state == "fail"


def test_a_proof_that_was_spoilt_on_purpose_passes_by_being_refused(tmp_path):
    if not longfellow.installed():
        told = {"schema": "mdoc-proofs-v1.schema.json", "circuit": "ours"}
        assert written(tmp_path / ZK.name, "ours.json", told).state == "not covered"
        return
    folder = tmp_path / ZK.name
    folder.mkdir()
    listed = mdoc_zk.PINNED[0]
    (folder / "ours.circuit").write_bytes(
        (longfellow.CIRCUITS / f"{listed.circuit_hash}.circuit").read_bytes()
    )
    spec = {"version": listed.version, "num_attributes": 1, "sha256": listed.sha256}
    (folder / "ours.json").write_text(json.dumps({"schema": "mdoc-circuits-v1.schema.json"} | spec))
    wallet = mdocs.Wallet(elements={"age_over_16": True})
    proof = zk_wallet.prove(wallet, now=mdocs.NOW)
    point = mdocs.SIGNER_KEY.public_key().public_numbers()

    def described(name, proof):
        (folder / f"{name}.proof").write_bytes(proof)
        told = {
            "schema": "mdoc-proofs-v1.schema.json",
            "circuit": "ours",
            "sha256": hashlib.sha256(proof).hexdigest(),
            "doctype": mdocs.AV,
            "claims": [{"namespace": mdocs.AV, "id": "age_over_16", "cbor_value": "f5"}],
            "transcript": wallet.transcript.hex(),
            "issuer_public_key_x": f"{point.x:064x}",
            "issuer_public_key_y": f"{point.y:064x}",
            "timestamp": mdocs.at(mdocs.NOW).isoformat(),
            "provenance": {"type": "constructed", "generator": "generate.py flip-bit --bit 0"},
        }
        return written(folder, f"{name}.json", told)

    flipped = bytearray(proof)
    flipped[len(proof) // 2] ^= 1
    came = described("flipped", bytes(flipped))
    assert (came.state, "refused" in came.detail) == ("pass", True)
    assert described("holds", proof).state == "fail"  # told to be spoilt, and it is not


@pytest.mark.parametrize("part", ["age_over_18", "33: h '", ">> ) >> , h '", "0: h '", '"uri"'])
def test_an_answer_in_diagnostic_notation_that_was_changed_fails(tmp_path, part):
    name = "dcapi_device_response_diagnostic.txt"
    text = (EU / name).read_text()
    at = text.index(part) + len(part) + (30 if "h '" in part else -1 if part[0] == "a" else 12)
    wrong = text[:at] + ("7" if text[at] != "7" else "8") + text[at + 1 :]
    assert written(tmp_path / EU.name, name, text).state == "pass"
    assert written(tmp_path / EU.name, name, wrong).state == "fail"


@pytest.mark.parametrize(
    "told",
    [
        '{"age_over_18": true, "age_over_21": false}',
        '{"age_over_18": 1}',
        '{"age_over_18": false, "age_over_21": true}',
    ],
)
def test_attributes_of_a_proof_are_ages_that_do_not_contradict_each_other(tmp_path, told):
    state = written(tmp_path / EU.name, "attributes.txt", told).state
    assert state == ("pass" if "true, " in told else "fail")


def test_an_answer_by_post_is_read_whole_or_refused(tmp_path):
    head = "POST /post HTTP/1.1\nHost: a.example\nContent-Type: application/x-www-form-urlencoded\n\n"
    for body, state in (
        ("vp_token=..", "pass"),
        ("vp_token=%7B%22age%22%3A%5B%22x%22%5D%7D", "pass"),
        ("vp_token=%7B%22age%22%3A%22x%22%7D", "fail"),
        ("response=eyJ...", "pass"),
        ("response=a.b.c.d.e", "not covered"),
    ):
        assert written(tmp_path / EU.name, "answer.txt", head + body).state == state, body


@pytest.mark.parametrize(
    "chosen", ["", "  ld:\n    who: {name: true}\n", "  ld: {who: {name: true}, langs: [true, false]}\n"]
)
def test_a_case_that_does_not_say_what_is_seen(tmp_path, chosen):
    case = "user_claims:\n  vct: x\n  ld:\n    who:\n      !sd name: John\n      !sd born: '1978-07-17'\n"
    case += "    langs: [!sd id, !sd en, su]\n"
    case += f"holder_disclosed_claims:{' {}' if not chosen else ''}\n{chosen}key_binding: true\n"
    folder = tmp_path / "openid4vp-1.0"
    came = written(folder, "sd_jwt_vcld__01__specification.yml", case)
    assert came.state == "pass", came.detail
    seen = "expect_verified_user_claims: {vct: x, ld: {who: {name: John}, langs: [su]}}\n"
    assert written(folder, "b.yml", case + seen).state == (
        "pass" if "who: {" in chosen and "ld:\n" in chosen else "fail"
    )


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ('{"redirect_uri": "https://client.example.org/cb#response_code=1"}', "pass"),
        ('{"redirect_uri": "javascript:alert(1)"}', "fail"),
        ('{"one": ["a", "b"]}', "pass"),
        ('{"one": [""]}', "fail"),
        ('{"vp_token": {...}}', "not covered"),
        ("POST /post HTTP/1.1\nHost: a.example\n\n  vp_token=...&\n  state=x", "pass"),
        ("```\nPOST /post HTTP/1.1\n\n  vp_token=%7B%22a%22%3A%22x%22%7D\n```", "fail"),
    ],
)
def test_messages_of_openid4vp_as_texts_show_them(tmp_path, text, state):
    came = written(tmp_path / "openid4vp-1.0", "example.txt", text)
    assert came.state == state, came.detail
