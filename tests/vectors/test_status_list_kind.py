"""The check of status lists reads every form in which the draft writes them, and fails when a value is changed."""

import json

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from ruangaman.core.credentials import status_list as lists
from ruangaman.core.credentials import status_token as tokens
from ruangaman.core.credentials.jose import to_base64url
from ruangaman.core.credentials.status_list_build import status_list
from tests.vectors.running import DATA, outcome

KIND = "token-status-list"
URI = "https://example.com/statuslists/4"
KEY = ec.derive_private_key(99, ec.SECP256R1())


def sign(data: bytes) -> bytes:
    r, s = decode_dss_signature(KEY.sign(data, ec.ECDSA(hashes.SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def came(tmp_path, text):
    (tmp_path / "file.txt").write_text(text)
    return outcome(tmp_path / "file.txt", KIND)


def wrapped(text, width=68):
    return "\n".join(text[start : start + width] for start in range(0, len(text), width))


def told(values, changed=False):
    lines = [f"status[{idx}] = {value ^ (changed and idx == 3)}" for idx, value in enumerate(values)]
    return "\n".join(lines)


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
@pytest.mark.parametrize("form", ["json", "json wrapped", "cbor", "cbor with comments"])
def test_a_list_is_read_in_every_form_and_a_changed_value_fails(tmp_path, bits, form):
    values = [idx * 7 % (1 << bits) for idx in range(24)]
    made = status_list(bytes(values), bits)
    if form.startswith("json"):
        form_ = lists.json_form(made)
        if "wrapped" in form:
            form_["lst"] = form_["lst"][:6] + "\n      " + form_["lst"][6:]
        encoded = "{\n  " + f'"bits": {bits},\n  "lst": "{form_["lst"]}"' + "\n}"
    else:
        encoded = wrapped(lists.write_cbor(made).hex(), 20)
        if "comments" in form:
            encoded = "\n".join(f'  {line}   # "abc" # {{}}' for line in encoded.splitlines())
    array = "byte_array = [" + ", ".join(f"0x{byte:02x}" for byte in made.packed) + "]"
    text = f"{array} \n{told(values)}\nencoded:\n{encoded}\n"
    assert came(tmp_path, text).state == "pass", came(tmp_path, text)
    assert came(tmp_path, text.replace(told(values), told(values, True))).state == "fail"
    assert came(tmp_path, text.replace(array, array.replace("]", ", 0x00]"))).state == "fail"
    assert came(tmp_path, text.replace(f'"bits": {bits}', '"bits": 3')).state == (
        "fail" if "json" in form else "pass"
    )


def test_tokens_of_other_keys_are_read_and_say_that_the_signature_was_not_checked(tmp_path):
    made = status_list(bytes([1, 2, 3, 0] * 5), 4)
    common = {
        "sub": URI,
        "iat": 1_700_000_000,
        "exp": 1_800_000_000,
        "ttl": 900,
        "alg": "ES256",
        "sign": sign,
    }
    jwt = tokens.status_jwt(made, kid="other", **common)
    cwt = tokens.status_cwt(made, kid=b"other", **common)
    for text in (wrapped(jwt), wrapped(cwt.hex()), "~~~\n" + wrapped(cwt.hex()) + "\n~~~"):
        assert came(tmp_path, text).state == "pass"
        assert "signature not checked" in came(tmp_path, text).detail
    forged = tokens.status_jwt(made, kid="12", **common)
    assert came(tmp_path, wrapped(forged)).state == "fail"
    assert came(tmp_path, wrapped(tokens.status_cwt(made, kid=b"12", **common).hex())).state == "fail"


@pytest.mark.parametrize("name", ["status_list_jwt_raw.txt", "status_list_cwt.txt"])
def test_a_published_token_with_one_letter_changed_fails(tmp_path, name):
    text = (DATA / KIND / name).read_text().strip()
    assert came(tmp_path, text).state == "pass"
    other = "1" if text[-1] != "1" else "2"
    assert came(tmp_path, text[:-1] + other).state == "fail"


def test_referenced_tokens_are_read_in_every_form(tmp_path):
    status = {"status_list": {"idx": 7, "uri": URI}}
    claims = {"iss": "https://example.com", "status": status}
    header = {"alg": "ES256", "kid": "11"}
    compact = ".".join(to_base64url(json.dumps(part).encode()) for part in (header, claims, "x" * 64))
    cwt = cbor2.dumps(
        cbor2.CBORTag(18, [b"\xa1\x01\x26", {4: b"11"}, cbor2.dumps({65535: status}), bytes(64)])
    )
    mso = {"version": "1.0", "docType": "a", "status": status}
    mdoc = [b"\xa1\x01\x26", {}, cbor2.dumps(cbor2.CBORTag(24, cbor2.dumps(mso))), bytes(64)]
    notation = (
        "18(\n [\n / protected / << { / alg / 1: -7 / ES256 / } >>,\n"
        " / unprotected / { / kid / 4: h'3131' / '11' / },\n"
        ' / payload / << { / iss / 1: "https://example.com", / status / 65535: { "status_list": { "idx": 7,\n'
        f' "uri": "{URI}" }} }} }} >>,\n / signature / h\'00\'\n ]\n)\n'
    )
    forms = [
        compact,
        f"{compact}~WyJhIiwgMV0~",
        f"{json.dumps(header, indent=2)}\n.\n{json.dumps(claims, indent=2)}",
        json.dumps(claims),
        cwt.hex(),
        cbor2.dumps({65535: status}).hex(),
        cbor2.dumps(mdoc).hex(),
        notation,
    ]
    for text in forms:
        assert came(tmp_path, text).state == "pass", text
        assert "entry 7 " in came(tmp_path, text).detail
    assert came(tmp_path, json.dumps(claims).replace("7", "-7")).state == "fail"
    assert came(tmp_path, notation.replace("https://example.com/", "http://example.com/")).state == "fail"


def test_what_is_no_status_list_does_not_pass(tmp_path):
    for text in ("{}", "no vector", '{"alg": "ES256"}', "a0", '{"status": {"other": 1}}', "", "h'...'"):
        assert came(tmp_path, text).state != "pass", text
