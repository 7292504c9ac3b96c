"""The cast at their screens. Words of pages are asserted in the stories; here only the hands move."""

import io
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pypdf
from playwright.sync_api import Error

SERVICES = {"dongeng-kita": "Dongeng Kita", "obrol": "Obrol", "ramai": "Ramai"}
WAIT = 20_000  # milliseconds; the machine may be busy
Page = Any


@dataclass
class House:
    """The running processes and their addresses."""

    base: str
    platform: str
    office: str
    school: str
    lane_port: int
    data_dir: Path
    log: Path
    process: subprocess.Popen[bytes]
    wallet: str = ""


@dataclass
class Window:
    """One person's browser window."""

    house: House
    page: Page
    language: str

    def go(self, path: str) -> "Window":
        """Open an address of the house."""
        self.visit(path if path.startswith("http") else self.house.base + path)
        return self

    def visit(self, address: str) -> None:
        """Open an address, also when the page shown is just loading itself anew (the platform's page does)."""
        for left in (2, 1, 0):
            try:
                self.page.goto(address)
                return
            except Error as error:
                if not left or not any(
                    one in str(error) for one in ("ERR_ABORTED", "interrupted by another")
                ):
                    raise

    def text(self) -> str:
        """What the page says."""
        return str(self.page.inner_text("main"))

    def press(self, css: str) -> None:
        """Press one button or link."""
        self.page.locator(css).first.click()


@dataclass
class Child(Window):
    """A child at the platform."""

    name: str
    service: str
    session_id: str = ""

    def remember(self) -> None:
        """Keep the session's id for the time when the page is gone."""
        self.session_id = self.session()

    def sign_up(self) -> "Child":
        """Press one's own name on the sign-up page."""
        self.go(f"{self.house.platform}/{self.service}/?bahasa={self.language}")
        self.press(f"button[value={self.name}]")
        self.page.wait_for_selector(".keadaan")
        return self

    @property
    def state(self) -> str:
        """open, waiting or closed, as the platform shows it."""
        found = re.search(r"open|waiting|closed", self.page.get_attribute(".keadaan", "class"))
        assert found
        return found[0]

    def becomes(self, state: str) -> "Child":
        """Wait until the page has changed by itself."""
        self.page.wait_for_selector(f".keadaan.{state}", timeout=WAIT)
        return self

    def look_again(self) -> "Child":
        """Open the page anew."""
        self.visit(f"{self.house.platform}/{self.service}/")
        return self

    def tile(self) -> str:
        """The code of the tile mark."""
        found = re.search(r"[0-9A-Z]{3}-[0-9A-Z]{3}", self.page.inner_text("#tegel"))
        assert found
        return found[0]

    def code(self) -> str:
        """The short code."""
        return str(self.page.inner_text("#kode")).strip()

    def link(self) -> str:
        """The page that the child shows to the parent."""
        return str(self.page.get_attribute("#tautan", "href"))

    def own_page(self) -> str:
        """The child's page at Ruang Aman, for this service."""
        return str(self.page.locator(f"a[href*='{self.house.base}/anak/']").first.get_attribute("href"))

    def proves_age(self) -> "Child":
        """Ask the school on the page of the check, see what it says, send it, and come back to the app."""
        self.press("a#cek-umur")
        self.page.wait_for_selector("input[name=cara]")
        self.page.locator("input[value=institution-sekolah-contoh]").check()
        self.press("main form[method=get] button")
        self.page.wait_for_selector("table.learns")
        self.press("form[action$='/tanya/sekolah-contoh'] button")
        self.page.wait_for_url(f"{self.house.school}/**")
        self.press(f"button[value={self.name}]")
        self.press("form[action='/tanya/kirim'] button")
        self.page.wait_for_url(f"{self.house.base}/**")
        return self.look_again()

    def session(self) -> str:
        """The id of the session, from the developer's view."""
        found = re.search(r'"id": "([0-9a-f-]{36})"', self.page.locator("pre").text_content())
        assert found
        return found[1]


