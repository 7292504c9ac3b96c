"""Age proofs beside their peers and the primitives that they cannot do without."""

import statistics
import sys
from pathlib import Path

from bench import issuing
from bench.in_process import PEERS, PEERS_PYTHON, child
from bench.table import Row, against_peer

SD_JWT_TURNS = 3
REFERENCE = "the reference package sd-jwt"
NEW_KEY = "the holder's key new"


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


def age_tokens(folder: Path) -> list[Row]:
    found = child([sys.executable, "-m", "bench.age_tokens"])
    check, sign = found["check"], found["sign"]
    what, least = "Age token, RSA 2048", "two powers by CRT alone, in gmpy2"
    return [
        against_peer(f"{what}: check", check["core"], "RSASSA-PSS alone", check["raw"], 0.9),
        against_peer(
            f"{what}: check by the client's one file", check["client"], "RSASSA-PSS alone", check["raw"]
        ),
        against_peer(f"{what}: sign blindly, with gmpy2", sign["gmpy2"], least, sign["raw_gmpy2"], 0.9),
        against_peer(f"{what}: sign blindly, plain Python", sign["python"], least, sign["raw_gmpy2"]),
        *issuing.rows(folder, sign),
    ]


def sd_jwt(folder: Path) -> list[Row]:
    """The reference lives in another environment, so the two programs take turns."""
    ours, theirs = [], []
    for _ in range(SD_JWT_TURNS):
        ours.append(child([sys.executable, "-m", "bench.sd_jwts", str(folder)]))
        theirs.append(
            child([str(PEERS_PYTHON), str(PEERS / "sd_jwt_reference.py"), str(folder / "sd_jwt.json")])
        )
    rate = {name: statistics.median(each[name] for each in ours) for name in ours[0]}
    reference = statistics.median(each["verify"] for each in theirs)
    what = "SD-JWT VC with KB-JWT: verify"
    return [
        against_peer(what, rate["ours"], REFERENCE, reference, 3),
        against_peer(what, rate["ours"], "polaris-oid4vp", rate["polaris"], 1),
        against_peer(what, rate["ours"], "P-256 twice alone", rate["raw"]),
        against_peer(what, rate["ours"], f"P-256 twice alone, {NEW_KEY}", rate["raw_new_key"]),
        against_peer(what, rate["ours"], f"P-256 twice alone, {NEW_KEY}, AWS-LC", rate["raw_aws_lc"]),
        against_peer(f"{what}, without the extra", rate["without_extra"], REFERENCE, reference),
        against_peer(f"P-256 twice alone, {NEW_KEY}", rate["raw_new_key"], REFERENCE, reference),
    ]


def mdoc() -> list[Row]:
    found = child([sys.executable, "-m", "bench.mdocs"])
    cases = {
        "known": ("signer known", "P-256 twice alone, the device's key new"),
        "new": ("signer new", "P-256 three times alone, two keys new"),
        "many": ("30 elements, signer known", "P-256 twice alone, the device's key new"),
    }
    rows = []
    for case, (name, least) in cases.items():
        what, rate = f"mdoc, {name}: check whole", found[case]
        rows += [
            against_peer(what, rate["ours"], least, rate["raw"], 0.6),
            against_peer(what, rate["ours"], "openvc-core", rate["openvc"], 1.5),
            against_peer(f"{what}, without the extra", rate["without_extra"], "openvc-core", rate["openvc"]),
        ]
    return rows


def rows(folder: Path) -> list[Row]:
    return [*status_list(), *age_tokens(folder), *sd_jwt(folder), *mdoc()]
