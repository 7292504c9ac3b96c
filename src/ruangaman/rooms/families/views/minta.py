"""The child's side of a request: how to reach the guardian. Whoever holds this page can ask, never answer."""

from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock
from ruangaman.core import tegel
from ruangaman.core.consent import WAITING
from ruangaman.rooms.families import actions, claims, codes, config, limits, requests, tokens
from ruangaman.rooms.families.errors import NotFound, RequestRefused
from ruangaman.rooms.families.models import ConsentRequest
from ruangaman.rooms.families.views import words
from ruangaman.rooms.families.views.common import back, facts_of, guarded, page, request_by, standing


def _message(row: ConsentRequest, link: str) -> str:
    """The message that the child sends, in the language of the page; it names the match code, so that a forwarded fake
    is seen.
    """
    asked = _(
        "Bu, aku minta izin pakai %(service)s. Buka %(link)s. "
        "Cocokkan kode %(code)s dengan HP-ku. Kalau ragu, tanya aku langsung."
    )
    if row.kind == "confirmation":
        asked = _(
            "Bu, aku sudah setuju pakai %(service)s. Tolong konfirmasi. Buka %(link)s. "
            "Cocokkan kode %(code)s dengan HP-ku. Kalau ragu, tanya aku langsung."
        )
    return asked % {
        "service": row.card["name"],
        "link": link,
        "code": tegel.mark(bytes(row.digest)).code,
    }


@require_GET
@guarded
def show(request: HttpRequest, token: str) -> HttpResponse:
    """QR, short code, tile, prepared message, e-mail form."""
    return _show(request, token)


def _show(request: HttpRequest, token: str, error: str = "", status: int = 200) -> HttpResponse:
    now = clock.now()
    row = request_by(token, "page", now)
    code, until = codes.present(row, now=now)
    link = requests.find_url(row, get_language() or "")
    message = _message(row, link)
    number = config.whatsapp_number()
    context = {
        **facts_of(row, now),
        "token": token,
        "ground": "child-10-12",
        "find_url": link,
        "code": code,
        "code_until": until,
        "message": message,
        "whatsapp_url": f"https://wa.me/?text={quote(message)}",
        "can_mail": config.can_mail(),
        "mailed": request.GET.get("surel") == "ya",
        "error": error,
        "typed": request.POST.get("email", "")[:254],
        "claim": (claim := claims.open_of(row)),
        "claimer": words.person(claim.relation) if claim else "",
        "said": request.GET.get("kata", ""),
        "open_too": [one for one in actions.living_with(row, now) if one.pk != row.pk],
        "astray": words.astray() if row.astray_at is not None else "",
        "here": reverse("families:minta", args=[token]),
        "child_url": reverse("families:anak", args=[tokens.derived("child", row.child_id)]),
        "write_to_us": _write_to_us(row, number) if number else "",
    }
    return page(request, "minta.html", context, status)


def _write_to_us(row: ConsentRequest, number: str) -> str:
    """The guardian writes to us: a link that opens her own messenger with the word filled in."""
    words = _("Ruang Aman, tolong kirim permintaan %(word)s") % {"word": codes.word_of(row)}
    return f"https://wa.me/{number}?text={quote(words)}"


@require_POST
@guarded
def new_code(request: HttpRequest, token: str) -> HttpResponse:
    """A new short code when the old one's 15 minutes are over; at most ten in an hour."""
    now = clock.now()
    row = request_by(token, "page", now)
    if limits.within("renew.hour", str(row.pk), limit=10, length=timedelta(hours=1), now=now):
        codes.renew(row, now=now)
        actions.sent_again(row.pk)
    return back("minta", token, fragment="#kode")


@require_POST
@guarded
def my_parent(request: HttpRequest, token: str) -> HttpResponse:
    """The child says whether somebody who was proven to be a parent is its own."""
    now = clock.now()
    row = request_by(token, "page", now)
    said = request.POST.get("jawab", "")
    if standing(row, now) not in WAITING or said not in ("ya", "bukan"):
        return back("minta", token)
    try:
        claims.answer(row, UUID(request.POST.get("siapa", "")), mine=said == "ya", now=now)
    except ValueError:
        raise NotFound from None
    return back("minta", token, fragment=f"?kata={said}")


@require_POST
@guarded
def mail(request: HttpRequest, token: str) -> HttpResponse:
    """Send the request to an address. The answer is the same whether the address is known, silenced or over a limit;
    only what cannot be an address is told, and that this one said of this very child: not mine.
    """
    now = clock.now()
    row = request_by(token, "page", now)
    if standing(row, now) not in WAITING:
        return back("minta", token)
    try:
        address = requests.clean_email(request.POST.get("email"))
    except RequestRefused:
        said = _("Alamat surel ini belum lengkap. Tulis seperti ibu@contoh.id.")
        return _show(request, token, said, 400)
    if address is None:
        return _show(request, token, _("Tulis alamat surel orang tuamu."), 400)
    if not limits.within("mail.hour", str(row.pk), limit=5, length=timedelta(hours=1), now=now):
        return back("minta", token, fragment="?surel=ya#surel")
    if requests.said_not_mine(row, address):
        said = _("Yang punya alamat ini bilang: bukan anaknya. Pakai alamat lain, atau tunjukkan kodenya.")
        return _show(request, token, said, 400)
    requests.mail(row, address, now=now)
    actions.sent_again(row.pk)
    return back("minta", token, fragment="?surel=ya#surel")
