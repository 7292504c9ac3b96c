"""The cast, three services, and a platform that calls by HTTP."""

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from ruangaman.adapters import clock, ids
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access import door, openapi
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.families import actions
from ruangaman.rooms.families.models import Child, Guardian, Relation

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # 12.00 WIB
SARI = {"birth_date": "2016-05-02"}  # 10
BIMA = {"birth_date": "2012-03-14"}  # 14
AYU = {"birth_date": "2009-02-20"}  # 17
BORN = {"sari": SARI, "bima": BIMA, "ayu": AYU}


@dataclass
class Hour:
    """A clock that the test moves."""

    at: datetime = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def hour(monkeypatch: pytest.MonkeyPatch) -> Hour:
    found = Hour()
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture(autouse=True)
def _fresh_limits() -> Iterator[None]:
    door.forget_limits()
    yield
    door.forget_limits()


def _text(indonesian: str, english: str) -> dict[str, str]:
    return {"id": indonesian, "en": english}


def make_services(now: datetime = NOON) -> None:
    common: dict[str, Any] = {
        "operator": "PT Contoh Riang",
        "opens": [_text("Membaca cerita.", "Reading stories.")],
        "stays_closed": [_text("Lokasi akurat.", "Precise location.")],
        "data_requested": [_text("Nama panggilan.", "A nickname.")],
        "risk_determined_by": "Kementerian Komunikasi dan Digital",
        "risk_determined_at": now - timedelta(days=30),
        "now": now,
    }
    messages = {"name": "direct_messages", "title": _text("Pesan langsung", "Direct messages")}
    location = {"name": "precise_location", "title": _text("Lokasi akurat", "Precise location")}
    access.create_service(
        slug="dongeng-kita",
        name="Dongeng Kita",
        type="stories",
        risk_profile="low",
        designed_for_children=True,
        purpose=_text("Membaca cerita bersama.", "Reading stories together."),
        features=[location],
        **common,
    )
    access.create_service(
        slug="obrol",
        name="Obrol",
        type="chat",
        risk_profile="low",
        purpose=_text("Mengobrol dengan teman.", "Chatting with friends."),
        features=[messages, location],
        **common,
    )
    access.create_service(
        slug="ramai",
        name="Ramai",
        type="social_media",
        risk_profile="high",
        purpose=_text("Berbagi kabar.", "Sharing news."),
        features=[messages, location],
        **(common | {"operator": "PT Contoh Ramai"}),
    )


@pytest.fixture
def services(db: None) -> None:
    make_services()


@dataclass
class Told:
    """What came back."""

    status: int
    json: Any
    headers: Any

    @property
    def code(self) -> str:
        return str(self.json["code"])


def documented(method: str, path: str) -> Collection[str] | None:
    """The statuses that the OpenAPI document names for this call; None when it knows no such operation."""
    given = path.partition("?")[0].split("/")
    for template, item in openapi.document()["paths"].items():
        parts = template.split("/")
        if len(parts) == len(given) and all(
            told[:1] == "{" or told == said for told, said in zip(parts, given, strict=True)
        ):
            found: dict[str, Collection[str]] = item
            return found[method.lower()]["responses"] if method.lower() in found else None  # type: ignore[call-overload]
    return None


@dataclass
class Platform:
    """A platform's server with one key."""

    key: str
    http: Client = field(default_factory=Client)

    def call(
        self, method: str, path: str, body: Any = None, raw: bytes | None = None, **headers: str
    ) -> Told:
        sent = {f"HTTP_{name.upper()}": value for name, value in headers.items()}
        data = raw if raw is not None else json.dumps(body).encode() if body is not None else b""
        reply = self.http.generic(
            method,
            path,
            data,
            # Django's client leaves the type away when there is no body; a platform's library does not.
            CONTENT_TYPE=sent.pop("HTTP_CONTENT_TYPE", "application/json"),
            HTTP_AUTHORIZATION=f"Bearer {self.key}",
            **sent,
        )
        content = reply.content
        parsed = json.loads(content) if content else None
        named = documented(method, path)
        assert named is None or str(reply.status_code) in named, (method, path, reply.status_code, parsed)
        return Told(reply.status_code, parsed, reply.headers)

    def get(self, path: str, **headers: str) -> Told:
        return self.call("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> Told:
        return self.call("POST", path, {} if body is None else body, **headers)

    def sign_up(self, service: str, subject: str = "p-1", **more: Any) -> Told:
        return self.post("/v1/sessions", {"service": service, "subject": subject, **more})


@pytest.fixture
def platform(services: None) -> Callable[..., Platform]:
    def make(service: str | None = None, **more: Any) -> Platform:
        if service is None and "operator" not in more:
            service = "obrol"
        return Platform(access.create_key(service=service, now=NOON, **more).text)

    return make


def guardian_of(child: UUID, kind: str = "mother", now: datetime = NOON) -> UUID:
    """A guardian whose relation to the child an office has proven."""
    row = Child.objects.get(pk=child)
    guardian = Guardian.objects.create(id=ids.new(now), family=row.family, created_at=now)
    Relation.objects.create(
        id=ids.new(now),
        family=row.family,
        child=row.root,
        guardian=guardian,
        kind=kind,
        level=3,
        method="relation_verdict",
        provider="kantor-contoh",
        valid_from=now,
    )
    return guardian.id


def answer(session: str, *, yes: bool, now: datetime, guardian: UUID | None = None) -> UUID:
    """The mother answers the request that waits for this session."""
    row = AccessSession.objects.get(id=session)
    who = guardian or guardian_of(row.child, now=now)
    assert row.request is not None
    actions.answer(row.request, guardian=who, yes=yes, now=now)
    return who


def withdraw(session: str, guardian: UUID, *, now: datetime) -> None:
    row = AccessSession.objects.get(id=session)
    assert row.request is not None
    actions.withdraw(row.request, guardian=guardian, now=now)
