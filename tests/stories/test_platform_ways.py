"""The three ways without a browser: cards are spent once, a sign-in belongs to its browser, old files open."""

import json
import secrets
import sqlite3
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from examples.platform.app import Platform
from examples.platform.arriving import Arriving
from examples.platform.cards import Cards
from examples.platform.door import Problem
from examples.platform.signin import NotSignedIn, Pending, Yes
from examples.platform.store import Account, Store
from examples.serving import Request

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)


class Said:
    """A house that opens every account, and what was told to it."""

    def __init__(self) -> None:
        self.told: list[tuple[str, object]] = []

    def open(self, service: str, subject: str, **more: object) -> object:
        self.told.append(("open", more))
        return type("Session", (), {"id": f"s-{len(self.told)}", "next": None})

    def tell_age(self, service: str, session: str, age: object, assurance: str) -> None:
        self.told.append(("age", (session, age, assurance)))

    def session(self, service: str, session: str) -> object:
        if session == "s-lost":
            raise Problem(404, "access.not-found", {}, None)
        return type("Session", (), {"subject": "s" * 43, "is_open": False})

    def close(self, service: str, session: str) -> None:
        self.told.append(("close", session))


class Client:
    """Signs in whoever comes back."""

    age = 16

    def __init__(self, over: int | None = 16) -> None:
        self.over, self.finished = over, 0

    def begin(self, language: str) -> tuple[str, Pending]:
        return "http://house/oidc/authorize", Pending(secrets.token_urlsafe(30), "nonce", "verifier")

    def finish(self, query: object, whole: str, pending: Pending) -> Yes:
        self.finished += 1
        if "rusak" in whole:
            raise NotSignedIn
        return Yes("s" * 43, self.over)


def request(method: str, path: str, *, cookies=None, query=None, headers=None) -> Request:
    parts = urlsplit(path)
    return Request(
        method=method,
        path=parts.path,
        host="ramai.localhost:8001",
        query=query or {},
        headers=headers or {},
        cookies=cookies or {},
        body=b"",
        raw_query="&".join(f"{name}={value}" for name, value in (query or {}).items()),
    )


@pytest.fixture
def platform(tmp_path):
    """One service, a client, and no cards."""
    store, door = Store(tmp_path / "ramai.sqlite3"), Said()
    arriving = Arriving(door, store, None, {"ramai": Client()})
    return Platform(door, store, [], lambda: NOW, arriving)


def leave(platform: Platform) -> str:
    """The state with which a browser left for the house; it is also in its cookie."""
    gone = platform.handle(request("POST", "/ramai/masuk"))
    assert gone.headers["Location"].startswith("http://house/")
    return gone.cookies["tanya"]


def back(platform: Platform, state: str, cookie: str, **query: str):
    return platform.handle(
        request(
            "GET",
            "/ramai/masuk/kembali",
            query={"state": state, "code": "c", "iss": "x"} | query,
            cookies={"tanya": cookie},
        )
    )


def test_a_sign_in_ends_once_and_in_the_browser_that_began_it(platform) -> None:
    state = leave(platform)
    client = platform.arriving.sign_in["ramai"]
    assert back(platform, state, "another browser").status == 400
    assert client.finished == 0
    state = leave(platform)
    answer = back(platform, state, state)
    assert (answer.status, answer.headers["Location"]) == (303, "/ramai/")
    assert back(platform, state, state).status == 400
    assert client.finished == 1
    account = platform.store.account(answer.cookies["akun_ramai"], "ramai")
    assert (account.subject, json.loads(account.age), account.session) == ("s" * 43, {"at_least": 16}, "")
    again = leave(platform)
    token = back(platform, again, again).cookies["akun_ramai"]
    assert platform.store.account(answer.cookies["akun_ramai"], "ramai") is None
    assert platform.store.account(token, "ramai").subject == "s" * 43


