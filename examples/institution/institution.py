"""The institution: who are you, this is what we would say, and the signed answer (docs/guides/age-verdict.md)."""

import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from joserfc import jws
from joserfc.jwk import OKPKey

from examples.framing import Frame
from examples.institution import pages
from examples.serving import Answer, Request, redirect

LIFE = timedelta(minutes=5)
ZONE = ZoneInfo("Asia/Jakarta")
ASKED = ("audience", "state", "nonce", "age_over", "return_to")
AGE = re.compile(r"[1-9][0-9]?")
NOBODY = "tidak-ada"


def is_over(birth: date, years: int, today: date) -> bool:
    """Whether `years` are completed; one born on 29 February is a year older on 1 March in a common year.

    >>> is_over(date(2010, 11, 25), 16, date(2026, 11, 24)), is_over(date(2010, 11, 25), 16, date(2026, 11, 25))
    (False, True)
    """
    return (today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))) >= years


class Institution:
    """Answers by pages alone; keeps nothing between requests, neither who asked nor who was asked about."""

    def __init__(self, settings: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.now = now
        self.key = OKPKey.import_key(settings["key"])
        self.people = {person["id"]: person for person in settings["people"]}

    def handle(self, request: Request) -> Answer:
        """Route one request."""
        language = "en" if request.query.get("bahasa", request.cookies.get("bahasa")) == "en" else "id"
        answer = self._routed(request, pages.frame_of(language, self.settings["name"][language]))
        if "bahasa" in request.query:
            answer.cookies["bahasa"] = language
        return answer

    def _routed(self, request: Request, frame: Frame) -> Answer:
        match request.method, request.path:
            case "GET", "/":
                return Answer(pages.about(frame))
            case "GET", "/lembaga.css":
                return Answer(pages.STYLE, kind="text/css; charset=utf-8")
            case "GET", "/kunci.json":
                keys = {"keys": [self.key.as_dict(private=False)]}
                return Answer(json.dumps(keys), kind="application/json")
            case "GET", "/tanya":
                asked = self._asked(request.query)
                if asked is None:
                    return Answer(pages.unknown_house(frame), 400)
                return Answer(pages.who(frame, asked, self.settings["people"]))
            case "POST", "/tanya/lihat" | "/tanya/kirim" | "/tanya/batal":
                if request.from_elsewhere:
                    return Answer(pages.refused(frame), 403)
                return self._posted(request, frame)
        return Answer(pages.missing(frame), 404)

    def _posted(self, request: Request, frame: Frame) -> Answer:
        form = request.form
        asked = self._asked(form)
        if asked is None:
            return Answer(pages.unknown_house(frame), 400)
        if request.path == "/tanya/batal":
            return redirect(_back(asked, error="cancelled"))
        person = form.get("orang", "")
        if person != NOBODY and person not in self.people:
            return Answer(pages.who(frame, asked, self.settings["people"]), 400)
        over = self._over(person, int(asked["age_over"]))
        if request.path == "/tanya/lihat":
            return Answer(pages.what(frame, asked, person, over))
        return redirect(_back(asked, answer=self._signed(asked, over)))

    def _asked(self, fields: Mapping[str, str]) -> dict[str, str] | None:
        """The question, or None when it names a house or an address of return that is not registered here."""
        asked = {name: fields.get(name, "") for name in ASKED}
        known = self.settings["audiences"].get(asked["audience"])
        if not known or asked["return_to"] != known or not AGE.fullmatch(asked["age_over"]):
            return None
        return asked if asked["state"] and asked["nonce"] else None

    def _over(self, person: str, years: int) -> bool | None:
        """The answer; None for whoever is not on the list here."""
        if person == NOBODY:
            return None
        birth = date.fromisoformat(self.people[person]["birth_date"])
        return is_over(birth, years, self.now().astimezone(ZONE).date())

    def _signed(self, asked: Mapping[str, str], over: bool | None) -> str:
        now = int(self.now().timestamp())
        claims = {
            "iss": self.settings["issuer"],
            "aud": asked["audience"],
            "iat": now,
            "exp": now + int(LIFE.total_seconds()),
            "jti": secrets.token_urlsafe(24),
            "nonce": asked["nonce"],
            "age": {f"age_over_{asked['age_over']}": over},
        }
        header = {"alg": "Ed25519", "kid": self.key.kid, "typ": "ra-age+jwt"}
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.key, algorithms=["Ed25519"])


def _back(asked: Mapping[str, str], **found: str) -> str:
    return f"{asked['return_to']}?{urlencode({'state': asked['state'], **found})}"
