"""Paper: forms to print, the grid into which sheets are typed, and what two typings differ in."""

from datetime import date
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from ruangaman.adapters import clock
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import seats, times
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.group_errors import SheetItems, SheetNotOpen, SheetOfAnotherTest, SheetStands
from ruangaman.rooms.learning.groups import making, opening, paper
from ruangaman.rooms.learning.groups.paper import LETTERS, Asked, Typed
from ruangaman.rooms.learning.models import Group
from ruangaman.rooms.learning.views.common import of_group, page, private, time_name, to

MOST_FIELDS: Final = 160
"""Of one page of the grid; the house takes 200 fields of a form."""


def said(code: str) -> str:
    """What is wrong with a row."""
    return {
        SheetItems.code: _("Belum lengkap. Isi tiap soal, atau tanda - kalau kosong."),
        SheetNotOpen.code: _("Tanggalnya tidak cocok dengan waktu tes ini."),
        SheetStands.code: _("Lembar kursi ini sudah masuk."),
        SheetOfAnotherTest.code: _("Masukan pertama kursi ini belum ada."),
        paper.SAVED: _("Tersimpan. Menunggu masukan kedua."),
        paper.SHEET: _("Cocok. Sudah masuk."),
        paper.DIFFERS: _("Berbeda dari masukan pertama."),
    }.get(code, _("Belum berhasil. Coba lagi nanti."))


@require_safe
@of_group
def printed(request: HttpRequest, row: Group, secret: bytes, objective: str, form: str) -> HttpResponse:
    """A form for paper: a number in place of a name, letters for options in one order for everybody."""
    if objective not in row.objectives or (objective, form) not in courses.course().forms:
        return page(request, "kelompok_hilang.html", {}, 404)
    aim, lesson = courses.lesson(objective)
    audience = courses.course().scheme.audience(objective)
    items = [
        (number, one, list(zip(LETTERS.upper(), one.options, strict=False)))
        for number, one in enumerate(opening.printed(objective, form), start=1)
    ]
    grid = paper.asked(row, objective, times.AFTER)
    told = {
        "group": row,
        "token": making.told(secret),
        "lesson": lesson,
        "objective": aim,
        "form": form,
        "items": items,
        "how_sure": grid.how_sure,
        "did": grid.did,
        "young": audience.id == "B2",
    }
    with translation.override(row.language):
        told["times"] = [time_name(one, row) for one in times.TIMES]
        return page(request, "soal_kertas.html", told)


@require_http_methods(["GET", "HEAD", "POST"])
@of_group
def grid(request: HttpRequest, row: Group, secret: bytes, objective: str, time: str) -> HttpResponse:
    """One row a sheet. A row is saved by itself with scripts, all rows of the page together without."""
    try:
        wanted = paper.asked(row, objective, time)
    except SheetOfAnotherTest:
        return page(request, "kelompok_hilang.html", {}, 404)
    told = request.POST if request.method == "POST" else request.GET
    turn = 2 if told.get("kali") == "2" else 1
    if request.method != "POST":
        return _grid(request, row, secret, objective, time, turn, wanted, {})
    results = _save(request, row, objective, time, turn, wanted)
    if request.headers.get("Accept") == "application/json":
        told_back = {str(n): {"result": r, "text": said(r)} for n, r in results.items()}
        typed = paper.rows(row, objective, time)
        return private(JsonResponse({"rows": told_back, "alone": _typed_once(typed)}))
    good = {paper.SAVED, paper.SHEET, paper.DIFFERS}
    status = 200 if set(results.values()) <= good else 422
    return _grid(request, row, secret, objective, time, turn, wanted, results, status)


def _save(
    request: HttpRequest, row: Group, objective: str, time: str, turn: int, wanted: Asked
) -> dict[int, str]:
    now, results = clock.now(), {}
    day = _day(request.POST.get("tanggal", "")) or timezone.localdate(now)
    for number in range(1, row.seats + 1):
        cells = [request.POST.get(f"m-{number}-{at}", "").strip() for at in range(1, wanted.items + 1)]
        if not any(cells):
            continue
        unsure = paper.numbers(request.POST.get(f"u-{number}", ""), wanted.items if wanted.how_sure else 0)
        did = paper.numbers(request.POST.get(f"d-{number}", ""), len(wanted.did))
        try:
            if unsure is None or did is None:
                raise SheetItems
            marks = tuple(paper.mark(one, wanted) for one in cells)
            typed = Typed(number, marks, unsure, did)
            results[number] = paper.save(row, objective, time, turn, typed, taken_on=day, now=now)
        except RuangAmanError as refused:
            results[number] = refused.code
    return results