@dataclass
class Adult(Window):
    """A grown-up at the house."""

    def open_code(self, code: str) -> "Adult":
        """Type the short code on the start page."""
        self.go(f"/?bahasa={self.language}")
        self.page.fill("#id_code", code)
        self.press("form#kode button")
        return self

    def choose(self, answer: str) -> "Adult":
        """yes, no or not_mine."""
        self.press(f"button[name=answer][value={answer}]")
        return self

    def ask_office(self, person: str, child: str) -> "Adult":
        """Let the office say who this is, and come back."""
        self.press("form[action*='/kantor/'] button")
        self.page.wait_for_url(f"{self.house.office}/**")
        self.press(f"button[value={person}]")
        self.page.check(f"input[value={child}]")
        self.press("form[action='/tanya/jawab'] button")
        self.page.wait_for_url(f"{self.house.base}/**")
        return self

    def prove(self, person: str, child: str) -> "Adult":
        """Prove the relation by the office, and send the answer that was chosen before."""
        self.ask_office(person, child)
        self.press("form[action$='/bukti/kirim'] button")
        return self

    def home(self, child: str) -> "Adult":
        """The family's home, with one child's tab open."""
        self.go("/keluarga/")
        if self.page.locator("[aria-current=page]", has_text=child).count() == 0:
            self.page.get_by_role("link", name=child).first.click()
        return self

    def withdraw(self, child: str, service: str) -> "Adult":
        """Take a yes back, by the two presses that it takes."""
        self.home(child)
        self.page.get_by_role("link", name=f"Cabut izin {SERVICES[service]}").click()
        self.page.get_by_role("button", name="Cabut izin").click()
        return self

    def answer(self, code: str, answer: str, person: str, child: str) -> "Adult":
        """From code to stored answer."""
        self.open_code(code).choose(answer)
        if "/bukti" in self.page.url:
            self.prove(person, child)
        return self


