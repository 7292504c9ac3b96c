"""The cast: Sari 10, Bima 14, Ayu 17, their mother and father, a stranger; three services; a fictional office."""

import json
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation
from joserfc import jws
from joserfc.jwk import OKPKey

from ruangaman.adapters import clock
from ruangaman.core.verdicts import name_check
from ruangaman.rooms.families import api, requests
from ruangaman.rooms.families.models import ConsentRequest, Outgoing, VerdictProvider

NOW = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)  # 09.30 WIB
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
OFFICE = "kantor-contoh"


def text(indonesian: str, english: str) -> api.Text:
    return {"id": indonesian, "en": english}


DONGENG = api.ServiceCard(
    service_ref=UUID("019a0000-0000-7000-8000-00000000d001"),
    slug="dongeng-kita",
    operator="PT Cerita Kita",
    name="Dongeng Kita",
    purpose=text("Untuk baca dan dengar cerita", "To read and hear stories"),
    opens=(text("Sari bisa baca dan dengar cerita.", "Sari can read and hear stories."),),
    stays_closed=(text("Iklan dan lokasi tetap tertutup.", "Ads and location stay closed."),),
    data_requested=(text("Nama panggilan", "Nickname"), text("kelompok umur", "age group")),
    risk_profile="low",
    designed_for_children=True,
    type="stories",
    jurisdiction="ID",
    features=(
        api.Feature("favourites", text("Simpan cerita kesukaan", "Keep favourite stories"), "on", "child"),
        api.Feature("night", text("Baca malam hari", "Read at night"), "off", "guardian"),
        api.Feature("time", text("Lama pakai per hari", "Time used each day"), "off", "guardian", watch=True),
        api.Feature(
            "strangers",
            text("Pesan dari orang asing", "Messages from strangers"),
            "off",
            "nobody",
            "Pasal 21",
        ),
    ),
)
OBROL = replace(
    DONGENG,
    service_ref=UUID("019a0000-0000-7000-8000-00000000d002"),
    slug="obrol",
    name="Obrol",
    designed_for_children=False,
    features=(),
)
RAMAI = replace(
    OBROL,
    service_ref=UUID("019a0000-0000-7000-8000-00000000d003"),
    slug="ramai",
    name="Ramai",
    risk_profile="high",
)

ASK = {
    "outcome": "ask_guardian",
    "articles": ["PP 17/2025 Pasal 9"],
    "text": {"id": "Boleh, kalau orang tua mengizinkan.", "en": "Yes, if a parent agrees."},
    "valid_until": "2027-11-25T00:00:00+07:00",
}
DENY = {
    "outcome": "deny",
    "articles": ["PP 17/2025 Pasal 21(1)"],
    "text": {"id": "Belum boleh.", "en": "Not yet."},
}

CHILDREN = {"sari": ("c-sari", 10), "bima": ("c-bima", 14), "ayu": ("c-ayu", 17)}
PEOPLE = {
    "mother": ("g-mother", "mother", CHILDREN),
    "father": ("g-father", "father", CHILDREN),
    "stranger": ("g-stranger", "father", {"doni": ("c-doni", 5)}),
    "neighbour": ("g-neighbour", "mother", {"rina": ("c-rina", 10)}),
}


class Clock:
    """The clock that the edges read, set by hand."""

    def __init__(self) -> None:
        self.at = NOW

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> datetime:
        self.at += by
        return self.at


@pytest.fixture
def time(monkeypatch) -> Clock:
    hand = Clock()
    monkeypatch.setattr(clock, "now", hand)
    return hand


@pytest.fixture(autouse=True)
def _house(settings, tmp_path) -> None:
    settings.BASE_URL = "http://localhost:8000"
    settings.STORY = True
    settings.ALLOWED_HOSTS = ["*"]
    translation.activate("id")


@pytest.fixture(autouse=True)
def heard(monkeypatch) -> list[api.ConsentEvent]:
    """What a room above would hear."""
    from ruangaman.rooms.families import events

    told: list[api.ConsentEvent] = []
    monkeypatch.setattr(events, "_listeners", [told.append])
    return told


@dataclass
class Office:
    """A registered office that signs verdicts."""

    key: OKPKey
    count: int = 0
    called: dict[str, str] = field(default_factory=dict)  # a child's call name, where it is not its key

    def verdict(
        self, who: str, child: str | None, *, nonce: str, name_asked: str = "", **changes: Any
    ) -> str:
        guardian, relation, family = PEOPLE[who]
        self.count += 1
        said: dict[str, Any] = {
            "verified": True,
            "method": "family_card",
            "provider": OFFICE,
            "checked_at": clock.now().isoformat(),
            "reference": f"KC-{self.count}",
            "level": 2,
            "guardian": guardian,
        }
        if child in family:
            pairwise, age = family[child]
            said |= {
                "level": 3,
                "relation": relation,
                "child": pairwise,
                "child_age": {"at_least": age, "at_most": age},
                "expires_at": (clock.now() + timedelta(days=365)).isoformat(),
            }
            if name_asked:
                said |= {
                    "name_fits": name_check(nonce, self.called.get(child, child)) == name_asked,
                    "name_check": name_asked,
                }
        said |= changes.pop("said", {})
        for name in changes.pop("without", ()):
            said.pop(name, None)
        issued = int(clock.now().timestamp())
        claims = {
            "iss": "http://kantor.localhost:8002",
            "aud": "ruang-aman-contoh",
            "iat": issued,
            "exp": issued + 300,
            "jti": f"jti-{self.count}",
            "nonce": nonce,
            "verdict": said,
            **changes,
        }
        return jws.serialize_compact(
            {"alg": "Ed25519", "kid": "k1", "typ": "ra-verdict+jwt"},
            json.dumps(claims).encode(),
            self.key,
            algorithms=["Ed25519"],
        )


