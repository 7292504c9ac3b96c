"""
A card of the wallet at the house's own age check, by the same words as at any platform (RFC 9577 2).

Without a token the answer is 401 and a challenge for this very try; with one the check is decided by it. Whose wallet
paid is not looked at: the cookie of the wallet is not read here.
"""

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from ruangaman.adapters import clock
from ruangaman.core.credentials.errors import CredentialError
from ruangaman.core.credentials.token_errors import AssuranceNotMet, ClaimNotMet, TokenSpent
from ruangaman.core.credentials.token_headers import HeaderChallenge, challenge_header, read_token
from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.ages import checks, spending
from ruangaman.rooms.ages.errors import AttemptOver, CheckOver, TooManyTries, WayClosed
from ruangaman.rooms.ages.models import AgeCheck, Attempt
from ruangaman.rooms.ages.views.common import began_here, bind, guarded


@require_POST
@guarded
def spend(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a card of this try, or take it."""
    row, now = checks.find(token), clock.now()
    said = request.headers.get("Authorization", "")
    attempt = _open(request, row, now)
    try:
        if not said:
            return _asked(request, row, attempt, now)
        if attempt is None:
            raise AttemptOver
        spending.redeem(attempt, read_token(said), now=now)
    except CredentialError as refused:
        if attempt is not None:
            checks.refuse(attempt, refused.code, now=now)
        return _told(403, refused)
    except (AttemptOver, CheckOver, TooManyTries, WayClosed) as refused:
        return _told(409, refused)
    return JsonResponse({"go": reverse("ages:check", args=[token])}, headers={"Cache-Control": "no-store"})


def _open(request: HttpRequest, row: AgeCheck, now: datetime) -> Attempt | None:
    """The try by a card that this browser began and that still counts."""
    rows = row.attempts.select_related("question").filter(
        method="token", ended_at__isnull=True, ends_at__gt=now
    )
    return next((one for one in rows.order_by("-began_at") if began_here(request, one)), None)


def _asked(request: HttpRequest, row: AgeCheck, attempt: Attempt | None, now: datetime) -> HttpResponse:
    if attempt is None:
        begun = checks.begin(row, "token", now=now)
        bind(request, begun)
        attempt = begun.attempt
    keys = spending.keys_for(row, now)
    if not keys:
        raise WayClosed(way="token")
    asked = spending.challenge(attempt)
    header = challenge_header([HeaderChallenge(asked, one.token_key) for one in keys])
    return HttpResponse(
        status=401,
        headers={"WWW-Authenticate": header, "Cache-Control": "no-store"},
        content_type="text/plain",
    )


def _told(status: int, refused: RuangAmanError) -> HttpResponse:
    """The refusal as one plain sentence."""
    words = {
        TokenSpent.code: _("Lembar ini sudah pernah dipakai. Coba lagi dengan lembar lain."),
        ClaimNotMet.code: _("Kartu ini untuk umur yang lain."),
        AssuranceNotMet.code: _("Kartu ini kurang kuat untuk pintu ini. Pilih cara lain."),
        AttemptOver.code: _("Waktunya sudah lewat. Coba sekali lagi."),
        CheckOver.code: _("Pertanyaan ini sudah selesai."),
        TooManyTries.code: _("Terlalu banyak percobaan. Tunggu sepuluh menit."),
        WayClosed.code: _("Cara ini tidak bisa dipakai di sini. Pilih cara lain."),
    }
    text = words.get(refused.code, _("Kartu ini tidak bisa dipakai. Coba lagi, atau pilih cara lain."))
    return JsonResponse(
        {"code": refused.code, "text": text}, status=status, headers={"Cache-Control": "no-store"}
    )
