"""
A small client of a Ruang Aman house, for a platform's server.

    from ruangaman.client import Client

    with Client("https://ruangaman.example", "ra_live_...") as house:
        session = house.open_session("dongeng-kita", subject="p-8f31", age={"birth_date": "2016-05-02"})
        if session.is_open:
            ...

It needs httpx alone. `verify_webhook` checks what the house sends. `ruangaman.client.statuses.consent_status` tells
whether a permission still stands.
"""

from ruangaman.client.client import Client
from ruangaman.client.errors import ConnectionFailed, Problem, StatusUnknown, WebhookRefused
from ruangaman.client.signals import age_signal
from ruangaman.client.values import (
    Answer,
    Consent,
    DataRequest,
    Deletion,
    Event,
    FeatureState,
    Next,
    QuestionError,
    Session,
    Webhook,
)
from ruangaman.client.webhooks import verify_webhook

__all__ = [
    "Answer",
    "Client",
    "ConnectionFailed",
    "Consent",
    "DataRequest",
    "Deletion",
    "Event",
    "FeatureState",
    "Next",
    "Problem",
    "QuestionError",
    "Session",
    "StatusUnknown",
    "Webhook",
    "WebhookRefused",
    "age_signal",
    "verify_webhook",
]
