"""
The way "wallet": the page of the browser that began, and the two addresses that wallets call (OpenID4VP 1.0).

Without scripts the page is whole: a link for a wallet on this device, a box to scan for one on another, and a button
that asks whether an answer came. Nothing that a wallet sends is written anywhere, and no line of a log tells it.
"""

from datetime import datetime
from typing import Any, Final

import segno
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.core.credentials import jose
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.ages import checks, links, wallet_asking, wallet_trust, wallets
from ruangaman.rooms.ages.errors import (
    AttemptOver,
    CheckOver,
    CredentialNotValid,
    NotFound,
    OtherBrowser,
    StatusUnreachable,
    TooManyTries,
    WalletAnswerRefused,
    WayClosed,
)
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.ages.views import cek
from ruangaman.rooms.ages.views.common import bind, bound, guarded, page

WALLETS: Final = "identitas"
"""In the session: check -> states of its two tries, so that the page can be shown again."""
REQUEST_TYPE: Final = "application/oauth-authz-req+jwt"
FORM: Final = "application/x-www-form-urlencoded"
MOST_CHECKS: Final = 4
_QR_SIDE: Final = 280


@require_POST
@guarded
def begin(request: HttpRequest, token: str) -> HttpResponse:
    """Begin two tries, for a wallet here and for one there; the page of both follows."""
    row, now = checks.find(token), clock.now()
    try:
        here = wallets.begin(row, wallets.HERE, now=now)
        there = wallets.begin(row, wallets.THERE, now=now)
    except (CheckOver, TooManyTries, WayClosed) as refused:
        return cek.check_page(request, token, row, _sentence(refused.code), 409)
    for begun in (here, there):
        bind(request, begun)
    kept = dict(request.session.get(WALLETS, {}))
    kept[str(row.pk)] = {wallets.HERE: here.state, wallets.THERE: there.state}
    request.session[WALLETS] = dict(list(kept.items())[-MOST_CHECKS:])
    return redirect("ages:wallet", token=token)


def _states(request: HttpRequest, row: AgeCheck) -> dict[str, tuple[str, str]]:
    """Where the wallet is -> state and secret of the try that this browser began."""
    browsers = bound(request)
    found = {}
    for where, state in dict(request.session.get(WALLETS, {})).get(str(row.pk), {}).items():
        if secret := browsers.get(links.digest(state).hex()):
            found[where] = (state, secret)
    return found


