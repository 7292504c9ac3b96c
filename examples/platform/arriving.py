"""The three ways as routes: a card comes, somebody signs in or comes back from that, a check begins."""

import json
import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from examples.platform import pages, proving
from examples.platform.cards import Cards, TokenRefused
from examples.platform.door import Door
from examples.platform.proving import CARD, CHECK, SIGN_IN, Card, Ways
from examples.platform.store import Account, Store
from examples.platform.words import of_service, say
from examples.serving import Answer, Request, redirect

if TYPE_CHECKING:
    from examples.platform.signin import SignIn

COOKIE = "tanya"
PLAIN = "text/plain; charset=utf-8"


class Arriving:
    """
    Accounts that begin, or go on, by an age that is shown instead of typed.

    Args:
        sign_in: by service; where one is missing, that way is not offered.
    """

    def __init__(
        self, door: Door, store: Store, cards: Cards | None, sign_in: "Mapping[str, SignIn]"
    ) -> None:
        self.door, self.store, self.cards, self.sign_in = door, store, cards, sign_in

    def offered(self, service: str, origin: str, *, asked: int | None = None, check: str = "") -> Ways:
        """What can be offered to this visitor now."""
        client = self.sign_in.get(service)
        least = client.age if client else 0
        begins = not check  # a check that asks for the range first has no age for a card yet
        known = self.cards.ages() if self.cards is not None else []
        found = []
        for years in known:
            if self.cards is not None and (years == asked or (begins and asked is None and years >= least)):
                link = self.cards.link(years, f"{origin}/{service}/{CARD}?umur={years}")
                found += [Card(years, self.cards.most(years), link)] if link else []
        return Ways(found, client.age if client else None, check, asked)

    def handle(self, request: Request, language: str, service: str, act: str) -> Answer | None:
        """Route one request of these ways; None when it is none."""
        cookie = f"akun_{service}"
        account = self.store.account(request.cookies.get(cookie, ""), service)
        match request.method, act:
            case "GET", "kartu":
                return self._card_page(language, service)
            case "POST", "kartu":
                return self._card(request, language, service, account)
            case "POST", "masuk" if service in self.sign_in:
                return self._leave(language, service)
            case "GET", "masuk/kembali" if service in self.sign_in:
                return self._back(request, language, service, account)
            case "POST", "cek":
                return self._check(request, language, service)
        return None

    def _card_page(self, language: str, service: str) -> Answer:
        title, body, head = proving.card_page(language, service, of_service(language, service, "name"))
        answer = Answer(pages.page(language, title, body, service=service, head=head))
        answer.headers["Referrer-Policy"] = "no-referrer"
        return answer

    def _card(self, request: Request, language: str, service: str, account: Account | None) -> Answer:
        """401 with the challenge, or the card is spent and the account begins or goes on."""
        told = request.query.get("umur", "")
        if self.cards is None or told not in map(str, self.cards.ages()):
            return Answer("404", 404, PLAIN)
        years = int(told)
        try:
            said = request.headers.get("authorization", "")
            assurance = self.cards.take(said, years, self.store.spend)
        except TokenRefused as refused:
            header = self.cards.header(years)
            return Answer(refused.code, 401, PLAIN, headers={"WWW-Authenticate": header})
        except OSError:
            return Answer(say(language, "down_title"), 503, PLAIN)
        high = self.cards.most(
            years
        )  # her own word, by the button that she chose; to be younger opens nothing
        age = {"at_least": years} | ({} if high is None else {"at_most": high})
        if account is not None and not account.closed and account.session and account.way != SIGN_IN:
            self.door.tell_age(service, account.session, age, assurance)
            self.store.prove(account.token, CARD, json.dumps(age))
            return Answer(status=204)
        subject = secrets.token_urlsafe(24)
        session = self.door.open(
            service, subject, language=language, age=age, evidence="verified", assurance=assurance
        )
        return self._begun(service, subject, session.id, age, CARD, Answer(status=204))

    def _leave(self, language: str, service: str) -> Answer:
        from examples.platform.signin import NotSignedIn

        try:
            url, pending = self.sign_in[service].begin(language)
        except NotSignedIn:
            return self._no_yes(language, service)
        self.store.remember(pending.state, service, pending.nonce, pending.verifier)
        return redirect(url, **{COOKIE: pending.state})

    def _back(self, request: Request, language: str, service: str, account: Account | None) -> Answer:
        """Once, in the browser that left."""
        from examples.platform.signin import NotSignedIn, Pending

        state = request.query.get("state", "")
        found = self.store.recall(state, service)
        if found is None or request.cookies.get(COOKIE) != state or "error" in request.query:
            return self._no_yes(language, service)
        client = self.sign_in[service]
        try:
            yes = client.finish(request.query, f"?{request.raw_query}", Pending(state, *found))
        except NotSignedIn:
            return self._no_yes(language, service)
        if account is not None and account.subject != yes.sub and account.session and not account.closed:
            # Who signs in instead of proving an age here leaves no half-open account behind.
            self.door.close(service, account.session)
            self.store.close(account.token)
        age = {"at_least": yes.over} if yes.over else {}
        answer = redirect(f"/{service}/", **{COOKIE: ""})
        return self._begun(service, yes.sub, "", age, SIGN_IN, answer)

    def _check(self, request: Request, language: str, service: str) -> Answer:
        """An account of which nothing is known yet; the house asks for the age on its own page, and leads back here."""
        subject = secrets.token_urlsafe(24)
        session = self.door.open(service, subject, language=language, origin=f"http://{request.host}")
        checks = session.next is not None and session.next.kind == "age_check"
        where = (session.next.url if session.next and checks else None) or f"/{service}/"
        return self._begun(service, subject, session.id, {}, CHECK, redirect(where))

    def _begun(
        self, service: str, subject: str, session: str, age: Mapping[str, int], way: str, answer: Answer
    ) -> Answer:
        token = secrets.token_urlsafe(32)
        self.store.open_account(Account(token, service, subject, session, "", json.dumps(age), way=way))
        answer.cookies[f"akun_{service}"] = token
        return answer

    def _no_yes(self, language: str, service: str) -> Answer:
        title, text = proving.say(language, "no_yes"), proving.say(language, "no_yes_how")
        return Answer(pages.trouble(language, service, title, text, f"/{service}/"), 400)
