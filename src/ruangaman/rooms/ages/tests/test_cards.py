"""Age cards for other wallets: who gets which, what links two of them, what is kept, and how they are stopped."""

import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.db import connection
from django.test import Client

from ruangaman.core.credentials import jose, sd_jwt, sd_jwt_vc
from ruangaman.core.credentials.status_list import INVALID, VALID
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import card_keys, cards, config, holders
from ruangaman.rooms.ages.errors import NotEntitled, QuotaUsed, Stopped
from ruangaman.rooms.ages.models import CardBatch, CardKey, CardOffer, StatusList, UsedNonce
from ruangaman.rooms.ages.tests.card_holder import (
    batch_for,
    offered,
    standing,
    token_for,
    verified,
)
from ruangaman.rooms.ages.tests.conftest import NOON, wallet
from ruangaman.rooms.ages.tests.holder_wallet import (
    ISSUER,
    a_key,
    ask,
    ask_raw,
    fresh_nonce,
    proof,
    take_token,
)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_batch_is_fetched_verified_shown_and_its_status_is_valid(hour):
    _, holder = wallet(16, True, assurance="strict")
    keys, batch = batch_for(holder, 30)
    assert len(batch) == 30
    for key, card in zip(keys[:3], batch[:3], strict=True):
        found = verified(card, key)
        assert found.key_bound
        assert found.claims["age_over_16"] is True
        assert "age_over_13" not in found.claims
        assert found.claims["assurance"] == "strict"
        assert standing(found.status) == VALID
        assert standing(found.status, accept="application/statuslist+cwt") == VALID


def test_only_what_was_proved_is_in_a_card_and_never_more(hour):
    _, young = wallet(13, True, assurance="enhanced")
    _, batch = batch_for(young, 1)
    held = sd_jwt.read(batch[0])
    assert [json.loads(jose.from_base64url(one))[1:] for one in held.disclosures] == [["age_over_13", True]]
    payload = json.loads(jose.from_base64url(held.issuer_jwt.split(".")[1]))
    assert payload["assurance"] == "standard"  # the strongest that is issued and not above the proof
    assert set(payload) == {"vct", "iss", "iat", "exp", "assurance", "status", "_sd", "_sd_alg", "cnf"}
    _, below = wallet(13, False)
    with pytest.raises(NotEntitled):
        cards.offer(below, now=hour())


def test_two_cards_of_a_batch_share_nothing_but_what_all_cards_of_the_day_share(hour):
    _, holder = wallet()
    _, batch = batch_for(holder, 30)
    payloads, others = [], []
    for card in batch:
        held = sd_jwt.read(card)
        payload = json.loads(jose.from_base64url(held.issuer_jwt.split(".")[1]))
        payloads.append(payload)
        salts = [json.loads(jose.from_base64url(one))[0] for one in held.disclosures]
        status = payload["status"]["status_list"]
        others += [
            *payload["_sd"], *held.disclosures, *salts, held.issuer_jwt.rsplit(".", 1)[1],
            payload["cnf"]["jwk"]["x"], payload["cnf"]["jwk"]["y"], (status["uri"], status["idx"]),
        ]  # fmt: skip
    assert len(others) == len(set(others))
    alike = ("vct", "iss", "iat", "exp", "assurance", "_sd_alg")
    assert len({tuple(payload[name] for name in alike) for payload in payloads}) == 1
    assert {len(payload["_sd"]) for payload in payloads} == {8}
    first = payloads[0]
    assert (first["iat"] % 86_400, first["exp"] % 86_400) == (0, 0)
    # Somebody else's card of the same day and proof has the same values there, so they tell nobody apart.
    hour.pass_(hours=3)
    _, other = wallet()
    _, batch = batch_for(other, 1, now=hour())
    payload = json.loads(jose.from_base64url(batch[0].split("~")[0].split(".")[1]))
    assert {name: payload[name] for name in alike} == {name: first[name] for name in alike}
    assert len({len(one) for one in payloads[0]["_sd"]}) == 1


