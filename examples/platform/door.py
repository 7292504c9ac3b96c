"""The platform's way into Ruang Aman: the Python client, one key a service. Nothing else of Ruang Aman is used."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ruangaman.client import (
    Client,
    ConnectionFailed,
    Deletion,
    Event,
    Problem,
    Session,
    WebhookRefused,
    verify_webhook,
)

__all__ = ["ConnectionFailed", "Deletion", "Door", "Event", "Problem", "Session", "WebhookRefused"]

SYSTEMS = ("accounts", "writings")
ROLE = "petugas data"


class Door:
    """One client for each service. A call raises Problem or ConnectionFailed."""

    def __init__(self, base_url: str, services: Mapping[str, Mapping[str, str]]) -> None:
        self._clients = {
            slug: Client(base_url, known["key"], timeout_s=5.0, retries=1) for slug, known in services.items()
        }
        self._returns = {slug: str(known.get("return_to", "")) for slug, known in services.items()}
        self._secrets = {slug: known["webhook_secret"] for slug, known in services.items()}

    def open(
        self,
        service: str,
        subject: str,
        *,
        language: str,
        nickname: str | None = None,
        age: Mapping[str, Any] | None = None,
        evidence: str = "self_declared",
        assurance: str | None = None,
        guardian_mail: str | None = None,
        child_consent: bool | None = None,
        origin: str = "",
    ) -> Session:
        """
        A child signs up, or asks again with the same pseudonym. The age was typed, or shown.

        `origin`: the host that the child's browser knows; its page is named as the way back from an age check when it
        is the one that was registered.
        """
        back = f"{origin}/{service}/"
        return self._clients[service].open_session(
            service,
            subject,
            age=age,
            evidence=evidence if age else None,
            assurance=assurance,
            nickname=nickname,
            guardian_email=guardian_mail,
            child_consent=child_consent,
            language=language,
            return_to=back if back == self._returns[service] else None,
        )

    def child_decides(self, service: str, age: Mapping[str, Any]) -> bool:
        """Whether at this age the yes is the child's own and a parent confirms it: the law says from when.

        Asked where the law closes nothing, so that the answer speaks of the consent alone, whatever the service is.
        """
        answer = self._clients[service].ask(
            {
                "jurisdiction": "ID",
                "question": "account",
                "age": dict(age),
                "evidence": "self_declared",
                "service": {"risk_profile": "low", "designed_for_children": True},
                "consent": {"state": "none"},
            }
        )
        return bool(answer.raw["extras"].get("consent_kind") == "confirmation")

    def tell_age(self, service: str, session: str, age: Mapping[str, Any], assurance: str) -> Session:
        """The child showed an age here: a card of the house's own, which this platform checked."""
        return self._clients[service].tell_age(session, age, evidence="verified", assurance=assurance)

    def session(self, service: str, session: str) -> Session:
        """The session as it stands now."""
        return self._clients[service].session(session)

    def close(self, service: str, session: str) -> Session:
        """The child closed the account."""
        return self._clients[service].close_session(session)

    def deletions(self, service: str) -> Sequence[Deletion]:
        """What this service must still delete."""
        return self._clients[service].deletions()

    def confirm_deletion(
        self, service: str, task: str, counts: Mapping[str, int], done_at: datetime
    ) -> Deletion:
        """Say what was deleted, where and when. The role says it, never a person's name."""
        return self._clients[service].confirm_deletion(
            task, systems=SYSTEMS, counts=counts, done_at=done_at, by=ROLE
        )

    def verified(self, service: str, headers: Mapping[str, str], body: bytes) -> Event:
        """The event in a webhook; raises WebhookRefused when it is not Ruang Aman's, or too old.

        Signatures carry the time of the world, also while the story's clock runs ahead of it.
        """
        return verify_webhook(body, headers, self._secrets[service])
