"""The quick door of mobile documents and the plain one: what the quick takes or refuses, the plain takes or refuses
alike."""

import hashlib
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from fuzz.mdoc_quick import both, target
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.mdocs import (
    AV,
    DAY,
    DEVICE_KEY,
    NOW,
    OTHER_TRANSCRIPT,
    READER_KEY,
    ROOT_KEY,
    SIGNER_KEY,
    SIGNER_USAGE,
    TRANSCRIPT,
    Wallet,
    asked,
    certificate,
    cose_key,
    item_bytes,
    private_key,
    root,
    sign1,
    signer,
    tdate,
    trust,
)

from ruangaman.core.credentials import cbor, cose, der, mdoc, mdoc_quick, x509
from ruangaman.core.credentials.cbor import Encoded, Tagged

pytestmark = pytest.mark.slow

ROOMY = {f"age_over_{age}": age < 20 for age in range(10, 40)}
STATUS = {"status_list": {"idx": 7, "uri": "https://aman.example/status/1"}}


def done(wallet: Wallet, transcript: bytes = TRANSCRIPT, **kinds: Any) -> str:
    """What the quick door did with an answer."""
    return both(wallet.response(), asked(**kinds), transcript)


TAKEN = [
    {},
    {"elements": ROOMY},
    {"elements": {"age_over_18": False}},
    {"doc_type": mdoc.MDL},
    {"doc_type": mdoc.EU_PID},
    {"status": STATUS},
    {"chain": (signer(), root())},
    {"valid_from": NOW + 300},
    {"valid_until": NOW - 300},
    {"doc_type": mdoc.MDL, "valid_until": NOW + 300 * DAY},
]
OTHER_ROOT = certificate("Lain", READER_KEY, issuer="Lain", issuer_key=READER_KEY, authority=True)
FORGED = certificate("Penanda tangan", SIGNER_KEY, issuer="Akar", issuer_key=READER_KEY, usage=SIGNER_USAGE)
REFUSED = [
    {"chain": (OTHER_ROOT,)},
    {"chain": (FORGED,)},
    {"chain": (signer(usage=None),)},
    {"chain": (signer(critical_unknown=True),)},
    {"chain": (signer(last=NOW - DAY),)},
    {"chain": (signer(), OTHER_ROOT)},
    {"chain": (root(),)},
    {"chain": (b"no certificate",)},
    {"chain": (signer(), root(), root(), root(), root(), root())},
    {"signed": NOW - 401 * DAY},
    {"transcript": OTHER_TRANSCRIPT},
]


def headed(number: int, name: str, value: Any) -> bytes:
    """An element whose outer head is longer than need be."""
    content = item_bytes(number, name, value)[4:]
    return b"\xd8\x18\x59" + len(content).to_bytes(2) + content


def element(**members: Any):
    """An element with other members."""

    def item(number: int, name: str, value: Any) -> bytes:
        told = {"digestID": number, "random": b"x" * 32, "elementIdentifier": name, "elementValue": value}
        told |= members
        return cbor.embedded(cbor2.dumps({key: told[key] for key in told if told[key] is not ...}))

    return item


# No salt, and one member twice.
TWICE = b"\xa4\x68digestID\x00\x71elementIdentifier\x6bage_over_18" + 2 * b"\x6celementValue\xf5"

