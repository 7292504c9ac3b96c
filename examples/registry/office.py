"""The office: who are you, which child is it, and the signed verdict (docs/guides/relation-verdict.md)."""

import hashlib
import hmac
import json
import re
import secrets
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from joserfc import jws
from joserfc.jwk import OKPKey

from examples.registry import pages
from examples.serving import Answer, Request, redirect

LIFE = timedelta(minutes=5)
RECHECK = timedelta(days=365)
ZONE = ZoneInfo("Asia/Jakarta")
NONE_OF_THEM = "tidak-ada"
ASKED = ("audience", "state", "nonce", "return_to", "name_check")
CHECK = re.compile(r"[0-9a-f]{64}")


def completed_years(birth: date, today: date) -> int:
    """Age in completed years; one born on 29 February is a year older on 1 March in a common year."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def name_check(nonce: str, name: str) -> str:
    """What the question says when it asks about this name (docs/guides/relation-verdict.md)."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    plain = plain.replace("\u200c", "").replace("\u200d", "")
    return hmac.new(nonce.encode(), " ".join(plain.split()).encode(), hashlib.sha256).hexdigest()


def fits(child: Mapping[str, str], nonce: str, asked: str) -> bool:
    """Whether the name in question is the child's call name, its given names, or one word of them."""
    given = child.get("given_names", "")
    known = {child["nickname"], given, *given.split()} - {""}
    return any(hmac.compare_digest(name_check(nonce, name), asked) for name in sorted(known))


class Office:
    """Answers by pages alone; keeps nothing between requests."""

    def __init__(self, settings: Mapping[str, Any], now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.now = now
        self.key = OKPKey.import_key(settings["key"])
        self.people = {person["id"]: person for person in settings["people"]}
        self.children = settings["children"]

    def handle(self, request: Request) -> Answer:
        """Route one request."""
        language = "en" if request.query.get("bahasa", request.cookies.get("bahasa")) == "en" else "id"
        answer = self._routed(request, language)
        if "bahasa" in request.query:
            answer.cookies["bahasa"] = language
        return answer

    def _routed(self, request: Request, language: str) -> Answer:
        match request.method, request.path:
            case "GET", "/":
                return Answer(pages.about(language))
            case "GET", "/kantor.css":
                return Answer(pages.STYLE, kind="text/css; charset=utf-8")
            case "GET", "/kunci.json":
                return Answer(
                    json.dumps({"keys": [self.key.as_dict(private=False)]}), kind="application/json"
                )
            case "GET", "/tanya":
                asked = self._asked(request.query)
                if asked is None:
                    return self._unknown(language)
                return Answer(pages.who(language, asked, self.settings["people"]))
            case "POST", "/tanya/anak" | "/tanya/jawab" | "/tanya/batal":
                if request.from_elsewhere:
                    return Answer(pages.refused(language), 403)
                return self._posted(request, language)
        return Answer(pages.missing(language), 404)

    def _posted(self, request: Request, language: str) -> Answer:
        form = request.form
        asked = self._asked(form)
        if asked is None:
            return self._unknown(language)
        if request.path == "/tanya/batal":
            return redirect(self._back(asked, error="cancelled"))
        person = self.people.get(form.get("orang", ""))
        if person is None:
            return Answer(pages.who(language, asked, self.settings["people"]), 400)
        if request.path == "/tanya/anak":
            return Answer(pages.which(language, asked, person, self._card(person)))
        child = form.get("anak", "")
        if child != NONE_OF_THEM and child not in person["children"]:
            return Answer(pages.which(language, asked, person, self._card(person)), 400)
        return redirect(self._back(asked, verdict=self._verdict(asked, person, child)))

    def _asked(self, fields: Mapping[str, str]) -> dict[str, str] | None:
        """The question, or None when it names a house or an address of return that is not registered here."""
        asked = {name: fields.get(name, "") for name in ASKED}
        known = self.settings["audiences"].get(asked["audience"])
        if asked["name_check"] and not CHECK.fullmatch(asked["name_check"]):
            return None
        return asked if known and asked["return_to"] == known and asked["state"] and asked["nonce"] else None

    def _unknown(self, language: str) -> Answer:
        return Answer(pages.unknown_house(language), 400)

    def _back(self, asked: Mapping[str, str], **found: str) -> str:
        return f"{asked['return_to']}?{urlencode({'state': asked['state'], **found})}"

    def _card(self, person: Mapping[str, Any]) -> list[tuple[str, str, int]]:
        """The children on the person's family card: id, nickname, completed years."""
        today = self.now().astimezone(ZONE).date()
        return [(own, self.children[own]["nickname"], self._years(own, today)) for own in person["children"]]

    def _years(self, child: str, today: date) -> int:
        return completed_years(date.fromisoformat(self.children[child]["birth_date"]), today)

    def _pairwise(self, kind: str, audience: str, own: str) -> str:
        """An id for this house alone: two houses cannot compare what they got."""
        key = str(self.settings["pairwise_key"]).encode()
        return hmac.new(key, f"{kind}|{audience}|{own}".encode(), hashlib.sha256).hexdigest()[:32]

    def _verdict(self, asked: Mapping[str, str], person: Mapping[str, Any], child: str) -> str:
        now = self.now()
        verdict: dict[str, Any] = {
            "verified": True,
            "method": "family_card",
            "provider": self.settings["slug"],
            "checked_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
            "reference": f"KC-{now.year}-{secrets.token_hex(5)}",
            "level": 2,
            "guardian": self._pairwise("guardian", asked["audience"], person["id"]),
        }
        if child != NONE_OF_THEM:
            years = self._years(child, now.astimezone(ZONE).date())
            verdict |= {
                "level": 3,
                "relation": person["relation"],
                "child": self._pairwise("child", asked["audience"], child),
                "child_age": {"at_least": years, "at_most": years},
                "expires_at": (now + RECHECK).isoformat(timespec="seconds").replace("+00:00", "Z"),
            }
            if asked["name_check"]:
                fitting = fits(self.children[child], asked["nonce"], asked["name_check"])
                verdict |= {"name_fits": fitting, "name_check": asked["name_check"]}
        claims = {
            "iss": self.settings["issuer"],
            "aud": asked["audience"],
            "iat": int(now.timestamp()),
            "exp": int((now + LIFE).timestamp()),
            "jti": secrets.token_urlsafe(24),
            "nonce": asked["nonce"],
            "verdict": verdict,
        }
        header = {"alg": "Ed25519", "kid": self.key.kid, "typ": "ra-verdict+jwt"}
        return jws.serialize_compact(header, json.dumps(claims).encode(), self.key, algorithms=["Ed25519"])
