"""The wallet's own module makes of published vectors what they say: RFC 9578 (tokens), RFC 9474 (blind RSA)."""

import json
import subprocess

import pytest
from tests.architecture.source import PACKAGE, ROOT
from tests.peers import FOLDER, NODE

MODULE = PACKAGE / "rooms" / "ages" / "static" / "ages" / "token.js"
DATA = ROOT / "tests" / "vectors" / "data"
FILES = {
    "rfc9577-9578-privacy-pass/pub_verif_rfc9578.go.json": 5,
    "rfc9474-blind-rsa/rfc9474_vectors.json": 3,
}


def run(module, file):
    done = subprocess.run(
        [NODE, FOLDER / "token_vectors.mjs", module, file], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("file", FILES)
def test_the_module_agrees_with_every_vector(file):
    found = run(MODULE, DATA / file)
    assert len(found) == FILES[file]
    assert [one for one in found if not all(one.values())] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("masked[0] &= 0x7f", "masked[0] &= 0xff"),
        ("Uint8Array.of(0, 0, 0, count)", "Uint8Array.of(0, 0, count, 0)"),
        ("key.id[31]", "key.id[0]"),
    ],
)
def test_a_slip_in_the_module_is_seen(right, wrong, tmp_path):
    text = MODULE.read_text()
    assert text.count(right) == 1
    (tmp_path / "token.mjs").write_text(text.replace(right, wrong))
    done = subprocess.run(
        [NODE, FOLDER / "token_vectors.mjs", tmp_path / "token.mjs", DATA / next(iter(FILES))],
        capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode or not all(all(one.values()) for one in json.loads(done.stdout))
