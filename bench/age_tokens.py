"""
Checking and signing age tokens beside what no way leads around: `python -m bench.age_tokens`.

Prints a JSON object, each rate per CPU second. Ours and the primitive take turns, so that a busy moment meets both.
"""

import json
import secrets
import statistics
import time
from collections.abc import Callable

import gmpy2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from ruangaman.client import tokens as client
from ruangaman.core.age_checks import ASSURANCES
from ruangaman.core.credentials import blind_rsa, token_check, token_directory, token_keys, tokens
from ruangaman.core.credentials.token_directory import DirectoryKey

ROUNDS = 9
CPU_SECONDS = 0.25
AT_ONCE = 8
"""Between two looks at the clock, which cost half a microsecond each."""
NOW = 1_800_000_000
CLAIM = "age_over_16"
PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=48)


def in_turn(**works: Callable[[], object]) -> dict[str, float]:
    """The median rate of each, a round of every one after the other."""
    seen: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            done, start = 0, time.process_time()
            while (spent := time.process_time() - start) < CPU_SECONDS:
                for _ in range(AT_ONCE):
                    work()
                done += AT_ONCE
            seen[name].append(done / spent)
    return {name: statistics.median(rates) for name, rates in seen.items()}


def main() -> None:
    made = rsa.generate_private_key(65537, 2048)
    numbers = made.private_numbers()
    key = blind_rsa.SigningKey.of(numbers.p, numbers.q, 65537)
    directory = token_directory.write_directory(
        "/age-tokens",
        [DirectoryKey(token_keys.spki(key.public), CLAIM, "strict", NOW - 60, NOW + 600)],
    )
    asked = tokens.TokenChallenge("issuer.example", secrets.token_bytes(32), ("origin.example",)).encode()
    pending = tokens.begin(asked, token_keys.spki(key.public), secrets.token_bytes)
    issuing = tokens.IssuingKeys.of([key])
    token = tokens.finish(pending, tokens.issue(pending.request, issuing, secrets.token_bytes))

    keys = token_check.known_keys(token_directory.read_directory(directory).token_keys)
    policy = token_check.Policy.of([CLAIM], "standard", ASSURANCES)
    digests = {tokens.challenge_digest(asked)}
    theirs = client.read_directory(directory)
    public = made.public_key()
    message, signature, digest = token[:98], token[98:], hashes.SHA384()

    def fresh(_nonce: bytes, _key_id: bytes) -> bool:
        return True

    checks = in_turn(
        core=lambda: token_check.check(token, keys, policy, digests, NOW, fresh),
        client=lambda: client.check_token(
            token, theirs, CLAIM, {"standard", "strict"}, [asked], fresh, now=NOW
        ),
        raw=lambda: public.verify(signature, message, PSS, digest),
    )
    blinded = pending.request[3:]
    number = int.from_bytes(blinded, "big")
    assert blind_rsa.GMPY2 is not None
    fast = blind_rsa.GMPY2
    mpz, power = gmpy2.mpz, gmpy2.powmod_sec
    p, q = mpz(key.p), mpz(key.q)

    def raw_gmpy2() -> None:
        base = mpz(number)
        left, right = power(base % p, key.dp, p), power(base % q, key.dq, q)
        int(right + q * ((left - right) * key.qinv % p)).to_bytes(256, "big")

    signs = in_turn(
        gmpy2=lambda: blind_rsa.blind_sign(key, blinded, secrets.token_bytes, fast),
        raw_gmpy2=raw_gmpy2,
    )
    plain = in_turn(python=lambda: blind_rsa.blind_sign(key, blinded, secrets.token_bytes))
    print(json.dumps({"check": checks, "sign": signs | plain}))


if __name__ == "__main__":
    main()
