"""The province: its cities side by side, and the check of what each handed over."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from ruangaman.adapters import clock, kla_files
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.kla.checking import PART, VERDICTS
from ruangaman.core.kla.errors import ScoreRefused
from ruangaman.core.kla.weights import decimal_of
from ruangaman.rooms.places import cities, provinces, side_by_side
from ruangaman.rooms.places.kla import checks, telling
from ruangaman.rooms.places.models import City, KlaSubmission
from ruangaman.rooms.places.roles import Acting, may, needs
from ruangaman.rooms.places.views.kla_work import card_or_404


@require_GET
def province(request: HttpRequest, code: str) -> HttpResponse:
    """The cities of a province; who checks for it sees what each handed over beside them."""
    rows = cities.every(code) if len(code) == 2 and code.isascii() and code.isdigit() else []
    if not rows:
        raise Http404
    checking = all(may(request.user, one, "check") for one in rows)
    handed = checks.of_province(rows) if checking else [(one, None) for one in rows]
    context = {
        "code": code,
        "name": provinces.name(code),
        "rows": handed,
        "checking": checking,
        "total": kla_files.kla().total,
    }
    if checking:
        context["beside"] = side_by_side.of(rows, clock.now())
    return render(request, "places/kla/provinsi.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs("check")
def check(request: HttpRequest, city: City, who: Acting, year: int) -> HttpResponse:
    """The newest submission of a year, as it was handed over; each claim is marked here."""
    card, error, status = card_or_404(city, year), "", 200
    row = checks.last(card)
    if row is None:
        raise Http404
    if request.method == "POST":
        try:
            anchor = _act(request, row, who)
            return redirect(f"{request.path}{anchor}")
        except RuangAmanError as refused:
            error, status = telling.refused(refused), 422
    handed = checks.read(row)
    before = KlaSubmission.objects.filter(card=card, number=row.number - 1).first()
    earlier = checks.read(before).verdicts if before else {}
    pieces: dict[int, list[dict[str, object]]] = {}
    for one in row.snapshot["evidence"]:
        pieces.setdefault(one["indicator"], []).append(one)
    lines = [
        {
            "indicator": one,
            "told": handed.told[one.no],
            "why": row.snapshot["scores"][str(one.no)]["why"],
            "weight": handed.weights.points[one.no],
            "evidence": pieces.get(one.no, []),
            "verdict": handed.verdicts.get(one.no),
            "earlier": earlier.get(one.no),
        }
        for one in kla_files.kla().indicators
        if one.no in handed.told and handed.told[one.no].claims
    ]
    context = {
        "city": city, "card": card, "handed": handed, "lines": lines, "error": error, "marks": VERDICTS,
        "wrong": request.POST.get("indikator", "") if error else "", "typed": request.POST if error else {},
    }  # fmt: skip
    return render(request, "places/kla/periksa.html", context, status=status)


def _act(request: HttpRequest, row: KlaSubmission, who: Acting) -> str:
    """Do what the form asks; gives the place on the page to look at next."""
    now, chosen = clock.now(), request.POST.get("act", "")
    if chosen == "rest":
        checks.accept_rest(row, by=who.user, now=now)
        return "#selesai"
    if chosen == "finish":
        checks.finish(row, by=who.user, now=now)
        return "#hasil"
    said = request.POST.get("indikator", "")
    no = int(said) if said.isascii() and said.isdigit() and len(said) < 4 else 0
    verdict, remains = request.POST.get("tanda", ""), None
    if verdict == PART:
        remains = decimal_of(request.POST.get("sisa", "").strip().removesuffix("%"))
        if remains is None:
            raise ScoreRefused(why="part", indicator=no)
        told = checks.read(row).told.get(no)
        if told is not None and told.share is not None:
            remains /= 100
    checks.mark(
        row, no, verdict, remains=remains, reason=request.POST.get("alasan", ""), by=who.user, now=now
    )
    return f"#indikator-{no}"
