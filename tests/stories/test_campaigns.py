"""
A ministry's campaign from its making to its results: facilitators join on their phones, the draw lets half of the
classes wait, children take their tests, and on its day the page tells what a plain reckoning of the answers tells.
"""

import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import mean, stdev
from typing import Any
from uuid import uuid4

import numpy as np
import pytest
from scipy.stats import t
from tests.axe import complaints
from tests.stories.classes import COURSE, group, morning, open_test, phones, sent, slips, take
from tests.stories.people import Adult, Scene, command

from ruangaman.core.learning import seats

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("story")]

PASSWORD = "sawah-kereta-hujan-51"
SEATS, ITEMS, AT_ONCE = 10, 6, 100
REGIONS = ("33.74", "35.78")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober")
MONTHS += ("November", "Desember")
TABS = 60
"""After so many steps of the keyboard whatever is on the page was reached."""


def said(day: date) -> str:
    """A day as pages write it."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@dataclass
class Class:
    """A class of the campaign. place: of its pair, whose two classes know the same before the lesson."""

    window: Adult
    address: str
    codes: list[str]
    region: str
    place: int
    taught: bool = False

    def right(self, seat: int, at: str) -> int:
        """How many of six a seat gets right: who is taught learns one or two more, a few learn by themselves."""
        before = (seat + self.place) % 4
        if at == "pre":
            return before
        return before + (seat % (self.place + 2) == 0) + self.taught * (2 if seat % 4 else 1)

    def scores(self, at: str) -> list[float]:
        """Of its seats, as shares."""
        return [self.right(seat, at) / ITEMS for seat in range(1, SEATS + 1)]

    def sheets(self, at: str, day: date, seats_of: list[int]) -> Iterator[dict[str, Any]]:
        """As devices send them."""
        for seat in seats_of:
            form = COURSE.forms["B3-2", seats.form(seat, at)]
            wanted = self.right(seat, at)
            yield {
                "id": str(uuid4()),
                "code": self.codes[seat - 1],
                "objective": "B3-2",
                "time": at,
                "form": form.form,
                "version": form.version,
                "language": "id",
                "answers": [
                    [
                        item.id,
                        next(o.id for o in item.options if o.right == (number < wanted)),
                        True,
                    ]
                    for number, item in enumerate(form.items)
                ],
                "taken_on": day.isoformat(),
            }


def deliver(window: Adult, sheets: list[dict[str, Any]]) -> None:
    """By the door at which devices send, in lots of a hundred."""
    for at in range(0, len(sheets), AT_ONCE):
        address = window.house.base + "/pelajaran/kelas/kirim"
        reply = window.page.request.post(address, data={"sheets": sheets[at : at + AT_ONCE]})
        assert {one["result"] for one in reply.json()["sheets"]} == {"accepted"}


def signed_in(story: Scene) -> Adult:
    """Somebody of a ministry, whose account the operator made and gave the right for the whole country."""
    told = command(story.house, "staff", "add", "kementerian")
    command(story.house, "learn", "organiser", "give", "kementerian", "--name", "Kementerian Bunga (rekaan)")
    one = story.adult(width=1280).go(told.split()[-1])
    one.page.fill("#id_new_password1", PASSWORD)
    one.page.fill("#id_new_password2", PASSWORD)
    one.press("button.main")
    one.go("/pelajaran/kampanye/baru")
    one.page.fill("#id_username", "kementerian")
    one.page.fill("#id_password", PASSWORD)
    one.press("button.main")
    one.page.wait_for_url("**/pelajaran/kampanye/baru")
    return one


def made(organiser: Adult, starts: date, ends: date) -> tuple[str, str]:
    """A campaign by the keyboard; gives its address and the code by which groups join."""
    page = organiser.page
    page.fill("#name_id", "Jeli membaca pesan rekaan")
    page.fill("#name_en", "Look twice, made up")
    page.locator("details:has([value='B3-2']) > summary").press("Enter")
    page.locator("[value='B3-2']").press("Space")
    page.fill("#reach_goal", str(8 * SEATS))
    page.select_option("#effect_goal", "0.30")
    page.locator("[name=design][value=waitlist]").press("Space")
    page.fill("#starts_on", starts.isoformat())
    page.fill("#ends_on", ends.isoformat())
    page.locator("form button.main").press("Enter")
    page.wait_for_url("**/pelajaran/kampanye/jeli*/")
    return page.url, page.locator("p.big.said").inner_text()


def joined(story: Scene, code: str) -> list[Class]:
    """Eight facilitators, each with a phone of their own, half of them in either province."""
    found = []
    for number in range(8):
        region = REGIONS[number // 4]
        window, address = group(
            story, audience="B3", name=f"5{'ABCDEFGH'[number]}", seats=SEATS, region=region, code=code
        )
        found.append(Class(window, address, slips(window), region, number // 2))
    return found


def drawn(organiser: Adult, desk: str, classes: list[Class]) -> None:
    """The organiser draws; whoever looks at the seed draws the same again."""
    page = organiser.go(desk).page
    assert "8 kelompok siap diundi" in organiser.text()
    page.get_by_role("button", name="Undi sekarang, satu kali").press("Enter")
    page.get_by_role("link", name="Benih dan daftar undian").wait_for()
    told = page.request.get(desk + "undian.json").json()
    again = {}
    for first, second in zip(told["groups"][::2], told["groups"][1::2], strict=True):
        even = hashlib.sha256(f"{told['seed']}|{first['id']}".encode()).digest()[0] % 2 == 0
        again |= {first["id"]: "teach" if even else "wait", second["id"]: "wait" if even else "teach"}
    assert {one["id"]: one["arm"] for one in told["groups"]} == again
    for one in classes:
        one.taught = "Kelompok ini menunggu." not in one.window.go(one.address).text()
    assert [one.taught for one in classes].count(True) == 4
    assert all(
        first.taught != second.taught for first, second in zip(classes[::2], classes[1::2], strict=True)
    )


def percent(share: float) -> str:
    return f"{share:.0%}"


def points(share: float) -> str:
    return f"{100 * share:.0f}".replace("-", "−")


def number(value: float) -> str:
    return f"{value:.2f}".replace("-", "−").replace(".", ",")


def interval(means: list[float]) -> str:
    """A mean of classes with its interval of 95 per cent, as the table writes it."""
    half = t.ppf(0.975, len(means) - 1) * stdev(means) / len(means) ** 0.5
    low, high = max(0.0, mean(means) - half), min(1.0, mean(means) + half)
    return f"{percent(mean(means))} ({percent(low)} sampai {percent(high)})"


def difference(classes: list[Class]) -> tuple[str, str]:
    """The sentence of the difference and that of g, from the answers: least squares on the means of classes."""
    before = np.array([mean(one.scores("pre")) for one in classes])
    after = np.array([mean(one.scores("delayed")) for one in classes])
    arm = np.array([float(one.taught) for one in classes])
    design = np.column_stack([arm, np.ones(8), before])
    fit, rest, *_more = np.linalg.lstsq(design, after, rcond=None)
    error = (float(rest[0]) / 5 * np.linalg.inv(design.T @ design)[0, 0]) ** 0.5
    bounds = [float(fit[0]) + sign * t.ppf(0.975, 5) * error for sign in (0, -1, 1)]
    arms = [
        [score for one in classes if one.taught == taught for score in one.scores("delayed")]
        for taught in (1, 0)
    ]
    people = 8 * SEATS - 2
    spread = (sum((len(one) - 1) * stdev(one) ** 2 for one in arms) / people) ** 0.5
    g = [(1 - 3 / (4 * people - 1)) * one / spread for one in bounds]
    return (
        "Bedanya {} poin, antara {} dan {}.".format(*map(points, bounds)),
        "g = {} ({} sampai {})".format(*map(number, g)),
    )


def fits(page: Any, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("h1").count() == 1
    assert complaints(page) == []


def by_keyboard(page: Any, css: str) -> None:
    """Step to an element by Tab; it shows that it is there."""
    for _ in range(TABS):
        page.keyboard.press("Tab")
        if page.evaluate("css => document.activeElement.matches(css)", css):
            break
    else:
        raise AssertionError(f"no step of the keyboard leads to {css}")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_a_ministrys_campaign_waits_for_its_day_and_then_tells_what_was_learned(story: Scene) -> None:
    today = morning(story).date()
    lesson, ends = today + timedelta(days=1), today + timedelta(days=29)
    tells = ends + timedelta(days=28)
    organiser = signed_in(story)
    desk, code = made(organiser, today, ends)
    classes = joined(story, code)
    everybody = list(range(1, SEATS + 1))

    # Before the lesson. One child of 5A types the code and answers by hand, the others' devices send.
    phone = phones(story, 1)[0]
    open_test(phone, classes[0].codes[1])
    take(phone, classes[0].right(2, "pre"))
    sent(phone)
    rest = [seat for seat in everybody if seat != 2]
    deliver(
        organiser,
        [
            sheet
            for one in classes
            for sheet in one.sheets("pre", today, rest if one is classes[0] else everybody)
        ],
    )
    drawn(organiser, desk, classes)

    # Who waits sees that its lesson comes later, and when, once the day of the others stands.
    waiting = next(one for one in classes if not one.taught)
    assert "Hari pelajarannya muncul di sini setelah kelompok lain belajar." in waiting.window.text()
    organiser.page.fill("#hari", lesson.isoformat())
    organiser.page.get_by_role("button", name="Simpan hari").press("Enter")
    organiser.page.wait_for_load_state()
    late = lesson + timedelta(days=42)
    promised = f"Adakan pelajarannya mulai {said(late + timedelta(days=1))}"
    for one in classes:
        assert (promised in one.window.go(one.address).text()) is not one.taught
    fits(waiting.window.page, 320)
    teaching = [one for one in classes if one.taught]
    story.refusals(400)  # a lesson whose test of day 28 would come after the campaign
    teaching[0].window.page.fill("#hari", (lesson + timedelta(days=1)).isoformat())
    teaching[0].window.page.get_by_role("button", name="Simpan").click()
    assert f"paling lambat {said(lesson)}" in teaching[0].window.text()
    for one in teaching:
        one.window.page.fill("#hari", lesson.isoformat())
        one.window.page.get_by_role("button", name="Simpan").click()
        one.window.page.get_by_text(said(lesson), exact=True).wait_for()

    # The lesson, the same day's test, and 28 days later that of everybody.
    story.later(hours=24)
    deliver(organiser, [sheet for one in teaching for sheet in one.sheets("post", lesson, everybody)])
    story.later(hours=28 * 24)
    last = lesson + timedelta(days=28)
    open_test(phone, classes[0].codes[1])
    take(phone, classes[0].right(2, "delayed"), by_hand=False)
    sent(phone)
    deliver(
        organiser,
        [
            sheet
            for one in classes
            for sheet in one.sheets("delayed", last, rest if one is classes[0] else everybody)
        ],
    )

    # Until its day it tells how many came, in tens, and when results come; nothing of what they are.
    visitor = story.adult(width=320)
    results = desk + "hasil"
    waits = f"Hasil tampil satu kali, pada {said(tells)}, setelah semua tes hari ke-28 selesai."
    card = visitor.go("/pelajaran/kampanye/").page.locator("section", has_text="Jeli membaca pesan rekaan")
    assert "Peserta\n80" in card.inner_text()
    assert waits in card.inner_text()
    story.later(hours=27 * 24)
    visitor.go(results)
    assert visitor.page.inner_text("h1") == "Data belum cukup."
    assert waits in visitor.text()
    assert "Yang ikut sampai sekarang: 80." in visitor.text()
    assert "%" not in visitor.text()
    fits(visitor.page, 320)

    # Its day.
    story.later(hours=24)
    until = time.monotonic() + 15
    while waits in visitor.go(results).text():
        assert time.monotonic() < until
        time.sleep(0.5)
    assert visitor.page.inner_text("h1") == "Setelah 28 hari, kelompok yang diajar lebih tahu."
    told_difference, told_g = difference(classes)
    assert told_difference in visitor.text()
    assert told_g in visitor.text()
    table = visitor.page.locator("table", has_text="Jawaban benar, rata-rata kelompok")
    for name, taught, times in (
        ("diajar", True, ("pre", "post", "delayed")),
        ("menunggu", False, ("pre", "delayed")),
    ):
        cells = table.locator(f"tr:has(th:text-is('{name}')) td").all()
        shown = [cell.text_content() for cell in cells]
        mine = [one for one in classes if one.taught == taught]
        # On the day of the lesson who is taught knows what it knows after 28 days.
        expected = [interval([mean(one.scores(at)) for one in mine]) for at in times]
        assert [one for one in shown if one != "–"] == expected
    counts = visitor.page.locator("table", has_text="Yang terukur, tes hari ke-28").locator("tbody tr").all()
    for row, taught in zip(counts, (True, False), strict=True):
        wrong = 1 - mean(score for one in classes if one.taught == taught for score in one.scores("delayed"))
        assert row.locator("[data-label='Jumlah kelompok']").text_content() == "4"
        assert row.locator("[data-label='Peserta']").text_content() == "40"
        assert row.locator("[data-label='Yakin tapi salah']").text_content() == percent(wrong)

    # For everybody: on a phone and a screen, by the keyboard, and without a script.
    for width in (320, 1280):
        fits(visitor.page, width)
    by_keyboard(visitor.page, "#peneliti summary")
    visitor.page.keyboard.press("Enter")
    assert visitor.page.locator("#peneliti details[open] table").is_visible()
    fits(visitor.page, 320)
    plain = story.adult(width=320, scripts=False).go(results)
    assert told_difference in plain.text()
    assert (
        table.count()
        == plain.page.locator("table", has_text="Jawaban benar, rata-rata kelompok").count()
        == 1
    )
    assert plain.page.evaluate("document.documentElement.scrollWidth") <= 320

    # The goals that it set itself, and what adds up in the provinces.
    assert "Sasaran peserta tercapai." in visitor.go(desk.partition("jeli")[0]).text()
    assert "Sasaran belajar tercapai." in visitor.text()
    sums = visitor.go("/pelajaran/hasil/").page
    for region, name in zip(REGIONS, ("Jawa Tengah", "Jawa Timur"), strict=True):
        here = [one for one in classes if one.region == region]
        before, after = (mean(s for one in here for s in one.scores(at)) for at in ("pre", "delayed"))
        row = sums.locator("table").first.locator(f"tr:has(th:text-is('{name}')) td").all()
        told = [cell.text_content() for cell in row]
        assert told == ["1", "4", "40", "40", percent(before), percent(after)]