def _typed_once(typed: dict[int, dict[int, Typed]]) -> str:
    """What is said of rows that wait for a second typing; "" when none does."""
    waiting = sum(set(pair) == {1} for pair in typed.values())
    told = ngettext(
        "%(alone)s baris baru diketik satu kali. Salah ketik tidak akan ketahuan.",
        "%(alone)s baris baru diketik satu kali. Salah ketik tidak akan ketahuan.",
        waiting,
    )
    return told % {"alone": waiting} if waiting else ""


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _grid(
    request: HttpRequest,
    row: Group,
    secret: bytes,
    objective: str,
    time: str,
    turn: int,
    wanted: Asked,
    results: dict[int, str],
    status: int = 200,
) -> HttpResponse:
    size = max(1, MOST_FIELDS // (wanted.items + 2))
    pages = -(-row.seats // size)
    asked_page = request.POST.get("halaman", "") or request.GET.get("halaman", "")
    number = int(asked_page) if asked_page.isascii() and asked_page.isdigit() and len(asked_page) < 3 else 1
    number = min(max(number, 1), pages)
    typed, done = paper.rows(row, objective, time), paper.arrived(row, objective, time)
    first, last = size * (number - 1) + 1, min(size * number, row.seats)
    shown = [
        _row(request, seat, time, turn, wanted, typed.get(seat, {}), seat in done, results)
        for seat in range(first, last + 1)
    ]
    day = paper.first_day(row, objective, time) or min(
        row.taught_on or timezone.localdate(clock.now()), timezone.localdate(clock.now())
    )
    if time == times.AFTER:
        day = paper.first_day(row, objective, time) or timezone.localdate(clock.now())
    token = making.told(secret)
    told: dict[str, Any] = {
        "group": row,
        "token": token,
        "objective": objective,
        "title": courses.lesson(objective)[1].title,
        "time": time,
        "time_name": time_name(time, row),
        "turn": turn,
        "wanted": wanted,
        "items": range(1, wanted.items + 1),
        "letters": LETTERS[: wanted.options].upper(),
        "rows": shown,
        "day": request.POST.get("tanggal", "") or day.isoformat(),
        "page": number,
        "pages": range(1, pages + 1) if pages > 1 else [],
        "alone": _typed_once(typed),
        "differs": any(set(pair) == {1, 2} for pair in typed.values()),
        "words": {
            "here": _("Tersimpan di HP ini. Belum terkirim."),
            "failed": said(""),
            "half": said(SheetItems.code),
            "letters": LETTERS[: wanted.options] + "-",
            "observed": wanted.observed,
        },
        "key": f"{row.pk}.{objective}.{time}.{turn}",
    }
    return page(request, "kertas.html", told, status)


def _row(
    request: HttpRequest,
    seat: int,
    time: str,
    turn: int,
    wanted: Asked,
    typed: dict[int, Typed],
    done: bool,
    results: dict[int, str],
) -> dict[str, Any]:
    result = results.get(seat, "")
    mine = typed.get(turn)
    cells = [request.POST.get(f"m-{seat}-{at}", "")[:1] for at in range(1, wanted.items + 1)]
    unsure, did = request.POST.get(f"u-{seat}", "")[:80], request.POST.get(f"d-{seat}", "")[:80]
    if mine is not None and not any(cells):
        cells = list(mine.marks)
        unsure, did = " ".join(map(str, mine.unsure)), " ".join(map(str, mine.did))
    state = "sheet" if done else "missing" if turn == 2 and 1 not in typed else "open"
    text = said(result) if result else said(paper.SHEET) if done else ""
    if not text and mine is not None:
        text = said(paper.SAVED if turn == 1 else paper.DIFFERS)
    return {
        "number": seat,
        "form": "" if wanted.observed else seats.form(seat, time),
        "cells": list(enumerate(cells, start=1)),
        "unsure": unsure,
        "did": did,
        "state": state,
        "text": text if state != "missing" else said(SheetOfAnotherTest.code),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@of_group
def decide(request: HttpRequest, row: Group, secret: bytes, objective: str, time: str) -> HttpResponse:
    """Rows whose two typings differ, each place shown with both; or every row that was typed once, as it is."""
    try:
        paper.asked(row, objective, time)
    except SheetOfAnotherTest:
        return page(request, "kelompok_hilang.html", {}, 404)
    token, error = making.told(secret), ""
    here = reverse("learning:group_decide", args=[token, objective, time])
    if request.method == "POST" and "tanpa" in request.POST:
        paper.use_first(row, objective, time, now=clock.now())
        return to(reverse("learning:group_paper", args=[token, objective, time]))
    if request.method == "POST":
        number = request.POST.get("kursi", "")
        places = {
            name[2:]: int(value)
            for name, value in request.POST.items()
            if name[:2] == "p-" and value in ("1", "2")
        }
        try:
            seat = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else 0
            paper.decide(row, objective, time, seat, places, now=clock.now())
            return to(here)
        except RuangAmanError as refused:
            error = (
                said(refused.code)
                if refused.code != SheetItems.code
                else _("Pilih satu untuk tiap perbedaan.")
            )
    pairs = {n: pair for n, pair in paper.rows(row, objective, time).items() if set(pair) == {1, 2}}
    told = {
        "group": row,
        "token": token,
        "objective": objective,
        "title": courses.lesson(objective)[1].title,
        "time": time,
        "time_name": time_name(time, row),
        "error": error,
        "rows": [(number, _differing(pair)) for number, pair in sorted(pairs.items())],
    }
    return page(request, "kertas_beda.html", told, 400 if error else 200)


def _differing(pair: dict[int, Typed]) -> list[tuple[str, str, str, str]]:
    """Place, its name, and what each typing says there."""
    items, unsure, did = paper.differing(pair)
    found = [
        (
            str(at),
            _("Soal %(number)s") % {"number": at},
            *(pair[turn].marks[at - 1].upper() for turn in (1, 2)),
        )
        for at in items
    ]
    lists = {"unsure": (unsure, _("Belum yakin")), "did": (did, _("Yang dilakukan"))}
    for place, (differs, name) in lists.items():
        if differs:
            both = [" ".join(map(str, getattr(pair[turn], place))) or paper.NOTHING for turn in (1, 2)]
            found.append((place, name, both[0], both[1]))
    return [(one[0], one[1], one[2], one[3]) for one in found]
