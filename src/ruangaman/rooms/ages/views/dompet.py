"""
The wallet of age tokens (`dompet`): pages that work without signal after the first visit, and how somebody gets one.

The pages are alike for everybody and name nobody: what a wallet holds stands in the browser alone. Its service worker
answers them from what it kept, so that the house does not even hear that a card is being used.
"""

from contextlib import suppress
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock, kept_pages
from ruangaman.rooms.ages import apart, checks, config, directory_proofs, holders, issuer_keys, spending
from ruangaman.rooms.ages.errors import CheckOver, NotFound
from ruangaman.rooms.ages.views import holding
from ruangaman.rooms.ages.views.common import guarded
from ruangaman.rooms.ages.views.holding import COOKIE
from ruangaman.rooms.ages.views.tokens import wallet_of

SCRIPTS: Final = (
    "token.js",
    "simpanan.js",
    "catatan.js",
    "ambil.js",
    "gambar.js",
    "kata.js",
    "dompet.js",
    "pakai.js",
)
SHELL: Final = (
    *("tegel/tegel.css", "tegel/strip.svg", "tegel/floor.svg", "tegel/logo.svg", "tegel/sinyal.js"),
    *("ages/umur.css", "ages/dompet.css"),
    *(f"ages/{name}" for name in SCRIPTS),
)
WORKER: Final = "ages/pekerja.js"
PAGES: Final = {"dompet": "ages/dompet.html", "pakai": "ages/pakai.html"}
PICTURES: Final = ("bintang", "bulan", "rumah", "pohon", "ikan", "perahu", "bunga", "payung", "lampu")


def _words() -> dict[str, str]:
    """What the scripts say, in the reader's language; `{...}` is filled in by them."""
    return {
        "card": _("{years} tahun ke atas"),
        "card_under": _("Di bawah {years} tahun"),
        "sheets": _("{count} lembar"),
        "until": _("sampai {date}"),
        "changes": _("Kartu ini berganti tanggal {date}. Ambil lembar baru sesudah itu."),
        "fetching": _("Mengambil {count} dari {all} lembar."),
        "fetched": _("Selesai. {count} lembar baru ada di dompet."),
        "full": _("Dompet masih penuh. Pakai dulu yang ada."),
        "offline": _("Tidak ada sinyal. Ambil baru perlu sinyal."),
        "ages.login-missing": _("Dompet ini belum terisi. Cek umur dulu, lalu pilih “Simpan di dompet”."),
        "ages.quota-used": _("Jatah lembar minggu ini habis. Yang baru ada mulai {date}."),
        "ages.stopped": _("Dompet ini tidak bisa mengambil lembar baru. Cek umur sekali lagi."),
        "ages.not-entitled": _("Umur di dompet ini tidak cukup untuk kartu itu."),
        "directory": _("Kunci kartu dari dua jalan tidak sama. Dompet berhenti, demi kamu."),
        "ledger": _("Daftar kunci tidak cocok dengan buku catatan rumah. Dompet berhenti, demi kamu."),
        "signature": _("Lembar yang datang rusak, jadi tidak disimpan. Coba lagi."),
        "other": _("Belum berhasil. Coba lagi nanti."),
        "used_at": _("Dipakai di {place}, {date}"),
        "emptied": _("Dompet sudah kosong."),
        "picked": _("{count} dari {all} gambar."),
        "pin_again": _("Sekali lagi, gambar dan urutan yang sama."),
        "pin_differs": _("Tidak sama. Mulai lagi dari awal."),
        "pin_set": _("PIN gambar terpasang."),
        "pin_wrong": _("Bukan itu gambarnya. Coba lagi."),
        "pin_wait": _("Salah lima kali. Tunggu satu menit, lalu coba lagi."),
        "ask": _("{place} bertanya: {years} tahun ke atas?"),
        "ask_under": _("{place} bertanya: di bawah {years} tahun?"),
        "yes_over": _("“{years} tahun ke atas”: ya. Namamu dan dompetmu, tidak."),
        "yes_under": _("“Di bawah {years} tahun”: ya. Namamu dan dompetmu, tidak."),
        "house_stock": _("Tidak tahu kamu memakai lembar ini."),
        "house_fresh": _("Satu lembar diambil. Untuk aplikasi mana, tidak tahu."),
        "asked_before": _("Tempat ini pernah bertanya umur lain. Dua jawaban bisa menunjukkan umurmu lebih jelas."),
        "waiting": _("Menunggu sebentar, supaya waktunya tidak bisa dicocokkan."),
        "taking": _("Mengambil satu lembar."),
        "ready": _("Lembar siap. Kamu kembali ke {place}."),
        "ready_offline": _("Lembar siap. Kalau {place} belum terbuka, coba lagi saat ada sinyal."),
        "back": _("Kembali ke {place}"),
        "no_card": _("Dompet ini belum punya kartu itu."),
        "fetch_first": _("Lembarnya habis. Ambil lembar baru dulu, perlu sinyal."),
        "other_issuer": _("Tempat ini meminta kartu dari rumah lain."),
        "two_ages": _("Tempat ini bertanya lebih dari satu umur. Dompet tidak menjawab."),
        "bad_ask": _("Pertanyaan ini rusak, jadi dompet tidak menjawab."),
        "bad_back": _("Alamat kembalinya bukan milik yang bertanya. Dompet tidak menjawab."),
        "key_unknown": _("Kunci di pertanyaan ini tidak ada di daftar umum. Dompet tidak menjawab."),
    }  # fmt: skip


