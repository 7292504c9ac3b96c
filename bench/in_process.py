"""The engine by itself and beside its peers, each measurement in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench import sample
from bench.machine import ROOT
from bench.table import Row, against_limit, against_peer, number

KNOWN = 3_000
MIXED = 20_000
PEERS = ROOT / "bench" / "peers"
PEERS_PYTHON = ROOT / ".bench-venv" / "bin" / "python"
OPENFISCA_PYTHON = ROOT / ".bench-openfisca-venv" / "bin" / "python"
OPEN = ("allow", "not_a_child")


class DisagreementError(RuntimeError):
    """A peer answers another question than ours: its rate would say nothing."""


def child(command: list[str]) -> dict[str, Any]:
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=180, check=False)
    if ran.returncode:
        raise RuntimeError(f"{' '.join(command)}: exit {ran.returncode}\n{ran.stderr[-2000:]}")
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def ours(what: str, folder: Path) -> dict[str, Any]:
    return child([sys.executable, "-m", "bench.measure", what, str(folder)])


def peer(name: str, folder: Path, outcomes: list[str], python: Path = PEERS_PYTHON) -> dict[str, float]:
    """A peer's rates by way of asking, after its outcomes were compared with ours one by one."""
    found = child([str(python), str(PEERS / f"{name}.py"), str(folder / "peers.json")])
    theirs = found["outcomes"] if found["outcomes"] is not None else found["open"]
    expected = outcomes if found["outcomes"] is not None else [each in OPEN for each in outcomes]
    differing = [
        number for number, pair in enumerate(zip(theirs, expected, strict=True)) if pair[0] != pair[1]
    ]
    if differing:
        first = differing[0]
        facts = json.loads((folder / "peers.json").read_text())[first]
        raise DisagreementError(
            f"{name} differs in {len(differing)} of {len(expected)}, the first time on {facts}: "
            f"{theirs[first]}, ours {expected[first]}"
        )
    rates: dict[str, float] = found["rates"]
    return rates


def write_sample(folder: Path) -> None:
    known = sample.known(KNOWN)
    (folder / "known.json").write_text(json.dumps(known))
    (folder / "peers.json").write_text(json.dumps(sample.for_peers(known)))
    (folder / "mixed.jsonl").write_bytes(b"".join(sample.lines(MIXED)))


def cold_and_warm(name: str, found: dict[str, float], at_least: float) -> list[Row]:
    return [
        against_limit(f"{name}, warm", found["warm"], at_least),
        Row(f"{name}, cold", f"{number(found['cold'])}/s"),
    ]


def rows(folder: Path) -> list[Row]:
    write_sample(folder)
    known = ours("known", folder)
    outcomes: list[str] = known["outcomes"]
    typed, from_dict, columns = known["typed"], known["dict"], ours("columns", folder)
    mixed = ours("typed", folder)

    plain = peer("plain", folder, outcomes)["one at a time"]
    cedar = peer("cedar", folder, outcomes)
    rego = peer("rego", folder, outcomes)
    zen = peer("zen_table", folder, outcomes)
    openfisca = peer("openfisca", folder, outcomes, OPENFISCA_PYTHON)
    return [
        *cold_and_warm("Typed facts → full answer, read with its `valid_until`, mixed", mixed, 1e6),
        *cold_and_warm("Dict → full answer, all validated, mixed", ours("dict", folder), 3e5),
        *cold_and_warm("JSON line → JSON line, mixed", ours("line", folder), 1.2e5),
        against_limit("NumPy columns → outcome, reason, date of change", columns["warm"], 4e7),
        against_peer("Typed, known facts", typed, "plain Python, six conditions, yes or no", plain),
        against_peer("Typed, known facts", typed, "Cedar, one at a time", cedar["typed, one at a time"], 50),
        against_peer("Dict, known facts", from_dict, "Cedar, one at a time", cedar["dict, one at a time"]),
        against_peer("Typed, known facts", typed, "Cedar, batch of 1,000", cedar["batch of 1,000"]),
        against_peer("Typed, known facts", typed, "Rego, one at a time", rego["typed, one at a time"]),
        against_peer("Dict, known facts", from_dict, "Rego, one at a time", rego["dict, one at a time"]),
        against_peer("Dict, known facts", from_dict, "ZEN, one at a time", zen["dict, one at a time"]),
        against_peer("Dict, known facts", from_dict, "ZEN, batch of 1,000", zen["batch of 1,000"]),
        against_peer(
            "Typed, known facts", typed, "OpenFisca, one at a time", openfisca["typed, one at a time"], 100
        ),
        against_peer("NumPy columns", columns["warm"], "OpenFisca, one vector", openfisca["columns"]),
    ]