def test_no_yes_opens_nothing(platform) -> None:
    for more in ({"error": "access_denied"}, {"code": "rusak"}):
        state = leave(platform)
        answer = back(platform, state, state, **more)
        assert (answer.status, "akun_ramai" in answer.cookies) == (400, False)


def test_who_signs_in_instead_of_proving_leaves_no_half_open_account(platform) -> None:
    platform.store.open_account(Account("t", "ramai", "typed", "s-1", "Ayu", '{"birth_date": "2009-01-01"}'))
    state = leave(platform)
    platform.handle(
        request(
            "GET",
            "/ramai/masuk/kembali",
            query={"state": state, "code": "c"},
            cookies={"tanya": state, "akun_ramai": "t"},
        )
    )
    assert platform.door.told == [("close", "s-1")]
    assert platform.store.account("t", "ramai").closed


def test_an_event_names_the_session_of_who_signed_in(platform) -> None:
    state = leave(platform)
    token = back(platform, state, state).cookies["akun_ramai"]
    cookies = {"akun_ramai": token}
    assert "Terbuka" in str(platform.handle(request("GET", "/ramai/", cookies=cookies)).body)
    platform._name("ramai", "s-lost")
    assert platform.store.unnamed("ramai")
    platform._name("ramai", "s-9")
    assert platform.store.account(token, "ramai").session == "s-9"
    assert not platform.store.unnamed("ramai")
    shut = str(platform.handle(request("GET", "/ramai/", cookies=cookies)).body)
    assert "Tertutup" in shut
    assert 'name="teks"' not in shut


def test_a_card_is_spent_once_and_counts_for_the_account_that_asked(platform, monkeypatch) -> None:
    cards = Cards("http://house", "http://127.0.0.1:9", lambda: NOW.timestamp())
    platform.arriving.cards = cards
    monkeypatch.setattr(cards, "ages", lambda: [13, 16, 18])
    monkeypatch.setattr(
        cards, "take", lambda said, years, spend: "standard" if spend(b"n", b"k", 1) else pytest.fail("twice")
    )
    platform.store.open_account(Account("t", "ramai", "typed", "s-1", "Ayu", '{"birth_date": "2009-01-01"}'))
    sent = request("POST", "/ramai/kartu", query={"umur": "16"}, cookies={"akun_ramai": "t"})
    assert platform.handle(sent).status == 204
    assert platform.door.told == [("age", ("s-1", {"at_least": 16, "at_most": 17}, "standard"))]
    account = platform.store.account("t", "ramai")
    assert (account.way, account.age) == ("kartu", '{"at_least": 16, "at_most": 17}')
    assert not platform.store.spend(b"n", b"k", 1)
    assert platform.store.spend(b"n", b"other key", 1)


def test_a_form_of_another_site_begins_nothing(platform) -> None:
    cross = {"sec-fetch-site": "cross-site"}
    for path in ("/ramai/masuk", "/ramai/cek", "/ramai/kartu"):
        assert platform.handle(request("POST", path, headers=cross)).status == 403
    assert platform.door.told == []


def test_a_database_of_an_older_edition_opens_and_keeps_its_accounts(tmp_path) -> None:
    file = tmp_path / "lama.sqlite3"
    base = sqlite3.connect(file)
    base.execute(
        "CREATE TABLE account (token TEXT PRIMARY KEY, service TEXT NOT NULL, subject TEXT NOT NULL UNIQUE, "
        "session TEXT NOT NULL, nickname TEXT NOT NULL, age TEXT NOT NULL, "
        "changed INTEGER NOT NULL DEFAULT 0, closed INTEGER NOT NULL DEFAULT 0)"
    )
    base.execute("INSERT INTO account VALUES ('t', 'ramai', 'x', 's-1', 'Ayu', '{}', 3, 0)")
    base.commit()
    base.close()
    for _ in range(2):
        account = Store(file).account("t", "ramai")
        assert (account.nickname, account.changed, account.way) == ("Ayu", 3, "")
