"""Age tokens: what is written is read, what is changed is refused, and any bytes give a token or a refusal."""

import base64
import contextlib
import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key
from fuzz import challenge_header, token_directory
from fuzz import token as token_fuzz
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.checks.age_tokens import BEGINS, ENDS, ISSUER, NOON, asked, both, listed, signing_key, token

from ruangaman.client import tokens as client
from ruangaman.core.credentials import blind_rsa, token_headers, tokens
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.token_directory import (
    MOST_BYTES,
    Directory,
    DirectoryKey,
    read_directory,
    write_directory,
)
from ruangaman.core.credentials.token_encoding import to_bytes, to_text
from ruangaman.core.credentials.token_errors import (
    BlindSignatureRefused,
    ChallengeRefused,
    DirectoryRefused,
    EncodingRefused,
    HeaderRefused,
    RequestRefused,
    ResponseRefused,
    TokenKeyRefused,
    TokenTypeRefused,
)
from ruangaman.core.credentials.token_headers import HeaderChallenge, read_challenges, read_token
from ruangaman.core.credentials.token_keys import read_spki, spki, token_key_id

pytestmark = pytest.mark.slow

LAWS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
FEW = settings(max_examples=40, deadline=None)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,20}\.example(:[0-9]{1,4})?", fullmatch=True)
CHALLENGES = st.builds(
    tokens.TokenChallenge,
    NAMES,
    st.sampled_from([b"", b"c" * 32]) | st.binary(min_size=32, max_size=32),
    st.lists(NAMES, max_size=3).map(tuple),
)
BYTES_32 = st.binary(min_size=32, max_size=32)
TOLD = token()


@LAWS
@given(CHALLENGES)
def test_a_challenge_is_read_as_it_was_written(challenge):
    encoded = challenge.encode()
    assert tokens.TokenChallenge.read(encoded) == challenge
    assert (
        client.challenge(challenge.issuer_name, challenge.redemption_context, *challenge.origin_info)
        == encoded
    )
    for wrong in (encoded[:-1], encoded + b"\x00"):
        with pytest.raises(CredentialError):
            tokens.TokenChallenge.read(wrong)


@pytest.mark.parametrize(
    "challenge",
    [
        tokens.TokenChallenge(""),
        tokens.TokenChallenge("two words"),
        tokens.TokenChallenge("\u00e4.example"),
        tokens.TokenChallenge("a,b"),
        tokens.TokenChallenge("a" * 256),
        tokens.TokenChallenge(ISSUER, b"c" * 31),
        tokens.TokenChallenge(ISSUER, b"c"),
        tokens.TokenChallenge(ISSUER, b"", ("",)),
        tokens.TokenChallenge(ISSUER, b"", ("a", "b,c")),
        tokens.TokenChallenge(ISSUER, b"", ("a" * 250,) * 40),
    ],
)
def test_a_challenge_with_a_wrong_part_is_neither_written_nor_read(challenge):
    with pytest.raises(ChallengeRefused):
        challenge.encode()


def test_a_challenge_of_another_type_or_context_is_not_read():
    with pytest.raises(TokenTypeRefused):
        tokens.TokenChallenge.read(b"\x00\x01" + asked()[2:])
    for size in (1, 31, 33, 255):
        told = b"\x00\x02\x00\x01a" + bytes([size]) + b"c" * size + b"\x00\x00"
        with pytest.raises(ChallengeRefused):
            tokens.TokenChallenge.read(told)


@LAWS
@given(BYTES_32, BYTES_32, BYTES_32, st.binary(min_size=256, max_size=256))
def test_tokens_requests_and_responses_are_read_as_they_were_written(nonce, digest, key_id, told):
    made = tokens.Token(nonce, digest, key_id, told)
    assert tokens.Token.read(made.encode()) == made
    request = tokens.TokenRequest(key_id[-1], told)
    assert tokens.TokenRequest.read(request.encode()) == request
    assert tokens.TokenResponse.read(tokens.TokenResponse(told).encode()).blind_sig == told


