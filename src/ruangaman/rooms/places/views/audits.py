"""Audits at the desk: the list, the beginning, the city's limits, the third person's decision, the certificate."""

from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import audit_tables, clock
from ruangaman.core.audits.limits import LimitsRefused
from ruangaman.rooms.places import post
from ruangaman.rooms.places.audits import certificates, deciding, forms, opening, photos, showing
from ruangaman.rooms.places.audits.errors import AuditRefused
from ruangaman.rooms.places.audits.reading import form_of, limits_of
from ruangaman.rooms.places.models import Audit, AuditPhoto, Certificate, City
from ruangaman.rooms.places.roles import Acting, may, needs
from ruangaman.rooms.places.views.repairs import listed
from ruangaman.rooms.places.views.uploads import file_of, in_memory

MOST_SHOWN = 200


def audit_of(city: City, identity: UUID) -> Audit:
    """An audit of this city; raises Http404."""
    rows = Audit.objects.select_related("space__city", "form", "limits").filter(pk=identity, space__city=city)
    found = rows.first()
    if found is None:
        raise Http404
    return found


def sentence(refused: AuditRefused) -> str:
    """What stops an act, in words."""
    words = {
        "auditors": _("Pilih dua penilai yang berbeda, yang bertugas di tempat ini."),
        "running": _("Penilaian tempat ini sedang berjalan."),
        "place": _("Pilih tempatnya."),
        "name": _("Tulis nama tempatnya, paling panjang 120 huruf."),
        "area": _("Kode kelurahan ini bukan milik kota ini."),
        "not-done": _("Kedua penilai belum selesai."),
        "over": _("Penilaian ini sudah berakhir."),
        "certifier": _("Orang ketiga yang memutuskan, bukan salah satu penilai."),
        "differences": _("Pilih satu jawaban untuk tiap perbedaan."),
        "rank": _("Tanpa peringkat belum ada sertifikat."),
        "critical": _("Ada yang bisa melukai anak. Perbaiki dulu, lalu periksa lagi."),
        "given": _("Sertifikatnya sudah ada."),
        "newer": _("Tempat ini sudah dinilai lagi sesudahnya."),
        "form-version": _("Versi ini sudah dipakai untuk isi yang lain. Beri versi baru."),
        "late": _("Penilaian ini sudah terlalu lama. Nilai lagi tempatnya."),
        "same": _("Orang lain yang melihat fotonya, bukan yang memotret."),
    }
    return words.get(str(refused.facts.get("why")), _("Ini belum bisa dilakukan. Muat ulang halamannya."))


