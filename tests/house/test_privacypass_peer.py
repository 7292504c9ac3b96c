"""
Others' client of Privacy Pass gets tokens from the running house, and a gate of another origin takes each once.

Afterwards the house's files are searched: nothing that could join a wallet and a use stands there.
"""

import json
import subprocess

import pytest
from tests.age_house import files_with, gate, new_check, start
from tests.architecture.source import PACKAGE
from tests.peers import FOLDER, NODE

pytestmark = pytest.mark.slow

MODULE = PACKAGE / "rooms" / "ages" / "static" / "ages" / "token.js"


def peer(**said):
    done = subprocess.run(
        [NODE, FOLDER / "privacypass.mjs", MODULE],
        input=json.dumps(said), capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("stock", [False, True], ids=["a challenge of each visit", "tokens of stock"])
def test_anothers_client_and_our_module_are_taken_once_and_leave_no_trace(house, tmp_path, stock):
    base = start(house)
    wallet = new_check(house, proved=True)
    (tmp_path / "gerbang").mkdir()
    with gate(base, tmp_path / "gerbang", stock=stock) as door:
        found = peer(house=base, secret=wallet["secret"], gate=door)
    assert found["listed"]
    assert found["agree"]
    # asked; then twice the same token: taken, and (the visit being open, a token is looked at all the same) refused
    assert found["statuses"] == [401, 200, 401, 200, 401]
    assert found["codes"] == ["", "spent", "", "spent"]
    assert "Traceback" not in house.said()
    needles = {}
    for name in ("requests", "responses", "tokens"):
        for number, one in enumerate(bytes.fromhex(text) for text in found[name]):
            needles[f"{name} {number}"] = one[3:] if name == "requests" else one
            if name == "tokens":
                needles[f"nonce {number}"] = one[2:34]
                needles[f"authenticator {number}"] = one[98:]
    assert len(needles) == 10
    assert files_with(house.data, needles) == []
    house.stop_all()
    assert files_with(house.data, needles) == []


def test_the_search_finds_what_it_should(tmp_path):
    (tmp_path / "log").write_bytes(b"x" + b"\xff\xfe\xfd".hex().encode())
    assert files_with(tmp_path, {"a": b"\xff\xfe\xfd"}) == [("log", "a hex")]