@require_GET
@guarded
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The link, the box to scan, and the button."""
    row = checks.find(token)
    return _show(request, token, row, clock.now())


def _show(request: HttpRequest, token: str, row: AgeCheck, now: datetime, note: str = "") -> HttpResponse:
    if row.decided_at is not None or row.closed_at is not None:
        return redirect("ages:check", token=token)
    states = _states(request, row)
    try:
        here, there = (wallets.asked(states[where][0], now=now) for where in (wallets.HERE, wallets.THERE))
    except (KeyError, NotFound, AttemptOver):
        return _ended(request, token, row, states, now)
    parameters = here.by_post()
    context: dict[str, Any] = {
        "token": token,
        "service": row.card["name"],
        "years": row.threshold,
        "link": wallet_asking.link(here.state, parameters),
        "av_link": wallet_asking.av_link(wallet_trust.current(), here.state, parameters),
        "qr": _qr(_for_the_other(there)),
        "requests": here.by_browser(),
        "ends": _ends(there.state, now),
        "note": note,
    }
    return page(request, "identitas.html", context)


def _ends(state: str, now: datetime) -> datetime:
    return checks.attempt_of(state, browser=None, now=now).ends_at


def _for_the_other(asked: wallets.Asked) -> str:
    """What the box holds: the request, or, where it would be too long for one, our own page that leads to it."""
    if wallet_asking.certificate() is not None:
        return wallet_asking.link(asked.state, {})
    return links.absolute(reverse("ages:wallet_open", args=[asked.state]))


def _qr(text: str) -> str:
    code = segno.make(text, error="m", micro=False)
    scale = round(_QR_SIDE / code.symbol_size(border=3)[0], 3)
    return str(
        code.svg_inline(scale=scale, border=3, dark="#14242A", light="#FFFFFF", svgclass="qr", lineclass=None)
    )


def _ended(
    request: HttpRequest, token: str, row: AgeCheck, states: dict[str, tuple[str, str]], now: datetime
) -> HttpResponse:
    """One try is answered or over: count what can be counted, else say why nothing came of it."""
    if wallets.THERE in states:
        standing = wallets.standing(*states[wallets.THERE], now=now)
        if standing == wallets.ANSWERED:
            return page(request, "identitas_datang.html", {"token": token, "years": row.threshold})
    if wallets.HERE in states and wallets.standing(*states[wallets.HERE], now=now) == wallets.ANSWERED:
        return cek.check_page(
            request, token, row, _("Dompet sudah menjawab. Buka tautan yang diberikan dompet.")
        )
    why = [
        one.why
        for one in Attempt.objects.filter(state__in=[links.digest(state) for state, _ in states.values()])
        if one.why
    ]
    return cek.check_page(request, token, row, _sentence(why[0]) if why else _sentence(AttemptOver.code), 200)


@require_GET
@guarded
@never_cache
def standing(request: HttpRequest, token: str) -> HttpResponse:
    """How both tries stand, for the script that looks again; tells nothing of an answer."""
    row, now = checks.find(token), clock.now()
    states = _states(request, row)
    told = {where: wallets.standing(state, secret, now=now) for where, (state, secret) in states.items()}
    return JsonResponse({wallets.HERE: wallets.OVER, wallets.THERE: wallets.OVER, **told})


@require_POST
@guarded
def fetch(request: HttpRequest, token: str) -> HttpResponse:
    """Did an answer come from the other device? It counts now, in this browser alone."""
    row, now = checks.find(token), clock.now()
    states = _states(request, row)
    if wallets.THERE not in states:
        raise NotFound
    try:
        decided = wallets.fetch(*states[wallets.THERE], now=now)
    except (AttemptOver, OtherBrowser, CheckOver):
        return redirect("ages:check", token=token) if _over(row) else _ended(request, token, row, states, now)
    if decided is None:
        return _show(request, token, row, now, _("Belum ada jawaban dari HP lain. Coba lagi sebentar."))
    return redirect("ages:check", token=token)


def _over(row: AgeCheck) -> bool:
    row.refresh_from_db()
    return row.decided_at is not None or row.closed_at is not None


@require_POST
@guarded
def by_browser(request: HttpRequest, token: str) -> HttpResponse:
    """What the browser's own wallet door gave to our page."""
    row, now = checks.find(token), clock.now()
    states = _states(request, row)
    if wallets.HERE not in states:
        raise NotFound
    try:
        told = jose.read_json(request.POST.get("data", "").encode("utf-8", "replace"), wallets.MOST_BYTES)
        wallets.answer_of_browser(*states[wallets.HERE], told, now=now)
    except NotFound:
        raise
    except RuangAmanError as refused:
        row.refresh_from_db()
        return cek.check_page(request, token, row, _sentence(refused.code), 403)
    return redirect("ages:check", token=token)


@require_GET
@guarded
def returned(request: HttpRequest) -> HttpResponse:
    """Back from a wallet on this device: the answer counts once, in the browser that began."""
    now = clock.now()
    try:
        row = wallets.come_back(request.GET.get("kode", "")[:100], bound(request), now=now)
    except OtherBrowser:
        return page(request, "tidak_ada.html", {"other": True}, 403)
    except (AttemptOver, CheckOver):
        return page(request, "tidak_ada.html", {"slow": True}, 410)
    return redirect("ages:check", token=links.derived(row.pk))


