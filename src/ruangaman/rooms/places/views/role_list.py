"""Who has which role in a city: to look at, for those who run the house. Roles are given by a command."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_GET

from ruangaman.rooms.places import roles
from ruangaman.rooms.places.models import Role

NAMES: Final = {
    roles.BAPPEDA: gettext_noop("Bappeda"),
    roles.PPPA: gettext_noop("Dinas PPPA"),
    roles.KELURAHAN: gettext_noop("Kelurahan"),
    roles.BODY: gettext_noop("Instansi yang mengurus"),
    roles.NGO: gettext_noop("Lembaga masyarakat"),
    roles.COMPANY: gettext_noop("Perusahaan"),
    roles.FORUM: gettext_noop("Forum Anak"),
    roles.AUDITOR: gettext_noop("Penilai tempat"),
    roles.PROVINCE: gettext_noop("Provinsi"),
}
WORDS: Final = {
    "look": gettext_noop("Melihat halaman kerja kota."),
    "plan": gettext_noop("Membuat dan menerbitkan rencana."),
    "pledge": gettext_noop("Menjanjikan satu tindakan."),
    "answer": gettext_noop("Menjawab laporan dan ide."),
    "handle": gettext_noop("Menjawab laporan yang dikirim ke instansinya saja."),
    "moderate": gettext_noop("Membaca laporan dan ide sebelum tayang."),
    "audit": gettext_noop("Menilai tempat."),
    "certify": gettext_noop("Memberi peringkat dan sertifikat tempat."),
    "vote": gettext_noop("Memilih sebagai Forum Anak."),
    "score": gettext_noop("Mengisi kartu KLA dan buktinya."),
    "load": gettext_noop("Memuat batas ukuran dan bobot kota."),
    "check": gettext_noop("Memeriksa kartu KLA untuk provinsi."),
}


@require_GET
def role_list(request: HttpRequest, slug: str) -> HttpResponseBase:
    """For administrators of the house alone: accounts, roles, and what each may do in plain words."""
    city = roles.city_of(slug)
    if not request.user.is_authenticated or not request.user.is_staff:
        return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.path}")
    if not request.user.is_superuser:
        return render(request, "places/bukan_tugas.html", {"city": city}, status=403)
    return _shown(request, slug)


def _shown(request: HttpRequest, slug: str) -> HttpResponse:
    city = roles.city_of(slug)
    held = Role.objects.select_related("user").filter(ended_at__isnull=True)
    rows = [*held.filter(city=city), *held.filter(city__isnull=True, province=city.province)]
    order = list(roles.ACTS)
    rows.sort(key=lambda one: (order.index(one.role), one.area, one.user.username))
    ended = (
        Role.objects.select_related("user").filter(city=city, ended_at__isnull=False).order_by("-ended_at")
    )
    may = [
        (_(NAMES[role]), [_(WORDS[act]) for act in WORDS if act in acts]) for role, acts in roles.ACTS.items()
    ]
    context = {
        "city": city,
        "rows": [(one, _(NAMES[one.role])) for one in rows],
        "ended": [(one, _(NAMES[one.role])) for one in ended[:50]],
        "may": may,
    }
    return render(request, "places/peran.html", context)
