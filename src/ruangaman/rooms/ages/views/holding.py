"""The wallet that this browser holds: the secret is a cookie that no script reads."""

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse

from ruangaman.rooms.ages import config, holders
from ruangaman.rooms.ages.errors import LoginMissing
from ruangaman.rooms.ages.models import AgeCheck, Holder
from ruangaman.rooms.ages.views.common import decided_here

COOKIE: Final = "dompet"
LIVES: Final = 180 * 24 * 3600
"""Seconds for which a browser keeps the secret of its wallet."""


def wallet_here(request: HttpRequest) -> Holder | None:
    """The wallet that this browser holds."""
    try:
        return holders.login(request.COOKIES.get(COOKIE, ""))
    except LoginMissing:
        return None


def may_keep(request: HttpRequest, row: AgeCheck, over: bool | None) -> bool:
    """
    Whether this browser proved what stands here, so that it may keep it.

    A "not yet" carries no card, unless the house issues "under this age".
    """
    worth = over or (over is False and bool(config.under_ages()))
    return bool(worth) and holders.can_be_kept(row) and decided_here(request, row)


def keep(request: HttpRequest, response: HttpResponse, row: AgeCheck, *, now: datetime) -> None:
    """
    Put what was proved into a wallet of this browser. One browser, one wallet: a new proof takes the place of the old.

    Raises:
        CheckOver: it cannot be kept.
    """
    before = wallet_here(request)
    secret = holders.open_wallet(row, now=now)
    if before is not None:
        holders.forget(before, now=now)
    response.set_cookie(
        COOKIE, secret, max_age=LIVES, path="/", secure=request.is_secure(), httponly=True, samesite="Strict"
    )
    response["Cache-Control"] = "no-store"
