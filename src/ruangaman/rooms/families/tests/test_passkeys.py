"""A passkey proves that the same guardian came back; every forged or borrowed one fails."""

import hashlib
import json
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from ruangaman.rooms.families.models import Guardian, Passkey

from .conftest import OBROL, Person, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
ORIGIN = "http://localhost:8000"


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def challenge_of(page) -> str:
    return json.loads(page.context["passkey_options"])["challenge"]


class Phone:
    """An authenticator in software: one P-256 key, attestation `none` (WebAuthn 6.5.4, 8.7)."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.id = hashlib.sha256(str(id(self)).encode()).digest()
        self.count = 0

    def _data(self, flags: int, rp: str, more: bytes = b"") -> bytes:
        self.count += 1
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + struct.pack(">I", self.count) + more

    def _client(self, kind: str, challenge: str, origin: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}
        ).encode()

    def create(
        self, challenge: str, origin: str = ORIGIN, rp: str = "localhost", verified: bool = True
    ) -> str:
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        attested = bytes(16) + struct.pack(">H", len(self.id)) + self.id + cose
        data = self._data(0x45 if verified else 0x41, rp, attested)
        return json.dumps(
            {
                "id": encoded(self.id),
                "rawId": encoded(self.id),
                "type": "public-key",
                "response": {
                    "clientDataJSON": encoded(self._client("webauthn.create", challenge, origin)),
                    "attestationObject": encoded(
                        cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
                    ),
                },
                "clientExtensionResults": {},
            }
        )

    def sign(self, challenge: str, origin: str = ORIGIN, rp: str = "localhost", verified: bool = True) -> str:
        data = self._data(0x05 if verified else 0x01, rp)
        client = self._client("webauthn.get", challenge, origin)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return json.dumps(
            {
                "id": encoded(self.id),
                "rawId": encoded(self.id),
                "type": "public-key",
                "response": {
                    "clientDataJSON": encoded(client),
                    "authenticatorData": encoded(data),
                    "signature": encoded(signature),
                },
                "clientExtensionResults": {},
            }
        )


@pytest.fixture
def kept(ask, mother):
    """The mother has answered once and kept a key."""
    invitation = ask()
    mother.answer(invitation, "yes", "sari")
    phone = Phone()
    page = mother.get("/keluarga/kunci")
    mother.post("/keluarga/kunci/simpan", credential=phone.create(challenge_of(page)))
    assert Passkey.objects.count() == 1
    return invitation, phone


def test_the_mother_comes_back_with_her_screen_lock(kept, office):
    _, phone = kept
    fresh = Person("mother", office)
    page = fresh.get("/masuk")
    home = fresh.post("/masuk/kunci", credential=phone.sign(challenge_of(page)))
    assert "Aplikasi Sari" in home.content.decode()


def test_the_mother_answers_a_second_request_in_two_taps(kept, ask, office):
    first, phone = kept
    from ruangaman.rooms.families import actions, api

    api.close(row(first).child_id, now=row(first).created_at)
    second = ask(child=row(first).child_id)
    fresh = Person("mother", office)
    page = fresh.say(second, "yes")
    token = path(second.find_url).rsplit("/", 1)[1]
    done = fresh.post(f"/izin/{token}/bukti/kunci", credential=phone.sign(challenge_of(page)))
    assert "Izin tersimpan. Sari sudah tahu." in done.content.decode()
    assert state(second) == "given"
    assert actions.law_answer(row(second))["outcome"] == "ask_guardian"


def test_a_request_for_an_unknown_child_asks_which_child_it_is(kept, ask, office):
    first, phone = kept
    second = ask("Sari", 10, OBROL)
    fresh = Person("mother", office)
    page = fresh.say(second, "yes")
    token = path(second.find_url).rsplit("/", 1)[1]
    page = fresh.post(f"/izin/{token}/bukti/kunci", credential=phone.sign(challenge_of(page)))
    assert "Ini anak yang mana?" in page.content.decode()
    assert state(second) == "opened"
    fresh.post(f"/izin/{token}/bukti/anak", child=str(row(first).child.root.pk))
    assert state(second) == "given"


@pytest.mark.parametrize(
    "forged",
    [
        {"origin": "http://evil.example"},
        {"rp": "evil.example"},
        {"verified": False},
    ],
    ids=str,
)
def test_a_forged_sign_in_fails(kept, office, forged):
    _, phone = kept
    fresh = Person("mother", office)
    page = fresh.get("/masuk")
    assert fresh.post("/masuk/kunci", credential=phone.sign(challenge_of(page), **forged)).status_code == 403
    assert fresh.browser.get("/keluarga/").status_code == 302


def test_a_signature_over_another_challenge_and_a_second_use_fail(kept, office):
    _, phone = kept
    one, two = Person("mother", office), Person("stranger", office)
    old = challenge_of(one.get("/masuk"))
    signed = phone.sign(old)
    two.get("/masuk")
    assert two.post("/masuk/kunci", credential=signed).status_code == 403
    assert one.post("/masuk/kunci", credential=signed).status_code == 200
    assert one.post("/masuk/kunci", credential=signed).status_code == 403


def test_the_strangers_phone_is_unknown(kept, office):
    stranger = Person("stranger", office)
    for credential in (
        Phone().sign(challenge_of(stranger.get("/masuk"))),
        "",
        "{}",
        "null",
        "[]",
        '{"id": 5}',
        "\x00",
    ):
        stranger.get("/masuk")
        assert stranger.post("/masuk/kunci", credential=credential).status_code == 403


@pytest.mark.parametrize(
    "forged", [{"origin": "http://evil.example"}, {"rp": "x.example"}, {"verified": False}], ids=str
)
def test_a_forged_key_is_not_kept(ask, mother, forged):
    mother.answer(ask(), "yes", "sari")
    page = mother.get("/keluarga/kunci")
    answer = mother.post("/keluarga/kunci/simpan", credential=Phone().create(challenge_of(page), **forged))
    assert answer.status_code == 403
    assert not Passkey.objects.exists()


def test_the_key_of_a_lost_phone_opens_nothing(kept, mother, office):
    _, phone = kept
    key = Passkey.objects.get()
    stranger = Person("stranger", office)
    stranger.post(f"/keluarga/kunci/{key.pk}/hapus")
    key.refresh_from_db()
    assert key.revoked_at is None
    mother.post(f"/keluarga/kunci/{key.pk}/hapus")
    fresh = Person("mother", office)
    page = fresh.get("/masuk")
    assert fresh.post("/masuk/kunci", credential=phone.sign(challenge_of(page))).status_code == 403


def test_the_options_name_nobody(kept, mother):
    options = json.loads(mother.get("/keluarga/kunci").context["passkey_options"])
    assert options["user"]["name"] == "Ruang Aman"
    assert urlsafe_b64decode(options["user"]["id"] + "==") == Guardian.objects.get().pk.bytes
    assert options["rp"]["id"] == "localhost"
    assert options["authenticatorSelection"]["userVerification"] == "required"
