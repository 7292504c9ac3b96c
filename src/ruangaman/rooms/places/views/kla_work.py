"""The city's own work on its scorecard: years, scores, weights, evidence, what is at risk, handing over."""

from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import FileResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock, kla_files
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.kla import evidence
from ruangaman.core.kla.errors import ScoreRefused
from ruangaman.core.kla.rules import GAPS
from ruangaman.core.kla.scoring import SHARE_PLACES, Told
from ruangaman.core.kla.weights import decimal_of
from ruangaman.rooms.places import kla_feeds, roles
from ruangaman.rooms.places.errors import EvidenceRefused, KlaRefused, NotFound
from ruangaman.rooms.places.kla import cards, checks, exports, files, proofs, telling
from ruangaman.rooms.places.models import City, KlaCard, KlaWeights
from ruangaman.rooms.places.roles import Acting, needs
from ruangaman.rooms.places.views.kla import goals_of
from ruangaman.rooms.places.views.uploads import file_of, up_to

_STEP: Final = Decimal(1).scaleb(-SHARE_PLACES)
LARGEST: Final = files.MOST_BYTES + 200_000
"""Bytes of a form with one file."""


def card_or_404(city: City, year: int) -> KlaCard:
    """The card of an address; raises Http404."""
    try:
        return cards.card(city, year)
    except NotFound:
        raise Http404 from None


