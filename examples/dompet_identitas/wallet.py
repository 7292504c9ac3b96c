"""The wallet: whose phone is this, what is asked and by whom, what is shown, yes or no; then it goes to the house."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from examples.dompet_identitas import certified, credential, document, pages
from examples.dompet_identitas.asked import MDOC, Asked, Fetch, Held, Reader, Wanted
from examples.dompet_identitas.certified import Register
from examples.dompet_identitas.office import AGES, ZONE, Office, is_over
from examples.dompet_identitas.refused import Refused
from examples.framing import Frame
from examples.serving import Answer, Request, redirect

TIMEOUT_S = 10.0
FORM = "application/x-www-form-urlencoded"
QUERY, TOKEN, PERSON, CHOICE = "permintaan", "objek", "orang", "bukti"


def post(address: str, body: bytes) -> tuple[int, bytes]:
    """Send an answer; the status and the body of what comes back. Raises httpx.HTTPError."""
    reply = httpx.post(address, content=body, headers={"Content-Type": FORM}, timeout=TIMEOUT_S)
    return reply.status_code, reply.content


def fetch(address: str) -> tuple[int, str, bytes]:
    """Get a request object: status, media type, body; a longer one is not read. Raises httpx.HTTPError."""
    headers = {"Accept": certified.MEDIA_TYPE}
    body = b""
    with httpx.stream("GET", address, headers=headers, timeout=TIMEOUT_S, follow_redirects=False) as reply:
        for part in reply.iter_bytes():
            body += part
            if len(body) > certified.MOST:
                raise Refused
        return reply.status_code, reply.headers.get("content-type", ""), body


class Wallet:
    """
    Keeps nothing between requests: neither who asked nor who answered.

    Args:
        send, get: how an answer leaves, and how a request is fetched, for tests.
    """

    def __init__(
        self,
        settings: Mapping[str, Any],
        now: Callable[[], datetime],
        send: Callable[[str, bytes], tuple[int, bytes]] = post,
        get: Fetch = fetch,
    ) -> None:
        self.name: Mapping[str, str] = settings["name"]
        self.office = Office.of(settings)
        self.people = {person["id"]: person for person in settings["people"]}
        self.now, self._send = now, send
        self.requests = Reader(
            Held(self.office.vct, self.office.doc_type),
            [Register.of(one) for one in settings["askers"]],
            get,
            on_this_machine=settings.get("on_this_machine") is True,
        )

    def handle(self, request: Request) -> Answer:
        """Route one request."""
        language = "en" if request.query.get("bahasa", request.cookies.get("bahasa")) == "en" else "id"
        frame = pages.frame_of(language, self.name[language])
        try:
            answer = self._routed(request, frame)
        except Refused as refused:
            answer = Answer(pages.sentence(frame, refused.word), 400)
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
                # The signed object travels in the form: it is checked anew, and this wallet keeps nothing.
                asked = self._read(request.form.get(QUERY, ""), request.form.get(TOKEN, ""))
                return self._said(request, frame, asked)
        return Answer(pages.sentence(frame, "missing"), 404)

    def _read(self, query: str, token: str = "") -> Asked:
        try:
            asked = self.requests.read(query, self.now(), token)
        except httpx.HTTPError:
            raise Refused("gone") from None
        if asked.years not in AGES:
            raise Refused
        return asked

    def _said(self, request: Request, frame: Frame, asked: Asked) -> Answer:
        if request.path == "/tolak":
            self._sent(asked.response_uri, asked.refusal())
            return Answer(pages.sentence(frame, "refused"))
        person = self.people.get(request.form.get(PERSON, ""))
        if person is None:
            return Answer(pages.who(frame, asked, list(self.people.values())), 400)
        birth = date.fromisoformat(person["birth_date"])
        chosen = next((one for one in asked.wanted if one.id == request.form.get(CHOICE)), None)
        if request.path == "/lihat" or chosen is None:
            over = is_over(birth, asked.years, self.now().astimezone(ZONE).date())
            return Answer(pages.what(frame, asked, person, over), 200 if request.path == "/lihat" else 400)
        back = self._sent(asked.response_uri, asked.answer(chosen, self._shown(asked, chosen, birth)))
        if back is None:
            return Answer(pages.sentence(frame, "not_taken"), 400)
        return redirect(back) if back else Answer(pages.sentence(frame, "sent"))

    def _shown(self, asked: Asked, chosen: Wanted, birth: date) -> str:
        """What is sent: made for this very question, as it travels in a `vp_token` (B.2.5, B.3.6)."""
        now = self.now()
        if chosen.format == MDOC:
            session = document.transcript(asked.client_id, asked.nonce, asked.thumbprint, asked.response_uri)
            response = document.presentation(self.office, birth, asked.years, session=session, now=now)
            return credential.text(response)
        return credential.presentation(
            self.office, birth, asked.years, nonce=asked.nonce, audience=asked.client_id, now=now
        )

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
