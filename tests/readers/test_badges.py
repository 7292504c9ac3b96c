"""A badge of ours by openbadgeslib: believed by the issuer's own document and list, refused in every other way."""

import json
import subprocess
from base64 import urlsafe_b64decode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from tests.readers.environments import installed

from ruangaman.core.credentials import jose
from ruangaman.core.learning.badges import did_document
from ruangaman.rooms.learning import badge_keys, badges
from ruangaman.rooms.learning.badge_rules import rules

LOOK = Path(__file__).resolve().parent / "badges" / "look.py"
EARNED = (
    (20_000, "a", True),
    (20_000, "b", True),
    (20_001, "c", True),
    (20_001, "d", False),
    (20_001, "e", True),
)
DID_KEY = "did:key:zDnaerDaTF5BXEavCrfRZEk316dpbLsfPDZ3WJ5hRTPFU2169"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(settings):
    """A did:web is fetched by https alone."""
    settings.BASE_URL = "https://rumah.example"


def issued(objective: str = "PAR-2", *, subject: str = "", ago: timedelta = timedelta()) -> str:
    now = datetime.now(UTC) - ago
    return badges.issue(objective=objective, given=EARNED, subject=subject, language="en", now=now).token


def published() -> dict[str, str]:
    """What stands on the net."""
    client, found = Client(), {}
    for path in ("/pelajaran/lencana/did.json", "/pelajaran/lencana/status/1"):
        found[f"https://rumah.example{path}"] = client.get(path).content.decode()
    return found


def looked_at(token: str, files: dict[str, str] | None = None) -> dict:
    asked = {
        "token": token,
        "issuer": "did:web:rumah.example:pelajaran:lencana",
        "files": files or published(),
    }
    done = subprocess.run(
        [installed("badges", "bin/python"), LOOK],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout)


@pytest.mark.parametrize("objective", ["PAR-2", "TCH-1", "GOV-2", "PUB-1"])
def test_a_badge_of_each_kind_of_adult_holds(objective):
    told = looked_at(issued(objective, subject=DID_KEY))["holds"]
    assert told["to"] == DID_KEY
    assert "4 were right" in told["criteria"]
    assert told["alignments"]


def test_it_is_refused_when_changed_over_or_stopped():
    token = issued()
    head, body, signature = token.split(".")
    claims = json.loads(urlsafe_b64decode(body + "=="))
    changed = {**claims, "validUntil": "2099-01-01T00:00:00Z"}
    assert (
        "ignature"
        in looked_at(f"{head}.{jose.to_base64url(jose.write_json(changed))}.{signature}")["refused"]
    )
    assert "expired" in looked_at(issued(ago=rules().valid + timedelta(days=2)))["refused"]
    other = issued()
    badges.stop(token, now=datetime.now(UTC))
    assert "status 'revocation' is set" in looked_at(token)["refused"]
    assert "holds" in looked_at(other)


def test_a_key_that_comes_along_with_the_token_is_not_believed():
    claims = json.loads(urlsafe_b64decode(issued().split(".")[1] + "=="))
    key = ec.generate_private_key(ec.SECP256R1())
    jwk = jose.public_jwk(key.public_key())
    for kid in (badge_keys.signing(datetime.now(UTC)).kid, "sendiri"):
        header = {"typ": "JWT", "jwk": jwk, "kid": f"{badges.issuer()}#{kid}"}
        assert "refused" in looked_at(jose.sign(header, jose.write_json(claims), key))
    elsewhere = {
        **claims,
        "issuer": {**claims["issuer"], "id": "did:web:lain.example"},
        "iss": "did:web:lain.example",
    }
    ours = badge_keys.private(badge_keys.signing(datetime.now(UTC)))
    header = {"typ": "JWT", "kid": f"{badges.issuer()}#{badge_keys.signing(datetime.now(UTC)).kid}"}
    assert "does not match" in looked_at(jose.sign(header, jose.write_json(elsewhere), ours))["refused"]


def test_a_list_that_somebody_else_signed_is_not_believed():
    token, files = issued(), published()
    listed = "https://rumah.example/pelajaran/lencana/status/1"
    claims = json.loads(urlsafe_b64decode(files[listed].split(".")[1] + "=="))
    forged = jose.sign({"typ": "JWT"}, jose.write_json(claims), ec.generate_private_key(ec.SECP256R1()))
    assert "refused" in looked_at(token, {**files, listed: forged})


def test_a_lost_key_ends_its_badges():
    token = issued()
    badge_keys.rotate(lost=True, now=datetime.now(UTC))
    assert "refused" in looked_at(token)
    assert did_document(badges.issuer(), badge_keys.known(datetime.now(UTC)))["id"] == badges.issuer()
