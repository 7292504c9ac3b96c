"""Badges for adults: who gets one, what stands in it, what another library says of it, and how it is stopped."""

import gzip
import json
import subprocess
from base64 import urlsafe_b64decode
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from hypothesis import given as every
from hypothesis import strategies as st
from tests.peers import FOLDER, NODE

from ruangaman.adapters import clock
from ruangaman.core.credentials import jose
from ruangaman.core.learning import badges as of_badges
from ruangaman.core.learning import knowing
from ruangaman.rooms.learning import badge_keys, badges, courses
from ruangaman.rooms.learning.badge_rules import rules
from ruangaman.rooms.learning.errors import BadgeNotEarned, BadgeNotForChildren, BadgeNotOurs, BadgesBusy
from ruangaman.rooms.learning.models import BadgeKey, BadgeList
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.vault import api as vault

NOON = datetime(2026, 11, 30, 5, tzinfo=UTC)
DID_KEY = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
EARNED = (
    (20_000, "a", True),
    (20_000, "b", True),
    (20_001, "c", False),
    (20_001, "d", True),
    (20_001, "e", True),
)
pytestmark = pytest.mark.django_db


@pytest.fixture
def today(monkeypatch):
    """The clock of the house, which a test moves."""
    at = [NOON]
    monkeypatch.setattr(clock, "now", lambda: at[0])

    def move(days: int) -> None:
        at[0] += timedelta(days=days)

    return move


def issued(objective: str = "PAR-2", *, subject: str = "", now: datetime = NOON) -> str:
    return badges.issue(objective=objective, given=EARNED, subject=subject, language="id", now=now).token


