"""Tokens over HTTP: who gets which, how many, and what is kept of it."""

import json
import secrets
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client

from ruangaman.core.age_checks import ASSURANCES
from ruangaman.core.credentials import token_check, token_keys, tokens
from ruangaman.core.credentials.token_check import Policy
from ruangaman.core.credentials.token_directory import MEDIA_TYPE, REQUEST_MEDIA_TYPE, read_directory
from ruangaman.core.credentials.token_errors import TokenSpent
from ruangaman.core.credentials.tokens import TokenChallenge, challenge_digest
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages import config, holders, issuer_keys, issuing
from ruangaman.rooms.ages.errors import CheckOver, LoginMissing
from ruangaman.rooms.ages.models import DirectoryVersion, Holder, Issued, IssuerKey
from ruangaman.rooms.ages.tests.conftest import NOON, decided, wallet
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.vault import api as vault

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # keys take time
CHALLENGE = TokenChallenge("localhost:8000", secrets.token_bytes(32), ("ramai.example",)).encode()


def fetch_directory():
    reply = Client().get("/.well-known/private-token-issuer-directory")
    assert reply.status_code == 200, reply.content
    return reply, read_directory(reply.content)


def key_of(directory, claim, assurance, at=NOON):
    now = int(at.timestamp())
    return next(
        one
        for one in directory.token_keys
        if (one.claim, one.assurance) == (claim, assurance) and one.not_before <= now < one.not_after
    )


def ask(secret, body, media=REQUEST_MEDIA_TYPE):
    return Client().post(
        "/age-tokens", body, content_type=media, headers={"Authorization": f"Bearer {secret}"}
    )


def obtain(secret, key):
    pending = tokens.begin(CHALLENGE, key.token_key, secrets.token_bytes)
    reply = ask(secret, pending.request)
    assert reply.status_code == 200, reply.content
    assert reply["Content-Type"] == "application/private-token-response"
    return tokens.finish(pending, reply.content)


def test_a_wallet_fetches_a_token_and_a_platform_takes_it_once(hour, one_claim):
    secret, _ = wallet()
    reply, directory = fetch_directory()
    assert reply["Content-Type"] == MEDIA_TYPE
    assert reply["Cache-Control"] == "public, max-age=3600"
    token = obtain(secret, key_of(directory, "age_over_16", "strict"))
    spent = set()

    def spend(nonce, key_id):
        fresh = (nonce, key_id) not in spent
        spent.add((nonce, key_id))
        return fresh

    keys = token_check.known_keys(directory.token_keys)
    policy = Policy.of(["age_over_16"], "standard", ASSURANCES)
    at, digests = int(hour().timestamp()), {challenge_digest(CHALLENGE)}
    found = token_check.check(token, keys, policy, digests, at, spend)
    assert (found.claim, found.assurance) == ("age_over_16", "strict")
    with pytest.raises(TokenSpent):
        token_check.check(token, keys, policy, digests, at, spend)


def test_the_directory_names_each_claim_of_the_law_and_its_digest_stands_in_the_ledger(hour):
    _, directory = fetch_directory()
    held = {(one.claim, one.assurance) for one in directory.token_keys}
    assert held == {(f"age_over_{age}", degree) for age in (13, 16, 18) for degree in ("standard", "strict")}
    last_bytes = [one.token_key_id[-1] for one in directory.token_keys]
    assert len(set(last_bytes)) == len(last_bytes)
    version = DirectoryVersion.objects.get()
    written = json.loads(ledger.entry(version.ledger_index).entry)
    assert bytes(version.digest).hex() in json.dumps(written)
    reply, _ = fetch_directory()
    again = Client().get(
        "/.well-known/private-token-issuer-directory", headers={"If-None-Match": reply["ETag"]}
    )
    assert (again.status_code, DirectoryVersion.objects.count()) == (304, 1)


def test_the_next_epochs_keys_are_named_a_day_before_and_sign_only_then(hour, one_claim):
    secret, _ = wallet()
    fetch_directory()
    assert IssuerKey.objects.count() == 4  # noon of Wednesday is less than a day before Thursday
    _, directory = fetch_directory()
    coming = next(one for one in directory.token_keys if one.not_before > NOON.timestamp())
    pending = tokens.begin(CHALLENGE, coming.token_key, secrets.token_bytes)
    refused = ask(secret, pending.request)
    assert (refused.status_code, refused.json()["code"]) == (422, "token.key-unknown")
    hour.pass_(days=1)
    assert ask(secret, pending.request).status_code == 200


