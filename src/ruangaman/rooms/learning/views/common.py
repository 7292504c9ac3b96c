"""What the pages of groups share: nothing of them is kept by caches, and their address is told to nobody."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from ruangaman.adapters import callers
from ruangaman.core.learning import seats
from ruangaman.rooms.learning import config
from ruangaman.rooms.learning.group_errors import NoSuchGroup
from ruangaman.rooms.learning.groups import making
from ruangaman.rooms.learning.models import Group

P = ParamSpec("P")
OWN: Final = ("same-origin", "none")
"""Of Sec-Fetch-Site (Fetch Metadata): our own page, or somebody who typed the address."""


def network(request: HttpRequest) -> str:
    """From where a call comes, for the limits."""
    return callers.network(request.META, behind_proxy=config.behind_proxy())


def of_another_site(request: HttpRequest) -> bool:
    """
    Whether a page of another site sent this, as far as the browser says so; programs say nothing.

    A browser without Fetch Metadata names the origin of every POST, `null` where it hides it.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None:
        return site not in OWN
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def private(response: HttpResponse) -> HttpResponse:
    """Not for caches; and the secret of the address goes to no other site."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def page(request: HttpRequest, template: str, told: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page of a group."""
    return private(render(request, f"learning/{template}", told, status=status))


def to(address: str) -> HttpResponse:
    """On to another page after an act."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return private(response)


def of_group(
    view: Callable[Concatenate[HttpRequest, Group, bytes, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """The group behind the secret of the address; who has another one is told that there is none."""

    @wraps(view)
    def inner(request: HttpRequest, token: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        try:
            group, secret = making.find(token)
        except NoSuchGroup:
            return page(request, "kelompok_hilang.html", {}, 404)
        return view(request, group, secret, *args, **kwargs)

    return inner


def time_name(time: str) -> str:
    """What a test is called."""
    return {
        "pre": _("Tes awal"),
        "post": _("Tes akhir"),
        "delayed": _("Tes hari ke-28"),
    }[time]


def sentence(why: str, *, last: str = "") -> str:
    """What is wrong with a form about a group, and what to do. last: of days, as people read it."""
    return {
        "name": _(
            "Tulis nama kelas atau tempat, paling banyak 40 huruf. Jangan nama orang, nomor, atau surel."
        ),
        "audience": _("Pilih dulu untuk siapa."),
        "objectives": _("Pilih 1 sampai %(most)s pelajaran.") % {"most": making.MOST_OBJECTIVES},
        "seats": _("Jumlah peserta %(fewest)s sampai %(most)s.")
        % {"fewest": seats.FEWEST, "most": seats.MOST},
        "language": _("Pilih bahasanya."),
        "region": _("Kode wilayah belum benar. Contoh: 31.71.01.1001. Boleh kosong."),
        "campaign": _("Kode kampanye ini tidak ada, atau kampanyenya sudah selesai."),
        "drawn": _("Kampanye ini sudah membagi kelompok. Buat kelompok tanpa kode kampanye."),
        "codes": _("Belum berhasil. Coba sekali lagi."),
        "day": _("Pilih hari sejak kelompok ini dibuat, paling lambat %(days)s hari sesudahnya.")
        % {"days": making.TAUGHT_WITHIN_DAYS},
        "late": _("Pilih hari paling lambat %(last)s. Kampanye ini selesai 28 hari setelahnya.")
        % {"last": last},
        "sheets": _("Tes akhir sudah masuk. Harinya tidak bisa diubah lagi."),
        "waits": _("Hari pelajaran kelompok ini diatur oleh kampanye."),
        "over": _("Waktu kelompok ini sudah lewat."),
        "outside": _("Wilayah ini di luar wilayah kampanye. Boleh kosong."),
        "many": _("Terlalu banyak kelompok atau kode kampanye. Coba lagi nanti."),
        "foreign": _("Kiriman ini datang dari situs lain. Ketik kodenya di halaman ini."),
        "misspelt": _("Kode tidak cocok. Periksa %(signs)s hurufnya.") % {"signs": seats.LENGTH},
        "unknown": _("Kode ini belum dikenal. Periksa lagi, atau tanya pemandu."),
        "tries": _("Terlalu banyak kode yang salah dari sini. Coba lagi satu jam lagi."),
    }[why]