def checked(token: str, *, now: datetime = NOON, jwks: dict | None = None) -> dict:
    """What `jose` says, with the keys of the issuer's own address."""
    asked = {
        "token": token,
        "jwks": jwks or badge_keys.jwks(NOON),
        "issuer": badges.issuer(),
        "now": now.isoformat(),
    }
    done = subprocess.run(
        [NODE, FOLDER / "badge.mjs"], input=json.dumps(asked), capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def answers(client: Client, objective: str, *, right: bool = True) -> dict[str, str]:
    """What somebody ticks who can do it, or cannot."""
    shown = client.get(f"/pelajaran/lencana/{objective}/").context["items"]
    return {item.id: next(one.id for one in item.options if one.right == right) for item in shown}


def test_a_mother_answers_on_two_days_and_takes_a_badge_that_another_library_believes(today):
    client = Client()
    page = "/pelajaran/lencana/PAR-2/"
    first = client.post(page, answers(client, "PAR-2"))
    assert "Hari ini selesai" in first.content.decode()
    assert client.post(page + "berkas", {}).status_code == 409
    assert "Hari ini selesai" in client.get(page).content.decode()
    today(1)
    ready = client.post(page, answers(client, "PAR-2"))
    assert "Lencana Anda siap" in ready.content.decode()
    reply = client.post(page + "berkas", {"untuk": ""})
    assert reply["Content-Disposition"] == 'attachment; filename="lencana-PAR-2.jwt"'
    told = checked(reply.content.decode(), now=NOON + timedelta(days=2))["claims"]
    assert told["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert told["credentialSubject"]["achievement"]["name"] == courses.course().lessons["PAR-2"].title.id
    assert told["sub"].startswith("urn:uuid:")
    assert client.post(page + "berkas", {}).status_code == 409, "the answers are forgotten with the badge"


def test_wrong_answers_earn_nothing_and_are_explained(today):
    client = Client()
    for _ in range(3):
        page = client.post("/pelajaran/lencana/PAR-2/", answers(client, "PAR-2", right=False))
        assert "Lencana Anda siap" not in page.content.decode()
        today(1)
    (_item, one) = page.context["chosen"][0]
    assert one.feedback.id.split(".")[0] in page.content.decode()


def test_what_a_browser_kept_for_one_lesson_or_changed_counts_nowhere(today):
    client = Client()
    client.post("/pelajaran/lencana/PAR-2/", answers(client, "PAR-2"))
    kept = client.cookies["lencana"].value
    for path, value in (("PAR-3", kept), ("PAR-2", kept.replace("true", "1"))):
        other = Client()
        other.cookies["lencana"] = value[:-1] + "x" if path == "PAR-2" else value
        assert other.get(f"/pelajaran/lencana/{path}/").context["given"] == 0
    today(rules().kept.days + 1)
    assert client.get("/pelajaran/lencana/PAR-2/").context["given"] == 0


def test_the_questions_of_a_day_are_not_asked_twice_for_a_better_result(today):
    client = Client()
    right = answers(client, "PAR-2")
    client.post("/pelajaran/lencana/PAR-2/", answers(client, "PAR-2", right=False))
    again = client.post("/pelajaran/lencana/PAR-2/", right)
    assert (again.context["right"], again.context["given"]) == (0, rules().asked_a_day)


@pytest.mark.parametrize("objective", [one.id for one in courses.course().scheme.objectives])
def test_badges_are_for_adults_alone(objective):
    adult = not objective.startswith("B")
    client = Client()
    page = client.get(f"/pelajaran/lencana/{objective}/")
    assert page.status_code == (200 if adult else 403)
    assert client.get(f"/pelajaran/lencana/{objective}.json").status_code == page.status_code
    if not adult:
        assert "Lencana hanya untuk orang dewasa." in page.content.decode()
        assert client.post(f"/pelajaran/lencana/{objective}/", {}).status_code == 403
        with pytest.raises(BadgeNotForChildren):
            issued(objective)
    assert objective in client.get("/pelajaran/lencana/").content.decode() or not adult
    # Whoever begins knows what it takes.
    assert "Kalau 4 dari 5 jawaban terakhir tepat" in client.get("/pelajaran/lencana/").content.decode()


def test_without_enough_answers_nothing_is_signed():
    for given in ((), EARNED[:4], tuple((20_000, one[1], one[2]) for one in EARNED)):
        with pytest.raises(BadgeNotEarned):
            badges.issue(objective="PAR-2", given=given, subject="", language="id", now=NOON)
    assert not BadgeKey.objects.exists()
    assert not BadgeList.objects.exists()


def test_a_badge_holds_no_name_and_is_made_out_to_a_key_of_the_holder_alone():
    told = checked(issued(subject=DID_KEY))["claims"]
    assert told["sub"] == told["credentialSubject"]["id"] == DID_KEY
    assert "@" not in json.dumps({name: one for name, one in told.items() if name != "@context"})
    for said in (
        "ibu@contoh.example",
        "Bu Rina",
        "0812345678",
        "did:web:rumah.example",
        DID_KEY + "#x",
        "did:key:z0",
    ):
        with pytest.raises(of_badges.SubjectRefused):
            issued(subject=said)


def test_what_was_changed_is_refused_and_what_is_over_too():
    token = issued()
    assert "claims" in checked(token)
    head, body, signature = token.split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))
    claims["credentialSubject"]["achievement"]["name"] = "Dokter"
    changed = jose.to_base64url(jose.write_json(claims))
    assert checked(f"{head}.{changed}.{signature}") == {"refused": "ERR_JWS_SIGNATURE_VERIFICATION_FAILED"}
    assert checked(token, now=NOON + rules().valid) == {"refused": "ERR_JWT_EXPIRED"}
    assert checked(token, now=NOON - timedelta(days=2)) == {"refused": "ERR_JWT_CLAIM_VALIDATION_FAILED"}


def test_a_key_inside_the_token_proves_nothing():
    claims = json.loads(urlsafe_b64decode(issued().split(".")[1] + "=="))
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = jose.public_jwk(key.public_key())
    kid = badge_keys.signing(NOON).kid
    for header in (
        {"jwk": jwk, "kid": f"{badges.issuer()}#{kid}"},
        {"jwk": jwk, "kid": f"{badges.issuer()}#mine"},
    ):
        forged = jose.sign({"typ": "JWT", **header}, jose.write_json(claims), key)
        assert "refused" in checked(forged)
        with pytest.raises(BadgeNotOurs):
            badges.stop(forged, now=NOON)
    assert not any(
        "jwk" in json.loads(urlsafe_b64decode(one.split(".")[0] + "=="))
        for one in (issued(), forged[:0] or issued())
    )


def test_keys_are_told_to_the_ledger_and_turn():
    token = issued()
    (first,) = badge_keys.known(NOON)
    assert Entry.objects.filter(kind="learning.badge-key").count() == 1
    second = badge_keys.rotate(lost=False, now=NOON)
    assert list(badge_keys.known(NOON)) == [second, first]
    assert "claims" in checked(token)
    with pytest.raises(vault.Forgotten):
        badge_keys.private(BadgeKey.objects.get(kid=first))
    assert list(badge_keys.known(NOON + rules().valid + timedelta(days=1))) == [second]
    third = badge_keys.rotate(lost=True, now=NOON)
    assert list(badge_keys.known(NOON)) == [third, first]


