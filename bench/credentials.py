"""Age proofs beside their peers and the primitives that they cannot do without."""

import sys
from pathlib import Path

from bench.in_process import child
from bench.table import Row, against_peer


def status_list() -> list[Row]:
    found = child([sys.executable, "-m", "bench.status_list"])
    what = "Status list, 10 million, 1 % set"
    return [
        Row(
            f"{what}: size",
            f"{found['cwt_bytes'] / 1e3:.0f} kB as CWT, {found['jwt_bytes'] / 1e3:.0f} kB as JWT",
            peer=f"what its bits tell (entropy): {found['least_bytes'] / 1e3:.0f} kB",
            ratio=found["cwt_bytes"] / found["least_bytes"],
        ),
        Row(
            f"{what}: build, from one byte an entry to a signed CWT",
            f"{found['build']:.2f} s",
            peer=f"zlib at level 9 alone: {found['raw_deflate']:.2f} s",
            ratio=found["build"] / found["raw_deflate"],
        ),
        against_peer(f"{what}: check a CWT", found["cwt"], "P-256 and inflating alone", found["raw_cwt"]),
        against_peer(
            f"{what}: check a JWT", found["jwt"], "P-256, base64 twice and inflating alone", found["raw_jwt"]
        ),
        Row(f"{what}: look up one entry of a list that is kept", f"{found['look_up'] / 1e6:.3g} M/s"),
    ]


def rows(_folder: Path) -> list[Row]:
    return status_list()
