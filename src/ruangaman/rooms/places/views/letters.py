"""Mails of a city that could not be handed over: what, to whom, why, and once more."""

from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ruangaman.adapters import clock
from ruangaman.rooms.places import post
from ruangaman.rooms.places.models import City, Letter
from ruangaman.rooms.places.models.letters import GIVEN_UP
from ruangaman.rooms.places.reports import tables
from ruangaman.rooms.places.reports.moments import in_language, moment
from ruangaman.rooms.places.roles import Acting, needs

MOST_SHOWN = 100


@require_http_methods(["GET", "HEAD", "POST"])
@needs("answer")
def every(request: HttpRequest, city: City, who: Acting) -> HttpResponseBase:
    """For the offices of the city, which answer for what is due; no address stands here."""
    if request.method == "POST":
        post.again(city, now=clock.now())
        return redirect("places:letters", city.slug)
    return _shown(request, city)


def _shown(request: HttpRequest, city: City) -> HttpResponse:
    rows = post.failing(city)
    names = {
        str(one.pk): one.username
        for one in User.objects.filter(pk__in=[int(row.to) for row in rows[:MOST_SHOWN] if not row.office])
    }
    offices = tables.bodies(city).of
    shown = [
        {
            "about": about(row),
            "to": in_language(offices[row.to].name)
            if row.office and row.to in offices
            else names.get(row.to, row.to),
            "tries": row.tries,
            "why": why(row.failure),
            "over": row.state == GIVEN_UP,
            "next": moment(row.next_at),
            "made": moment(row.made_at),
        }
        for row in rows[:MOST_SHOWN]
    ]
    context = {"city": city, "rows": shown, "count": rows.count(), "sends": post.sends()}
    return render(request, "places/surat.html", context)


def about(row: Letter) -> str:
    """What a mail is about, in words."""
    return {
        ("report", "remind"): _("Laporan: hampir habis waktunya"),
        ("report", "late"): _("Laporan: waktunya habis"),
        ("report", "sent"): _("Laporan: dikirim ke instansi"),
        ("pledge", "remind"): _("Janji: tanggalnya dekat"),
    }.get((row.about, row.why), _("Sertifikat: hampir habis masanya"))


def why(failure: str) -> str:
    """Why it was not taken, in words."""
    return {
        "recipient": _("Alamatnya ditolak."),
        "answer": _("Server surel menolak."),
        "address": _("Alamatnya tidak bisa dipakai."),
        "login": _("Masuk ke server surel gagal."),
        "no-starttls": _("Server surel tidak aman."),
        "no-mail-server": _("Server surel belum disetel."),
        "settings": _("Setelan server surel salah."),
        "lost": _("Pengirimnya berhenti di tengah jalan."),
    }.get(failure, _("Server surel tidak terjangkau."))