@pytest.mark.parametrize("size", [0, 1, 258, 260, 354])
def test_a_request_has_259_bytes_and_a_response_256(size):
    with pytest.raises(RequestRefused):
        tokens.TokenRequest.read(b"\x00\x02".ljust(size, b"a")[:size])
    with pytest.raises(ResponseRefused):
        tokens.TokenResponse.read(b"a" * size)
    with pytest.raises(TokenTypeRefused):
        tokens.TokenRequest.read(b"\x00\x01" + b"a" * 257)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 354 * 8 - 1))
def test_a_token_with_any_flipped_bit_is_refused(bit):
    told = bytearray(TOLD)
    told[bit // 8] ^= 1 << bit % 8
    assert both(bytes(told)) != "yes"


@pytest.mark.parametrize("size", [0, 1, 2, 98, 353, 355, 708])
def test_a_token_has_354_bytes(size):
    assert both((TOLD * 2)[:size]) == "length"


def test_each_step_has_its_code_and_its_place_in_the_order():
    assert both(TOLD) == "yes"
    assert both(b"\x00\x01" + TOLD[2:], keys=[]) == "type"
    assert both(TOLD, keys=[], claim="age_over_16", challenges=[]) == "key-unknown"
    assert both(TOLD, keys=[listed(begins=NOON + 301)], claim="age_over_16") == "key-not-yet-valid"
    assert both(TOLD, now=ENDS + 300, claim="age_over_16") == "key-ended"
    assert both(TOLD, claim="age_over_16", least="strict", challenges=[]) == "claim-not-met"
    assert both(TOLD, least="strict", challenges=[]) == "assurance-not-met"
    assert both(TOLD[:98] + b"\xff" * 256, challenges=[]) == "challenge-unknown"
    assert both(TOLD[:98] + b"\xff" * 256) == "signature-too-large"
    assert (
        both(TOLD[:98] + b"\x01" * 256, spend=lambda *_: pytest.fail("spent before it was verified"))
        == "signature"
    )
    assert both(TOLD, spend=lambda *_: False) == "spent"


def test_one_of_several_challenges_of_a_session_is_enough():
    assert both(TOLD, challenges=[asked(b"a" * 32), asked()]) == "yes"
    assert both(TOLD, challenges=[asked(b"a" * 32), asked(origin="other.example")]) == "challenge-unknown"


def test_an_answer_of_another_key_is_refused_by_the_client():
    pending = tokens.begin(asked(), spki(signing_key(0).public), os.urandom)
    other = tokens.issue(
        bytes([0, 2, token_key_id(spki(signing_key(1).public))[-1]]) + b"\x01" * 256,
        tokens.IssuingKeys.of([signing_key(1)]),
        os.urandom,
    )
    with pytest.raises(BlindSignatureRefused):
        tokens.finish(pending, other)
    assert str(pending.inv) not in repr(pending)


# keys


def test_the_key_is_the_one_that_a_peer_reads_and_its_plain_form_is_refused():
    key = signing_key().public
    told = spki(key)
    peer = load_der_public_key(told)
    assert isinstance(peer, rsa.RSAPublicKey)
    assert (peer.public_numbers().n, peer.public_numbers().e) == (key.n, key.e)
    assert read_spki(told) == key
    with pytest.raises(TokenKeyRefused):
        read_spki(peer.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


@settings(max_examples=200, deadline=None)
@given(st.integers(0, 342 * 8 - 1))
def test_a_key_with_a_flipped_bit_is_refused_or_another_key(bit):
    told = spki(signing_key().public)
    changed = bytearray(told)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        found = read_spki(bytes(changed))
    except TokenKeyRefused:
        return
    assert found != signing_key().public
    assert token_key_id(bytes(changed)) != token_key_id(told)


# headers

HEADERS = st.lists(
    st.builds(
        HeaderChallenge,
        st.binary(max_size=80),
        st.none() | st.binary(max_size=80),
        st.none() | st.integers(0, 2_147_483_647),
    ),
    max_size=4,
)


@LAWS
@given(HEADERS, st.sampled_from([", ", ",", " ,\t, "]))
def test_a_header_is_read_as_it_was_written(challenges, between):
    written = token_headers.challenge_header(challenges)
    assert read_challenges(written) == challenges
    assert (
        read_challenges(between.join(token_headers.challenge_header([one]) for one in challenges))
        == challenges
    )


C, K = to_text(asked()), to_text(b"key!")


@pytest.mark.parametrize(
    "header",
    [
        f'PrivateToken challenge="{C}", token-key="{K}", max-age="10"',
        f'privatetoken CHALLENGE="{C}",Token-Key={K},max-age=10',
        f"PrivateToken challenge={C}, token-key={K}, max-age=10",
        f'PrivateToken  challenge = "{C}" ,\ttoken-key="{K}" , max-age = 10',
        f'Basic realm="x, PrivateToken challenge=abc", PrivateToken challenge="{C}", token-key="{K}", max-age="10"',
        f'Bearer, PrivateToken realm="a \\"b\\"", challenge="{C}", new=value, token-key="{K}", max-age=10, Basic abc==',
        f'Negotiate YWJj=, PrivateToken challenge="{C}", token-key="\\{K}", max-age=10,,',
    ],
)
def test_all_forms_of_a_header_are_read(header):
    assert read_challenges(header) == [HeaderChallenge(asked(), b"key!", 10)]


@pytest.mark.parametrize(
    "header",
    [
        "PrivateToken",
        "PrivateToken abc=",
        f'PrivateToken token-key="{K}"',
        f'PrivateToken challenge="{C}" token-key="{K}"',
        f'PrivateToken challenge="{C}", challenge="{C}"',
        f'PrivateToken challenge="{C}", Challenge="{C}"',
        f'PrivateToken challenge="{C}',
        f'PrivateToken challenge="{C}", max-age="-1"',
        f'PrivateToken challenge="{C}", max-age="ten"',
        f'PrivateToken challenge="{C}", max-age="99999999999"',
        f'PrivateToken challenge="{C}", x="\x00"',
        f'challenge="{C}"',
        f'PrivateToken=challenge="{C}"',
        "PrivateToken a b",
        'PrivateToken challenge="a"; x=y',
        ", ".join(["PrivateToken challenge=AAAA"] * 33),
        "PrivateToken challenge=AAAA, " + ", ".join(f"a{one}=b" for one in range(40)),
        "a" * 70_000,
    ],
)
def test_a_header_that_breaks_the_grammar_is_refused(header):
    with pytest.raises(HeaderRefused):
        read_challenges(header)


@pytest.mark.parametrize(
    "value", ["AAA", "AA", "AA=", "AA===", "A===", "AB==", "AA+/", "AA A", "AAAA=", "====", "\u00e4AAA", ""]
)
def test_bytes_are_base64url_with_padding_in_one_spelling(value):
    if value == "":
        assert to_bytes(value, 0) == b""
        return
    with pytest.raises(EncodingRefused):
        to_bytes(value, 100)


@LAWS
@given(st.binary(max_size=60))
def test_bytes_have_one_text(told):
    assert to_bytes(to_text(told), len(told)) == told
    assert to_text(told) == base64.urlsafe_b64encode(told).decode()
    with pytest.raises(EncodingRefused):
        to_bytes(to_text(told + b"x"), len(told))


T = to_text(TOLD)


@pytest.mark.parametrize(
    ("header", "came"),
    [
        (f'PrivateToken token="{T}"', True),
        (f"PrivateToken token={T}", True),
        (f'privatetoken  TOKEN = "{T}" , extensions="AAA"', True),
        (f'PrivateToken x="a, token=b", token="{T}"', True),
        (f'PrivateToken token="{T}", token="{T}"', False),
        (f'Bearer token="{T}"', False),
        (f'PrivateToken token="{T}", Bearer abc', False),
        (f"PrivateToken {T}", False),
        (f'PrivateToken token="{T}=="', False),
        (f'PrivateToken token="{T[:-1]}"', False),
        (f'PrivateToken nontoken="{T}"', False),
        ('PrivateToken token=""', False),
        (f'PrivateToken token="{T}', False),
        ("PrivateToken", False),
        ("", False),
        (f'PrivateToken token="{T}", x="{"a" * 9_000}"', False),
    ],
)
def test_house_and_client_read_the_same_authorization(header, came):
    def says(read):
        try:
            return read(header)
        except (CredentialError, client.TokenRefused):
            return None

    told = TOLD if came else None
    assert (says(read_token) or None) == told
    assert says(client.read_authorization) == told


def test_a_client_asks_with_the_keys_that_sign_now():
    keys = [listed(0), listed(1, assurance="strict"), listed(2, claim="age_over_16")]
    before = DirectoryKey(
        spki(signing_key(3).public), "age_over_13", "standard", BEGINS - 7 * 86_400, BEGINS + 86_400
    )
    read = client.read_directory(write_directory("/token", [*keys, before]))
    header = client.challenge_header(asked(), read, "age_over_13", now=BEGINS + 5)
    assert read_challenges(header) == [HeaderChallenge(asked(), one.token_key) for one in keys[:2]]
    header = client.challenge_header(asked(), read, "age_over_13", {"strict"}, now=BEGINS + 5)
    assert read_challenges(header) == [HeaderChallenge(asked(), keys[1].token_key)]
    with pytest.raises(client.TokenRefused, match="key-unknown"):
        client.challenge_header(asked(), read, "age_under_13", now=BEGINS + 5)
    assert client.read_authorization(token_headers.token_header(TOLD)) == TOLD
    with pytest.raises(ValueError, match="32 bytes"):
        client.challenge(ISSUER, b"short")


# the directory


def test_a_directory_is_read_as_it_was_written_by_house_and_client():
    keys = (listed(0), listed(1, "age_under_16", "strict", 0, 1))
    written = write_directory("https://issuer.example/token", keys)
    assert read_directory(written) == Directory("https://issuer.example/token", keys)
    assert written == write_directory("https://issuer.example/token", keys)
    assert [one.claim for one in client.read_directory(written).values()] == ["age_over_13", "age_under_16"]
    told = json.loads(written)
    assert told["token-keys"][0] == {
        "token-type": 2,
        "token-key": to_text(spki(signing_key(0).public)),
        "not-before": BEGINS,
        "claim": "age_over_13",
        "assurance": "standard",
        "not-after": ENDS,
    }


def test_keys_of_other_kinds_and_unknown_members_are_passed_over():
    told = json.loads(write_directory("/token", [listed(0)]))
    told["more"] = [{"a": [[[1]]], "b": "[[[[[[[["}]
    told["token-keys"][0]["more"] = None
    plain = {"token-type": 2, "token-key": told["token-keys"][0]["token-key"]}
    told["token-keys"] += [{"token-type": 1, "token-key": "x"}, plain]
    written = json.dumps(told).encode()
    assert read_directory(written).token_keys == (listed(0),)
    assert len(client.read_directory(written)) == 1


def _changed(**members):
    told = json.loads(write_directory("/token", [listed(0)]))
    told["token-keys"][0].update(members)
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "told",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff",
        b"[" * 100_000,
        b'{"issuer-request-uri": "/token", "token-keys": ' + b'[{"a":' * 5 + b"1" + b"}]" * 5 + b"}",
        b'{"issuer-request-uri": "/token", "token-keys": [], "a": [[[[[[1]]]]]]}',
        b'{"issuer-request-uri": "/token", "token-keys": [1]}',
        b'{"issuer-request-uri": "/token", "token-keys": {}}',
        b'{"issuer-request-uri": "a b", "token-keys": []}',
        b'{"issuer-request-uri": 5, "token-keys": []}',
        b'{"issuer-request-uri": "/a", "issuer-request-uri": "/b", "token-keys": []}',
        b'{"issuer-request-uri": "/token", "token-keys": [], "a": NaN}',
        b'{"issuer-request-uri": "/token", "token-keys": [], "a": ' + b"9" * 5_000 + b"}",
        b" " * (MOST_BYTES + 1),
        json.dumps({"issuer-request-uri": "/token", "token-keys": [{"token-type": 1}] * 257}).encode(),
        _changed(**{"token-type": True}),
        _changed(**{"token-type": "2"}),
        _changed(**{"not-before": ENDS}),
        _changed(**{"not-before": True}),
        _changed(**{"not-before": 1.5}),
        _changed(**{"not-before": -1}),
        _changed(**{"not-after": None}),
        _changed(**{"not-after": 10**14}),
        _changed(assurance="Not A Word"),
        _changed(assurance=None),
        _changed(claim=5),
        _changed(**{"token-key": None}),
    ],
)
def test_a_directory_of_another_form_is_refused(told):
    with pytest.raises(DirectoryRefused):
        read_directory(told)