def test_a_stopped_wallet_gets_nothing_and_its_cards_are_invalid_at_the_next_look(hour):
    _, holder = wallet()
    _, other = wallet()
    (key, *_), (card, *_) = batch_for(holder, 2)
    keys, batch = batch_for(other, 1)
    status, theirs = verified(card, key).status, verified(batch[0], keys[0]).status
    assert standing(status) == VALID
    waiting, (_, code, digits) = token_for(holder), offered(holder)
    before = _set_bits()
    hour.pass_(minutes=1)
    holders.stop(holder, now=hour())
    assert (standing(status, hour()), standing(theirs, hour())) == (INVALID, VALID)
    assert _set_bits() == before + 4  # two cards, and two decoys beside them
    assert take_token(code, digits).json()["error"] == "invalid_grant"
    nonce = fresh_nonce()
    refused = ask(waiting, [proof(a_key(), nonce, hour())])
    assert (refused.status_code, refused.json()["error"]) == (400, "credential_request_denied")
    with pytest.raises(Stopped):
        cards.offer(holder, now=hour())


def _set_bits():
    return sum(one.bit_count() for one in bytes(StatusList.objects.get().statuses))


def test_a_forgotten_wallet_leaves_entries_of_nobody(hour):
    _, holder = wallet()
    (key, *_), (card, *_) = batch_for(holder, 2)
    status = verified(card, key).status
    holders.forget(holder, now=hour())
    assert (CardBatch.objects.count(), CardOffer.objects.count()) == (0, 0)
    assert standing(status) == VALID
    assert StatusList.objects.get().used == config.STATUS_DECOYS + 2


def test_who_has_which_entry_stands_nowhere_in_the_clear_and_proofs_leave_nothing(hour):
    _, holder = wallet()
    token, nonce, key = token_for(holder), fresh_nonce(), a_key()
    told = proof(key, nonce, hour())
    card = ask(token, [told]).json()["credentials"][0]["credential"]
    row = CardOffer.objects.get()
    x = jose.public_jwk(key.public_key())["x"]
    code, digits = cards.code_of(row), cards.digits_of(row)
    wanted = [one.encode() for one in (token, nonce, told, x, card, code, jose.to_base64url(jose.thumbprint(
        jose.public_jwk(key.public_key()))))]  # fmt: skip
    wanted += [part.encode() for part in told.split(".")[1:]] + [jose.from_base64url(x)]
    idx = str(verified(card, key).status.idx)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for record in cursor.fetchall():
                for value in record:
                    text = bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
                    assert not [one for one in wanted if one in text], table
                    if table.startswith("ages_") and not isinstance(value, memoryview | bytes):
                        assert str(value) not in (idx, digits), table


def test_the_private_part_of_the_card_key_never_stands_in_the_clear(hour):
    _, holder = wallet()
    batch_for(holder, 1)
    d = card_keys.private(CardKey.objects.get()).private_numbers().private_value
    parts = [f"{d:x}".encode(), d.to_bytes(32, "big"), str(d).encode()]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for record in cursor.fetchall():
                for value in record:
                    text = bytes(value) if isinstance(value, memoryview | bytes) else str(value).encode()
                    assert not [one for one in parts if one in text], table


# -- what a hostile wallet may try


def _other_curve(nonce):
    key = ec.generate_private_key(ec.SECP384R1())
    head = {"typ": "openid4vci-proof+jwt", "alg": "ES256", "jwk": jose.public_jwk(key.public_key())}
    claims = {"aud": ISSUER, "iat": int(NOON.timestamp()), "nonce": nonce}
    body = ".".join(jose.to_base64url(jose.write_json(part)) for part in (head, claims))
    return f"{body}.{jose.to_base64url(bytes(64))}"


def _unsigned(nonce, alg):
    head = {"typ": "openid4vci-proof+jwt", "alg": alg, "jwk": jose.public_jwk(a_key().public_key())}
    claims = {"aud": ISSUER, "iat": int(NOON.timestamp()), "nonce": nonce}
    body = ".".join(jose.to_base64url(jose.write_json(part)) for part in (head, claims))
    return f"{body}.{jose.to_base64url(b'x')}"


