"""The public pages: start, help, quick exit, and the law's answers for everyone."""

import csv
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from ruangaman.adapters import clock, helpline_files, packs
from ruangaman.core import helplines
from ruangaman.rooms.access import api as access
from ruangaman.site.public import named, question, rules, wording

CODE_TYPED = "kode-diketik"
CONFIDENCES = (">=2", "one", "unclear")


def _address(name: str, otherwise: str) -> str:
    """The address of a page of a room; where the house has no such room, what the help page says of it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return otherwise


def _code_error(state: str) -> str:
    """What the families room says of a code when it sends the reader back; the URL never holds the code."""
    if state == "tidak-cocok":
        return _("Kode tidak cocok. Periksa 8 hurufnya.")
    if state == "tunggu":
        return _("Sudah lima kali salah. Tunggu 1 menit, lalu coba lagi.")
    return ""


def _code_typed(request: HttpRequest) -> str:
    """The code that did not fit, kept by the families room for one look by this browser; empty when none is."""
    return request.get_signed_cookie(CODE_TYPED, default=None, salt=CODE_TYPED, max_age=60) or ""


def _missing(anchor: str) -> str:
    return f"{reverse('public:help')}#{anchor}"


def _ways() -> list[dict[str, str]]:
    """The four doors of the start page."""
    start_code = f"{reverse('public:start')}#kode"
    return [
        {
            "url": _address("families:child_start", _missing("anak")),
            "colour": "kunyit",
            "name": _("Saya anak"),
            "note": _("Lihat pintu-pintuku"),
        },
        {
            "url": _address("families:home", start_code),
            "colour": "tosca",
            "name": _("Saya orang tua"),
            "note": _("Beri izin, atur, cabut izin"),
        },
        {
            "url": _address("learning:doors", _missing("guru")),
            "colour": "nila",
            "name": _("Saya guru"),
            "note": _("Pelajaran dan tes untuk kelas"),
        },
        {
            "url": _address("places:cities", _missing("kota")),
            "colour": "genteng",
            "name": _("Kota saya"),
            "note": _("Peta jalan aman untuk anak"),
        },
    ]


def _foot_ways() -> list[dict[str, str]]:
    ways = [
        {"url": _address("learning:doors", _missing("guru")), "name": _("Pelajaran")},
        {"url": _address("access:console", _missing("aplikasi")), "name": _("Saya punya aplikasi")},
        {"url": _address("oversight:start", _missing("pemerintah")), "name": _("Pemerintah")},
    ]
    if settings.STORY:
        ways.insert(0, {"url": reverse("story:start"), "name": _("Lihat ceritanya")})
    return ways


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """`/`: brings each person to the right door, and shows that the rules are open."""
    facts: dict[str, Any] = {
        "find_url": _address("families:find", reverse("public:help")),
        "code_error": (code_error := _code_error(request.GET.get("kode", ""))),
        "code": _code_typed(request) if code_error else "",
        "question": question.asked(request.GET, now=clock.now()),
        "ways": _ways(),
        "foot_ways": _foot_ways(),
    }
    status = 400 if "refused" in facts["question"] else 200
    response = render(request, "public/start.html", facts, status=status)
    if facts["code"]:
        response.delete_cookie(CODE_TYPED, samesite="Lax")
    return response


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """`/bantuan`: whom to call, and what "Tutup cepat" can and cannot do."""
    today = localtime(clock.now()).date()
    services = helplines.shown(helpline_files.lines(), today, children=True, least="high")
    return render(request, "public/help.html", {"services": services})


@never_cache
@require_safe
def quick_exit(request: HttpRequest) -> HttpResponse:
    """`/tutup`: a neutral page that says nothing about us, for someone who is being watched. It signs out too:
    whoever takes the phone next and goes back finds the sign-in page.
    """
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        request.session.flush()
    return render(request, "public/quick_exit.html")


def _rows() -> list[dict[str, Any]]:
    now = clock.now()
    rows = []
    cards: list[access.ServiceView | named.Platform] = [*access.public_services(), *named.platforms(now=now)]
    for card in cards:
        facts = card.facts
        cells = [question.range_verdict(facts, ages, now=now) for ages in question.ranges()]
        if isinstance(card, named.Platform):
            cells = [replace(cell, colour="genteng") if cell.state == "later" else cell for cell in cells]
        rows.append({"service": card, "cells": cells, **_about(card, cells)})
    return rows


def _about(card: access.ServiceView | named.Platform, cells: list[question.Verdict]) -> dict[str, Any]:
    """Risk, who determined it and when, since when it counts and how sure that is: of a row of the table."""
    weakest = max((cell.answer.confidence for cell in cells), key=CONFIDENCES.index)
    about: dict[str, Any] = {"article": cells[0].article, "confidence": rules.confidence(weakest)}
    if isinstance(card, named.Platform):
        return about | {
            "risk": card.risk,
            "determined": _("Disebut dalam %(source)s.") % {"source": card.listed.sources},
            "since": next((note.since for note in card.notes), card.listed.since),
            "notes": card.notes,
        }
    return about | {
        "risk": question.risk_words(card.facts),
        "determined": _determined(card),
        "since": _since(cells[0]),
        "notes": (),
    }


def _since(cell: question.Verdict) -> str:
    """From when the article behind a cell counts."""
    articles = cell.answer.articles
    return rules.in_force_since(packs.load(wording.JURISDICTION), articles[0]) if articles else ""


def _determined(service: access.ServiceView) -> str:
    """Who said how risky the service is, and when; empty when nobody has."""
    if service.risk_determined_at is None:
        return ""
    day = date_format(localtime(service.risk_determined_at), "j F Y")
    return _("Dinilai %(office)s, %(day)s.") % {"office": service.risk_determined_by, "day": day}


@require_safe
def apps(request: HttpRequest) -> HttpResponse:
    """`/aplikasi`: which app at which age, by the law engine. `?umur=10-12` shows one age as a list."""
    bands = [ages.name for ages in question.ranges()]
    wanted = request.GET.get("umur", "")
    search = request.GET.get("cari", "").strip()
    rows = [
        {
            **row,
            "named": list(zip(bands, row["cells"], strict=True)),
        }
        for row in _rows()
        if search.lower() in row["service"].name.lower()
    ]
    chosen = bands.index(wanted) if wanted in bands else None
    if chosen is not None:
        for row in rows:
            row["chosen"] = row["cells"][chosen]
    return render(
        request,
        "public/apps.html",
        {
            "bands": bands,
            "rows": rows,
            "chosen": wanted if chosen is not None else "",
            "search": search,
            "grown_from": question.grown(),
            "own_from": question.own_from(now=clock.now()),
            "some_open": any(cell.state == "open" for row in rows for cell in row["cells"]),
            "unknown_age": bool(wanted) and chosen is None,
            "phase": named.phase(now=clock.now()),
            "law_version": packs.load(wording.JURISDICTION).law_version,
        },
    )


@require_safe
def apps_csv(_request: HttpRequest) -> HttpResponse:
    """`/aplikasi.csv`: the same table, one line a service; cells that a spreadsheet would run are defused."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="aplikasi.csv"'
    writer = csv.writer(response)
    bands = [ages.name for ages in question.ranges()]
    about = [_("Aplikasi"), _("Penyelenggara"), _("Risiko"), _("Ditetapkan")]
    writer.writerow(
        [*about, *bands, _("Pasal"), _("Sejak"), _("Keyakinan"), _("Akun yang sudah ada"), _("Versi aturan")]
    )
    for row in _rows():
        articles = sorted({source for cell in row["cells"] for source in cell.answer.articles})
        version = row["cells"][0].answer.law_version
        line = [
            row["service"].name,
            row["service"].operator,
            row["risk"],
            row["determined"],
            *[cell.word for cell in row["cells"]],
            "; ".join(wording.article_words(source) for source in articles),
            row["since"],
            row["confidence"],
            " ".join(
                f"{note.says} ({note.since}; {note.sources}; {note.confidence})" for note in row["notes"]
            ),
            f"{version['pack']} {version['version']}",
        ]
        writer.writerow([f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in line])
    return response
