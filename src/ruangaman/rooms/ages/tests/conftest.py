"""A moved clock, and wallets of people of a known age."""

from datetime import UTC, datetime, timedelta

import pytest

from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import card_keys, checks, directory_proofs, holders, issuer_keys, status_lists
from ruangaman.rooms.ages.checks import Proved
from ruangaman.rooms.ages.models import AgeCheck, Attempt

NOON = datetime(2026, 11, 25, 5, 0, tzinfo=UTC)  # 12.00 WIB, a Wednesday; epochs begin on Thursdays
SERVICE = {"risk_profile": "high", "designed_for_children": False}
CARD = {"slug": "ramai", "name": "Ramai", "operator": "PT Contoh Ramai"}


class Hour:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


@pytest.fixture
def hour(monkeypatch):
    found = Hour()
    monkeypatch.setattr(clock, "now", found)
    return found


@pytest.fixture(autouse=True)
def _nothing_in_memory():
    for kept in (issuer_keys._KEPT, card_keys._KEPT, status_lists._TOLD, directory_proofs._KEPT):
        kept.clear()


@pytest.fixture
def one_claim(monkeypatch):
    """Fewer keys to make: one claim, both assurances."""
    monkeypatch.setattr(issuer_keys, "claims", lambda now: ("age_over_16",))


def decided(threshold, over, *, way="institution", assurance="strict", now=NOON) -> AgeCheck:
    """A check that somebody answered, as the page of a way leaves it."""
    row = checks.ask(
        ids.new(now), jurisdiction="ID", card=CARD, facts=SERVICE, needed=True,
        threshold=threshold, bounds=[threshold], language="id", now=now,
    )  # fmt: skip
    return checks.decide(_begin(row, way, now), Proved(over, assurance), now=now)


def _begin(row, way, now):
    return Attempt.objects.create(
        id=ids.new(now), question=row, method=way, state=row.pk.bytes * 2, browser=bytes(32),
        began_at=now, ends_at=now + timedelta(minutes=10),
    )  # fmt: skip


def wallet(threshold=16, over=True, *, now=NOON, **more):
    """The secret of a wallet that holds such a proof, and its row."""
    secret = holders.open_wallet(decided(threshold, over, now=now, **more), now=now)
    return secret, holders.login(secret)


@pytest.fixture
def wallet_house(settings):
    """A house at an https address that asks wallets, without a certificate; nothing is remembered from another test."""
    from ruangaman.rooms.ages import wallet_asking, wallet_status, wallet_trust
    from ruangaman.rooms.ages.tests import presenting

    settings.BASE_URL = presenting.BASE
    settings.WALLET_ENCRYPTED = True
    settings.WALLET_CERTIFICATE_FILE = settings.WALLET_KEY_FILE = ""
    settings.WALLET_CLIENT_ID = "X509_SAN_DNS"
    wallet_trust._read.cache_clear()
    wallet_asking._certificate.cache_clear()
    wallet_status.forget_all()
    yield
    wallet_status.forget_all()


@pytest.fixture
def begun(hour, wallet_house):
    """A check and a browser that began, on a house that trusts the test issuer."""
    from ruangaman.rooms.ages.tests import presenting

    presenting.trusted(hour())
    row, path = presenting.asked(hour())
    return row, presenting.Browser(path).begin()


@pytest.fixture
def lists(hour, monkeypatch):
    """The issuer's server of status lists."""
    from ruangaman.adapters import http_out
    from ruangaman.rooms.ages.tests.presenting import Lists

    found = Lists(hour)
    monkeypatch.setattr(http_out, "get", found.get)
    return found
