"""
The issuer over HTTP (RFC 9578 sections 4 and 6): the directory for everybody, blind signatures for wallets.

A wallet says who it is by its own secret, as a cookie of this site or as `Authorization: Bearer`. A page of another
site cannot send a token request with the cookie: it is `SameSite=Strict`, and the media type is none of those that a
form can send.
"""

import logging
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock
from ruangaman.core.credentials.token_directory import MEDIA_TYPE, REQUEST_MEDIA_TYPE, RESPONSE_MEDIA_TYPE
from ruangaman.core.credentials.token_encoding import to_text
from ruangaman.core.credentials.token_errors import SigningFault
from ruangaman.core.credentials.tokens import REQUEST_BYTES
from ruangaman.rooms.ages import holders, issuer_keys, issuing
from ruangaman.rooms.ages.errors import LoginMissing, MediaTypeRefused, RequestMalformed
from ruangaman.rooms.ages.models import Holder
from ruangaman.rooms.ages.views.holding import COOKIE

logger = logging.getLogger("ruangaman.ages")
MAX_AGE: Final = 3600
"""Seconds for which a directory may be kept: a withdrawn key is known everywhere within the hour."""


@require_GET
def directory(request: HttpRequest) -> HttpResponse:
    """The keys and what each stands for; the same for everybody, and each version of it stands in the ledger."""
    found = issuer_keys.directory(clock.now())
    tag = f'"{bytes(found.digest).hex()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": f"public, max-age={MAX_AGE}", "Access-Control-Allow-Origin": "*"}
    if tag in (one.strip() for one in request.headers.get("If-None-Match", "").split(",")):
        return HttpResponse(status=304, headers=headers)
    return HttpResponse(found.body, content_type=MEDIA_TYPE, headers=headers)


@csrf_exempt
@require_POST
@never_cache
def issue(request: HttpRequest) -> HttpResponse:
    """One blind signature. Raises what `site.problems` answers as problem+json."""
    holder = wallet_of(request)
    if request.content_type != REQUEST_MEDIA_TYPE:
        raise MediaTypeRefused(wanted=REQUEST_MEDIA_TYPE)
    told = request.read(REQUEST_BYTES + 1)
    if len(told) != REQUEST_BYTES:
        raise RequestMalformed(bytes=len(told))
    try:
        signed = issuing.issue(holder, told, now=clock.now())
    except SigningFault:
        # A result that does not verify would give the key away; it never leaves, and somebody must look at the machine.
        logger.error("a blind signature did not verify against its own key; nothing was answered")
        raise
    return HttpResponse(signed, content_type=RESPONSE_MEDIA_TYPE)


def wallet_of(request: HttpRequest) -> Holder:
    """The wallet that calls; raises LoginMissing."""
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return holders.login(said.strip())
    if not scheme and COOKIE in request.COOKIES:
        return holders.login(request.COOKIES[COOKIE])
    raise LoginMissing


@require_GET
@never_cache
def offers(request: HttpRequest) -> HttpResponse:
    """What this wallet may fetch now: claim, assurance, key, until when, how many are left."""
    found: list[dict[str, Any]] = [
        {
            "claim": one.claim,
            "assurance": one.assurance,
            "token-key-id": to_text(one.key_id),
            "not-after": int(one.not_after.timestamp()),
            "left": one.left,
        }
        for one in issuing.offers(wallet_of(request), now=clock.now())
    ]
    return JsonResponse({"offers": found})
