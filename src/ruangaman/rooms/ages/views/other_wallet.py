"""Cards for another wallet (`kartu-umur`): a QR, a link, and the digits beside it. No script."""

import math
from typing import Any, Final
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.ages import cards, checks, config, holders
from ruangaman.rooms.ages.errors import CheckOver, NotEntitled, QuotaUsed, Stopped
from ruangaman.rooms.ages.models import CardOffer, Holder
from ruangaman.rooms.ages.views.common import guarded, page
from ruangaman.rooms.ages.views.holding import keep, may_keep, wallet_here
from ruangaman.rooms.vault import api as vault

OFFER: Final = "kartu"
"""In the session: the offer that this browser made."""


@require_http_methods(["GET", "POST"])
@guarded
def cards_page(request: HttpRequest) -> HttpResponse:
    """What can be taken, or the offer that this browser made; a button makes one."""
    holder = wallet_here(request)
    if holder is None:
        return page(request, "kartu.html", {"nobody": True}, 403)
    if request.method == "POST":
        return _make(request, holder)
    return _show(request, holder)


def _make(request: HttpRequest, holder: Holder) -> HttpResponse:
    try:
        language = str(getattr(request, "LANGUAGE_CODE", "id"))
        row = cards.offer(holder, language=language, now=clock.now())
    except (Stopped, NotEntitled, QuotaUsed) as refused:
        return page(request, "kartu.html", {"error": _sentence(refused)}, 403)
    request.session[OFFER] = str(row.pk)
    return redirect("ages:cards")


def _show(request: HttpRequest, holder: Holder) -> HttpResponse:
    now = clock.now()
    if holder.stopped_at is not None:
        return page(request, "kartu.html", {"error": _sentence(Stopped())}, 403)
    try:
        ages = cards.ages_of(holder, now=now)
    except vault.Forgotten:
        ages = ()
    context: dict[str, Any] = {"ages": ages, "count": config.BATCH, "days": config.CARDS_VALID.days}
    if not ages:
        return page(request, "kartu.html", {"error": _sentence(NotEntitled())}, 403)
    row = _offer_of(request, holder)
    if row is None:
        return page(request, "kartu.html", context)
    if row.used_at is not None:
        return page(request, "kartu.html", {**context, "done": True})
    if row.token is not None:
        return page(request, "kartu.html", {**context, "taking": True})
    if now >= row.ends_at or row.tries >= config.DIGIT_TRIES:
        return page(request, "kartu.html", {**context, "late": True})
    uri = cards.link(row)
    digits = cards.digits_of(row)
    minutes = math.ceil((row.ends_at - now).total_seconds() / 60)
    shown = {
        "uri": uri,
        "qr": _qr(cards.short_link(row)),
        "digits": f"{digits[:3]} {digits[3:]}",
        "minutes": minutes,
    }
    return page(request, "kartu.html", {**context, **shown})


def _offer_of(request: HttpRequest, holder: Holder) -> CardOffer | None:
    try:
        wanted = UUID(str(request.session.get(OFFER, "")))
    except ValueError:
        return None
    return CardOffer.objects.filter(pk=wanted, holder=holder).first()


@require_POST
@guarded
def stop(request: HttpRequest) -> HttpResponse:
    """Whoever holds the wallet stops it: its cards are invalid at once, everywhere, and it gets no others."""
    holder = wallet_here(request)
    if holder is None:
        return page(request, "kartu.html", {"nobody": True}, 403)
    holders.stop(holder, now=clock.now())
    return redirect("ages:cards")


@require_POST
@guarded
def from_check(request: HttpRequest, token: str) -> HttpResponse:
    """Right after a check, in the browser that did it: what was proved goes into a wallet here, and then on."""
    row, now = checks.find(token), clock.now()
    held = wallet_here(request)
    if held is not None and held.stopped_at is None and row.threshold in cards.ages_of(held, now=now):
        return redirect("ages:cards")
    response = redirect("ages:cards")
    try:
        if not may_keep(request, row, checks.result_of(row)):
            raise CheckOver
        keep(request, response, row, now=now)
    except CheckOver:
        return page(request, "kartu.html", {"nobody": True}, 403)
    return response


def _sentence(refused: RuangAmanError) -> str:
    return {
        Stopped.code: _("Dompet ini dihentikan. Tidak ada kartu baru, dan kartu yang lama tidak berlaku."),
        NotEntitled.code: _("Belum ada kartu untukmu. Kartu hanya untuk umur yang sudah terbukti."),
        QuotaUsed.code: _("Kartumu masih banyak. Pakai dulu yang ada, lalu ambil lagi nanti."),
    }[refused.code]


def _qr(uri: str) -> SafeString:
    """The offer as a picture of squares, dark on white, as wide as a phone lets it be."""
    code = segno.make(uri, error="m", micro=False)
    drawn = code.svg_inline(
        border=4, dark="#14242A", light="#FFFFFF", svgclass="qr-offer", lineclass=None, omitsize=True
    )
    return mark_safe(drawn)  # noqa: S308  (drawn by us from a link that we made)
