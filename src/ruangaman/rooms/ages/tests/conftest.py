"""A moved clock, and wallets of people of a known age."""

from datetime import UTC, datetime, timedelta

import pytest

from ruangaman.adapters import clock, ids
from ruangaman.rooms.ages import checks, holders, issuer_keys
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
def _no_keys_in_memory():
    issuer_keys._KEPT.clear()


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
