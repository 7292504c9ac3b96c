"""
A small learning system and record store for cmi5 on loopback; it holds an AU to the order and forms of the standard.

What the standard forbids is refused with 4xx and written into `wrong`. Sources: cmi5 Quartz 1st edition, sections 8 to
10; xAPI 1.0.3 part 2 (statements) and part 3 (resources).
"""

import json
import re
import threading
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.packs.serving import TYPES

CATEGORY = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
VERBS = "http://adlnet.gov/expapi/verbs/"
DEFINED = {"initialized", "completed", "passed", "failed", "terminated"}
DURATION = re.compile(r"^PT(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?$")
INSTANT = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://kelas.example", "name": "murid-7"}}


@dataclass
class Session:
    """One launch: what was told in it, and its word, which is given once."""

    id: str
    registration: str
    activity: str
    launch: dict[str, Any]
    word: str | None = None
    read: set[str] = field(default_factory=set)
    statements: list[dict[str, Any]] = field(default_factory=list)

    @property
    def verbs(self) -> list[str]:
        return [one["verb"]["id"].removeprefix(VERBS) for one in self.statements]


@dataclass
class Store:
    """Everything that is kept, and every fault of whoever spoke."""

    pages: dict[str, bytes]
    url: str = ""
    sessions: list[Session] = field(default_factory=list)
    states: dict[tuple[str, str, str], Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def launch(
        self, page: str, activity: str, registration: str | None = None, **more: Any
    ) -> tuple[Session, str]:
        """A new session, and the address by which it begins."""
        session = Session(str(uuid.uuid4()), registration or str(uuid.uuid4()), activity, {})
        session.launch = {
            "launchMode": "Normal",
            "moveOn": "Completed",
            "contextTemplate": {
                "contextActivities": {
                    "grouping": [{"id": "https://kelas.example/course", "objectType": "Activity"}]
                },
                "extensions": {SESSION: session.id},
            },
            **more,
        }
        self.sessions.append(session)
        told = {
            "endpoint": f"{self.url}/lrs/",
            "fetch": f"{self.url}/fetch/{session.id}",
            "actor": json.dumps(ACTOR),
            "registration": session.registration,
            "activityId": activity,
        }
        return session, f"{self.url}/{page}?{urlencode(told)}"

    def of(self, registration: str) -> list[str]:
        """All verbs of a registration, in the order in which they came."""
        return [verb for one in self.sessions if one.registration == registration for verb in one.verbs]


class Refused(Exception):
    """What an AU did wrong; the first is the status."""


def demand(holds: object, status: int, what: str) -> None:
    if not holds:
        raise Refused(status, what)


def check(store: Store, session: Session, told: dict[str, Any]) -> None:
    """One statement as the standard wants it, at its place in the session."""
    verb = told["verb"]["id"].removeprefix(VERBS)
    uuid.UUID(told["id"])
    before, ever = session.verbs, store.of(session.registration)
    demand("terminated" not in before, 403, f"{verb} after terminated")
    demand((verb == "initialized") == (not before), 403, f"{verb} as statement {len(before)}")
    demand(
        session.read == {"LMS.LaunchData", "profile"}, 403, f"{verb} before launch data and profile were read"
    )
    demand(told["actor"] == ACTOR, 400, "another actor")
    demand(INSTANT.match(told["timestamp"]), 400, "timestamp")
    context, result = told["context"], told.get("result", {})
    template = session.launch["contextTemplate"]
    demand(context["registration"] == session.registration, 400, "registration")
    demand(context["extensions"][SESSION] == session.id, 400, "session")
    grouping = template["contextActivities"]["grouping"]
    demand(all(one in context["contextActivities"]["grouping"] for one in grouping), 400, "grouping")
    categories = {one["id"] for one in context["contextActivities"].get("category", [])}
    demand((CATEGORY in categories) == (verb in DEFINED), 400, f"category of {verb}")
    demand((MOVE_ON in categories) == (verb in {"completed", "passed", "failed"}), 400, f"moveon of {verb}")
    if "duration" in result:
        demand(DURATION.match(result["duration"]), 400, f"duration {result['duration']}")
    if verb not in DEFINED:
        return
    demand(told["object"]["id"] == session.activity, 400, "object")
    demand(before.count(verb) == 0, 403, f"{verb} twice in a session")
    demand(
        session.launch["launchMode"] == "Normal" or verb in {"initialized", "terminated"},
        403,
        "only looked at",
    )
    demand(verb not in {"completed", "passed"} or verb not in ever, 403, f"{verb} twice in a registration")
    demand(verb != "failed" or "passed" not in ever, 403, "failed after passed")
    demand(not {"passed", "failed"} <= {*before, verb}, 403, "two verdicts")
    demand(verb == "initialized" or "duration" in result, 400, f"{verb} without duration")
    demand((result.get("completion") is True) == (verb == "completed"), 400, "completion")
    demand(("success" in result) == (verb in {"passed", "failed"}), 400, "success")
    demand("score" not in result or verb in {"passed", "failed"}, 400, "score")
    mark = session.launch.get("masteryScore")
    if verb in {"passed", "failed"}:
        demand(result["success"] is (verb == "passed"), 400, "success")
        if mark is not None:
            demand(context["extensions"].get(MASTERY) == mark, 400, "masteryscore")
            demand(
                (result["score"]["scaled"] >= mark) == (verb == "passed"), 400, "verdict against the score"
            )


@contextmanager
def serving(pages: Mapping[str, bytes]) -> Iterator[Store]:
    """The store at `url` until the end of the block."""
    store = Store(dict(pages))

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tried(self.get)

        def do_POST(self) -> None:
            self.tried(self.post)

        def do_PUT(self) -> None:
            self.tried(self.put)

        def tried(self, act: Any) -> None:
            try:
                status, content, kind = act()
            except Refused as refused:
                store.wrong.append(f"{self.command} {urlsplit(self.path).path}: {refused}")
                status, content, kind = refused.args[0], str(refused).encode(), "text/plain"
            except (KeyError, ValueError, TypeError) as broken:
                store.wrong.append(f"{self.command} {self.path}: {broken!r}")
                status, content, kind = 400, b"", "text/plain"
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def body(self) -> Any:
            return json.loads(self.rfile.read(int(self.headers["Content-Length"])))

        def known(self) -> tuple[Session, dict[str, str]]:
            """Whose word it is, and the parameters; they must be those of the launch."""
            word = self.headers.get("Authorization", "")
            session = next((one for one in store.sessions if one.word and word == f"Basic {one.word}"), None)
            demand(session, 401, "no word, or another's")
            assert session is not None
            demand(self.headers.get("X-Experience-API-Version") == "1.0.3", 400, "version")
            asked = {name: value[0] for name, value in parse_qs(urlsplit(self.path).query).items()}
            if "agent" in asked:
                demand(json.loads(asked["agent"]) == ACTOR, 400, "another agent")
            return session, asked

        def state(self) -> tuple[Session, tuple[str, str, str]]:
            session, asked = self.known()
            demand(asked["activityId"] == session.activity, 400, "activity")
            demand(asked["registration"] == session.registration, 400, "registration")
            demand("agent" in asked, 400, "agent")
            return session, (session.activity, session.registration, asked["stateId"])

        def get(self) -> tuple[int, bytes, str]:
            path = urlsplit(self.path).path.lstrip("/")
            if path == "lrs/activities/state":
                session, key = self.state()
                if key[2] == "LMS.LaunchData":
                    session.read.add(key[2])
                    return 200, json.dumps(session.launch).encode(), "application/json"
                found = store.states.get(key)
                return (
                    (404, b"", "text/plain")
                    if found is None
                    else (200, json.dumps(found).encode(), "application/json")
                )
            if path == "lrs/agents/profile":
                session, asked = self.known()
                demand(asked["profileId"] == "cmi5LearnerPreferences", 400, "profile")
                session.read.add("profile")
                return 404, b"", "text/plain"
            demand(path in store.pages, 404, path)
            return 200, store.pages[path], TYPES.get(path.rpartition(".")[2], "text/plain")

        def post(self) -> tuple[int, bytes, str]:
            path = urlsplit(self.path).path.lstrip("/")
            if path.startswith("fetch/"):
                session = next(one for one in store.sessions if one.id == path.removeprefix("fetch/"))
                told = {"error-code": "1", "error-text": "already used"}
                if session.word is None:
                    session.word = uuid.uuid4().hex
                    told = {"auth-token": session.word}
                return 200, json.dumps(told).encode(), "application/json"
            demand(path == "lrs/statements", 404, path)
            session, _ = self.known()
            told = self.body()
            for one in told if isinstance(told, list) else [told]:
                known = next((other for other in session.statements if other["id"] == one["id"]), None)
                if known is None:
                    check(store, session, one)
                    session.statements.append(one)
                demand(known in (None, one), 409, "the same id for something else")
            return 200, b"[]", "application/json"

        def put(self) -> tuple[int, bytes, str]:
            demand(urlsplit(self.path).path == "/lrs/activities/state", 404, self.path)
            session, key = self.state()
            demand(key[2] != "LMS.LaunchData", 403, "the launch data are not the AU's")
            demand(session.launch["launchMode"] == "Normal", 403, "only looked at")
            store.states[key] = self.body()
            return 204, b"", "text/plain"

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    store.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield store
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