def bit(token: str, client: Client) -> bool:
    """Whether a list says that this badge was stopped: read as the standard says, with nothing of ours."""
    status = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))["credentialStatus"]
    listed = client.get("/" + status["statusListCredential"].split("/", 3)[3])
    assert listed["Content-Type"] == "application/vc+jwt"
    claims = checked(listed.content.decode())["claims"]
    assert claims["id"] == status["statusListCredential"]
    packed = claims["credentialSubject"]["encodedList"]
    bits = gzip.decompress(urlsafe_b64decode(packed[1:] + "=" * (-len(packed[1:]) % 4)))
    assert (packed[0], len(bits)) == ("u", 16_384)
    text = "".join(f"{byte:08b}" for byte in bits)
    return text[int(status["statusListIndex"])] == "1"


def test_a_badge_is_stopped_and_only_it(today):
    one, other, client = issued(), issued(), Client()
    assert not bit(one, client)
    badges.stop(one, now=NOON)
    badges.stop(one, now=NOON)
    assert bit(one, client)
    assert not bit(other, client)
    assert Entry.objects.filter(kind="learning.badge-stopped").count() == 1
    for wrong in ("", "a.b.c", one[:-4] + "AAAA", client.get("/pelajaran/lencana/status/1").content.decode()):
        with pytest.raises(BadgeNotOurs):
            badges.stop(wrong, now=NOON)


def test_no_entry_is_given_out_twice_and_a_full_list_is_followed_by_another(monkeypatch):
    monkeypatch.setattr(of_badges, "ENTRIES", 16)
    found = [
        json.loads(urlsafe_b64decode(issued().split(".")[1] + "=="))["credentialStatus"]["id"]
        for _ in range(30)
    ]
    assert len(set(found)) == 30
    assert BadgeList.objects.count() == 3


def test_a_house_signs_so_many_a_day(monkeypatch):
    issued()
    BadgeList.objects.update(of_day=rules().most_a_day)
    with pytest.raises(BadgesBusy):
        issued()
    assert issued(now=NOON + timedelta(days=1))


def test_a_list_that_was_filled_today_counts_for_the_day_of_the_house(monkeypatch):
    monkeypatch.setattr(of_badges, "ENTRIES", 16)
    fewer = replace(rules(), most_a_day=20)
    monkeypatch.setattr(badges, "rules", lambda: fewer)
    for _ in range(20):
        issued()
    assert BadgeList.objects.count() == 2
    with pytest.raises(BadgesBusy):
        issued()
    assert issued(now=NOON + timedelta(days=1))


def test_one_cookie_does_not_take_all_badges_of_the_day(today):
    def asked(network: str):
        client = Client(REMOTE_ADDR=network)
        client.post("/pelajaran/lencana/PAR-2/", answers(client, "PAR-2"))
        today(1)
        client.post("/pelajaran/lencana/PAR-2/", answers(client, "PAR-2"))
        kept = client.cookies["lencana"].value
        for _ in range(rules().most_a_network + 1):
            client.cookies["lencana"] = kept
            yield client.post("/pelajaran/lencana/PAR-2/berkas", {}).status_code

    assert list(asked("203.0.113.7")) == [200] * rules().most_a_network + [429]
    assert next(asked("203.0.113.8")) == 200


def test_the_issuer_has_one_address_for_its_keys(today):
    client = Client()
    document, jwks = (
        client.get("/pelajaran/lencana/did.json").json(),
        client.get("/pelajaran/lencana/kunci.json").json(),
    )
    assert document["id"] == badges.issuer()
    assert [one["publicKeyJwk"]["kid"] for one in document["verificationMethod"]] == [
        one["kid"] for one in jwks["keys"]
    ]
    assert "d" not in json.dumps([sorted(one) for one in jwks["keys"]]).replace("kid", "").replace("use", "")
    header = json.loads(urlsafe_b64decode(issued().split(".")[0] + "=="))
    assert header["kid"] in document["assertionMethod"]
    assert set(header) == {"alg", "typ", "kid"}


@every(st.integers(0, 131_071), st.integers(0, 131_071))
def test_a_bit_is_set_alone(index, other):
    bits = of_badges.with_set(bytes(16_384), index)
    assert of_badges.is_set(bits, index)
    assert of_badges.is_set(bits, other) == (index == other)


@every(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=8))
def test_mastery_is_four_of_the_last_five_over_two_days(told):
    last = told[len(told) - 5 :] if len(told) >= 5 else []
    plainly = (
        len(last) == 5 and len([1 for _day, right in last if right]) > 3 and len({day for day, _ in last}) > 1
    )
    assert knowing.mastered(told) == plainly
