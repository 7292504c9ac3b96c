"""Each version of the directory is proved in the ledger to whoever asks, and the wallet's own module checks it."""

import hashlib
import json
import subprocess
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from tests.architecture.source import PACKAGE
from tests.peers import FOLDER, NODE

from ruangaman.core import chain, merkle
from ruangaman.rooms.ages import issuer_keys
from ruangaman.rooms.ages.models import IssuerKey
from ruangaman.rooms.ledger import api as ledger

pytestmark = pytest.mark.slow

MODULE = PACKAGE / "rooms" / "ages" / "static" / "ages" / "catatan.js"
PATH = "/age-tokens/directory"


def noise(count, hour):
    """Other acts of the house."""
    with transaction.atomic():
        for number in range(count):
            ledger.append("test.act", {"number": number}, at=hour())


@pytest.fixture
def three(db, hour):
    """What the house tells of three versions, each as it stood when it was new."""
    found = []
    for count in (5, 300, 11):
        noise(count, hour)
        found.append(Client().get(PATH).json())
        key = IssuerKey.objects.filter(withdrawn_at__isnull=True).first()
        issuer_keys.withdraw(bytes(key.key_id), now=hour.pass_(hours=1))
    return found


def holds(told):
    leaf = chain.leaf(told["entry"].encode())
    path = [bytes.fromhex(one) for one in told["inclusion"]]
    root = bytes.fromhex(told["tree"]["root"])
    return merkle.includes(leaf, told["ledger-index"], told["tree"]["size"], path, root)


@pytest.mark.django_db
def test_what_is_published_is_proved_to_everybody_alike(hour):
    noise(7, hour)
    body = Client().get("/.well-known/private-token-issuer-directory").content
    reply = Client().get(PATH)
    told = reply.json()
    assert reply["Access-Control-Allow-Origin"] == "*"
    said = json.loads(told["entry"])
    assert said["kind"] == "age.directory"
    assert said["public"] == {"sha256": hashlib.sha256(body).hexdigest()} == {"sha256": told["sha256"]}
    assert said["index"] == told["ledger-index"] == told["tree"]["size"] - 1
    assert holds(told)
    noise(40, hour)  # what else is written shows in no proof
    assert Client().get(PATH).json() == told
    assert set(told) == {"number", "sha256", "ledger-index", "published", "entry", "tree", "inclusion"}


def test_a_later_version_proves_that_nothing_before_was_rewritten(three):
    first, second, third = three
    assert [holds(one) for one in three] == [True] * 3
    assert first["number"] < second["number"] < third["number"]
    for old in (first, second):
        told = Client().get(f"{PATH}?since={old['number']}").json()
        proof = [bytes.fromhex(one) for one in told.pop("consistency")]
        assert told["number"] > third["number"]
        before, after = ((one["tree"]["size"], bytes.fromhex(one["tree"]["root"])) for one in (old, told))
        assert merkle.extends(*before, *after, proof)
    newest = Client().get(PATH).json()
    same = Client().get(f"{PATH}?since={newest['number']}").json()
    assert same == {**newest, "consistency": []}


@pytest.mark.django_db
@pytest.mark.parametrize("since", ["0", "999", "-1", "x", "", "1" * 30])
def test_a_version_that_never_was_has_no_proof(hour, since):
    Client().get(PATH)
    assert Client().get(f"{PATH}?since={since}").status_code == 404


def checked(*cases):
    """What the wallet's module says of each (told, digest, kept): what it keeps, or the word of its refusal."""
    done = subprocess.run(
        [NODE, FOLDER / "ledger_check.mjs", MODULE],
        input=json.dumps(cases),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_wallets_module_takes_what_is_true_and_nothing_else(three):
    first, second, _third = three
    told = Client().get(f"{PATH}?since={second['number']}").json()
    kept = {"number": second["number"], "digest": second["sha256"], **second["tree"]}
    digest, tree = told["sha256"], told["tree"]
    newest = {"number": told["number"], "digest": digest, **tree}
    good = [
        (told, digest, None),
        (told, digest, kept),
        (told, digest, {"number": 1, "digest": "", "keys": []}),  # kept by a wallet that knew of no tree
        (told, digest, newest),
        *((one, one["sha256"], None) for one in three),
    ]
    assert [one.get("kept", one) for one in checked(*good)] == [one[0]["tree"] for one in good]
    zero = "0" * 64
    of_another = json.dumps(json.loads(told["entry"]) | {"kind": "age.key-withdrawn"})
    bad = [
        (told, zero, None),
        ({**told, "sha256": zero}, zero, None),
        ({**told, "entry": told["entry"].replace(digest, zero)}, zero, None),
        ({**told, "entry": told["entry"].replace(digest, zero), "sha256": zero}, zero, None),
        ({**told, "entry": of_another}, digest, None),
        ({**told, "entry": "{"}, digest, None),
        ({**told, "entry": None}, digest, None),
        ({**told, "tree": {**tree, "root": zero}}, digest, None),
        ({**told, "tree": {**tree, "size": tree["size"] + 1}}, digest, None),
        ({**told, "tree": {**tree, "size": told["ledger-index"]}}, digest, None),
        ({**told, "tree": None}, digest, None),
        ({**told, "inclusion": told["inclusion"][:-1]}, digest, None),
        ({**told, "inclusion": [*told["inclusion"], zero]}, digest, None),
        ({**told, "inclusion": [zero, *told["inclusion"][1:]]}, digest, None),
        ({**told, "inclusion": [1, 2]}, digest, None),
        ({**told, "ledger-index": told["ledger-index"] - 1}, digest, None),
        ({**told, "consistency": []}, digest, kept),
        ({**told, "consistency": None}, digest, kept),
        ({**told, "consistency": [zero, *told["consistency"][1:]]}, digest, kept),
        (told, digest, {**kept, "root": zero}),  # another history
        (told, digest, {**kept, "size": kept["size"] - 1}),
        (first, first["sha256"], kept),  # back to an older one
        ({**told, "number": kept["number"] - 1}, digest, kept),  # an older number for a longer history
        (told, digest, {**newest, "digest": zero}),  # the same number with other keys
        (told, digest, {**newest, "root": zero}),
    ]
    assert [one.get("refused", one) for one in checked(*bad)] == ["ledger"] * len(bad)


@pytest.mark.slow
def test_the_wallets_module_makes_of_every_small_tree_what_it_is():
    leaves = [chain.leaf(bytes([number])) for number in range(20)]
    cases = []
    for size in range(1, 21):
        root = merkle.root(leaves[:size])
        of = lambda begin, end: merkle.root(leaves[begin:end])  # noqa: E731
        for index in range(size):
            path = merkle.inclusion(index, size, of)
            cases.append({"leaf": leaves[index].hex(), "index": index, "size": size,
                          "path": [one.hex() for one in path], "root": root.hex()})  # fmt: skip
        for old in range(1, size + 1):
            proof = merkle.consistency(old, size, of)
            cases.append({"old": old, "oldRoot": merkle.root(leaves[:old]).hex(), "size": size,
                          "root": root.hex(), "path": [one.hex() for one in proof]})  # fmt: skip
    assert checked(*cases) == [True] * len(cases)
    bent = [{**one, "root": "0" * 64} for one in cases]
    assert checked(*bent) == [False] * len(bent)


def test_a_week_later_the_new_directory_is_proved_too(three, hour):
    before = Client().get(PATH).json()
    hour.pass_(days=7)
    after = Client().get(f"{PATH}?since={before['number']}").json()
    assert after["number"] > before["number"]
    assert holds(after)
    assert timedelta(days=6).total_seconds() < after["published"] - before["published"]
