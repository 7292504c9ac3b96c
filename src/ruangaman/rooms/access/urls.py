"""The addresses of the platform's door."""

from django.urls import path

from ruangaman.rooms.access.views import about, asks, data_requests, deletions, events, sessions, webhooks

app_name = "access"

urlpatterns = [
    path("v1/ask", asks.VIEW, name="ask"),
    path("v1/sessions", sessions.LIST, name="sessions"),
    path("v1/sessions/<uuid:ref>", sessions.ONE, name="session"),
    path("v1/sessions/<uuid:ref>/age", sessions.AGE, name="session-age"),
    path("v1/sandbox/sessions/<uuid:ref>/guardian", sessions.GUARDIAN, name="sandbox-guardian"),
    path("v1/sandbox/sessions/<uuid:ref>/data-request", data_requests.SIMULATE, name="sandbox-data-request"),
    path("v1/deletions", deletions.ALL, name="deletions"),
    path("v1/deletions/<uuid:ref>/confirm", deletions.CONFIRM, name="deletion-confirm"),
    path("v1/data-requests", data_requests.ALL, name="data-requests"),
    path("v1/data-requests/<uuid:ref>/answer", data_requests.ANSWER, name="data-request-answer"),
    path("v1/events", events.VIEW, name="events"),
    path("v1/webhooks", webhooks.ALL, name="webhooks"),
    path("v1/webhooks/<uuid:ref>", webhooks.ONE, name="webhook"),
    path("v1/webhooks/<uuid:ref>/rotate", webhooks.ROTATE, name="webhook-rotate"),
    path("v1/webhooks/<uuid:ref>/test", webhooks.TEST, name="webhook-test"),
    path("v1/openapi.json", about.openapi, name="openapi"),
    path("v1/errors", about.errors, name="errors"),
]
