"""The messenger calls us: a guardian wrote the one-time word, and gets the link to the request."""

import logging

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from ruangaman.adapters import clock, messages
from ruangaman.rooms.families import config, incoming

log = logging.getLogger("ruangaman.families")
LONGEST = 256 * 1024


@csrf_exempt
@require_http_methods(["GET", "POST"])
def whatsapp(request: HttpRequest) -> HttpResponse:
    """GET answers the messenger's challenge; POST takes signed messages."""
    secrets = config.whatsapp_secrets()
    try:
        if request.method == "GET":
            challenge = messages.challenge(request.GET.dict(), secrets.verify_token)
            return HttpResponse(challenge, content_type="text/plain")
        if len(request.body) > LONGEST:
            raise messages.WebhookRefused
        texts, _fates = messages.read_webhook(
            request.body, request.headers.get("X-Hub-Signature-256", ""), secrets.app_secret
        )
    except messages.WebhookRefused:
        log.warning("a webhook call was refused")
        return HttpResponse(status=403)
    for text in texts:
        incoming.take(text, now=clock.now())
    return HttpResponse(status=200)