@require_GET
@guarded
def open_there(request: HttpRequest, state: str) -> HttpResponse:
    """On the other device: what is asked, and the link that opens the wallet there."""
    now = clock.now()
    try:
        asked = wallets.asked(state, now=now)
        row = checks.attempt_of(state, browser=None, now=now).question
    except AttemptOver:
        return page(request, "tidak_ada.html", {"slow": True}, 410)
    parameters = asked.by_post()
    context = {
        "years": row.threshold,
        "link": wallet_asking.link(state, parameters),
        "av_link": wallet_asking.av_link(wallet_trust.current(), state, parameters),
    }
    return page(request, "identitas_buka.html", context)


@require_GET
@never_cache
def request_object(request: HttpRequest, state: str) -> HttpResponse:
    """The signed request of a try. Raises what `site.problems` answers as problem+json."""
    asked, ours = wallets.asked(state, now=clock.now()), wallet_asking.certificate()
    if ours is None:
        raise NotFound
    return HttpResponse(wallet_asking.signed(asked.by_post(), ours), content_type=REQUEST_TYPE)


@csrf_exempt
@require_http_methods(["POST"])
@never_cache
def answer(request: HttpRequest, state: str) -> HttpResponse:
    """
    Where a wallet posts its answer (section 8.2). A wallet on the device of the browser is told where to go back to.

    Raises what `site.problems` answers as problem+json.
    """
    if request.content_type != FORM:
        raise WalletAnswerRefused(why="media type")
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or int(length) > wallets.MOST_BYTES:
        raise WalletAnswerRefused(why="size")
    # A body in chunks comes without a length; Django reads nothing of it, but the server's own stream has its end.
    in_chunks = "Transfer-Encoding" in request.headers
    body = (request.META["wsgi.input"] if in_chunks else request).read(wallets.MOST_BYTES + 1)
    code = wallets.answer(state, body, now=clock.now())
    if code is None:
        return JsonResponse({})
    back = links.absolute(reverse("ages:wallet_returned"))
    return JsonResponse({"redirect_uri": f"{back}?kode={code}"})


def _sentence(code: str) -> str:
    """Why nothing came of it, in words for the person; what was wrong in detail helps only who forges."""
    told = {
        CheckOver.code: _("Pertanyaan ini sudah selesai."),
        TooManyTries.code: _("Terlalu banyak percobaan. Tunggu sepuluh menit."),
        WayClosed.code: _("Cara ini tidak bisa dipakai di sini. Pilih cara lain."),
        AttemptOver.code: _("Waktunya lewat. Mulai lagi, atau pilih cara lain."),
        OtherBrowser.code: _("Jawaban dibuka di peramban lain, jadi tidak dihitung. Mulai lagi."),
        "openid4vp.wallet-refused": _("Dompet tidak mengirim jawaban. Tidak ada yang berubah."),
        "openid4vp.answer-too-much": _("Dompet mengirim lebih dari yang ditanya. Semuanya kami buang."),
        StatusUnreachable.code: _("Penerbit identitas itu sedang tidak bisa ditanya. Coba lagi nanti."),
        CredentialNotValid.code: _("Menurut penerbitnya, identitas itu tidak berlaku lagi."),
        "sd-jwt.expired": _("Identitas digital itu sudah lewat masanya. Perbarui dulu di dompet."),
        "mdoc.expired": _("Identitas digital itu sudah lewat masanya. Perbarui dulu di dompet."),
        "longfellow.busy": _("Pemeriksa bukti sedang sibuk. Coba lagi sebentar, atau pilih cara lain."),
        "longfellow.took-too-long": _(
            "Pemeriksa bukti sedang sibuk. Coba lagi sebentar, atau pilih cara lain."
        ),
        "longfellow.out-of-time": _("Jam di HP itu tidak cocok dengan jam kami. Betulkan, lalu coba lagi."),
        "x509.issuer-unknown": _("Penerbit identitas itu belum kami kenal. Pilih cara lain."),
    }
    return told.get(code, _("Jawaban dari dompet tidak bisa dipakai. Coba lagi, atau pilih cara lain."))
