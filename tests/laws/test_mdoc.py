"""Laws of CBOR and mobile documents: what was written is read again, and what was changed is refused."""

from typing import Any

import cbor2
import pytest
from fuzz import mdoc as fuzzed
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.mdocs import NOW, TRANSCRIPT, Wallet, asked, at, check, item_bytes, root

from ruangaman.core.credentials import cbor, mdoc
from ruangaman.core.credentials.errors import CredentialError

WHOLE = st.integers(-(1 << 64), (1 << 64) - 1)
KEYS = st.one_of(st.text(max_size=30), st.integers(-300, 300), st.binary(max_size=5))
PLAIN = st.one_of(st.none(), st.booleans(), WHOLE, st.binary(max_size=300), st.text(max_size=80))
VALUES = st.recursive(
    PLAIN, lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5), max_leaves=25
)
RESPONSE = Wallet().response()


@settings(max_examples=150)
@given(VALUES)
def test_what_is_encoded_is_read_again_and_only_one_way(value: Any) -> None:
    encoded = cbor.encode(value)
    assert cbor.read(encoded) == value
    assert cbor2.loads(encoded) == value
    assert cbor.encode(cbor.read(encoded)) == encoded


@settings(max_examples=150)
@given(st.lists(VALUES, max_size=4))
def test_embedded_cbor_keeps_its_bytes(values: list[Any]) -> None:
    contents = [cbor.encode(one) for one in values]
    read = cbor.read(cbor.encode([cbor.Encoded(cbor.embedded(one)) for one in contents]))
    assert [one.content for one in read] == contents
    assert [one.received for one in read] == [cbor.embedded(one) for one in contents]


def test_embedded_cbor_keeps_every_way_of_writing_its_heads() -> None:
    """Each head may be longer than needed: tag in 2, 3, 5 or 9 bytes, length in 1, 2, 3, 5 or 9."""
    tags = [b"\xd8\x18", b"\xd9\x00\x18", b"\xda\x00\x00\x00\x18", b"\xdb" + bytes(7) + b"\x18"]
    lengths = [b"\x41", b"\x58\x01", b"\x59\x00\x01", b"\x5a\x00\x00\x00\x01", b"\x5b" + bytes(7) + b"\x01"]
    written = [tag + length + b"\xf5" for tag in tags for length in lengths]
    read = cbor.read(cbor.head(4, len(written)) + b"".join(written))
    assert [one.received for one in read] == written
    assert {one.content for one in read} == {b"\xf5"}
    for one in written:
        assert cbor.unwrap(one) == b"\xf5"


@settings(max_examples=300)
@given(st.binary(max_size=60))
def test_the_walk_and_the_parser_agree_on_any_bytes(data: bytes) -> None:
    """What the walk lets through the parser reads; what both read has the same end."""
    try:
        cbor.scan(data)
    except CredentialError:
        return
    try:
        cbor.read(data)
    except (cbor.Malformed, cbor.KeyRefused):
        return
    with pytest.raises(CredentialError):
        cbor.scan(data + b"\x00")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", cbor.Malformed),
        (b"\x01\x01", cbor.TrailingBytes),
        (b"\x81" * 40 + b"\x01", cbor.TooDeep),
        (b"\xc1" * 40 + b"\x01", cbor.TooDeep),
        (b"\x9f" * 40 + b"\xff" * 40, cbor.TooDeep),
        (b"\x9b\x00\x00\x0f\xff\xff\xff\xff\xff", cbor.Malformed),
        (b"\x5b\x00\x00\x0f\xff\xff\xff\xff\xff", cbor.Malformed),
        (b"\x9a\x00\x00\x75\x30" + bytes(30_000), cbor.TooManyItems),
        (b"\x9f" + bytes(30_000) + b"\xff", cbor.TooManyItems),
        (bytes(300_000), cbor.TooLarge),
        (b"\xa2\x01\x01\x01\x02", cbor.KeyRefused),
        (b"\xbf\x01\x01\x01\x02\xff", cbor.KeyRefused),
        (b"\xa1\x80\x01", cbor.KeyRefused),
        (b"\xbf\x80\x01\xff", cbor.KeyRefused),
        (b"\xa1\xd8\x18\x41\x01\x01", cbor.KeyRefused),
        (b"\xbf\x01\xff", cbor.Malformed),
        (b"\xff", cbor.Malformed),
        (b"\x81\xff", cbor.Malformed),
        (b"\x9f\xc1\xff", cbor.Malformed),
        (b"\x5f\x41\x01\xff", cbor.Malformed),
        (b"\x1c", cbor.Malformed),
        (b"\xfc", cbor.Malformed),
        (b"\x62\xc3\x28", cbor.Malformed),
        (b"\xd8\x18\x01", cbor.Malformed),
        (b"\xd8\x1c\x81\x01", cbor.TagRefused),
        (b"\xd8\x23\x61a", cbor.TagRefused),
        (b"\xc2\x41\x01", cbor.TagRefused),
    ],
    ids=lambda one: one[:8].hex() if isinstance(one, bytes) else one.code,
)
def test_hostile_cbor_is_refused_before_it_is_parsed(data: bytes, refusal: type) -> None:
    with pytest.raises(refusal):
        cbor.read(data)


def test_the_walk_itself_refuses_a_key_without_a_value() -> None:
    for data in (b"\xbf\x01\xff", b"\xbf\x01\x02\x03\xff", b"\x81\xbf\x01\xff"):
        with pytest.raises(cbor.Malformed):
            cbor.scan(data)