LEFT = [
    {"elements": {}},
    {"elements": {"age_over_18": True, "age_over_16": False}},
    {"elements": {"age_over_18": 1}},
    {"elements": {"age_over_18": True, "name": "x"}},
    {"elements": {"age_over_180": True}},
    {"doc_type": "other.type", "name_space": "other.type"},
    {"signed_doc_type": mdoc.MDL},
    {"name_space": "other.space"},
    {"valid_from": NOW + 301},
    {"valid_until": NOW - 301},
    {"valid_until": NOW - 2 * DAY},
    {"valid_until": NOW + 120 * DAY},
    {"device": "none"},
    {"device": "mac"},
    {"digest": "SHA-512", "digest_of": hashlib.sha512},
    {"digest": "SHA-384"},
    {"issuer_headers": {1: cose.ESP256}},
    {"issuer_headers": {1: cose.ES256, 4: b"kid"}},
    {"status": {}},
    {"status": {"status_list": {"idx": -1, "uri": "https://aman.example/1"}}},
    {"status": STATUS | {"other": 1}},
    {"status": {"status_list": STATUS["status_list"] | {"more": 1}}},
    {"status": {"identifier_list": {}}},
    {"item": headed},
    {"item": element(more=1)},
    {"item": element(random=...)},
    {"item": element(elementValue=...)},
    {"item": element(digestID=...)},
    {"item": element(random=b"x" * 15)},
    {"item": element(random=b"x" * 20)},
    {"item": element(digestID=300)},
    {"item": element(digestID=-1)},
    {"item": element(digestID=False)},
    {"item": element(elementValue=None)},
    {"item": element(digestID=0), "elements": {"age_over_18": True, "age_over_21": True}},
    {
        "item": element(elementIdentifier="age_over_18"),
        "elements": {"age_over_18": True, "age_over_21": True},
    },
    {"sent_item": lambda one: one[:-1] + b"\xf4"},
    {"sent_item": lambda one: one.replace(b"\x6b", b"\x78\x0b")},
    {"more": {"version": "1.1"}},
    {"more": {"version": 1}},
    {"more": {"other": 1}},
    {"more": {"status": None}},
    {"more": {"digestAlgorithm": "sha-256"}},
    {"more": {"valueDigests": {}}},
    {"more": {"valueDigests": {AV: {}}}},
    {"more": {"valueDigests": {AV: {0: b"short"}}}},
    {"more": {"valueDigests": {AV: {0: "text"}}}},
    {"more": {"deviceKeyInfo": {}}},
    {"more": {"deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY), "keyInfo": {}}}},
    {"more": {"deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY) | {-4: b"d"}}}},
    {"more": {"deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY) | {1: 1}}}},
    {"more": {"deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY) | {-1: 2}}}},
    {"more": {"deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY) | {-1: True}}}},
    {"more": {"deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY) | {-3: True}}}},
    {"more": {"deviceKeyInfo": {"deviceKey": cose_key(DEVICE_KEY) | {-2: b"x" * 31}}}},
]
SIGNED = hashlib.sha256(item_bytes(0, "age_over_18", True)).digest()
LEFT += [
    {"more": {"valueDigests": {AV: {0: SIGNED}, "other": {0: SIGNED}}}},
    {"more": {"valueDigests": {AV: {0: SIGNED, 1: [Tagged(9, 0)] * 32}}}},
    {"more": {"valueDigests": {AV: {0: SIGNED, True: SIGNED}}}},
    {"more": {"valueDigests": {AV: {0: SIGNED, 256: SIGNED}}}},
    {"item": lambda *_: cbor.embedded(TWICE)},
]
TIMES: dict[str, Any] = {"signed": tdate(NOW), "validFrom": tdate(NOW - DAY), "validUntil": tdate(NOW + DAY)}
LEFT += [
    {"more": {"validityInfo": TIMES | {name: value}}}
    for name, value in (
        ("expectedUpdate", tdate(NOW)),
        ("signed", Tagged(0, "2026-11-24T09:00:00.5Z")),
        ("signed", Tagged(0, "2026-11-24T09:00:00+07:00")),
        ("signed", Tagged(0, "2026-13-24T09:00:00Z")),
        ("signed", Tagged(0, "2026-W47-2T09:00:00Z")),
        ("signed", Tagged(1, NOW)),
        ("signed", Tagged(32, "2026-11-24T09:00:00Z")),
        ("signed", "2026-11-24T09:00:00Z"),
    )
]


@pytest.mark.parametrize("wallet", TAKEN, ids=range(len(TAKEN)))
def test_what_wallets_answer_takes_the_quick_door(wallet):
    kinds = {"doc_type": wallet.get("doc_type", AV)}
    assert done(Wallet(**wallet), **kinds) == "taken"
    for ages in ((), (13, 16, 18, 21)):
        assert done(Wallet(**wallet), **kinds, ages=ages) == "taken"


@pytest.mark.parametrize("wallet", REFUSED, ids=range(len(REFUSED)))
def test_what_chain_and_keys_say_is_told_at_the_quick_door(wallet):
    assert done(Wallet(**wallet)) == "refused"


@pytest.mark.parametrize("wallet", LEFT, ids=range(len(LEFT)))
def test_whatever_else_is_left_to_the_plain_door(wallet):
    assert done(Wallet(**wallet)) == "left"
    for kinds in ({"profile": False}, {"doc_type": mdoc.MDL}, {"unknown_status": True}, {"ages": ()}):
        done(Wallet(**wallet), **kinds)


def test_a_signature_of_another_key():
    other, good = private_key("another"), Wallet()
    payload, certified = good.security_object(), {33: signer()}
    covered = mdoc.device_authentication(AV, cbor.embedded(b"\xa0"), TRANSCRIPT)
    for by_issuer, by_device in ((other, DEVICE_KEY), (SIGNER_KEY, other), (SIGNER_KEY, DEVICE_KEY)):
        told = good.document()
        issued = told["issuerSigned"] | {"issuerAuth": sign1(by_issuer, payload, unprotected=certified)}
        proof = {"deviceSignature": sign1(by_device, covered, detached=True)}
        told |= {"issuerSigned": issued, "deviceSigned": told["deviceSigned"] | {"deviceAuth": proof}}
        found = both(cbor.encode({"version": "1.0", "documents": [told], "status": 0}))
        assert found == ("refused" if other in (by_issuer, by_device) else "taken")


def test_a_point_that_lies_on_no_curve():
    key = cose_key(DEVICE_KEY) | {-3: cose_key(READER_KEY)[-3]}
    assert done(Wallet(more={"deviceKeyInfo": {"deviceKey": key}})) == "refused"


def test_the_keys_of_other_curves_and_kinds_are_left():
    for encoded, key in other_signers():
        told = trust(encoded)
        assert done(Wallet(chain=(encoded,)), trust=told) == "left", key


def other_signers():
    for curve in (ec.SECP384R1(), ec.BrainpoolP256R1()):
        key = private_key("other curve", curve)
        yield (
            certificate("Penanda", key, issuer="Akar", issuer_key=ROOT_KEY, usage=SIGNER_USAGE),
            curve.name,
        )


@pytest.mark.parametrize(
    "kinds",
    [
        {"now": NOW + 80 * DAY + 301},
        {"now": NOW + 80 * DAY + 300},
        {"now": NOW - DAY - 300},
        {"now": NOW - DAY - 301},
        {"now": NOW + 500 * DAY},
        {"skew": 0},
        {"name_space": AV},
        {"name_space": ""},
        {"name_space": "other"},
        {"doc_type": mdoc.MDL},
        {"doc_type": "x y"},
        {"purpose": x509.READER},
        {"trust": trust(answers_for=(mdoc.MDL,))},
        {"trust": trust(OTHER_ROOT)},
        {"trust": trust(signer())},
        {"ages": (16, 18, 21)},
    ],
    ids=lambda kinds: next(iter(kinds)),
)
def test_whatever_is_asked(kinds):
    for wallet in (Wallet(), Wallet(elements=ROOMY), Wallet(doc_type=mdoc.MDL)):
        done(wallet, **kinds)


def answers_that_differ():
    """Answers with one place changed: containers with more or less, other types that Python takes for equal."""
    good = cbor2.loads(Wallet().response())
    issued, device = ["documents", 0, "issuerSigned"], ["documents", 0, "deviceSigned"]
    item = good["documents"][0]["issuerSigned"]["nameSpaces"][AV][0]
    auth, proof = [*issued, "issuerAuth"], [*device, "deviceAuth", "deviceSignature"]
    certified = signer()
    for path, value in (
        (["status"], False),
        (["status"], 0.0),
        (["status"], 10),
        (["version"], "1.1"),
        (["version"], 1.0),
        (["more"], 1),
        (["documents"], good["documents"] * 2),
        (["documents"], []),
        (["documents"], {0: good["documents"][0]}),
        (["documents", 0, "more"], 1),
        (["documents", 0, "docType"], mdoc.MDL),
        (["documents", 0, "errors"], {}),
        ([*issued, "more"], 1),
        ([*issued, "nameSpaces"], {}),
        ([*issued, "nameSpaces", "other"], [item]),
        ([*issued, "nameSpaces", AV], [item, item]),
        ([*issued, "nameSpaces", AV], []),
        ([*issued, "nameSpaces", AV], {0: item}),
        ([*issued, "nameSpaces", AV, 0], item.value),
        ([*issued, "nameSpaces", AV, 0], cbor2.CBORTag(18, item.value)),
        ([*issued, "nameSpaces", AV, 0], cbor2.CBORTag(24, item.value.decode("latin-1"))),
        ([*issued, "nameSpaces", AV, 0], cbor2.CBORTag(24, 1)),
        (auth, cbor2.CBORTag(18, good["documents"][0]["issuerSigned"]["issuerAuth"])),
        ([*auth, 0], b"\xa1\x01\x28"),
        ([*auth, 0], b"\xa1\x01\x38\x08"),
        ([*auth, 0], b"\xa0"),
        ([*auth, 1], {}),
        ([*auth, 1], {33: []}),
        ([*auth, 1], {33: [certified]}),
        ([*auth, 1], {33: [certified, root()]}),
        ([*auth, 1], {33: [certified, 1]}),
        ([*auth, 1], {33: [certified, "text"]}),
        ([*auth, 1], {33: certified.hex()}),
        ([*auth, 1], {33.0: certified}),
        ([*auth, 1], {33: certified, 4: b"kid"}),
        ([*auth, 1], {33: certified, 1: -7}),
        ([*auth, 2], None),
        ([*auth, 2], b""),
        ([*auth, 2], b"\xd8\x18\x41\xa0"),
        ([*auth, 3], b"\x01" * 63),
        ([*auth, 3], b"\x01" * 64),
        ([*auth, 3], b"\x00" * 64),
        ([*auth, 3], "\x01" * 64),
        ([*device, "more"], 1),
        ([*device, "nameSpaces"], cbor2.CBORTag(24, b"\xa1\x61a\xa0")),
        ([*device, "nameSpaces"], b"\xa0"),
        ([*device, "deviceAuth", "deviceMac"], []),
        ([*proof, 0], b"\xa1\x01\x05"),
        ([*proof, 1], {33: certified}),
        ([*proof, 2], b""),
        ([*proof, 3], b"\xff" * 64),
    ):
        told = cbor2.loads(Wallet().response())
        place = told
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
        yield path, cbor2.dumps(told)


def test_an_answer_with_one_place_changed():
    seen = [both(data) for _, data in answers_that_differ()]
    assert {"taken", "refused", "left"} == set(seen)


def test_the_order_of_members_does_not_matter_and_what_is_signed_is_what_came():
    def turned(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: turned(value[key]) for key in reversed(value)}
        return [turned(one) for one in value] if isinstance(value, list) else value

    assert both(cbor2.dumps(turned(cbor2.loads(Wallet(elements=ROOMY).response())))) == "taken"


def test_longer_heads_and_what_stands_behind_are_left():
    good = Wallet().response()
    assert both(good) == "taken"
    for was, becomes in (
        (b"\xa3", b"\xb8\x03"),
        (b"\xa3", b"\xbf"),
        (b"\x66status\x00", b"\x66status\x18\x00"),
        (b"\x66status\x00", b"\x66status\x00\x66status\x00"),
        (b"\x6anameSpaces\xd8\x18\x41\xa0", b"\x6anameSpaces\xd8\x18\x58\x01\xa0"),
        (b"\x6anameSpaces\xd8\x18\x41\xa0", b"\x6anameSpaces\xd9\x00\x18\x41\xa0"),
    ):
        assert good.count(was) >= 1
        assert both(good.replace(was, becomes, 1)) == "left", was
    assert both(good + b"\x00") == both(good[:-1]) == "left"
    assert both(b"\x00" * (mdoc_quick.MOST_BYTES + 1)) == "left"

    for behind in (b"\x00", b"\xff", b"\xa0"):
        wallet = Wallet()
        content = cbor.unwrap(wallet.security_object()) + behind
        issued = wallet.issuer_signed()
        auth = sign1(SIGNER_KEY, cbor.embedded(content), unprotected={33: signer()})
        told = wallet.document() | {"issuerSigned": issued | {"issuerAuth": auth}}
        assert both(cbor.encode({"version": "1.0", "documents": [told], "status": 0})) == "left"


def test_an_element_that_came_with_a_longer_head_is_not_held_against_the_digest_of_a_shorter():
    """The issuer signed the shorter form: what came is something else, whatever it means."""
    wallet = Wallet()
    document = wallet.document()
    issued = document["issuerSigned"]
    issued = issued | {"nameSpaces": {AV: [Encoded(headed(0, "age_over_18", True))]}}
    data = cbor.encode({"version": "1.0", "documents": [document | {"issuerSigned": issued}], "status": 0})
    assert both(data) == "left"
    with pytest.raises(mdoc.DigestWrong):
        mdoc.check_device_response(data, asked(), session_transcript=TRANSCRIPT)


@pytest.mark.parametrize(
    "tag", [0, 1, 2, 3, 4, 5, 25, 28, 29, 30, 35, 36, 37, 100, 256, 258, 260, 1004, 55799, 9]
)
def test_tags_of_which_a_parser_makes_something(tag):
    for content in (b"\x61(", b"\x00", b"\x41\xff", b"\x82\x00\x01", b"\xa0"):
        tagged = cbor.head(6, tag) + content
        both(tagged)
        both(cbor.encode({"version": "1.0", "documents": [Encoded(tagged)], "status": 0}))
        both(Wallet().response().replace(b"\x66status\x00", b"\x66status" + tagged))
        done(Wallet(more={"version": Encoded(tagged)}))


GOOD = Wallet(elements={"age_over_18": True, "age_over_21": False}).response()


@given(
    st.lists(
        st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, 2)),
        min_size=1,
        max_size=2,
    )
)
@settings(max_examples=400, deadline=None)
def test_a_byte_changed_put_in_or_left_out(edits):
    raw = bytearray(GOOD)
    for place, byte, kind in edits:
        place = min(place, len(raw) - 1)
        raw[place : place + (kind != 1)] = bytes([byte]) if kind < 2 else b""
    both(bytes(raw))


@given(st.lists(st.tuples(st.integers(0, len(GOOD)), st.integers(0, len(GOOD))), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_pieces_put_together_anew(pieces):
    both(b"".join(GOOD[start:end] for start, end in pieces))


@given(st.binary(max_size=200))
@example(GOOD)
@example(item_bytes(0, "age_over_18", True)[4:])
@settings(max_examples=40, deadline=None)
def test_the_fuzz_target(data):
    target(data)


@given(
    st.binary(min_size=64, max_size=64),
    st.sampled_from([0, 1, 127, 128, 255]),
    st.sampled_from([0, 1, 127, 128]),
)
@settings(max_examples=150, deadline=None)
def test_a_signature_is_the_same_in_der(raw, first, second):
    raw = bytes([first]) + raw[1:32] + bytes([second]) + raw[33:]
    r, s = int.from_bytes(raw[:32]), int.from_bytes(raw[32:])
    assert der.of_p256(raw) == encode_dss_signature(r, s)
