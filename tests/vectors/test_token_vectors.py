"""A vector of tokens that is changed in one place fails: the checks of these kinds can say no."""

import json

import pytest

from tests.vectors.kinds.tokens import CHECKS
from tests.vectors.running import DATA, outcome

pytestmark = pytest.mark.slow

RSA = DATA / "rfc9474-blind-rsa"
PASS = DATA / "rfc9577-9578-privacy-pass"


def changed(text):
    """The last hex digit of a value is another one."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("file", "name"),
    [
        (RSA / "rfc9474_vectors.json", name)
        for name in ("n", "e", "d", "msg", "salt", "input_msg", "inv", "blinded_msg", "blind_sig", "sig", "sLen")
    ]
    + [(RSA / "emsa_pss_vectors.json", name) for name in ("msg", "salt", "expected")]
    + [
        (PASS / "pub_verif_rfc9578.go.json", name)
        for name in ("pkS", "token_challenge", "nonce", "blind", "salt", "token_request", "token_response", "token")
    ]
    + [
        (PASS / "auth_scheme_header_v14.json", name)
        for name in ("token-key-0", "token-challenge-0", "token-challenge-1", "token-key-1")
    ],
    ids=lambda one: getattr(one, "name", one),
)  # fmt: skip
def test_a_changed_value_fails(tmp_path, file, name):
    told = json.loads(file.read_text())
    cases = told if isinstance(told, list) else [told]
    case = [one for one in cases if one.get(name)][-1]
    case[name] = changed(case[name])
    copy = tmp_path / "another-name.json"
    copy.write_text(json.dumps(told))
    assert outcome(copy, file.parent.name).state == "fail"


@pytest.mark.parametrize(
    "change",
    [
        lambda header: header.replace('max-age="10"', 'max-age="11"'),
        lambda header: header.replace("=", "", 1),
        lambda header: header.replace("PrivateToken", "Basic"),
        lambda header: header + ", PrivateToken",
    ],
)
def test_a_changed_header_fails(tmp_path, change):
    told = json.loads((PASS / "auth_scheme_header_v14.json").read_text())
    told[0]["WWW-Authenticate"] = change(told[0]["WWW-Authenticate"])
    (tmp_path / "x.json").write_text(json.dumps(told))
    assert outcome(tmp_path / "x.json", PASS.name).state == "fail"


def test_structures_of_challenge_and_token_are_read_for_our_type_alone(tmp_path):
    case = {
        "token_type": "0x0002",
        "issuer_name": b"issuer.example".hex(),
        "redemption_context": "",
        "origin_info": b"origin.example".hex(),
        "nonce": "e01978182c469e5e026d66558ee186568614f235e41ef7e2378e6f202688abab",
        "token_key_id": "ca572f8982a9ca248a3056186322d93ca147266121ddeb5632c07f1f71cd2708",
        "token_authenticator_input": "0002e01978182c469e5e026d66558ee186568614f235e41ef7e2378e6f202688abab11e15c91a7c2"
        "ad02abd66645802373db1d823bea80f08d452541fb2b62b5898bca572f8982a9ca248a3056186322d93ca147266121ddeb5632c07f1f71"
        "cd2708",
    }  # RFC 9577 appendix A.1, vector 2
    (tmp_path / "x.json").write_text(json.dumps([case]))
    assert outcome(tmp_path / "x.json", PASS.name).state == "pass"
    other = case | {"token_authenticator_input": changed(case["token_authenticator_input"])}
    (tmp_path / "x.json").write_text(json.dumps([case, other]))
    assert outcome(tmp_path / "x.json", PASS.name).state == "fail"
    (tmp_path / "x.json").write_text(json.dumps([case | {"token_type": "0xda7a"}]))
    assert outcome(tmp_path / "x.json", PASS.name).state == "not covered"


def test_what_is_not_covered_says_why():
    told = {
        file.name: outcome(file, file.parent.name)
        for folder in CHECKS
        for file in sorted((DATA / folder).iterdir())
    }
    assert {name: str(came) for name, came in told.items()} == {
        "emsa_pss_vectors.json": "pass",
        "partially_blind_rsa_draft2.json": "kind not covered",
        "rfc9474_vectors.json": "pass",
        "auth_scheme_header_v14.json": "pass",
        "auth_scheme_token_with_extensions_v1.json": "kind not covered",
        "generic_batched_tokens_v6_go.json": "kind not covered",
        "priv_verif_rfc9578.go.json": "kind not covered",
        "pub_verif_rfc9578.go.json": "pass",
        "pub_verif_with_metadata_v3.json": "kind not covered",
    }
