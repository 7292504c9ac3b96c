"""The wallet: whose phone is this, what is asked, yes or no; then the answer goes to the house."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from examples.dompet_identitas import asked as requests
from examples.dompet_identitas import pages
from examples.dompet_identitas.asked import Asked, Refused
from examples.dompet_identitas.credential import AGES, ZONE, Office, is_over, presentation
from examples.framing import Frame
from examples.serving import Answer, Request, redirect

TIMEOUT_S = 10.0
FORM = "application/x-www-form-urlencoded"
QUERY = "permintaan"


def post(address: str, body: bytes) -> tuple[int, bytes]:
    """Send an answer; the status and the body of what comes back. Raises httpx.HTTPError."""
    reply = httpx.post(address, content=body, headers={"Content-Type": FORM}, timeout=TIMEOUT_S)
    return reply.status_code, reply.content


class Wallet:
    """
    Keeps nothing between requests: neither who asked nor who answered.

    Args:
        send: how an answer leaves, for tests.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        now: Callable[[], datetime],
        send: Callable[[str, bytes], tuple[int, bytes]] = post,
    ) -> None:
        self.name: Mapping[str, str] = settings["name"]
        self.office = Office.of(settings)
        self.people = {person["id"]: person for person in settings["people"]}
        self.now, self._send = now, send

    def handle(self, request: Request) -> Answer:
        """Route one request."""
        language = "en" if request.query.get("bahasa", request.cookies.get("bahasa")) == "en" else "id"
        frame = pages.frame_of(language, self.name[language])
        try:
            answer = self._routed(request, frame)
        except Refused:
            answer = Answer(pages.sentence(frame, "not_for_us"), 400)
        answer.headers["Referrer-Policy"] = "no-referrer"
        if "bahasa" in request.query:
            answer.cookies["bahasa"] = language
        return answer

    def _routed(self, request: Request, frame: Frame) -> Answer:
        if request.method == "POST" and request.from_elsewhere:
            return Answer(pages.sentence(frame, "elsewhere"), 403)
        match request.method, request.path:
            case "GET", "/":
                return Answer(pages.home(frame, list(self.people.values())))
            case "GET", "/identitas.css":
                return Answer(pages.STYLE, kind="text/css; charset=utf-8")
            case "GET", "/buka":
                # The address bar holds the question, so that the page can be opened again in the other language.
                asked = self._read(_without_language(request.raw_query))
                return Answer(pages.who(frame, asked, list(self.people.values())))
            case "POST", "/lihat" | "/kirim" | "/tolak":
                return self._said(request, frame, self._read(request.form.get(QUERY, "")))
        return Answer(pages.sentence(frame, "missing"), 404)

    def _read(self, query: str) -> Asked:
        asked = requests.read(query, self.office.vct)
        if asked.years not in AGES:
            raise Refused
        return asked

    def _said(self, request: Request, frame: Frame, asked: Asked) -> Answer:
        if request.path == "/tolak":
            self._sent(asked.response_uri, asked.refusal())
            return Answer(pages.sentence(frame, "refused"))
        person = self.people.get(request.form.get("orang", ""))
        if person is None:
            return Answer(pages.who(frame, asked, list(self.people.values())), 400)
        birth = date.fromisoformat(person["birth_date"])
        if request.path == "/lihat":
            over = is_over(birth, asked.years, self.now().astimezone(ZONE).date())
            return Answer(pages.what(frame, asked, person, over))
        shown = presentation(
            self.office, birth, asked.years, nonce=asked.nonce, audience=asked.client_id, now=self.now()
        )
        back = self._sent(asked.response_uri, asked.answer(shown))
        if back is None:
            return Answer(pages.sentence(frame, "not_taken"), 400)
        return redirect(back) if back else Answer(pages.sentence(frame, "sent"))

    def _sent(self, address: str, body: bytes) -> str | None:
        """Where the house sends the browser: empty when it waits on another screen, None when it took nothing."""
        try:
            status, told = self._send(address, body)
            found = json.loads(told).get("redirect_uri", "") if status == 200 else None
        except (httpx.HTTPError, ValueError, AttributeError):
            return None
        if not found:
            return found
        same = urlsplit(str(found))[:2] == urlsplit(address)[:2]  # back to whoever asked, and to nobody else
        return str(found) if same else None


def _without_language(query: str) -> str:
    return "&".join(one for one in query.split("&") if not one.startswith("bahasa="))