@pytest.fixture
def office(db, time) -> Office:
    key = OKPKey.generate_key("Ed25519", {"kid": "k1"})
    api.register_provider(
        slug=OFFICE,
        name={"id": "Kantor Contoh", "en": "Example Office"},
        issuer="http://kantor.localhost:8002",
        audience="ruang-aman-contoh",
        ask_url="http://kantor.localhost:8002/tanya",
        keys={"keys": [key.as_dict(private=False)]},
        checks_names=True,
        now=NOW,
    )
    return Office(key)


@pytest.fixture
def nameless(office) -> Office:
    """The same office, when it cannot compare names."""
    VerdictProvider.objects.update(checks_names=False)
    return office


@pytest.fixture
def ask(db, time, office):
    """Ask a guardian; returns the invitation."""

    def make(
        name: str = "Sari", age: Any = 10, card: api.ServiceCard = DONGENG, **changes: Any
    ) -> api.Invitation:
        facts = {
            "kind": "consent",
            "due_at": clock.now() + DAY,
            "answer": ASK,
            "now": clock.now(),
            **changes,
        }
        child = facts.pop("child", None) or api.add_child(
            nickname=name,
            age={"at_least": age, "at_most": age} if isinstance(age, int) else age,
            now=clock.now(),
        )
        return api.request_consent(child=child, card=card, **facts)

    return make


def path(url: str) -> str:
    return urlsplit(url).path


def row(invitation: api.Invitation) -> ConsentRequest:
    return ConsentRequest.objects.get(pk=invitation.request)


def state(invitation: api.Invitation) -> str:
    return api.consent_of(invitation.request, now=clock.now()).state.value


class Person:
    """Somebody with a browser, an identity at the office, and perhaps a mail box."""

    def __init__(self, who: str, office: Office) -> None:
        self.who, self.office = who, office
        self.browser = Client(enforce_csrf_checks=False)

    def get(self, url: str, **query: str):
        return self.browser.get(path(url), query or None)

    def post(self, url: str, follow: bool = True, **data: str):
        return self.browser.post(path(url), data, follow=follow)

    def say(self, invitation: api.Invitation, answer: str):
        return self.post(path(invitation.find_url) + "/jawab", answer=answer)

    def prove(self, invitation: api.Invitation, child: str | None, **changes: Any):
        """Go to the office, come back, press the button."""
        token = path(invitation.find_url).rsplit("/", 1)[1]
        return self.visit(f"/izin/{token}/bukti/kantor/{OFFICE}", child, **changes)

    def visit(self, office_url: str, child: str | None, **changes: Any):
        there = self.browser.post(office_url)
        if there.status_code != 302 or "kantor" not in there["Location"]:
            return there
        query = {k: v[0] for k, v in parse_qs(urlsplit(there["Location"]).query).items()}
        assert set(query) - {"name_check"} == {"audience", "state", "nonce", "return_to"}
        self.asked = query
        nonce = changes.pop("nonce", query["nonce"])
        changes.setdefault("name_asked", query.get("name_check", ""))
        verdict = self.office.verdict(self.who, child, nonce=nonce, **changes)
        self.last = {"state": query["state"], "verdict": verdict}
        self.browser.get("/izin/bukti/kembali", self.last)
        return self.browser.post("/izin/bukti/kirim", self.last, follow=True)

    def answer(self, invitation: api.Invitation, answer: str, child: str):
        self.say(invitation, answer)
        return self.prove(invitation, child)


@pytest.fixture
def mother(office) -> Person:
    return Person("mother", office)


@pytest.fixture
def father(office) -> Person:
    return Person("father", office)


@pytest.fixture
def stranger(office) -> Person:
    return Person("stranger", office)


@pytest.fixture
def deliver(db, time):
    """Let the job runner send what is due; returns what went out."""
    from ruangaman.rooms.families import outbox

    def run() -> list[Outgoing]:
        sent = []
        for identity, tries in outbox.claim_due(clock.now()):
            outbox.deliver(identity, tries, now=clock.now())
            sent.append(Outgoing.objects.get(pk=identity))
        return sent

    return run


def link_in(letter: Outgoing) -> str:
    from ruangaman.rooms.families import outbox

    return path(outbox._link(letter))


def find_path(invitation: api.Invitation) -> str:
    return requests.find_path(row(invitation))
