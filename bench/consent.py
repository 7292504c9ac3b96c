"""
From request to answered consent through HTTP: a child signs up at a platform, a parent who was never here proves the
relation and says yes, the platform sees it. Twelve calls, each family a new one.
"""

import html
import http.client
import json
import re
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jws
from joserfc.jwk import OKPKey
from tests import postgres

from bench import fill, house
from bench.machine import CLIENT_CORE, Server, cpu_seconds, pin
from bench.table import Row, number

SECONDS = 8.0
WARM_UP = 3
CLIENTS = 4
CHILD_YEARS = 14
FORM = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
GUARDIANS_PAGE = re.compile(r"/izin/[A-Za-z0-9_-]+")


class UnexpectedError(RuntimeError):
    """The house answered otherwise than the story goes."""


@dataclass(slots=True)
class Browser:
    """One keep-alive connection with its cookies; follows nothing by itself."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)

    def call(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
        expect: int = 200,
    ) -> tuple[bytes, dict[str, str]]:
        sent = {"Host": "localhost", **(headers or {})}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.connection.request(method, path, body, sent)
        response = self.connection.getresponse()
        content = response.read()
        if response.status != expect:
            raise UnexpectedError(
                f"{method} {path.partition('?')[0]}: {response.status}\n{content[:1500].decode()}"
            )
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                cookie, _, given = value.partition(";")[0].partition("=")
                self.cookies[cookie] = given
        return content, {name.lower(): value for name, value in response.getheaders()}

    def page(self, path: str) -> str:
        return self.call("GET", path)[0].decode()

    def post(self, path: str, fields: dict[str, str], page: str, expect: int) -> str:
        """Send the form of `page`; gives the address that the answer leads to."""
        token = FORM.search(page)
        if token is None:
            raise UnexpectedError(f"no form on the page before {path}")
        body = urlencode({"csrfmiddlewaretoken": token.group(1), **fields}).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.call("POST", path, body, form, expect)[1]["location"]


class Family:
    """Signs up children of new families and answers for their parents."""

    def __init__(self, port: int, made: house.House) -> None:
        self.port = port
        self.office = OKPKey.import_key(dict(made.office_key))
        self.bearer = {"Authorization": f"Bearer {made.key}", "Content-Type": "application/json"}
        self.platform = Browser(port)
        self.done = 0

    def verdict(self, nonce: str, name_check: str) -> str:
        """What the office says of a parent and a child that it never saw before."""
        now = datetime.now(UTC)
        claims: dict[str, Any] = {
            "iss": fill.ISSUER,
            "aud": fill.AUDIENCE,
            "iat": int(now.timestamp()),
            "exp": int(now.timestamp()) + 300,
            "jti": secrets.token_urlsafe(24),
            "nonce": nonce,
            "verdict": {
                "verified": True,
                "method": "family_card",
                "provider": fill.OFFICE,
                "checked_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
                "reference": secrets.token_hex(8),
                "level": 3,
                "guardian": secrets.token_hex(16),
                "relation": "mother",
                "child": secrets.token_hex(16),
                "child_age": {"at_least": CHILD_YEARS, "at_most": CHILD_YEARS},
                "expires_at": (now + timedelta(days=365))
                .isoformat(timespec="seconds")
                .replace("+00:00", "Z"),
                "name_fits": True,
                "name_check": name_check,
            },
        }
        header = {"alg": "Ed25519", "kid": self.office.kid, "typ": "ra-verdict+jwt"}
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.office, algorithms=["Ed25519"])

    def once(self) -> None:
        """The whole way; raises UnexpectedError when a step goes elsewhere."""
        birth = (datetime.now(UTC) - timedelta(days=int(365.25 * CHILD_YEARS) + 60)).date()
        body = {
            "service": fill.SERVICE,
            "subject": secrets.token_hex(16),
            "country": "ID",
            "age": {"birth_date": birth.isoformat()},
            "evidence": "verified",
            "child": {"nickname": "Bima"},
        }
        made, _ = self.platform.call("POST", "/v1/sessions", json.dumps(body).encode(), self.bearer, 201)
        session = json.loads(made)
        self._state(session["id"], "waiting")

        guardian = Browser(self.port)
        childs_page = guardian.page(urlsplit(session["next"]["url"]).path)
        found = GUARDIANS_PAGE.search(childs_page)
        if found is None:
            raise UnexpectedError("the child's page names no page for the guardian")
        request = found.group()
        page = guardian.page(request)
        guardian.post(f"{request}/jawab", {"answer": "yes"}, page, 303)
        proof = guardian.page(f"{request}/bukti")
        asked = guardian.post(f"{request}/bukti/kantor/{fill.OFFICE}", {}, proof, 302)
        query = {name: values[0] for name, values in parse_qs(urlsplit(asked).query).items()}
        back = {"state": query["state"], "verdict": self.verdict(query["nonce"], query["name_check"])}
        returned = f"{urlsplit(query['return_to']).path}?{urlencode(back)}"
        found_at = guardian.call("GET", returned, expect=303)[1]["location"]
        result = guardian.page(found_at)
        guardian.post("/izin/bukti/kirim", {"state": back["state"]}, result, 302)
        guardian.connection.close()
        self._state(session["id"], "open")
        self.done += 1

    def _state(self, session: str, state: str) -> None:
        shown = json.loads(self.platform.call("GET", f"/v1/sessions/{session}", headers=self.bearer)[0])
        if shown["state"] != state:
            raise UnexpectedError(f"the session is {html.escape(str(shown)[:800])}, not {state}")


@dataclass(frozen=True, slots=True)
class Measured:
    per_second: float
    per_cpu_second: float
    database_share: float


def measure(server: Server, made: house.House, database: int | None) -> Measured:
    """CLIENTS families at a time for SECONDS. CPU seconds are those of the web process and of the database's."""
    families = [Family(server.port, made) for _ in range(CLIENTS)]
    for _ in range(WARM_UP):
        families[0].once()
    families[0].done = 0
    failed: list[BaseException] = []
    until = time.monotonic() + SECONDS

    def work(family: Family) -> None:
        try:
            while time.monotonic() < until and not failed:
                family.once()
        except BaseException as error:
            failed.append(error)

    web_before, database_before = server.cpu_seconds(), cpu_seconds(database) if database else 0.0
    start = time.monotonic()
    threads = [threading.Thread(target=work, args=(each,)) for each in families]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.monotonic() - start
    if failed:
        raise failed[0]
    web = server.cpu_seconds() - web_before
    stored = (cpu_seconds(database) if database else 0.0) - database_before
    done = sum(each.done for each in families)
    return Measured(done / seconds, done / (web + stored), stored / (web + stored))


@contextmanager
def durable_postgres() -> Iterator[tuple[str, int]]:
    """A private cluster that waits for the disk, and the process id of its head."""
    with postgres.cluster(durable=True) as url:
        socket_folder = Path("/" + urlsplit(url).path.lstrip("/").rpartition("/")[0])
        yield url, int((socket_folder / "data" / "postmaster.pid").read_text().splitlines()[0])


def row(name: str, seen: Measured) -> Row:
    share = f", {seen.database_share:.0%} of the CPU in the database" if seen.database_share else ""
    return Row(
        f"request to answered consent, {name}",
        f"{number(seen.per_cpu_second)}/s",
        peer=f"by the wall clock, {CLIENTS} at a time: {number(seen.per_second)}/s{share}",
    )


def rows(folder: Path) -> list[Row]:
    found = []
    with pin(CLIENT_CORE):
        made = house.make(folder / "sqlite")
        with made.web() as server:
            found.append(row("SQLite (synchronous FULL)", measure(server, made, None)))
        with durable_postgres() as (url, database):
            made = house.make(folder / "postgresql", url)
            with made.web() as server:
                found.append(row("PostgreSQL (fsync on)", measure(server, made, database)))
    return found
