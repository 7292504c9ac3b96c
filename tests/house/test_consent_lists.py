"""Others' library in Node reads from a running house whether a permission still stands; so does the Python client."""

import json
import subprocess
import time

import pytest
from tests.house.test_cards_in_others_wallets import inside, living
from tests.peers import FOLDER, NODE

from ruangaman.client import Client
from ruangaman.client.statuses import ConsentLists

__all__ = ["living"]

pytestmark = pytest.mark.slow

A_SERVICE = """
from datetime import UTC, datetime
from ruangaman.rooms.access import api
from ruangaman.rooms.access.tests.conftest import make_services
now = datetime.now(UTC)
make_services(now)
print(api.create_key(service="obrol", now=now).text)
"""
SAYS = """
import sys
from datetime import UTC, datetime
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.conftest import answer, withdraw
now, session = datetime.now(UTC), sys.argv[1]
if sys.argv[2] == "yes":
    print(answer(session, yes=True, now=now))
else:
    withdraw(session, sys.argv[3], now=now)
"""


def peer(base, status):
    told = status["status_list"]
    done = subprocess.run(
        [NODE, FOLDER / "consent_list.mjs", base, told["uri"], str(told["idx"])],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_a_yes_stands_and_is_withdrawn_as_a_library_of_others_reads_it(living):
    house, _, base = living
    with Client(base, inside(house, A_SERVICE)) as client:
        session = client.open_session("obrol", "p-1", age={"at_least": 14, "at_most": 14})
        assert session.status is None
        who = inside(house, SAYS, session.id, "yes")
        told = client.session(session.id).status
        assert told is not None
        found = peer(base, told)
        assert found.pop("size") < 20_000
        assert found == {
            "type": "application/statuslist+jwt",
            "encoding": "gzip",
            "cached": "public, max-age=900",
            "bits": 2,
            "status": 0,
            "ttl": 900,
        }
        lists = ConsentLists(base)
        assert lists.stands(told)
        inside(house, SAYS, session.id, "no", who)
        assert peer(base, told)["status"] == 1
        assert lists.stands(told)  # what was fetched may be kept for a quarter of an hour
        assert not lists.stands(told, now=time.time() + 900)
        assert not ConsentLists(base).stands(told)
        (ended,) = [one for one in client.events() if one.type == "consent.withdrawn"]
        assert ended.data["status"] == told
    assert not ConsentLists("http://localhost:1").stands(told)