@require_http_methods(["GET", "HEAD", "POST"])
@needs("score")
def years(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """Every year of the city; a year is begun here."""
    now, error, status = clock.now(), "", 200
    if request.method == "POST":
        said = request.POST.get("year", "")
        try:
            year = int(said) if said.isascii() and said.isdigit() and len(said) == 4 else 0
            begun = cards.begin(city, year, now=now)
            return redirect("places:kla-card", city.slug, begun.year)
        except RuangAmanError as refused:
            error, status = telling.refused(refused), 422
    rows = [(one, cards.board(one), checks.last(one)) for one in cards.cards(city)]
    context = {
        "city": city, "rows": rows, "error": error, "next_year": timezone.localdate(now).year, "rules": kla_files.kla(),
        "weights": KlaWeights.objects.filter(city=city).order_by("-number").first(),
        "may_load": roles.may(request.user, city, "load"),
    }  # fmt: skip
    return render(request, "places/kla/tahun.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("score")
def board(request: HttpRequest, city: City, who: Acting, year: int) -> HttpResponse:
    """The card of a year as one table; all scores may be written here at once."""
    card, error, status = card_or_404(city, year), "", 200
    if request.method == "POST":
        try:
            changed = cards.save_scores(card, _typed(request), by=who.user, now=clock.now())
            return redirect(f"{reverse('places:kla-card', args=[city.slug, year])}?tersimpan={changed}")
        except RuangAmanError as refused:
            error, status = telling.refused(refused), 422
    newest = checks.last(card)
    finished = checks.last_finished(card)
    checked = checks.read(finished) if finished else None
    seen = cards.board(card, checked.verdicts if checked else {})
    saved = request.GET.get("tersimpan", "")
    context = {
        "city": city, "card": card, "seen": seen, "error": error, "submission": newest,
        "checked": checked,
        "saved": int(saved) if saved.isascii() and saved.isdigit() and len(saved) < 4 else None,
        "lines": [(line, *_filled(request, line, error)) for line in seen.lines],
        "risky": [line for line in seen.lines if line.standing in (*evidence.AT_RISK, evidence.Standing.MIXED)],
        "clusters": [(seen.rules.clusters[name], points) for name, points in seen.clusters],
        "xlsx": exports.has_xlsx(), "may_load": roles.may(request.user, city, "load"),
        "others": [one for one in cards.cards(city) if one.year != year],
    }  # fmt: skip
    return render(request, "places/kla/kartu.html", context, status=status)


def _filled(request: HttpRequest, line: cards.Line, error: str) -> tuple[str, str]:
    """Value and unit as the fields show them: what was typed when it was refused, else what is kept."""
    no, told = line.indicator.no, line.told
    if error:
        return request.POST.get(f"nilai-{no}", "")[:20], request.POST.get(f"satuan-{no}", "persen")
    if told.points is not None:
        return telling.number(told.points), "poin"
    return (telling.number(told.share * 100) if told.share is not None else ""), "persen"


def _typed(request: HttpRequest) -> dict[int, tuple[Told, str]]:
    """What was written of each indicator that the form has; raises ScoreRefused."""
    found = {}
    for no in kla_files.kla().numbers:
        if f"nilai-{no}" in request.POST:
            told = _told(request.POST[f"nilai-{no}"], request.POST.get(f"satuan-{no}", "persen"), no)
            found[no] = (told, request.POST.get(f"alasan-{no}", ""))
    return found


def _told(text: str, unit: str, no: int) -> Told:
    text = text.strip().removesuffix("%").strip()
    if not text:
        return Told()
    value = decimal_of(text)
    if value is None:
        raise ScoreRefused(why="number", indicator=no)
    if unit == "poin":
        return Told(points=value)
    return Told(share=(value / 100).quantize(_STEP) if abs(value) <= 1000 else value)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("score")
def indicator(request: HttpRequest, city: City, who: Acting, year: int, no: int) -> HttpResponse:
    """One indicator: its score, its evidence, what this house knows; evidence is added at `kla-bukti`."""
    card = card_or_404(city, year)
    return _indicator(request, city, card, no, "", 200)


def _indicator(
    request: HttpRequest, city: City, card: KlaCard, no: int, error: str, status: int
) -> HttpResponse:
    rules = kla_files.kla()
    if no not in rules.numbers:
        raise Http404
    newest = checks.last_finished(card)
    seen = cards.board(card, checks.read(newest).verdicts if newest else {})
    line = next(one for one in seen.lines if one.indicator.no == no)
    pieces = []
    rows = cards.evidence_of(card)
    for one, known in zip(rows, cards.as_known(rows), strict=True):
        if one.indicator == no:
            counts = evidence.counts(known, card.last_day, seen.months)
            pieces.append((one, counts, evidence.last_day(known, seen.months)))
    value, unit = _filled(request, line, "")
    typed = {
        name: request.POST.get(name, "")[:500]
        for name in ("jenis", "judul", "pertanyaan", "tautan", "tanggal", "sampai")
    }
    context = {
        "city": city, "card": card, "line": line, "pieces": pieces, "value": value, "unit": unit, "error": error,
        "facts": kla_feeds.facts(city, clock.now()).get(no), "seen": seen,
        "cluster": rules.clusters[line.indicator.cluster],
        "before": no - 1 if no > 1 else None, "after": no + 1 if no < len(rules.numbers) else None,
        "most_mb": files.MOST_BYTES // 1_000_000, "typed": typed,
        "here": reverse("places:kla-indicator", args=[city.slug, card.year, no]), "me": request.user,
        "withdrawn": card.evidence.filter(indicator=no, withdrawn_at__isnull=False),
    }  # fmt: skip
    return render(request, "places/kla/indikator.html", context, status=status)


@require_POST
@needs("score")
def save_one(request: HttpRequest, city: City, who: Acting, year: int, no: int) -> HttpResponse:
    """The score of one indicator and its reason."""
    card = card_or_404(city, year)
    try:
        cards.save_scores(card, _typed(request), by=who.user, now=clock.now())
    except RuangAmanError as refused:
        return _indicator(request, city, card, no, telling.refused(refused), 422)
    return redirect("places:kla-indicator", city.slug, year, no)


@require_POST
@up_to(LARGEST)
@needs("score")
def add_evidence(request: HttpRequest, city: City, who: Acting, year: int, no: int) -> HttpResponse:
    """A file, a link, a result of this house, or what is to come; files may come to addresses that end like this."""
    card = card_or_404(city, year)
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            raise EvidenceRefused(why="large")
        _add(request, card, no, who)
    except RuangAmanError as refused:
        return _indicator(request, city, card, no, telling.refused(refused), 422)
    return HttpResponseRedirect(reverse("places:kla-indicator", args=[city.slug, year, no]) + "#bukti")


def _add(request: HttpRequest, card: KlaCard, no: int, who: Acting) -> None:
    now, kind, said = clock.now(), request.POST.get("jenis", ""), request.POST
    question = said.get("pertanyaan", "")
    if kind == proofs.RESULT:
        proofs.add_result(card, no, said.get("hasil", ""), question=question, by=who.user, now=now)
        return
    title, dated = said.get("judul", ""), _day(said.get("tanggal", ""))
    if dated is None:
        raise EvidenceRefused(why="day")
    if kind == proofs.PLAN:
        proofs.add_plan(card, no, title=title, question=question, by_day=dated, by=who.user, now=now)
        return
    until = _day(said.get("sampai", "")) if said.get("sampai") else None
    if said.get("sampai") and until is None:
        raise EvidenceRefused(why="day")
    if kind == proofs.LINK:
        proofs.add_link(
            card, no, said.get("tautan", ""), title=title, question=question, dated=dated, until=until,
            by=who.user, now=now,
        )  # fmt: skip
        return
    data = file_of(request, "berkas")
    proofs.add_file(
        card, no, data, title=title, question=question, dated=dated, until=until, by=who.user, now=now
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


@require_GET
def download(request: HttpRequest, slug: str, ref: UUID) -> HttpResponseBase:
    """A file of evidence, always as a download: for those who score, and for the province that checks."""
    act = "check" if roles.may(request.user, roles.city_of(slug), "check") else "score"
    return needs(act)(_download)(request, slug, ref)


def _download(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    try:
        row = proofs.get(city, ref)
        data = proofs.data_of(row)
    except NotFound:
        raise Http404 from None
    name = f"indikator-{row.indicator:02d}-{row.sha256[:12]}.{row.extension}"
    return attachment(data, row.media, name)


def attachment(data: bytes, media: str, name: str) -> HttpResponse:
    """Handed out to be saved; no browser shows it as a page of this house."""
    response = HttpResponse(data, content_type=media)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
@needs("score")
def change_evidence(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """Confirm a piece as the second person, or withdraw it."""
    try:
        row = proofs.get(city, ref)
    except NotFound:
        raise Http404 from None
    try:
        if request.POST.get("act") == "confirm":
            proofs.confirm(row, by=who.user, now=clock.now())
        else:
            proofs.withdraw(row, why=request.POST.get("alasan", ""), by=who.user, now=clock.now())
    except RuangAmanError as refused:
        return _indicator(request, city, row.card, row.indicator, telling.refused(refused), 422)
    return HttpResponseRedirect(
        reverse("places:kla-indicator", args=[city.slug, row.card.year, row.indicator]) + "#bukti"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@needs("load")
def weights(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """Every version of the weights; a new one is loaded here."""
    error, status = "", 200
    if request.method == "POST":
        try:
            _load(request, city, who)
            return redirect("places:kla-weights", city.slug)
        except RuangAmanError as refused:
            error, status = telling.refused(refused), 422
    rules = kla_files.kla()
    versions = list(KlaWeights.objects.select_related("loaded_by").filter(city=city).order_by("-number"))
    newest = cards.weights_of(versions[0] if versions else None)
    context = {
        "city": city, "versions": [(one, cards.weights_of(one)) for one in versions], "error": error, "rules": rules,
        "newest": [(one, newest.points[one.no]) for one in rules.indicators], "sums": newest,
        "gaps": GAPS, "gap": versions[0].gap if versions else rules.gap, "cards": cards.cards(city),
        "months": versions[0].months if versions else rules.months, "source": request.POST.get("sumber", "")[:200],
    }  # fmt: skip
    return render(request, "places/kla/bobot.html", context, status=status)


def _load(request: HttpRequest, city: City, who: Acting) -> None:
    sent, months = request.FILES.get("berkas"), request.POST.get("bulan", "")
    chosen = [
        int(one) for one in request.POST.getlist("tahun") if one.isascii() and one.isdigit() and len(one) == 4
    ]
    if not months.isascii() or not months.isdigit() or len(months) > 3:
        raise KlaRefused(why="months")
    cards.load_weights(
        city, sent.read(kla_files.MOST_BYTES + 1) if sent else b"", source=request.POST.get("sumber", ""),
        gap=request.POST.get("celah", ""), months=int(months), years=chosen, by=who.user, now=clock.now(),
    )  # fmt: skip


@require_GET
@needs("load")
def weights_example(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """A CSV to fill in."""
    language = "en" if telling.english() else "id"
    return attachment(
        kla_files.example(kla_files.kla(), language), "text/csv; charset=utf-8", "bobot-kla.csv"
    )


@require_POST
@needs("score")
def act(request: HttpRequest, city: City, who: Acting, year: int) -> HttpResponse:
    """Hand over, publish, take back what is public, or set the last day."""
    card, now = card_or_404(city, year), clock.now()
    chosen = request.POST.get("act", "")
    try:
        if chosen == "submit":
            checks.submit(card, by=who.user, now=now)
        elif chosen in ("publish", "hide"):
            cards.publish(card, shown=chosen == "publish", now=now)
        elif chosen == "last-day":
            day = _day(request.POST.get("hari", ""))
            if day is None:
                raise KlaRefused(why="last-day")
            cards.set_last_day(card, day, now=now)
    except RuangAmanError as refused:
        context = {"city": city, "card": card, "error": telling.refused(refused)}
        return render(request, "places/kla/tidak_bisa.html", context, status=422)
    return redirect("places:kla-card", city.slug, year)


@require_GET
@needs("score")
def export(request: HttpRequest, city: City, who: Acting, year: int, kind: str) -> HttpResponseBase:
    """The card as a file, for the province's check and for the city's own archive."""
    card = card_or_404(city, year)
    finished = checks.last_finished(card)
    seen = cards.board(card, checks.read(finished).verdicts if finished else {})
    name = f"kla-{city.slug}-{year}"
    if kind == "csv":
        data = exports.csv_of(exports.SCORES, exports.score_rows(seen))
        return attachment(data, "text/csv; charset=utf-8", f"{name}-nilai.csv")
    if kind == "bukti.csv":
        rows = exports.evidence_rows(cards.evidence_of(card))
        return attachment(
            exports.csv_of(exports.EVIDENCE, rows), "text/csv; charset=utf-8", f"{name}-bukti.csv"
        )
    if kind == "json":
        return attachment(checks.canonical(exports.json_of(seen)), "application/json", f"{name}.json")
    if kind == "zip":
        made = exports.zip_of(seen, clock.now())
        return FileResponse(made, as_attachment=True, filename=f"{name}.zip", content_type="application/zip")
    if kind == "xlsx" and exports.has_xlsx():
        return attachment(exports.xlsx_of(seen), files.XLSX, f"{name}.xlsx")
    raise Http404


@require_GET
@needs("score")
def compare(request: HttpRequest, city: City, who: Acting, year: int, other: int) -> HttpResponse:
    """Two years beside each other."""
    before, after = (cards.board(card_or_404(city, one)) for one in sorted((year, other)))
    lines, change = cards.compare(before, after)
    same = before.weights == after.weights
    context = {"city": city, "before": before, "after": after, "lines": lines, "change": change, "same": same}
    return render(request, "places/kla/banding.html", context)


@require_GET
@needs("score")
def goals(request: HttpRequest, city: City, who: Acting, year: int) -> HttpResponse:
    """UNICEF's goals with the points of this card."""
    seen = cards.board(card_or_404(city, year))
    return render(request, "places/kla/unicef.html", goals_of(city, seen) | {"card": seen.card})
