"""An age that is proved while the platform acts on the same account: the two never wait in a circle."""

import pytest
from django.test import Client
from tests.at_once import writers

from ruangaman.rooms.access.tests.test_age_checks import come_back, path_of, school, verdict, visit
from ruangaman.rooms.access.tests.test_lock_order import crossed
from ruangaman.rooms.ages.models import AgeCheck
from ruangaman.rooms.ledger import api as ledger

__all__ = ["school", "writers"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

TOLD = {"age": {"at_least": 17, "at_most": 17}, "evidence": "self_declared"}
BETTER = {"age": {"at_least": 18}, "evidence": "verified", "assurance": "strict"}


@pytest.mark.parametrize(
    ("act", "left"),
    [
        ("tell", 410),
        ("close", 410),
        ("sign up", 200),
    ],  # 410: the platform was first, and no check is needed any more
)
def test_a_proof_and_an_act_of_the_platform(platform, school, hour, monkeypatch, act, left):
    house = platform("ramai")
    session = house.sign_up("ramai", **TOLD).json["id"]
    browser = Client()
    _, asked = visit(browser, path_of(house.get(f"/v1/sessions/{session}").json["next"]["url"]))

    def do() -> int:
        if act == "tell":
            return house.post(f"/v1/sessions/{session}/age", BETTER).status
        if act == "close":
            return house.call("DELETE", f"/v1/sessions/{session}").status
        return house.sign_up("ramai", age={"at_least": 15, "at_most": 17}, evidence="self_declared").status

    def prove() -> int:
        return come_back(browser, asked, verdict(asked, True, hour)).status_code

    assert crossed(monkeypatch, do, prove, ledger, "append") == [200, left]
    assert AgeCheck.objects.filter(decided_at__isnull=False).exists() == (left == 200)