def test_a_tag_is_never_turned_into_a_value() -> None:
    for tag in cbor.TAGS - {cbor.EMBEDDED}:
        assert cbor.read(cbor.head(6, tag) + b"\x61x") == cbor.Tagged(tag, "x")


@settings(max_examples=200)
@given(st.one_of(st.binary(max_size=200), VALUES.map(cbor.encode)))
def test_any_bytes_are_refused_in_one_way(data: bytes) -> None:
    fuzzed.target(data)


@settings(max_examples=200)
@given(st.data())
def test_a_damaged_answer_is_refused_in_one_way(data: st.DataObject) -> None:
    told = bytearray(RESPONSE)
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(told) - 1))
        told[start : start + data.draw(st.integers(0, 6))] = data.draw(st.binary(max_size=6))
    fuzzed.target(bytes(told))


@pytest.mark.slow
def test_no_flip_of_one_bit_changes_an_answer() -> None:
    """Every bit of a whole answer: refused, or (a name outside all signatures) at most less is said than before."""
    ask, whole, left = asked(), {18: True}, 0
    for bit in range(len(RESPONSE) * 8):
        told = bytearray(RESPONSE)
        told[bit >> 3] ^= 1 << (bit & 7)
        try:
            over = mdoc.check_device_response(bytes(told), ask, session_transcript=TRANSCRIPT).over
        except CredentialError:
            continue
        left += 1
        assert over.items() <= whole.items()
    assert left < 90, (
        "outside every signature stand the version, the name `nameSpaces` and unused bits of a signature"
    )


@settings(max_examples=60)
@given(st.dictionaries(st.integers(10, 99), st.booleans(), min_size=1, max_size=5), st.integers(0, 120))
def test_an_age_in_a_document_is_answered_as_the_claims_say(claims: dict[int, bool], age: int) -> None:
    wallet = Wallet(elements={f"age_over_{one}": over for one, over in claims.items()})
    try:
        wanted = mdoc.answer_over(claims, age)
    except mdoc.AgeContradicts:
        with pytest.raises(mdoc.AgeContradicts):
            check(wallet, ages=(age,))
        return
    assert check(wallet, ages=(age,)).over == ({} if wanted is None else {age: wanted})


def test_repeated_elements_and_odd_ones_are_refused() -> None:
    def repeated(digest_id: int, identifier: str, value: Any) -> bytes:
        return item_bytes(0, identifier, value)

    for wallet in (
        Wallet(elements={"age_over_18": True, "age_over_21": True}, item=repeated),
        Wallet(item=lambda _id, _name, _value: cbor.embedded(cbor.encode({"digestID": 0}))),
        Wallet(item=lambda _id, _name, _value: cbor.encode({"digestID": 0})),
        Wallet(item=lambda _id, name, value: item_bytes(-1, name, value)),
    ):
        with pytest.raises(mdoc.MdocRefused) as refused:
            check(wallet)
        assert refused.value.code == "mdoc.malformed"


@settings(max_examples=25)
@given(st.integers(-400, 400), st.integers(-400, 400), st.booleans(), st.booleans())
def test_a_peer_says_the_same(starts: int, ends: int, our_session: bool, same_kind: bool) -> None:
    """`openvc-core` is the second, slower truth, for what both check: issuer, digests, time, device."""
    from cryptography import x509 as c_x509
    from openvc.mdoc import MdocError, verify_device_response

    wallet = Wallet(
        doc_type=mdoc.MDL,
        signed_doc_type=mdoc.MDL if same_kind else mdoc.EU_PID,
        valid_from=NOW + min(starts, ends),
        valid_until=NOW + max(starts, ends),
        transcript=TRANSCRIPT if our_session else cbor.encode([None, None, ["other"]]),
    )
    told = wallet.response()
    roots = [c_x509.load_der_x509_certificate(root())]
    try:
        theirs = verify_device_response(told, trust_anchors=roots, session_transcript=TRANSCRIPT, now=at(NOW))
        wanted = theirs[0].namespaces["org.iso.18013.5.1"]["age_over_18"]
    except MdocError:
        wanted = None
    try:
        ours = check(wallet, doc_type=mdoc.MDL).over.get(18)
    except CredentialError:
        ours = None
    assert ours == wanted


def test_an_unreadable_entry_of_a_list_of_trust_says_where() -> None:
    from tests.laws.trust_entries import GOOD, WRONG

    from ruangaman.core.credentials import x509

    listed = x509.trust_list({"anchors": [GOOD, GOOD | {"until": "2027-01-01T00:00:00Z"}]})
    assert [one.name for one in listed.anchors] == ["Akar", "Akar"]
    assert check(Wallet(), trust=x509.trust_list({"anchors": [GOOD]})).issuer == "Akar"
    for changed, field in WRONG:
        with pytest.raises(x509.TrustListRefused) as refused:
            x509.trust_list({"anchors": [GOOD, changed]})
        assert refused.value.facts == {"entry": 1, "field": field}, changed
    for told in (None, [], {}, {"anchors": {}}, {"anchors": [], "more": 1}):
        with pytest.raises(x509.TrustListRefused):
            x509.trust_list(told)


def test_a_refusal_carries_nothing_of_what_it_refused() -> None:
    with pytest.raises(CredentialError) as refused:
        check(Wallet(elements={"age_over_18": True, "family_name": "Karina"}))
    assert "Karina" not in repr(refused.value) + repr(refused.value.facts)