def test_a_key_that_signs_no_more_loses_its_private_part_and_is_taken_one_day_longer(hour, one_claim):
    secret, _ = wallet()
    _, directory = fetch_directory()
    old = key_of(directory, "age_over_16", "strict")
    pending = tokens.begin(CHALLENGE, old.token_key, secrets.token_bytes)
    hour.pass_(days=1)  # into the overlap
    assert ages.settle_due(hour()) == 2
    row = IssuerKey.objects.get(key_id=old.token_key_id)
    assert row.destroyed_at == hour()
    with pytest.raises(vault.Forgotten):
        issuer_keys.private(row)
    assert ask(secret, pending.request).status_code == 422
    _, directory = fetch_directory()
    assert old.token_key_id in {one.token_key_id for one in directory.token_keys}
    hour.at = datetime.fromtimestamp(old.not_after, UTC) - timedelta(seconds=1)
    _, directory = fetch_directory()
    assert old.token_key_id in {one.token_key_id for one in directory.token_keys}
    hour.pass_(seconds=1)
    _, directory = fetch_directory()
    assert old.token_key_id not in {one.token_key_id for one in directory.token_keys}


def test_a_claim_is_signed_only_for_who_has_it_and_not_above_its_assurance(hour):
    _, directory = fetch_directory()
    young, _ = wallet(13, True, assurance="enhanced")
    for claim, assurance, status in (
        ("age_over_13", "standard", 200),
        ("age_over_13", "strict", 403),
        ("age_over_16", "standard", 403),
        ("age_over_18", "standard", 403),
    ):
        pending = tokens.begin(CHALLENGE, key_of(directory, claim, assurance).token_key, secrets.token_bytes)
        assert ask(young, pending.request).status_code == status, (claim, assurance)
    under, _ = wallet(13, False)
    pending = tokens.begin(
        CHALLENGE, key_of(directory, "age_over_13", "standard").token_key, secrets.token_bytes
    )
    assert ask(under, pending.request).json()["code"] == "ages.not-entitled"
    offered = (
        Client().get("/age-tokens/offers", headers={"Authorization": f"Bearer {young}"}).json()["offers"]
    )
    assert [(one["claim"], one["assurance"], one["left"]) for one in offered] == [
        ("age_over_13", "standard", 29)
    ]


def test_an_under_claim_is_signed_only_when_it_is_true_at_the_keys_last_second(hour, settings):
    settings.AGE_UNDER = (16,)
    secret, _ = wallet(16, False)  # below 16: turns 16 tomorrow at the earliest
    _, directory = fetch_directory()
    key = key_of(directory, "age_under_16", "strict")
    pending = tokens.begin(CHALLENGE, key.token_key, secrets.token_bytes)
    assert ask(secret, pending.request).json()["code"] == "ages.not-entitled"
    younger, _ = wallet(13, False)  # below 13: not 16 for three years
    assert ask(younger, pending.request).status_code == 200


def test_thirty_tokens_a_key_and_wallet_then_no_more(hour, one_claim, monkeypatch):
    monkeypatch.setattr(config, "QUOTA", 2)
    secret, holder = wallet()
    _, directory = fetch_directory()
    key = key_of(directory, "age_over_16", "strict")
    obtain(secret, key)
    obtain(secret, key)
    pending = tokens.begin(CHALLENGE, key.token_key, secrets.token_bytes)
    refused = ask(secret, pending.request)
    assert (refused.status_code, refused.json()["code"]) == (429, "ages.quota-used")
    obtain(secret, key_of(directory, "age_over_16", "standard"))  # another key has a quota of its own
    assert sorted(Issued.objects.values_list("count", flat=True)) == [1, 2]
    assert holder.issued.count() == 2


def test_a_corrected_or_paused_wallet_gets_nothing_from_that_moment(hour, one_claim):
    secret, holder = wallet()
    _, directory = fetch_directory()
    key = key_of(directory, "age_over_16", "strict")
    obtain(secret, key)
    holders.stop(holder, now=hour())
    pending = tokens.begin(CHALLENGE, key.token_key, secrets.token_bytes)
    assert ask(secret, pending.request).json()["code"] == "ages.stopped"
    assert issuing.offers(holders.login(secret), now=hour()) == []


def test_an_emptied_wallet_is_gone(hour, one_claim):
    secret, holder = wallet()
    holders.forget(holder, now=hour())
    assert Holder.objects.count() == 0
    assert ask(secret, bytes(259)).status_code == 401


def test_a_withdrawn_key_signs_no_more_and_leaves_the_directory(hour, one_claim):
    secret, _ = wallet()
    _, before = fetch_directory()
    key = key_of(before, "age_over_16", "strict")
    issuer_keys.withdraw(key.token_key_id, now=hour())
    pending = tokens.begin(CHALLENGE, key.token_key, secrets.token_bytes)
    assert ask(secret, pending.request).status_code == 422
    _, after = fetch_directory()
    assert key.token_key_id not in {one.token_key_id for one in after.token_keys}
    new = key_of(after, "age_over_16", "strict")  # another takes its place
    assert new.token_key_id != key.token_key_id
    obtain(secret, new)
    assert DirectoryVersion.objects.count() == 3