def _private(nonce):
    key = a_key()
    jwk = jose.public_jwk(key.public_key()) | {"d": jose.to_base64url(bytes(31) + b"\x01")}
    return proof(key, nonce, NOON, header={"jwk": jwk})


HOSTILE = {
    "another audience": (lambda n: [proof(a_key(), n, NOON, aud="https://other.example")], "invalid_proof"),
    "no audience": (lambda n: [proof(a_key(), n, NOON, aud=None)], "invalid_proof"),
    "two audiences": (
        lambda n: [proof(a_key(), n, NOON, aud=[ISSUER, "https://b.example"])],
        "invalid_proof",
    ),
    "no nonce": (lambda n: [proof(a_key(), None, NOON)], "invalid_nonce"),
    "a nonce of nobody": (lambda n: [proof(a_key(), "A" * 44, NOON)], "invalid_nonce"),
    "a nonce that was changed": (
        lambda n: [proof(a_key(), ("B" if n[0] != "B" else "C") + n[1:], NOON)],
        "invalid_nonce",
    ),
    "two nonces": (lambda n: [proof(a_key(), one, NOON) for one in (n, fresh_nonce())], "invalid_nonce"),
    "too old": (lambda n: [proof(a_key(), n, NOON - timedelta(seconds=301))], "invalid_proof"),
    "from the future": (lambda n: [proof(a_key(), n, NOON + timedelta(seconds=301))], "invalid_proof"),
    "over": (lambda n: [proof(a_key(), n, NOON, exp=int(NOON.timestamp()) - 1)], "invalid_proof"),
    "no time": (lambda n: [proof(a_key(), n, NOON, iat=None)], "invalid_proof"),
    "a time in words": (lambda n: [proof(a_key(), n, NOON, iat="now")], "invalid_proof"),
    "alg none": (lambda n: [_unsigned(n, "none")], "invalid_proof"),
    "alg HS256": (lambda n: [_unsigned(n, "HS256")], "invalid_proof"),
    "another type": (lambda n: [proof(a_key(), n, NOON, header={"typ": "JWT"})], "invalid_proof"),
    "a private part": (lambda n: [_private(n)], "invalid_proof"),
    "another curve": (lambda n: [_other_curve(n)], "invalid_proof"),
    "somebody else's key": (
        lambda n: [proof(a_key(), n, NOON, header={"jwk": jose.public_jwk(a_key().public_key())})],
        "invalid_proof",
    ),
    "a key beside the key": (lambda n: [proof(a_key(), n, NOON, header={"kid": "did:x:1"})], "invalid_proof"),
    "no key": (lambda n: [proof(a_key(), n, NOON, header={"jwk": None})], "invalid_proof"),
    "one key twice": (lambda n: [proof(k, n, NOON) for k in [a_key()] * 2], "invalid_proof"),
    "thirty-one": (lambda n: [proof(a_key(), n, NOON) for _ in range(31)], "invalid_proof"),
    "no proofs": (lambda n: [], "invalid_proof"),
    "no JWT": (lambda n: ["x"], "invalid_proof"),
    "one good and one bad": (lambda n: [proof(a_key(), n, NOON), "x.y.z"], "invalid_proof"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_proof_that_proves_nothing_brings_nothing_and_costs_nothing(hour, name):
    make, error = HOSTILE[name]
    _, holder = wallet()
    token, nonce = token_for(holder), fresh_nonce()
    reply = ask(token, make(nonce))
    assert (reply.status_code, reply.json()["error"]) == (400, error), reply.content
    assert (CardBatch.objects.count(), UsedNonce.objects.count()) == (0, 0)
    assert ask(token, [proof(a_key(), nonce, NOON)]).status_code == 200  # the wallet may try again


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"credential_configuration_id": "x"}, "unknown_credential_configuration"),
        ({"credential_configuration_id": None}, "invalid_credential_request"),
        ({"credential_identifier": "umur-1"}, "invalid_credential_request"),
        ({"credential_response_encryption": {}}, "invalid_credential_request"),
        ({"proofs": None}, "invalid_proof"),
        ({"proofs": {"jwt": "x"}}, "invalid_proof"),
        ({"proofs": {"di_vp": [{}]}}, "invalid_proof"),
        ({"proofs": {"jwt": ["x"], "attestation": ["x"]}}, "invalid_proof"),
        ({"proof": {"proof_type": "jwt", "jwt": "x"}}, "invalid_proof"),
    ],
)
def test_a_malformed_credential_request_is_told_in_the_words_of_the_protocol(hour, change, error):
    _, holder = wallet()
    token, nonce = token_for(holder), fresh_nonce()
    reply = ask(token, [proof(a_key(), nonce, NOON)], **change)
    assert (reply.status_code, reply.json()["error"]) == (400, error)