@dataclass
class Scene:
    """The windows of one story."""

    house: House
    chromium: Any
    contexts: list[Any] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)

    def _page(self, width: int, scripts: bool, theme: str = "light") -> Page:
        context = self.chromium.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            color_scheme=theme,
            locale="en-US",
        )
        context.set_default_timeout(WAIT)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error}"))
        page.on("console", lambda said: self._said(said))
        page.on("response", lambda reply: self._replied(reply))
        return page

    def _said(self, said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.wrong.append(f"console: {said.text}")

    def _replied(self, reply: Any) -> None:
        if reply.status >= 400 and reply.status not in self.expected:
            self.wrong.append(f"{reply.status} {reply.url}")

    def child(
        self, name: str, service: str, *, language: str = "id", width: int = 360, scripts: bool = True
    ) -> Child:
        """A child who has just signed up."""
        return Child(self.house, self._page(width, scripts), language, name, service).sign_up()

    def adult(
        self, *, language: str = "id", width: int = 360, scripts: bool = True, theme: str = "light"
    ) -> Adult:
        """A grown-up with an empty browser."""
        return Adult(self.house, self._page(width, scripts, theme), language)

    def refusals(self, *statuses: int) -> None:
        """Replies that this story is about."""
        self.expected |= set(statuses)

    def next_day(self) -> None:
        """A fresh day: limits for one day are over."""
        self.later(hours=25)

    def later(self, *, hours: float) -> None:
        """Some hours on, by the file that all processes look at; the page of the clock has a story of its own."""
        file = self.house.data_dir / "story-clock"
        ahead = float(file.read_text()) if file.exists() else 0.0
        fresh = file.with_suffix(".tests")
        fresh.write_text(str(ahead + hours * 3600))
        fresh.replace(file)
        time.sleep(0.25)  # each process looks at the file every 0.2 s

    def move(self, *, hours: float = 0, to: str = "") -> None:
        """Move the story's clock by its own page; `to` is a button of it."""
        page = self._page(1280, scripts=True)
        page.goto(f"{self.house.base}/cerita/jam")
        if to:
            page.locator(f"button[value='{to}']").click()
        else:
            days, rest = divmod(int(hours), 24)
            for key in ["hari"] * days + ["jam"] * rest:
                page.locator(f"button[value='{key}']").click()
        page.wait_for_selector("[role=status]")
        page.context.close()
        self.contexts.remove(page.context)

    def allowed(self, name: str, service: str, person: str = "ibu", **screen: Any) -> tuple[Child, Adult]:
        """A child who signed up, and the parent who has just said yes; both windows are open."""
        child, parent = self.child(name, service, **screen), self.adult(**screen)
        parent.answer(child.code(), "yes", person, name)
        child.becomes("open")
        return child, parent

    def letter(self, person: str, containing: str) -> dict[str, str]:
        """The letter that says this, once it has been sent."""
        until = time.monotonic() + WAIT / 1000
        while time.monotonic() < until:
            found = [one for one in self.letters(person) if containing in one["text"]]
            if found:
                return found[0]
            time.sleep(0.5)
        raise AssertionError(f"no letter to {person} says {containing}")

    def letters(self, person: str) -> list[dict[str, str]]:
        """The letters in one person's box: template, text, link (empty when it was used)."""
        page = self._page(1280, scripts=True)
        page.goto(f"{self.house.base}/cerita/surat")
        found = [
            {
                "template": one.get_attribute("data-template"),
                "text": one.inner_text(),
                "link": one.locator("a.button").get_attribute("href")
                if one.locator("a.button").count()
                else "",
            }
            for one in page.locator(f"#{person} article").all()
        ]
        page.context.close()
        self.contexts.remove(page.context)
        return found

    def close(self) -> list[str]:
        """Close every window; what went wrong in any of them."""
        for context in self.contexts:
            context.close()
        return self.wrong


def command(house: House, *said: str) -> str:
    """What an operator's command prints, in this house; it must succeed."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("RUANGAMAN_")}
    environment |= {"RUANGAMAN_DATA_DIR": str(house.data_dir), "RUANGAMAN_STORY": "1"}
    environment["RUANGAMAN_BASE_URL"] = house.base
    environment["RUANGAMAN_WEBHOOK_ALLOW"] = house.platform.replace("http://ramai.localhost", "127.0.0.1")
    done = subprocess.run(
        [sys.executable, "-m", "ruangaman.site.cli", *said],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def delete_at_the_platform(story: Scene, child: Child, api_of: Callable[[str], object]) -> str:
    """The data officer deletes and reports; returns what the desk says then."""
    task = next(one for one in api_of(child.service).deletions() if one.session == child.session_id)
    desk = story.adult().go(f"{story.house.platform}/petugas/")
    desk.press(f"form:has(input[value='{task.id}']) button")
    desk.page.wait_for_selector("[role=status]")
    return desk.text()


def receipts(parent: Adult) -> tuple[str, dict[str, object]]:
    """The receipt on this page as PDF text and as JSON."""
    pdf = parent.page.request.get(parent.page.locator("a[href$='.pdf']").first.evaluate("a => a.href"))
    reader = pypdf.PdfReader(io.BytesIO(pdf.body()))
    document = parent.page.request.get(parent.page.locator("a[href$='.json']").first.evaluate("a => a.href"))
    return "\n".join(page.extract_text() for page in reader.pages), json.loads(document.text())


def officer(story: Scene, **screen: Any) -> Adult:
    """The officer, signed in as the start page says."""
    one = story.adult(**screen).go("/cerita")
    name, password = one.page.locator("#petugas code").all_inner_texts()
    one.press("#petugas a")
    one.page.fill("#id_username", name)
    one.page.fill("#id_password", password)
    one.press("button.main")
    one.page.wait_for_url("**/petugas/")
    return one


def answer_letter(one: Adult, kind: str, reason: str) -> None:
    """Open the newest letter of a kind, read it, and say yes."""
    one.page.get_by_role("link", name=kind).last.click()
    one.press("button[value=read]")
    one.page.wait_for_url("**#surat")
    one.page.check("input[value=granted]")
    one.page.fill("#id_reason", reason)
