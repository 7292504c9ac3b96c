"""The work with reports: read before others do, answer, and the city's own tables."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.adapters import clock
from ruangaman.adapters.photos import MOST_BYTES, PhotoRefused
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reports import states
from ruangaman.core.reports.rules import ReportRulesMalformed
from ruangaman.rooms.places import post
from ruangaman.rooms.places.errors import NotFound
from ruangaman.rooms.places.models import City, Report
from ruangaman.rooms.places.report_errors import ReportOver, ReportRefused
from ruangaman.rooms.places.reports import answers, desk, sending, tables, telling
from ruangaman.rooms.places.reports.moments import in_language, moment
from ruangaman.rooms.places.roles import Acting, acting, may, needs
from ruangaman.rooms.places.views.report_list import picture
from ruangaman.rooms.places.views.report_pages import ROOM, in_memory, page, sentence, to, too_large
from ruangaman.rooms.places.views.uploads import file_of

MOST_SHOWN: Final = 100
MOST_PHOTO: Final = MOST_BYTES + ROOM


def _line(row: Report, known: telling.Names, now: datetime) -> dict[str, Any]:
    told = telling.line(row, known) | telling.due_line(telling.next_due(row), now)
    return told | {
        "number": sending.shown_number(row),
        "raised": moment(row.raised_at),
        "held": bool(row.held),
    }


@require_safe
@needs("moderate")
def inbox(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """What waits to be read, danger first, then what is due first; looking changes nothing."""
    now, known = clock.now(), telling.names(city)
    rows = desk.waiting(city, who)
    lines = [_line(row, known, now) for row in rows[:MOST_SHOWN]]
    context = {
        "city": city,
        "lines": lines,
        "count": rows.count(),
        "late": sum(line["late"] for line in lines),
        "reminded": sum(line["reminded"] for line in lines),
        "most": MOST_SHOWN,
        "may_load": may(request.user, city, "load"),
        "may_answer": may(request.user, city, "answer"),
        "may_vote": True,
        "unsent": post.failing(city).count(),
        "done_photos": [
            telling.line(one.report, known) | {"ref": one.report_id}
            for one in desk.done_photos(city, who)[:MOST_SHOWN]
        ],
        "helpline": known.kinds.helpline,
    }
    return page(request, "laporan_meja.html", context)


def _row(city: City, who: Acting, ref: UUID) -> Report:
    try:
        return desk.get(city, who, ref)
    except NotFound:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@needs("moderate")
def moderate(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """One report. Opening, accepting, refusing and joining are acts, so each is a POST."""
    row = _row(city, who, ref)
    if request.method != "POST":
        return _moderate(request, city, who, row)
    now, said = clock.now(), request.POST
    pair = {"id": said.get("teks", ""), "en": said.get("teks_en", "")}
    try:
        act = said.get("act", "")
        if act == "open":
            desk.open_it(city, who, ref, now=now)
        elif act == "publish":
            desk.publish(
                city,
                who,
                ref,
                said=pair,
                body=said.get("instansi", ""),
                private=said.get("tertutup") == "ya",
                photo=said.get("foto") == "ya",
                now=now,
            )
        elif act == "refuse":
            told = {"id": said.get("alasan_teks", ""), "en": said.get("alasan_teks_en", "")}
            desk.refuse(city, who, ref, reason=said.get("alasan", ""), said=told, now=now)
        elif act == "join":
            desk.join(city, who, ref, _uuid(said.get("dengan", "")), now=now)
        elif act == "send":
            desk.send(city, who, ref, said.get("instansi", ""), now=now)
        elif act == "photo-down":
            desk.take_photo_down(city, who, ref, now=now)
        elif act in ("done-show", "done-drop"):
            desk.look_at_done(city, who, ref, show=act == "done-show", now=now)
        else:
            raise ReportRefused(why="answer")
    except (ReportRefused, ReportOver, NotFound) as refused:
        return _moderate(request, city, who, _row(city, who, ref), *_told(refused))
    return to(reverse("places:report_moderate", args=[city.slug, ref]) + f"#{act}")


def _uuid(said: str) -> UUID:
    try:
        return UUID(said)
    except ValueError:
        raise ReportRefused(why="join") from None


def _told(refused: RuangAmanError) -> tuple[str, int]:
    """The sentence and the status of a refusal."""
    if isinstance(refused, ReportOver):
        return sentence("over"), 409
    if isinstance(refused, NotFound):
        return sentence("join"), 404
    return sentence(str(refused.facts["why"])), 400


def _moderate(
    request: HttpRequest, city: City, who: Acting, row: Report, error: str = "", status: int = 200
) -> HttpResponse:
    now, known = clock.now(), telling.names(city)
    mine = row.opened_by_id == who.user.pk
    suggested = tables.bodies(city).right_for(row.kind, row.area)
    waiting = row.state == states.RECEIVED
    alike = desk.alike(city, who, row) if (waiting and mine) or row.state in states.OPEN else []
    context = {
        "city": city,
        "row": row,
        "line": _line(row, known, now),
        "error": error,
        "mine": mine,
        "waiting": waiting,
        "open": row.state in states.OPEN,
        "words": desk.words(row, who),
        "held": [in_language(HELD[what]) for what in row.held],
        "opened": moment(row.opened_at),
        "opened_by": row.opened_by.get_username() if row.opened_by else "",
        "bodies": list(known.bodies.of.values()),
        "body": request.POST.get("instansi", "") or row.body or suggested,
        "refusals": list(known.kinds.refusals.values()),
        "alike": [_alike(other, metres, known) for other, metres in alike],
        "joined": row.joined.count(),
        "joined_to": row.joined_to,
        "steps": telling.steps(row.steps.all(), known),
        "clocks": telling.clocks(row),
        "refusal": in_language(sending.answer_of(row)),
        "said": request.POST if error else {},
        "longest": known.kinds.limits.published,
        "longest_answer": known.kinds.limits.answer,
        "helpline": known.kinds.helpline,
        "may_answer": acting(request.user, city, "answer") is not None,
        "done": row.steps.filter(photo_state__in=("waiting", "shown")).last(),
    }
    return page(request, "laporan_periksa.html", context, status)


HELD: Final = {
    "home": {"id": "rumah atau alamat", "en": "a home or an address"},
    "phone": {"id": "nomor telepon", "en": "a telephone number"},
    "number": {"id": "nomor rumah, RT, atau RW", "en": "a number of a house, RT or RW"},
    "name": {"id": "nama orang", "en": "somebody's name"},
    "link": {"id": "tautan atau surel", "en": "a link or an e-mail address"},
}


def _alike(other: Report, metres: float, known: telling.Names) -> dict[str, Any]:
    return telling.line(other, known) | {
        "ref": other.pk,
        "number": sending.shown_number(other),
        "metres": round(metres / 10) * 10,
        "raised": moment(other.raised_at),
        "told": other.joined.count() + 1,
    }


@require_safe
@needs("moderate")
def photo(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """The photo, for who opened the report, to see whether a face is on it."""
    row = _row(city, who, ref)
    return picture(sending.photo_of(row) if row.opened_by_id == who.user.pk else b"")


@require_safe
@needs("moderate")
def done_photo(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """The photo of what was done, for who looks whether a face is on it."""
    step = _row(city, who, ref).steps.filter(photo_state__in=("waiting", "shown")).last()
    return picture(sending.photo_of(step) if step is not None else b"")


@require_POST
@needs("moderate")
def photo_down(request: HttpRequest, city: City, who: Acting, serial: int) -> HttpResponse:
    """Take a photo down from its public page: the one that was told with, or the one of what was done."""
    row = Report.objects.filter(city=city, serial=serial).first()
    if row is None or not who.sees(row.area, row.body):
        raise Http404
    try:
        if request.POST.get("foto") == "sesudah":
            desk.look_at_done(city, who, row.pk, show=False, now=clock.now())
        else:
            desk.take_photo_down(city, who, row.pk, now=clock.now())
    except ReportRefused:
        pass  # it is gone already
    return to(reverse("places:report", args=[city.slug, serial]))


def _to_answer(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """What is accepted and has not ended, by its next due time; by body as links."""
    now, known = clock.now(), telling.names(city)
    rows = answers.waiting(city, who)
    body = request.GET.get("instansi", "")
    if body in known.bodies.of:
        rows = rows.filter(body=body)
    lines = [_line(row, known, now) | {"ref": row.pk} for row in rows[:MOST_SHOWN]]
    context = {
        "city": city,
        "lines": lines,
        "count": rows.count(),
        "late": sum(line["late"] for line in lines),
        "reminded": sum(line["reminded"] for line in lines),
        "most": MOST_SHOWN,
        "unsent": 0 if who.bodies else post.failing(city).count(),
        "bodies": [] if who.bodies else list(known.bodies.of.values()),
        "body": body,
        "office": ", ".join(in_language(known.body(one)) for one in who.bodies),
        "page": "places:office_report" if who.bodies else "places:report_answer",
        "over": [_line(row, known, now) | {"ref": row.pk} for row in answers.over(city, who)[:20]]
        if who.bodies
        else [],
        "may_moderate": may(request.user, city, "moderate"),
    }
    return page(request, "laporan_jawab.html", context)


def _answer_one(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """One accepted report: what becomes of it, in plain words; when it was done, and a photo of it."""
    row = _row(city, who, ref)
    if row.state not in states.SHOWN:
        raise Http404
    if request.method != "POST":
        return _answer(request, city, who, row)
    if too_large(request, MOST_PHOTO):
        return _answer(request, city, who, row, sentence("photo-large"), 413)
    said = request.POST
    try:
        if said.get("act") == "send":
            desk.send(city, who, ref, said.get("instansi", ""), now=clock.now())
        else:
            _take(request, city, who, ref)
    except (ReportRefused, ReportOver, NotFound) as refused:
        return _answer(request, city, who, _row(city, who, ref), *_told(refused))
    except PhotoRefused as refused:
        return _answer(request, city, who, row, sentence(f"photo-{refused.facts['why']}"), 422)
    if who.bodies and said.get("act") == "send":
        return to(reverse("places:office", args=[city.slug]))  # another office has it now
    name = "places:office_report" if who.bodies else "places:report_answer"
    return to(reverse(name, args=[city.slug, ref]) + "#riwayat")


def _take(request: HttpRequest, city: City, who: Acting, ref: UUID) -> None:
    said, what = request.POST, request.POST.get("jawaban", "")
    done_on = _date(said.get("selesai", "")) if what == states.SOLVED else None
    if what == states.SOLVED and done_on is None:
        raise ReportRefused(why="done")
    answers.answer(
        city,
        who,
        ref,
        what=what,
        said={"id": said.get("teks", ""), "en": said.get("teks_en", "")},
        reason=said.get("sebab", ""),
        planned_on=_date(said.get("tanggal", "")),
        done_on=done_on,
        photo=file_of(request, "foto"),
        now=clock.now(),
    )


to_answer = require_safe(needs("answer")(_to_answer))
answer = require_http_methods(["GET", "HEAD", "POST"])(in_memory(needs("answer")(_answer_one)))
# The same for an office: what was sent to it, and nothing else.
office = require_safe(needs("handle")(_to_answer))
office_report = require_http_methods(["GET", "HEAD", "POST"])(in_memory(needs("handle")(_answer_one)))


def _date(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _answer(
    request: HttpRequest, city: City, who: Acting, row: Report, error: str = "", status: int = 200
) -> HttpResponse:
    now, known = clock.now(), telling.names(city)
    context = {
        "city": city,
        "row": row,
        "line": _line(row, known, now) | {"told": row.joined.count() + 1},
        "error": error,
        "open": row.state in states.OPEN,
        "answers": [(what, telling.status_word(what)) for what in answers.ANSWERS],
        "reasons": list(known.kinds.not_solved.values()),
        "bodies": list(known.bodies.of.values()),
        "steps": telling.steps(row.steps.all(), known),
        "clocks": telling.clocks(row),
        "said": request.POST if error else {},
        "longest": known.kinds.limits.answer,
        "today": timezone.localdate(now).isoformat(),
        "office": bool(who.bodies),
        "back": "places:office" if who.bodies else "places:report_to_answer",
    }
    return page(request, "laporan_jawab_satu.html", context, status)


@require_http_methods(["GET", "HEAD", "POST"])
@in_memory
@needs("load")
def table(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """The tables by which this city takes reports: shown, and replaced by its own."""
    error, status = "", 200
    if request.method == "POST":
        sent = None if too_large(request, tables.MOST_BYTES * 2) else request.FILES.get("berkas")
        try:
            if sent is None:
                raise ReportRulesMalformed(at="berkas")
            part = request.POST.get("bagian", "")
            tables.load(city, part, sent.read(), by=who.user, now=clock.now())
            return to(reverse("places:report_tables", args=[city.slug]))
        except ReportRulesMalformed as refused:
            error, status = str(refused.facts["at"]), 400
    parts = []
    for part in tables.FILES:
        own = tables.newest(city, part)
        parts.append({"part": part, "own": own, "loaded": moment(own.loaded_at) if own else "",
                      "text": tables.text_of(city, part)})  # fmt: skip
    context = {"city": city, "parts": parts, "error": error}
    return page(request, "laporan_aturan.html", context, status)