def pictures() -> list[tuple[str, str]]:
    """The pictures of a PIN: the drawing's name and the word for it."""
    words = {
        "bintang": _("bintang"), "bulan": _("bulan sabit"), "rumah": _("rumah"), "pohon": _("pohon"), "ikan": _("ikan"),
        "perahu": _("perahu"), "bunga": _("bunga"), "payung": _("payung"), "lampu": _("lampu"),
    }  # fmt: skip
    return [(name, words[name]) for name in PICTURES]


def context() -> dict[str, Any]:
    """What a page needs on which cards are fetched or used; the same for everybody."""
    return {
        "words": _words(),
        "pictures": pictures(),
        "second": apart.second_host(),
        "issuer": spending.issuer_name(),
        "pause": ",".join(str(int(one.total_seconds() * 1000)) for one in config.PAUSE),
    }


def _shell(request: HttpRequest, name: str) -> HttpResponse:
    response = render(request, PAGES[name], context())
    response.connect_to = [one for one in [apart.second_host()] if one]  # type: ignore[attr-defined]
    response["Cache-Control"] = "no-cache"
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
def show(request: HttpRequest) -> HttpResponse:
    """The wallet: its cards, what was used where, lock, empty."""
    return _shell(request, "dompet")


@require_GET
def use(request: HttpRequest) -> HttpResponse:
    """A platform asks for one card; what it asks stands behind the `#`, which no server hears."""
    return _shell(request, "pakai")


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """What makes the wallet installable (W3C Web Application Manifest)."""
    language = translation.get_language() or settings.LANGUAGE_CODE
    return kept_pages.manifest(
        reverse("ages:dompet"), name=_("Dompet umur"), short=_("Dompet"), language=language, ground="#EFF4F1"
    )


@require_GET
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker: the list of what it keeps, then its own text. Another version whenever any of it changed."""
    pages = [
        f"{reverse(f'ages:{name}')}?bahasa={language}"
        for name in PAGES
        for language, _name in settings.LANGUAGES
    ]
    said = {
        "version": _version(),
        "pages": pages,
        "files": [static(name) for name in SHELL],
        "language": settings.LANGUAGE_CODE,
    }
    return kept_pages.worker(WORKER, said)


@cache
def _version() -> str:
    pages = []
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages += [render_to_string(template, context()) for template in PAGES.values()]
    return kept_pages.version((*SHELL, WORKER), tuple(pages))


@require_GET
def directory_version(request: HttpRequest) -> HttpResponse:
    """
    Which version of the directory is published, its SHA-256, the line of the ledger that says so, and the proofs.

    `?since=3` adds the proof that the ledger as it stood with version 3 begins the present one.
    """
    found = issuer_keys.directory(clock.now())
    since = request.GET.get("since")
    if since is not None and not (since.isascii() and since.isdigit() and len(since) < 10):
        raise NotFound
    told = {
        "number": found.number,
        "sha256": bytes(found.digest).hex(),
        "ledger-index": found.ledger_index,
        "published": int(found.published_at.timestamp()),
        **directory_proofs.told(found, int(since) if since is not None else None),
    }
    return JsonResponse(told, headers={"Cache-Control": "no-cache", "Access-Control-Allow-Origin": "*"})


@csrf_exempt
@never_cache
@require_http_methods(["DELETE"])
def empty(request: HttpRequest) -> HttpResponse:
    """
    Empty the wallet at the house too: what was proved is destroyed. No form can send this, and no page of another site.
    """
    holders.forget(wallet_of(request), now=clock.now())
    response = HttpResponse(status=204)
    response.delete_cookie(COOKIE, samesite="Strict")
    return response


@require_POST
@guarded
def keep(request: HttpRequest, token: str) -> HttpResponse:
    """Put what was proved into a wallet of this browser."""
    row = checks.find(token)
    if not holding.may_keep(request, row, checks.result_of(row)):
        return redirect("ages:check", token=token)
    response = redirect("ages:dompet")
    with suppress(CheckOver):  # a second press of the button
        holding.keep(request, response, row, now=clock.now())
    return response