@pytest.mark.parametrize(
    ("body", "media", "status", "code"),
    [
        (bytes(259), "application/json", 415, "ages.media-type-refused"),
        (b"\x00", REQUEST_MEDIA_TYPE, 422, "ages.request-malformed"),
        (bytes(258), REQUEST_MEDIA_TYPE, 422, "ages.request-malformed"),
        (bytes(260), REQUEST_MEDIA_TYPE, 422, "ages.request-malformed"),
        (bytes(259), REQUEST_MEDIA_TYPE, 422, "token.type"),
        (b"\x00\x01" + bytes(257), REQUEST_MEDIA_TYPE, 422, "token.type"),
    ],
)
def test_a_malformed_request_has_its_own_status(hour, one_claim, body, media, status, code):
    secret, _ = wallet()
    reply = ask(secret, body, media)
    assert (reply.status_code, reply.json()["code"]) == (status, code)
    assert Issued.objects.count() == 0


def test_blinded_messages_that_give_the_key_away_are_refused_and_cost_nothing(hour, one_claim):
    secret, _ = wallet()
    _, directory = fetch_directory()
    key = key_of(directory, "age_over_16", "strict")
    n = token_keys.read_spki(key.token_key).n
    for number in (0, 1, n - 1, n, n + 1):
        body = b"\x00\x02" + key.token_key_id[-1:] + (number % (1 << 2048)).to_bytes(256, "big")
        assert ask(secret, body).status_code == 422, number
    assert Issued.objects.count() == 0


def test_without_the_secret_of_a_wallet_nothing_is_issued(hour, one_claim):
    assert ask("nobody", bytes(259)).status_code == 401
    assert Client().post("/age-tokens", bytes(259), content_type=REQUEST_MEDIA_TYPE).status_code == 401
    assert Client().get("/age-tokens/offers").status_code == 401


def test_a_result_goes_into_one_wallet_and_a_word_or_a_token_into_none(hour):
    row = decided(16, True)
    holders.open_wallet(row, now=hour())
    with pytest.raises(CheckOver):
        holders.open_wallet(row, now=hour())
    for way in ("declared", "token"):
        with pytest.raises(CheckOver):
            holders.open_wallet(decided(16, True, way=way), now=hour())


def test_nothing_links_a_wallet_with_a_check_a_service_or_a_blinded_message(hour, one_claim):
    row = decided(16, True)
    secret = holders.open_wallet(row, now=hour())
    _, directory = fetch_directory()
    pending = tokens.begin(
        CHALLENGE, key_of(directory, "age_over_16", "strict").token_key, secrets.token_bytes
    )
    assert ask(secret, pending.request).status_code == 200
    holder = holders.login(secret)
    row.refresh_from_db()
    held = {"range": holder.range, "family": holder.family, "id": holder.pk}
    assert not {str(one) for one in held.values()} & {
        str(row.pk),
        str(row.ref),
        str(row.family),
        str(row.result),
    }
    blinded = pending.request[3:]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for record in cursor.fetchall():
                for value in record:
                    told = bytes(value) if isinstance(value, memoryview) else str(value).encode()
                    assert blinded not in told, table
                    assert secret.encode() not in told, table


def test_a_private_part_never_stands_in_the_clear(hour, one_claim):
    fetch_directory()
    keys = [issuer_keys.private(row) for row in IssuerKey.objects.all()]
    parts = [part for key in keys for part in (hex(key.p)[2:].encode(), key.p.to_bytes(128, "big"))]
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for record in cursor.fetchall():
                for value in record:
                    told = bytes(value) if isinstance(value, memoryview) else str(value).encode()
                    assert not any(part in told for part in parts), table


def test_the_epoch_is_a_week_and_its_keys_live_a_day_longer(hour, one_claim):
    fetch_directory()
    row = IssuerKey.objects.earliest("not_before")
    assert row.not_after - row.not_before == timedelta(days=8)


def test_keys_that_are_made_side_by_side_end_in_different_bytes(hour, one_claim, monkeypatch):
    """A request names its key by one byte alone: of two that end alike the second is made again."""
    apart = {}
    while len(apart) < 4:  # four of a hundred runs would draw two that end alike by themselves
        key = issuer_keys._generate()
        apart[token_keys.id_of(key)[-1]] = key
    first, second, third, fourth = apart.values()
    lined = iter([first, first, second, third, third, fourth])
    monkeypatch.setattr(issuer_keys, "_generate", lambda: next(lined))
    fetch_directory()
    assert {bytes(row.key_id) for row in IssuerKey.objects.all()} == {
        token_keys.id_of(key) for key in (first, second, third, fourth)
    }


@pytest.mark.django_db(transaction=True)
def test_a_wallet_that_is_emptied_while_it_asks_gets_nothing(hour, one_claim):
    secret, holder = wallet()
    _, directory = fetch_directory()
    key = IssuerKey.objects.get(key_id=key_of(directory, "age_over_16", "strict").token_key_id)
    obtain(secret, key_of(directory, "age_over_16", "strict"))
    asking = holders.login(secret)
    holders.forget(holder, now=hour())
    with pytest.raises(LoginMissing):
        issuing._count(asking, key)
    assert Issued.objects.count() == 0