def test_a_directory_with_a_wrong_key_or_claim_is_refused_by_house_and_client():
    for told in (
        _changed(claim="age_over"),
        _changed(**{"token-key": "AAAA"}),
        _changed(**{"token-key": "*"}),
        _changed(**{"token-key": to_text(spki(signing_key(0).public)[:-1])}),
        b"\xff",
        b"[" * 100_000,
    ):
        with pytest.raises(CredentialError):
            read_directory(told)
        with pytest.raises(client.TokenRefused, match="directory"):
            client.read_directory(told)


def test_text_that_never_ends_is_searched_in_linear_time():
    for told in (b'"' + b'\\"' * 100_000, b'"\\' * 100_000, b'"' * 200_001):
        with pytest.raises(DirectoryRefused):
            read_directory(told)
    for header in (
        "a" * 65_000,
        '"' * 60_000,
        "a " * 30_000,
        'a="' + '\\"' * 30_000,
        "a=b," * 15_000,
        "PrivateToken " + "a=" * 30_000,
    ):
        with contextlib.suppress(HeaderRefused):
            assert read_challenges(header) == []
        with contextlib.suppress(client.TokenRefused):
            client.read_authorization(f"PrivateToken {header}"[:8_000])


# any bytes

PIECES = st.lists(
    st.binary(max_size=40)
    | st.sampled_from(
        [
            b"PrivateToken ",
            b'challenge="',
            b"token=",
            b'"',
            b", ",
            b"=",
            b"AAAA",
            b"\\",
            b'{"token-keys":[',
            b'{"token-type":2,',
            b'"claim":"age_over_1"}',
            b"]}",
            b'"issuer-request-uri":"/t",',
            spki(signing_key(0).public),
            asked(),
            TOLD,
            b"\x00\x02",
        ]
    ),
    max_size=8,
).map(b"".join)


@pytest.mark.parametrize(
    "target",
    [token_fuzz.target, challenge_header.target, token_directory.target],
    ids=["token", "header", "directory"],
)
@LAWS
@given(data=PIECES)
def test_any_bytes_are_read_or_refused(target, data):
    target(data)


@LAWS
@given(PIECES)
def test_any_text_is_read_alike_by_the_client_or_refused(data):
    header = data.decode("latin-1")
    try:
        theirs = client.read_authorization(header)
    except client.TokenRefused:
        return
    assert read_token(header) == theirs


@FEW
@given(st.text(max_size=80), st.binary(max_size=300))
def test_the_client_raises_nothing_but_its_own(text, data):
    for read, told in ((client.read_authorization, f"PrivateToken {text}"), (client.read_directory, data)):
        try:
            read(told)
        except client.TokenRefused:
            continue


def test_salt_and_variant_are_those_of_the_standard():
    assert (tokens.SALT_LENGTH, blind_rsa.PSS_DETERMINISTIC.randomized) == (48, False)
    assert tokens.INPUT_BYTES + 256 == tokens.TOKEN_BYTES == len(TOLD)
