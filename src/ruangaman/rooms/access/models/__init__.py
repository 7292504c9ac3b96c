"""The tables of the room: services, keys, sessions, events, webhooks, and what an officer must answer.

Personal data stands in the vault, here only references and keyed hashes.
"""

from ruangaman.rooms.access.models.desk import Matter, MatterReading
from ruangaman.rooms.access.models.keys import ApiKey
from ruangaman.rooms.access.models.oidc import OpenIdFlow, OpenIdKey, OpenIdPlatform, PushedRequest
from ruangaman.rooms.access.models.services import Service
from ruangaman.rooms.access.models.sessions import (
    AccessSession,
    GuardianAsk,
    IdempotencyKey,
    SandboxConsent,
    StatusEntry,
)
from ruangaman.rooms.access.models.webhooks import Delivery, Event, FeedHead, WebhookEndpoint

__all__ = [
    "AccessSession",
    "ApiKey",
    "Delivery",
    "Event",
    "FeedHead",
    "GuardianAsk",
    "IdempotencyKey",
    "Matter",
    "MatterReading",
    "OpenIdFlow",
    "OpenIdKey",
    "OpenIdPlatform",
    "PushedRequest",
    "SandboxConsent",
    "Service",
    "StatusEntry",
    "WebhookEndpoint",
]
