"""Routes of the platform: sign up, the account's page, webhooks, the data officer's desk."""

import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from examples.platform import STATIC, pages, proving
from examples.platform.arriving import Arriving
from examples.platform.door import ConnectionFailed, Door, Problem, WebhookRefused
from examples.platform.store import Account, Store
from examples.platform.words import SERVICES, of_service, say
from examples.serving import Answer, Request, redirect

ZONE = ZoneInfo("Asia/Jakarta")
MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,180}")
PROVES = {"ramai"}  # of high risk: the law wants the age proved there
HOSTS = {"dongeng.localhost": "dongeng-kita", "obrol.localhost": "obrol"}


@dataclass(frozen=True, slots=True)
class Person:
    """One of the story's cast, as `ruangaman story fill` made her."""

    key: str
    nickname: str
    birth_date: date
    guardian_mail: str

    def years(self, today: date) -> int:
        """Completed years."""
        born = self.birth_date
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@dataclass(frozen=True, slots=True)
class SignUp:
    """What a child says when signing up."""

    nickname: str
    age: Mapping[str, str | int]
    guardian_mail: str | None
    agrees: bool


def _cookie(service: str) -> str:
    return f"akun_{service}"


class Platform:
    """The three services of one operator's program."""

    def __init__(
        self,
        door: Door,
        store: Store,
        cast: Sequence[Person],
        now: Callable[[], datetime],
        arriving: Arriving | None = None,
    ) -> None:
        self.arriving = arriving or Arriving(door, store, None, {})
        self.door = door
        self.store = store
        self.cast = {person.key: person for person in cast}
        self.now = now

    def handle(self, request: Request) -> Answer:
        """Route one request; when Ruang Aman is silent or refuses, say so and change nothing."""
        language = "en" if request.query.get("bahasa", request.cookies.get("bahasa")) == "en" else "id"
        service = request.path.strip("/").split("/")[0]
        service = service if service in SERVICES else ""
        back = f"/{service}/" if service else "/"
        try:
            answer = self._routed(request, language, service)
        except Problem as problem:
            if problem.status >= 500:
                answer = self._silent(language, service, back)
            else:
                detail = str(problem.details.get("detail_id" if language == "id" else "detail") or "")
                text = say(language, "refused_by", code=problem.code, detail=detail)
                title = say(language, "refused_title")
                answer = Answer(pages.trouble(language, service, title, text, back), 400)
        except ConnectionFailed:
            answer = self._silent(language, service, back)
        if "bahasa" in request.query:
            answer.cookies["bahasa"] = language
        return answer

    def _silent(self, language: str, service: str, back: str) -> Answer:
        """No answer is no permission."""
        text = pages.trouble(language, service, say(language, "down_title"), say(language, "down"), back)
        return Answer(text, 503)

    def _routed(self, request: Request, language: str, service: str) -> Answer:
        parts = request.path.strip("/").split("/")
        if request.method == "GET" and request.path == "/":
            named = HOSTS.get(request.host.split(":")[0])
            return redirect(f"/{named}/") if named else Answer(pages.hub(language))
        if request.method == "GET" and parts[0] == "static" and len(parts) == 2:
            return _static(parts[1])
        if request.method == "POST" and parts[0] == "kait" and len(parts) == 2 and parts[1] in SERVICES:
            return self._hook(request, parts[1])
        if request.method == "POST" and request.from_elsewhere:
            return Answer(pages.plain(language, say(language, "elsewhere")), 403)
        if parts[0] == "petugas":
            return self._desk(request, language)
        found = self.arriving.handle(request, language, service, "/".join(parts[1:])) if service else None
        if found is not None:
            return found
        if service and len(parts) <= 2:
            return self._service(request, language, service, parts[1] if len(parts) == 2 else "")
        return Answer(pages.plain(language, say(language, "missing")), 404)

    def _service(self, request: Request, language: str, service: str, act: str) -> Answer:
        token = request.cookies.get(_cookie(service), "")
        account = self.store.account(token, service)
        match request.method, act:
            case "GET", "":
                return self._home(request, language, service, token, account)
            case "GET", "keadaan":
                return Answer(str(account.changed if account else -1), kind="text/plain; charset=utf-8")
            case "POST", "daftar":
                return self._sign_up(request, language, service)
            case "POST", "ganti":
                return redirect(f"/{service}/", **{_cookie(service): ""})
        if request.method != "POST" or account is None:
            return Answer(pages.plain(language, say(language, "missing")), 404)
        match act:
            case "lagi" if account.session:
                return self._ask_again(request, language, account)
            case "tulis":
                self._write(request, account)
            case "tutup":
                if account.session:
                    self.door.close(service, account.session)
                self.store.close(account.token)
            case _:
                return Answer(pages.plain(language, say(language, "missing")), 404)
        return redirect(f"/{service}/")

    def _home(
        self, request: Request, language: str, service: str, token: str, account: Account | None
    ) -> Answer:
        if account is None:
            gone = self.store.was_forgotten(token, service)
            name = SERVICES[service]["name"][0]
            notice = say(language, "gone", service=name) if gone else ""
            return Answer(self._sign_up_page(request, language, service, notice=notice))
        return self._account(request, language, account)

    def _sign_up_page(self, request: Request, language: str, service: str, **more: str) -> str:
        """With the three ways where the law wants an age proved: elsewhere nobody should be asked for a proof."""
        name = of_service(language, service, "name")
        ways = self.arriving.offered(service, f"http://{request.host}") if service in PROVES else None
        begin = proving.begin(language, service, name, ways) if ways else None
        return pages.sign_up(language, service, self._people(), begin=begin, **more)

    def _account(
        self, request: Request, language: str, account: Account, *, wrong: str = "", status: int = 200
    ) -> Answer:
        writings = self.store.writings(account.subject)
        hooks = self.store.hooks(account.session) if account.session else []
        session = self.door.session(account.service, account.session) if account.session else None
        if account.way == proving.SIGN_IN:
            is_open = (session is None or session.is_open) and not account.closed
            return Answer(pages.signed_in(language, account, is_open, writings, hooks), status)
        assert session is not None
        ways = None
        if session.next is not None and session.next.kind == "age_check":
            ways = self.arriving.offered(
                account.service,
                f"http://{request.host}",
                asked=session.next.age_over,
                check=session.next.url or "",
            )
        shown = pages.account(language, account, session, writings, hooks, wrong=wrong, ways=ways)
        return Answer(shown, status)

    def _ask_again(self, request: Request, language: str, account: Account) -> Answer:
        """The same pseudonym again: the living account goes on, and a parent is asked."""
        mail = request.form.get("surel", "").strip()
        if mail and not MAIL.fullmatch(mail):
            return self._account(request, language, account, wrong=say(language, "wrong_mail"), status=400)
        self.door.open(account.service, account.subject, language=language, guardian_mail=mail or None)
        return redirect(f"/{account.service}/")

    def _people(self) -> list[tuple[str, str, int]]:
        today = self.now().astimezone(ZONE).date()
        return [(person.key, person.nickname, person.years(today)) for person in self.cast.values()]

    def _sign_up(self, request: Request, language: str, service: str) -> Answer:
        form = request.form
        person = self.cast.get(form.get("siapa", ""))
        if person is not None:
            said = SignUp(
                person.nickname,
                {"birth_date": person.birth_date.isoformat()},
                person.guardian_mail,
                True,
            )
        else:
            wrong = self._wrong(form)
            if wrong:
                return self._once_more(request, language, service, wrong)
            years = int(form["umur"])
            said = SignUp(
                form.get("nama", "").strip()[:40] or say(language, "friend"),
                {"at_least": years, "at_most": years},
                form.get("surel", "").strip() or None,
                form.get("setuju") == "ya",
            )
        subject = secrets.token_urlsafe(24)
        try:
            session = self.door.open(
                service,
                subject,
                language=language,
                nickname=said.nickname,
                age=said.age,
                guardian_mail=said.guardian_mail,
                child_consent=said.agrees and self.door.child_decides(service, said.age),
                origin=f"http://{request.host}",
            )
        except Problem as problem:
            if problem.field != "child.nickname":
                raise
            return self._once_more(request, language, service, "wrong_name")
        token = secrets.token_urlsafe(32)
        age = json.dumps(said.age)
        self.store.open_account(Account(token, service, subject, session.id, said.nickname, age))
        return redirect(f"/{service}/", **{_cookie(service): token})

    def _once_more(self, request: Request, language: str, service: str, wrong: str) -> Answer:
        """The sign-up page again, with what was wrong."""
        return Answer(self._sign_up_page(request, language, service, wrong=say(language, wrong)), 400)

    def _wrong(self, form: Mapping[str, str]) -> str:
        age, mail = form.get("umur", "").strip(), form.get("surel", "").strip()
        if not re.fullmatch(r"[0-9]{1,3}", age) or int(age) > 120:
            return "wrong_age"
        return "wrong_mail" if mail and not MAIL.fullmatch(mail) else ""

    def _write(self, request: Request, account: Account) -> None:
        """Keep what the child wrote, if the door is open at this very moment."""
        text = request.form.get("teks", "").strip()[:200]
        is_open = not account.session or self.door.session(account.service, account.session).is_open
        if text and is_open and not account.closed:
            self.store.write(account.subject, text)

    def _hook(self, request: Request, service: str) -> Answer:
        """A webhook: genuine, new, noted. What changed is read from the API, never from the hook."""
        try:
            event = self.door.verified(service, request.headers, request.body)
        except WebhookRefused as refused:
            return Answer(refused.code, 400, "text/plain; charset=utf-8")
        if self.store.keep_hook(event.id, service, event.type, event.session or "", self.now()):
            if event.session and self.store.unnamed(service) and not self.store.knows(event.session):
                self._name(service, event.session)
            self.store.touch(event.session or "")
        return Answer(status=204)

    def _name(self, service: str, session: str) -> None:
        """An event of a session that no account here names yet may be of somebody who signed in through the house."""
        try:
            subject = self.door.session(service, session).subject
        except Problem:  # gone meanwhile, or never told to this platform
            return
        self.store.name_session(subject or "", session)

    def _desk(self, request: Request, language: str) -> Answer:
        if request.method == "POST" and request.path == "/petugas/hapus":
            form = request.form
            service, task = form.get("aplikasi", ""), form.get("tugas", "")
            known = {one.id: one for one in self.door.deletions(service)} if service in SERVICES else {}
            if task in known:
                now = self.now()
                counts = self.store.forget(known[task].subject or "", now)
                self.door.confirm_deletion(service, task, counts, now)
                return redirect(f"/petugas/?baris={sum(counts.values())}")
        if request.path != "/petugas/":
            return redirect("/petugas/")
        tasks = [(service, one) for service in SERVICES for one in self.door.deletions(service)]
        rows = request.query.get("baris", "")
        notice = say(language, "done", count=int(rows)) if re.fullmatch(r"[0-9]{1,6}", rows) else ""
        return Answer(pages.desk(language, tasks, notice=notice))


def _static(name: str) -> Answer:
    script = "text/javascript; charset=utf-8"
    kinds = {"ramai.css": "text/css; charset=utf-8", "ramai.js": script, "kartu.js": script}
    if name not in kinds:
        return Answer("404", 404, "text/plain; charset=utf-8")
    return Answer((STATIC / name).read_bytes(), kind=kinds[name])
