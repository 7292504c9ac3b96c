"""What the pages of reports share: never kept by caches, files held in memory, the network of a call."""

import hashlib
import secrets
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from ruangaman.adapters import callers
from ruangaman.adapters.uploads import InMemory
from ruangaman.rooms.places import config

P = ParamSpec("P")
ROOM: Final = 100_000
"""Bytes of a form beside its file."""
MOST_BODY: Final = 20_000_000
"""Bytes of a form with its file, whatever a city's table says."""


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page that is about somebody's report; never kept by caches, never told to other sites."""
    response = render(request, f"places/{template}", context, status=status)
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def to(address: str) -> HttpResponse:
    """On to another page after an act."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    response["Cache-Control"] = "no-store"
    return response


def network(request: HttpRequest) -> str:
    """From where a call comes, for the limits."""
    return callers.network(request.META, behind_proxy=config.behind_proxy())


def fresh() -> str:
    """A form's own word."""
    return secrets.token_urlsafe(32)


def digest(text: str) -> bytes:
    """What is stored of it."""
    return hashlib.sha256(text.encode()).digest()


def too_large(request: HttpRequest, most: int) -> bool:
    """Whether more came than a form may have."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return not said.isascii() or not said.isdigit() or int(said) > most


def in_memory(
    view: Callable[Concatenate[HttpRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """A form with a file: held in memory, never read when it is too large, protected against other sites."""
    protected = csrf_protect(view)

    @csrf_exempt
    @wraps(view)
    def inner(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if request.method == "POST":
            request.upload_handlers = [InMemory(request)]
            if too_large(request, MOST_BODY + ROOM):
                return view(request, *args, **kwargs)  # which refuses it unread, and so changes nothing
        return protected(request, *args, **kwargs)

    return inner


def sentence(why: str) -> str:
    """What is wrong with a form, and what to do."""
    return {
        "kind": _("Pilih dulu: bahaya atau ide apa?"),
        "nothing": _("Tulis dulu ceritanya."),
        "when": _("Pilih lagi kapan."),
        "where": _("Tempat itu tidak ada di daftar. Pilih lagi."),
        "full": _("Foto belum bisa diterima sekarang. Kirim tanpa foto, itu cukup."),
        "photo-large": _("Fotonya terlalu besar. Pilih foto lain, atau kirim tanpa foto."),
        "photo-broken": _("Fotonya rusak. Pilih foto lain, atau kirim tanpa foto."),
        "photo-empty": _("Fotonya kosong. Pilih foto lain, atau kirim tanpa foto."),
        "many": _("Terlalu banyak laporan dari jaringan ini. Coba lagi satu jam lagi."),
        "words": _("Tulis dalam bahasa Indonesia dan Inggris. Pengirim membacanya."),
        "long": _("Terlalu panjang. Persingkat."),
        "personal": _("Ada rumah, nomor, nama, atau tautan di dalamnya. Tulis tanpa itu."),
        "original": _("Ini kata-kata pengirimnya. Tulis ulang dengan kata sendiri."),
        "body": _("Pilih instansi yang lain dari sekarang."),
        "reason": _("Pilih alasannya."),
        "join": _("Keduanya tidak bisa digabung."),
        "answer": _("Pilih jawabannya."),
        "planned": _("Tulis tanggal rencananya, hari ini atau sesudahnya."),
        "done": _("Tulis tanggal selesainya: sesudah laporan ini masuk, paling lambat hari ini."),
        "photo-when": _("Foto hanya untuk yang sudah selesai."),
        "photo-old": _("Laporan ini sudah terlalu lama untuk foto. Kirim tanpa foto, itu cukup."),
        "photo-none": _("Tidak ada foto yang menunggu."),
        "photo-own": _("Orang lain yang melihat fotonya, bukan yang memotret."),
        "over": _("Ini sudah diputuskan, atau dibuka orang lain. Tidak ada yang berubah."),
        "rule": _("Aturan itu tidak ada."),
        "title": _("Tulis judul dalam bahasa Indonesia dan Inggris."),
        "ideas": _("Pilih ide sebanyak yang boleh menurut aturan. Semuanya harus masih terbuka."),
        "rounds": _("Sudah ada tiga pemungutan suara yang berjalan. Tunggu satu selesai."),
        "days": _("Jumlah harinya di luar aturan."),
        "member": _("Hanya anggota Forum Anak yang boleh memilih."),
        "closed": _("Pemungutan suara ini sudah selesai."),
        "voted": _("Kamu sudah memilih. Suaramu sudah dihitung."),
        "none": _("Pilih paling sedikit satu ide."),
        "idea": _("Ide itu tidak ada di daftar."),
        "ballot-many": _("Terlalu banyak ide yang dipilih."),
    }.get(why, _("Berkas ini bukan foto. Pilih foto lain, atau kirim tanpa foto."))
