"""
Age tokens over HTTP: wallets fetch blind signatures from the running house, one process of it on one core.

Each wallet takes a batch of one key in a row, as before a day out, and then the next wallet comes; its quota holds
throughout. Blinded messages are numbers below every modulus, made before the clock starts; a real token is fetched
first, and a wallet is led to the end of its quota.
"""

import os
import secrets
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from bench import house
from bench.consent import Browser, Measured, UnexpectedError
from bench.machine import CLIENT_CORE, Server, pin
from bench.table import Row, against_peer, number
from ruangaman.core.credentials import tokens
from ruangaman.core.credentials.token_directory import PATH, REQUEST_MEDIA_TYPE, read_directory

WALLETS = 600
BATCH, QUOTA = 10, 30
CLIENTS = 4
SECONDS = 5.0
ROUNDS = 3
ASKED = tokens.TokenChallenge("localhost:8000", secrets.token_bytes(32), ("platform.example",)).encode()


@dataclass(frozen=True, slots=True)
class Wallets:
    """The secrets of all wallets, and the last bytes of the keys that each may fetch of."""

    secrets: list[str]
    keys: list[bytes]

    def batches(self) -> Iterator[tuple[dict[str, str], bytes]]:
        """Each wallet in turn with each key, as often as the quota allows."""
        for _, key, secret in product(range(QUOTA // BATCH), self.keys, self.secrets):
            yield {"Authorization": f"Bearer {secret}", "Content-Type": REQUEST_MEDIA_TYPE}, key


def request(key: bytes) -> bytes:
    """Token type, last byte of the key's id, and a number below every modulus of its length (RFC 9578 6.1)."""
    return b"\x00\x02" + key[-1:] + b"\x00" + secrets.token_bytes(255)


def one_to_the_end(port: int, secret: str) -> None:
    """A token that verifies, then all that the quota leaves, then a refusal."""
    browser = Browser(port)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": REQUEST_MEDIA_TYPE}
    directory = read_directory(browser.call("GET", PATH)[0])
    now = int(time.time())
    key = next(
        one
        for one in directory.token_keys
        if (one.claim, one.assurance) == ("age_over_18", "strict") and one.not_before <= now
    )
    pending = tokens.begin(ASKED, key.token_key, secrets.token_bytes)
    tokens.finish(pending, browser.call("POST", "/age-tokens", pending.request, headers)[0])
    for _ in range(QUOTA - 1):
        browser.call("POST", "/age-tokens", request(key.token_key_id), headers)
    browser.call("POST", "/age-tokens", request(key.token_key_id), headers, 429)


def measure(server: Server, batches: Iterator[tuple[dict[str, str], bytes]]) -> Measured:
    """CLIENTS wallets at a time for SECONDS. CPU seconds are those of the web process."""
    turn = threading.Lock()
    done, failed = [0] * CLIENTS, list[BaseException]()
    ready = [request(b"\x00") for _ in range(1_000)]
    until = time.monotonic() + SECONDS

    def work(number: int) -> None:
        browser, at = Browser(server.port), number
        try:
            while time.monotonic() < until and not failed:
                with turn:
                    headers, key = next(batches)
                for _ in range(BATCH):
                    at = (at + CLIENTS) % len(ready)
                    body = ready[at][:2] + key[-1:] + ready[at][3:]
                    if len(browser.call("POST", "/age-tokens", body, headers)[0]) != 256:
                        raise UnexpectedError("no blind signature")
                done[number] += BATCH
        except BaseException as error:
            failed.append(error)

    before, start = server.cpu_seconds(), time.monotonic()
    threads = [threading.Thread(target=work, args=(each,)) for each in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, spent = time.monotonic() - start, server.cpu_seconds() - before
    if failed:
        raise failed[0]
    return Measured(sum(done) / seconds, sum(done) / spent, 0.0)


def without_gmpy2(folder: Path) -> dict[str, str]:
    """An environment in which the optional package is not to be had."""
    folder.mkdir(parents=True)
    (folder / "gmpy2.py").write_text("raise ImportError\n")
    ours = os.environ.get("PYTHONPATH", "")
    found = {"PYTHONPATH": os.pathsep.join([str(folder), ours] if ours else [str(folder)])}
    told = "from ruangaman.core.credentials import blind_rsa; print('null' if blind_rsa.GMPY2 else '{}')"
    if house.told_by([sys.executable, "-c", told], found) is None:
        raise RuntimeError("gmpy2 is still there")
    return found


def rows(folder: Path, sign: dict[str, float]) -> list[Row]:
    """`sign`: blind signatures per CPU second in process, by arithmetic."""
    with pin(CLIENT_CORE):
        made = house.make(folder / "wallets")
        told = made.fill("bench.fill_wallets", str(WALLETS))
        wallets = Wallets(told["secrets"], [bytes.fromhex(one) for one in told["keys"]])
        to_the_end = [wallets.secrets.pop() for _ in range(2)]
        batches = wallets.batches()
        with made.web() as fast, made.web(without_gmpy2(folder / "plain")) as plain:
            servers = {"gmpy2": fast, "python": plain}
            seen: dict[str, list[Measured]] = {name: [] for name in servers}
            for server in servers.values():
                one_to_the_end(server.port, to_the_end.pop())
            for _ in range(ROUNDS):  # in turns, so that a busy minute hits both
                for name, server in servers.items():
                    seen[name].append(measure(server, batches))
    median = {
        name: sorted(each, key=lambda one: one.per_cpu_second)[ROUNDS // 2] for name, each in seen.items()
    }
    what = "Age tokens issued over HTTP per core, SQLite (synchronous FULL)"
    return [
        *(
            against_peer(f"{what}, {words}", median[name].per_cpu_second, "signing alone", sign[name])
            for name, words in (("gmpy2", "with gmpy2"), ("python", "plain Python"))
        ),
        Row(
            f"the same by the wall clock, {CLIENTS} wallets at a time",
            f"{number(median['gmpy2'].per_second)}/s",
            peer=f"plain Python: {number(median['python'].per_second)}/s",
        ),
    ]