@pytest.mark.parametrize("body", ["", "[]", "{", '{"a":1,"a":2}', "[" * 50_000, "x" * 200_000])
def test_a_body_that_is_no_request_is_refused(hour, body):
    _, holder = wallet()
    reply = ask_raw(token_for(holder), body)
    assert (reply.status_code, reply.json()["error"]) == (400, "invalid_credential_request")


def test_a_token_brings_one_batch_and_nobody_elses(hour):
    _, holder = wallet()
    token = token_for(holder)
    assert ask(token, [proof(a_key(), fresh_nonce(), NOON)]).status_code == 200
    again = ask(token, [proof(a_key(), fresh_nonce(), NOON)])
    assert (again.status_code, again.json()["error"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in again["WWW-Authenticate"]
    assert ask("x" * 43, []).status_code == 401
    assert Client().post("/kartu-umur/credential", "{}", content_type="application/json").status_code == 401
    later = token_for(holder)
    hour.pass_(minutes=5)
    assert ask(later, [proof(a_key(), fresh_nonce(), hour())]).status_code == 401


def test_a_nonce_is_taken_once_and_five_minutes_long(hour):
    _, holder = wallet()
    nonce = fresh_nonce()
    assert ask(token_for(holder), [proof(a_key(), nonce, NOON)]).status_code == 200
    second = token_for(holder)
    assert ask(second, [proof(a_key(), nonce, NOON)]).json()["error"] == "invalid_nonce"
    late = fresh_nonce()
    hour.pass_(minutes=5)
    third = token_for(holder, hour())
    assert ask(third, [proof(a_key(), late, hour())]).json()["error"] == "invalid_nonce"


def test_a_wallet_that_asks_with_authorization_details_gets_an_identifier(hour):
    _, holder = wallet()
    _, code, digits = offered(holder)
    details = '[{"type":"openid_credential","credential_configuration_id":"umur"}]'
    told = take_token(code, digits, authorization_details=details).json()
    assert told["authorization_details"][0]["credential_identifiers"] == ["umur-1"]
    nonce = fresh_nonce()
    good = {"credential_configuration_id": None, "credential_identifier": "umur-1"}
    refused = ask(told["access_token"], [proof(a_key(), nonce, NOON)])
    assert refused.json()["error"] == "invalid_credential_request"
    wrong = ask(
        told["access_token"], [proof(a_key(), nonce, NOON)], **(good | {"credential_identifier": "x"})
    )
    assert wrong.json()["error"] == "unknown_credential_identifier"
    assert ask(told["access_token"], [proof(a_key(), nonce, NOON)], **good).status_code == 200


def test_a_wallet_has_so_many_batches_at_a_time(hour, monkeypatch):
    monkeypatch.setattr(config, "BATCHES", 1)
    _, holder = wallet()
    batch_for(holder, 1)
    with pytest.raises(QuotaUsed):
        cards.offer(holder, now=hour())
    hour.pass_(days=30)
    cards.offer(holder, now=hour())


# -- keys and lists as the world sees them


def test_a_rotated_key_signs_no_more_and_its_cards_stay_good_until_they_are_over(hour):
    _, holder = wallet()
    keys, batch = batch_for(holder, 1)
    old = CardKey.objects.get().kid
    new = ages.rotate_card_key(lost=False, now=hour())
    assert [kid for kid, _ in ages.card_keys(hour())] == [new, old]
    found = verified(batch[0], keys[0])
    assert standing(found.status) == VALID  # the list is signed by the new key
    with pytest.raises(Exception, match="forgotten"):
        card_keys.private(CardKey.objects.get(kid=old))
    hour.pass_(days=31)
    assert [kid for kid, _ in ages.card_keys(hour())] == [new]


def test_a_lost_key_is_named_no_more_and_never_a_blind_signing_key(hour):
    _, holder = wallet()
    batch_for(holder, 1)
    old = CardKey.objects.get().kid
    ages.rotate_card_key(lost=True, now=hour())
    told = Client().get("/.well-known/jwt-vc-issuer").json()["jwks"]["keys"]
    assert [one["kid"] for one in told] != [old]
    assert len(told) == 1
    assert {(one["kty"], one["crv"], one["alg"]) for one in told} == {("EC", "P-256", "ES256")}
    assert not {"d", "n", "e"} & told[0].keys()


def test_certificates_stand_in_each_card(hour):
    from cryptography import x509

    _, holder = wallet()
    request = x509.load_pem_x509_csr(ages.card_key_request(hour()).encode())
    assert request.is_signature_valid
    pem = _certified(request.public_key(), request.subject)
    ages.set_card_chain(pem, now=hour())
    keys, batch = batch_for(holder, 1)
    found = verified(batch[0], keys[0])
    assert len(sd_jwt_vc.certificates(found.header)) == 1
    for wrong, why in ((b"x", "pem"), (_certified(a_key().public_key(), request.subject), "key")):
        with pytest.raises(Exception, match=why):
            ages.set_card_chain(wrong, now=hour())


def _certified(public, name):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization

    root = a_key()
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(public)
        .serial_number(7)
        .not_valid_before(NOON)
        .not_valid_after(NOON + timedelta(days=90))
        .sign(root, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.PEM)


def test_the_metadata_names_every_address_and_what_is_issued(hour):
    told = Client().get("/.well-known/openid-credential-issuer").json()
    assert told["credential_issuer"] == ISSUER
    assert told["batch_credential_issuance"] == {"batch_size": 30}
    card = told["credential_configurations_supported"]["umur"]
    assert (card["format"], card["vct"]) == ("dc+sd-jwt", f"{ISSUER}/vct/umur/1")
    assert {one["locale"] for one in card["credential_metadata"]["display"]} == {"id-ID", "en-US"}
    server = Client().get("/.well-known/oauth-authorization-server").json()
    for address in (told["credential_endpoint"], told["nonce_endpoint"], server["token_endpoint"]):
        assert Client().get(address.removeprefix(ISSUER)).status_code == 405
    assert server["pre-authorized_grant_anonymous_access_supported"] is True
    kind = Client().get("/vct/umur/1")
    assert kind.json()["vct"] == card["vct"]
    assert kind["Access-Control-Allow-Origin"] == "*"
    paths = {one["path"][0]: one["sd"] for one in kind.json()["claims"]}
    assert paths == {
        "age_over_13": "always", "age_over_16": "always", "age_over_18": "always", "assurance": "never"
    }  # fmt: skip


def test_a_wallet_that_is_a_page_may_call_and_without_cookies_alone(hour):
    for path in ("token", "nonce", "credential"):
        reply = Client().options(f"/kartu-umur/{path}")
        assert (reply.status_code, reply["Access-Control-Allow-Methods"]) == (204, "POST")
        assert reply["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
        assert "Access-Control-Allow-Credentials" not in reply
        assert Client().post(f"/kartu-umur/{path}")["Access-Control-Allow-Origin"] == "*"
    assert Client().head("/.well-known/jwt-vc-issuer").status_code == 200


def test_what_is_over_is_let_go(hour):
    _, holder = wallet()
    batch_for(holder, 1)
    offered(holder)
    hour.pass_(minutes=11)
    ages.settle_due(hour())
    assert (CardOffer.objects.count(), UsedNonce.objects.count(), CardBatch.objects.count()) == (0, 0, 1)
    hour.pass_(days=30)
    ages.settle_due(hour())
    assert CardBatch.objects.count() == 0
    assert StatusList.objects.get().used == config.STATUS_DECOYS + 1  # an entry is never given again
