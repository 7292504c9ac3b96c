"""Hands of who leads and who learns in a class: a group is made, its slips are read, tests are taken and sent."""

import io
import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
from tests.stories.people import Adult, Scene

from ruangaman.adapters import lesson_files

CODE = re.compile(r"[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}")
COURSE = lesson_files.course(lesson_files.folder())
RIGHT = {item.id: item.answer for letter in "AB" for item in COURSE.forms["B3-2", letter].items}
MORNING = 8
"""Hour of Jakarta at which the story begins, so that no midnight falls into a lesson."""


def morning(story: Scene) -> datetime:
    """Go to the next morning; gives the house's time."""
    file = story.house.data_dir / "story-clock"
    now = datetime.now(UTC) + timedelta(seconds=float(file.read_text()) if file.exists() else 0)
    here = now.astimezone(ZoneInfo("Asia/Jakarta"))
    start = (here + timedelta(days=1)).replace(hour=MORNING, minute=0, second=0)
    story.later(hours=(start - here).total_seconds() / 3600)
    return start


def group(
    story: Scene, *, audience: str, name: str, seats: int, lesson: str = "", region: str = "", code: str = ""
) -> tuple[Adult, str]:
    """A facilitator makes a group, of a campaign by its code; gives the window and the secret address."""
    facilitator = story.adult(width=320).go("/pelajaran/pemandu/")
    page = facilitator.page
    page.select_option("#untuk", audience)
    facilitator.press("main form button")
    page.fill("#nama", name)
    page.fill("#kursi", str(seats))
    if lesson:
        page.locator(f"label:has([name=pelajaran][value='{lesson}'])").click()
    page.fill("#wilayah", region)
    page.fill("#kampanye", code)
    page.get_by_role("button", name="Buat kelompok").click()
    page.wait_for_url("**/pelajaran/pemandu/*/")
    return facilitator, page.url


def slips(facilitator: Adult) -> list[str]:
    """The codes on the printed slips, by number."""
    page = facilitator.page
    link = page.get_by_role("link", name="Cetak slip kursi").evaluate("a => a.href")
    reader = pypdf.PdfReader(io.BytesIO(page.request.get(link).body()))
    return [code for sheet in reader.pages for code in CODE.findall(sheet.extract_text())]


def open_test(page: Any, code: str) -> None:
    page.locator("#kode").fill(code)
    page.locator("#kode").press("Enter")
    page.locator("[data-mulai]").click()
    page.locator("[data-tes]").wait_for()


AT_ONCE = """([key, right]) => {
  const shown = (one) => one.offsetParent;
  const now = () => [...document.querySelectorAll("[data-soal]")].find(shown);
  for (let item = now(), done = 0; item; item = now(), done += 1) {
    const wanted = (one) => (key[item.dataset.soal] === one.value) === done < right;
    [...item.querySelectorAll("[name^=j-]")].find(wanted).click();
    item.querySelector("[name^=y-][value='1']").click();
    document.querySelector("[data-maju]").click();
  }
}"""


def take(page: Any, right: int, *, by_hand: bool = True) -> None:
    """Answer so many items right, the others wrong, all sure. By hand, or by all clicks at once to save time."""
    if not by_hand:
        page.evaluate(AT_ONCE, [RIGHT, right])
        return
    done = 0
    while page.locator("[data-soal]:visible").count():
        item = page.locator("[data-soal]:visible")
        key = f"[value='{RIGHT[item.get_attribute('data-soal')]}']"
        item.locator(f"label:has([name^=j-]{key if done < right else f':not({key})'})").first.click()
        item.locator("label:has([name^=y-][value='1'])").click()
        page.locator("[data-maju]").click()
        done += 1


def sent(page: Any) -> None:
    page.locator("[data-kirim]").click()
    page.locator("[data-kabar]").filter(has_text="Terkirim. Terima kasih.").wait_for()


def phones(story: Scene, count: int) -> list[Any]:
    found = []
    for _ in range(count):
        page = story.adult(width=320).go("/pelajaran/kelas/").page
        page.locator("#kelas[data-siap]").wait_for(state="attached")
        found.append(page)
    return found
