"""
A status list of ten million, one in a hundred set, in a process of its own: `python -m bench.status_list`.

Prints a JSON object: bytes, CPU seconds of building, answers per CPU second of checking and looking up; `raw_` is the
primitive that the work cannot do without.
"""

import base64
import json
import math
import time
import zlib
from collections.abc import Callable

import numpy as np
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from bench.measure import repeatedly
from bench.sample import SEED
from ruangaman.core.credentials import status_list as lists
from ruangaman.core.credentials import status_list_build as build
from ruangaman.core.credentials import status_token as tokens

ENTRIES = 10_000_000
SET = ENTRIES // 100
LOOKED_UP = 100_000
URI = "https://umur.example/status/1"
NOW = 1_800_000_000


def spent(work: Callable[[], object]) -> float:
    """CPU seconds, the best of three: building is long enough for one look, and others disturb only upwards."""
    seen = []
    for _ in range(3):
        start = time.process_time()
        work()
        seen.append(time.process_time() - start)
    return min(seen)


def main() -> None:
    chance = np.random.default_rng(SEED)
    statuses = np.zeros(ENTRIES, dtype=np.uint8)
    statuses[chance.choice(ENTRIES, SET, replace=False)] = lists.INVALID
    key = ec.generate_private_key(ec.SECP256R1())

    def sign(data: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")

    claims = {"sub": URI, "iat": NOW, "exp": NOW + 86_400, "ttl": 900, "alg": "ES256", "sign": sign}

    def built() -> bytes:
        return tokens.status_cwt(build.status_list(statuses, 1), kid=b"1", **claims)

    made = build.status_list(statuses, 1)
    cwt, jwt = built(), tokens.status_jwt(made, kid="1", **claims)
    packed = lists.deflate(made.packed)
    der = key.sign(cwt, ec.ECDSA(hashes.SHA256()))
    payload = base64.urlsafe_b64encode(base64.urlsafe_b64encode(packed))
    public = key.public_key()
    signer = {"now": NOW, "key_of": lambda _header: public}
    indexes = [int(each) for each in chance.integers(0, ENTRIES, LOOKED_UP)]
    if sum(made.status(idx) for idx in range(0, ENTRIES, 7)) != int(statuses[::7].sum()):
        raise RuntimeError("the list says something else than what was put into it")

    def raw_cwt() -> None:
        public.verify(der, cwt, ec.ECDSA(hashes.SHA256()))
        zlib.decompress(packed)

    def raw_jwt() -> None:
        public.verify(der, cwt, ec.ECDSA(hashes.SHA256()))
        zlib.decompress(base64.urlsafe_b64decode(base64.urlsafe_b64decode(payload)))

    def look_up() -> None:
        status = made.status
        for idx in indexes:
            status(idx)

    share = SET / ENTRIES
    entropy = -share * math.log2(share) - (1 - share) * math.log2(1 - share)
    print(
        json.dumps(
            {
                "cwt_bytes": len(cwt),
                "jwt_bytes": len(jwt),
                "least_bytes": entropy * ENTRIES / 8,
                "build": spent(built),
                "raw_deflate": spent(lambda: zlib.compress(made.packed, 9)),
                "cwt": repeatedly(lambda: tokens.check_status_cwt(cwt, URI, **signer), 1),
                "raw_cwt": repeatedly(raw_cwt, 1),
                "jwt": repeatedly(lambda: tokens.check_status_jwt(jwt, URI, **signer), 1),
                "raw_jwt": repeatedly(raw_jwt, 1),
                "look_up": repeatedly(look_up, LOOKED_UP),
            }
        )
    )


if __name__ == "__main__":
    main()