@require_GET
@needs("look")
def every(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """What this account has to look at, and, for who decides, all audits of the city."""
    return _list(request, city, who)


def _list(request: HttpRequest, city: City, who: Acting, error: str = "", status: int = 200) -> HttpResponse:
    decides = may(who.user, city, "certify")
    rows = Audit.objects.filter(space__city=city).select_related("space", "form").order_by("-opened_at")
    context: dict[str, Any] = {
        "city": city,
        "seats": opening.open_seats(who.user, city),
        "decides": decides,
        "loads": may(who.user, city, "load"),
        "error": error,
        "limits": opening.latest_limits(city),
        "unsent": post.failing(city).count() if may(who.user, city, "answer") else 0,
        "chosen": request.GET.get("tempat", "")[:80],
    }
    if decides:
        context |= {
            "audits": [_row(one) for one in rows[:MOST_SHOWN]],
            "places": opening.known(city),
            "auditors": opening.auditors(city),
            "ending": [
                {"row": one, "over": over, "until": showing.day(one.valid_until)}
                for one, over in certificates.ending(city, clock.now())
            ],
        }
    return render(request, "places/audit/daftar.html", context, status=status)


def _row(audit: Audit) -> dict[str, Any]:
    seats = list(audit.seats.select_related("user").order_by("number"))
    return {
        "audit": audit,
        "state": _state(audit, sum(one.finished_at is not None for one in seats)),
        "auditors": ", ".join(one.user.username for one in seats),
    }


def _state(audit: Audit, done: int) -> str:
    if audit.cancelled_at:
        return _("Dibatalkan")
    if audit.decided_at:
        return showing.rank_name(audit) or _("Tanpa peringkat")
    if audit.both_at:
        return _("Menunggu putusan")
    return _("%(done)s dari 2 selesai") % {"done": done}


@require_POST
@needs("certify")
def begin(request: HttpRequest, city: City, who: Acting) -> HttpResponseBase:
    """Begin an audit of a place that is known, or of a new one."""
    told = [request.POST.get(name, "") for name in ("tempat", "nama", "kelurahan", "penilai_1", "penilai_2")]
    pair = (_user(told[3]), _user(told[4]))
    try:
        audit = opening.begin_at(city, told[0][:80], told[1], told[2], pair, by=who.user, now=clock.now())
    except AuditRefused as refused:
        return _list(request, city, who, sentence(refused), 422)
    return redirect("places:audit_desk", city.slug, audit.pk)


def _user(told: str) -> User | None:
    return (
        User.objects.filter(pk=int(told)).first()
        if told.isascii() and told.isdigit() and len(told) < 10
        else None
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_memory
@needs("load")
def limits(request: HttpRequest, city: City, who: Acting) -> HttpResponseBase:
    """The city's limits: what is loaded, and a file for the next version."""
    error = ""
    if request.method == "POST":
        data = file_of(request, "berkas")
        try:
            opening.load_limits(
                city, data, f"batas.{audit_tables.ending_of(data)}", by=who.user, now=clock.now()
            )
            return redirect("places:audit_limits", city.slug)
        except LimitsRefused as refused:
            error = _limits_sentence(refused)
    latest = opening.latest_limits(city)
    form = form_of(forms.current(city, now=clock.now()))
    known = limits_of(latest, form)
    rows = [
        {
            "key": one.key,
            "label": showing.say(one.label),
            "limit": showing.limit_words(known.get(one.key), one.unit),
            "unit": one.unit,
            "source": known[one.key].source if one.key in known else "",
        }
        for one in form.measures.values()
    ]
    context = {"city": city, "latest": latest, "rows": rows, "error": error}
    return render(request, "places/audit/batas.html", context, status=422 if error else 200)


def _limits_sentence(refused: LimitsRefused) -> str:
    words = {
        "empty": _("Berkasnya kosong."),
        "kind": _("Berkas ini bukan CSV, YAML, atau XLSX."),
        "large": _("Berkasnya terlalu besar."),
        "unreadable": _("Berkasnya tidak bisa dibaca."),
        "library": _("Rumah ini belum bisa membaca XLSX. Simpan sebagai CSV."),
        "rows": _("Barisnya terlalu banyak."),
        "columns": _("Kolomnya harus key, unit, least, most, source."),
        "key": _("Tidak ada pertanyaan dengan kunci ini."),
        "unit": _("Satuannya lain dari satuan pertanyaan."),
        "number": _("Batasnya bukan angka."),
        "bound": _("Batasnya tidak ada, atau terbalik."),
        "source": _("Tulis sumber tiap batas."),
        "twice": _("Kunci ini muncul dua kali."),
    }
    told = words.get(str(refused.facts["why"]), _("Berkasnya tidak bisa dibaca."))
    return (
        _("Baris %(row)s: %(why)s") % {"row": refused.facts["row"], "why": told}
        if refused.facts["row"]
        else told
    )


@require_GET
@needs("certify")
def desk(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponse:
    """One audit: who is done, where the two differ, the result, photos to look at."""
    return _desk(request, city, who, audit_of(city, identity))


def _desk(
    request: HttpRequest, city: City, who: Acting, audit: Audit, error: str = "", status: int = 200
) -> HttpResponse:
    seats = list(audit.seats.select_related("user").order_by("number"))
    open_ones = [] if audit.decided_at or audit.cancelled_at else deciding.differences(audit)
    certificate = Certificate.objects.filter(audit=audit).first()
    pictures = (
        AuditPhoto.objects.filter(seat__audit=audit, destroyed_at__isnull=True)
        .select_related("seat")
        .order_by("item", "received_at")
    )
    form = form_of(audit.form)
    context = {
        "city": city,
        "audit": audit,
        "error": error,
        "seats": [
            {"seat": one, "answered": one.answers.count(), "photos": one.photos.count()} for one in seats
        ],
        "questions": len(form.items),
        "agreement": showing.agreement(audit),
        "differ": len((audit.agreement or {}).get("differences", [])),
        "differences": [_difference(one) for one in open_ones],
        "mine": any(one.user_id == who.user.pk for one in seats),
        "rank": showing.rank_name(audit),
        "why": showing.why(audit),
        "headings": showing.lines(audit),
        "principles": showing.lines(audit, "principles"),
        "critical": certificates.open_critical(audit.space),
        "certificate": certificate,
        "pictures": [
            {
                "row": one,
                "ask": showing.say(form.items[one.item].ask),
                "own": photos.taken_by(one) == who.user.pk,
            }
            for one in pictures
        ]
        if audit.decided_at
        else [],
    }
    return render(request, "places/audit/putusan.html", context, status=status)


def _difference(one: deciding.Open) -> dict[str, Any]:
    unit = one.item.measure.unit if one.item.measure else ""
    return {
        "id": one.item.id,
        "ask": showing.say(one.item.ask),
        "first": showing.given_words(one.first.answer, one.first.measure, unit),
        "second": showing.given_words(one.second.answer, one.second.measure, unit),
        "by_measure": one.by_measure,
    }


@require_POST
@needs("certify")
def decide(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """Decide each difference, and end the audit."""
    audit = audit_of(city, identity)
    chosen = {
        name.removeprefix("butir:"): int(value)
        for name, value in request.POST.items()
        if name.startswith("butir:") and value in ("1", "2")
    }
    try:
        deciding.decide(audit, chosen, by=who.user, now=clock.now())
    except AuditRefused as refused:
        return _desk(request, city, who, audit, sentence(refused), 422)
    return redirect("places:audit_desk", city.slug, audit.pk)


@require_POST
@needs("certify")
def certify(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """Give the certificate."""
    audit = audit_of(city, identity)
    try:
        row = certificates.give(audit, by=who.user, now=clock.now())
    except AuditRefused as refused:
        return _desk(request, city, who, audit, sentence(refused), 422)
    return redirect("places:certificate", city.slug, row.pk)


@require_POST
@needs("certify")
def cancel(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """End an audit without a result."""
    audit = audit_of(city, identity)
    try:
        opening.cancel(audit, now=clock.now())
    except AuditRefused as refused:
        return _desk(request, city, who, audit, sentence(refused), 422)
    return redirect("places:audits", city.slug)


@require_GET
@needs("look")
def picture(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponse:
    """A photo, for who decides or whoever took it."""
    row = AuditPhoto.objects.filter(pk=identity, space__city=city, destroyed_at__isnull=True).first()
    own = row is not None and row.seat is not None and row.seat.user_id == who.user.pk
    if row is None or not (own or may(who.user, city, "certify")):
        raise Http404
    return HttpResponse(photos.opened(row), content_type="image/jpeg", headers={"Cache-Control": "no-store"})


@require_POST
@needs("certify")
def photo_down(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """Destroy a photo that everybody sees and nobody should; from its public page."""
    row = AuditPhoto.objects.filter(pk=identity, space__city=city).first()
    if row is None:
        raise Http404
    photos.take_down(row, by=who.user, now=clock.now())
    return redirect("places:rating", city.slug, row.space_id)


@require_POST
@needs("certify")
def face(request: HttpRequest, city: City, who: Acting, identity: UUID) -> HttpResponseBase:
    """Say whether a photo shows a face."""
    row = (
        AuditPhoto.objects.filter(pk=identity, space__city=city).select_related("seat__audit__space").first()
    )
    if row is None or request.POST.get("wajah") not in ("ada", "tidak"):
        raise Http404
    try:
        photos.look(row, face=request.POST["wajah"] == "ada", by=who.user, now=clock.now())
    except AuditRefused as refused:
        if row.seat is None:
            return listed(request, city, who, sentence(refused), 422)
        return _desk(request, city, who, row.seat.audit, sentence(refused), 422)
    if row.seat is None:
        return redirect("places:repairs", city.slug)
    return redirect("places:audit_desk", city.slug, row.seat.audit_id)
