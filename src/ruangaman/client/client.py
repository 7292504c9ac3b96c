"""The client itself: one method a call of the API."""

import random
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any, Final

import httpx

from ruangaman.client.errors import ConnectionFailed, Problem
from ruangaman.client.values import (
    Answer,
    DataRequest,
    Deletion,
    Event,
    Json,
    QuestionError,
    Session,
    Webhook,
)

BATCH: Final = 1_000
AGAIN: Final = frozenset({429, 502, 503, 504})
LONGEST_WAIT_S: Final = 30.0


class Client:
    """
    One platform's way into a house. Safe to share between threads.

    Args:
        base_url: where the house stands.
        key: `ra_live_...`, or `ra_test_...` for the sandbox.
        retries: how often a call is tried again when no reply came, or the house said 429, 502, 503 or 504.
            Every call that writes carries an idempotency key, so trying again never does an act twice.
        ask_url: where `POST /v1/ask` is answered, when that is the lane and not the house itself.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        timeout_s: float = 10.0,
        retries: int = 2,
        ask_url: str | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._base = base_url.rstrip("/")
        self._ask = (ask_url or base_url).rstrip("/")
        self._retries = retries
        self._http = httpx.Client(
            timeout=timeout_s,
            transport=transport,
            follow_redirects=False,
            headers={"Authorization": f"Bearer {key}", "Accept": "application/json"},
        )

    def __enter__(self) -> "Client":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    # asking

    def ask(self, facts: Mapping[str, Any]) -> Answer:
        """The law's answer to one question. Raises Problem."""
        return Answer.read(self._json("POST", f"{self._ask}/v1/ask", dict(facts)))

    def ask_many(self, facts: Sequence[Mapping[str, Any]]) -> list[Answer | QuestionError]:
        """Answers in the order of the questions, in calls of up to 1,000; one that cannot be answered says why."""
        found: list[Answer | QuestionError] = []
        for start in range(0, len(facts), BATCH):
            part = [dict(one) for one in facts[start : start + BATCH]]
            for raw in self._json("POST", f"{self._ask}/v1/ask", part):
                found.append(QuestionError.read(raw["error"]) if "error" in raw else Answer.read(raw))
        return found

    # sessions

    def open_session(
        self,
        service: str,
        subject: str,
        *,
        country: str = "ID",
        age: Json | None = None,
        evidence: str | None = None,
        assurance: str | None = None,
        nickname: str | None = None,
        guardian_email: str | None = None,
        guardian_phone: str | None = None,
        child_consent: bool | None = None,
        language: str = "id",
        return_to: str | None = None,
        idempotency_key: str | None = None,
    ) -> Session:
        """
        A child signs up, or comes back. `subject` is a pseudonym made for this service alone: no
        address, no NIK, no phone number. `evidence` and `assurance` stand only beside an `age`.
        `return_to`: where the page of an age check leads back to, one of the addresses that the
        service has registered.

        Raises:
            Problem: see `code`.
        """
        guardian = {"email": guardian_email, "phone": guardian_phone}
        given: dict[str, Any] = {
            "age": dict(age) if age else None,
            "evidence": evidence,
            "assurance": assurance,
            "child": {"nickname": nickname} if nickname else None,
            "guardian": {name: value for name, value in guardian.items() if value} or None,
            "child_consent": child_consent,
            "return_to": return_to,
        }
        body = {"service": service, "subject": subject, "country": country, "language": language}
        body |= {name: value for name, value in given.items() if value is not None}
        return self._session("POST", "/v1/sessions", body, idempotency_key)

    def session(self, session: str) -> Session:
        """The session as it stands now."""
        return self._session("GET", f"/v1/sessions/{_part(session)}")

    def session_if_changed(self, known: Session) -> Session:
        """The session anew, or `known` itself when nothing changed since (ETag, 304)."""
        headers = {"If-None-Match": known.etag} if known.etag else {}
        reply = self._send("GET", f"{self._base}/v1/sessions/{_part(known.id)}", None, headers)
        return known if reply.status_code == 304 else Session.read(reply.json(), reply.headers.get("ETag"))

    def tell_age(
        self,
        session: str,
        age: Json,
        *,
        evidence: str = "self_declared",
        assurance: str | None = None,
        idempotency_key: str | None = None,
    ) -> Session:
        """The age is known better; the law is asked anew."""
        body: dict[str, Any] = {"age": dict(age), "evidence": evidence}
        if assurance is not None:
            body["assurance"] = assurance
        return self._session("POST", f"/v1/sessions/{_part(session)}/age", body, idempotency_key)

    def close_session(self, session: str) -> Session:
        """The account was closed at the platform. A deletion begins when data may be held."""
        return self._session("DELETE", f"/v1/sessions/{_part(session)}")

    def simulate_guardian(self, session: str, answer: str) -> Session:
        """Pretend a guardian's answer: granted, refused, withdrawn or lapsed. For sandbox keys alone."""
        return self._session("POST", f"/v1/sandbox/sessions/{_part(session)}/guardian", {"answer": answer})

    # events

    def events(self, *, after: int = 0, limit: int = 100) -> Iterator[Event]:
        """All events after a cursor, the oldest first, page by page, until the present end of the feed."""
        while True:
            page = self._json("GET", f"{self._base}/v1/events?after={int(after)}&limit={int(limit)}")
            yield from map(Event.read, page["events"])
            after = page["next"]
            if not page["more"]:
                return

    # deletions

    def deletions(self) -> list[Deletion]:
        """What must still be deleted."""
        return [Deletion.read(one) for one in self._json("GET", f"{self._base}/v1/deletions")["deletions"]]

    def confirm_deletion(
        self,
        deletion: str,
        *,
        systems: Sequence[str],
        done_at: datetime,
        by: str,
        counts: Mapping[str, int] | None = None,
        exceptions: Sequence[Mapping[str, str]] = (),
        idempotency_key: str | None = None,
    ) -> Deletion:
        """
        The platform deleted. Ends in a receipt; confirming again gives the same one.

        Args:
            systems: the systems that were emptied.
            done_at: when, with an offset.
            by: a role (`privacy officer`), never a person.
            exceptions: what was kept, each {"what", "ground"} with the legal ground.
        """
        body = {
            "systems": list(systems),
            "counts": dict(counts or {}),
            "done_at": done_at.isoformat(),
            "by": by,
            "exceptions": [dict(one) for one in exceptions],
        }
        url = f"{self._base}/v1/deletions/{_part(deletion)}/confirm"
        return Deletion.read(self._json("POST", url, body, idempotency_key))

    # data requests

    def data_requests(self) -> list[DataRequest]:
        """What children ask of the data that you hold, not yet answered."""
        found = self._json("GET", f"{self._base}/v1/data-requests")["data_requests"]
        return [DataRequest.read(one) for one in found]

    def answer_data_request(
        self,
        data_request: str,
        *,
        decision: str,
        reason: Mapping[str, str],
        by: str,
        idempotency_key: str | None = None,
    ) -> DataRequest:
        """
        Answer once; the child reads it. Give the copy, or delete, before you say so.

        Args:
            decision: `granted` or `declined`.
            reason: {"id": ..., "en": ...}, plain words for a child of 16 or 17; `en` may be left out.
            by: a role (`privacy officer`), never a person.
        """
        body = {"decision": decision, "reason": dict(reason), "by": by}
        url = f"{self._base}/v1/data-requests/{_part(data_request)}/answer"
        return DataRequest.read(self._json("POST", url, body, idempotency_key))

    def simulate_data_request(self, session: str, right: str) -> DataRequest:
        """Pretend that the child asks for a `copy` or to `delete`. For sandbox keys alone."""
        url = f"{self._base}/v1/sandbox/sessions/{_part(session)}/data-request"
        return DataRequest.read(self._json("POST", url, {"right": right}))

    # webhooks

    def webhooks(self) -> list[Webhook]:
        """The endpoints of this key."""
        return [Webhook.read(one) for one in self._json("GET", f"{self._base}/v1/webhooks")["webhooks"]]

    def register_webhook(
        self,
        url: str,
        *,
        kinds: Sequence[str] = (),
        service: str | None = None,
        idempotency_key: str | None = None,
    ) -> Webhook:
        """A new endpoint; keep its `secret`, it is not shown again."""
        body: dict[str, Any] = {"url": url, "kinds": list(kinds)}
        if service is not None:
            body["service"] = service
        return Webhook.read(self._json("POST", f"{self._base}/v1/webhooks", body, idempotency_key))

    def rotate_webhook(self, webhook: str, *, overlap_hours: int = 24) -> Webhook:
        """A new secret; the old one signs beside it for `overlap_hours`."""
        url = f"{self._base}/v1/webhooks/{_part(webhook)}/rotate"
        return Webhook.read(self._json("POST", url, {"overlap_hours": overlap_hours}))

    def test_webhook(self, webhook: str) -> str:
        """Have a `test` event sent; returns its id."""
        found: str = self._json("POST", f"{self._base}/v1/webhooks/{_part(webhook)}/test", {})["event"]
        return found

    def remove_webhook(self, webhook: str) -> None:
        """End an endpoint."""
        self._send("DELETE", f"{self._base}/v1/webhooks/{_part(webhook)}", None, {})

    # the wire

    def _session(
        self, method: str, path: str, body: Any = None, idempotency_key: str | None = None
    ) -> Session:
        reply = self._send(method, self._base + path, body, {}, idempotency_key)
        return Session.read(reply.json(), reply.headers.get("ETag"))

    def _json(self, method: str, url: str, body: Any = None, idempotency_key: str | None = None) -> Any:
        return self._send(method, url, body, {}, idempotency_key).json()

    def _send(
        self,
        method: str,
        url: str,
        body: Any,
        headers: Mapping[str, str],
        idempotency_key: str | None = None,
    ) -> httpx.Response:
        sent = dict(headers)
        if method == "POST":
            sent["Idempotency-Key"] = idempotency_key or str(uuid.uuid4())
        for attempt in range(self._retries + 1):
            last = attempt == self._retries
            try:
                reply = self._http.request(method, url, json=body, headers=sent)
            except httpx.TransportError as error:
                if last:
                    raise ConnectionFailed(type(error).__name__) from None
                time.sleep(_pause(attempt))
                continue
            if reply.status_code < 400:
                return reply
            problem = _problem(reply)
            waits = problem.retry_after if problem.retry_after is not None else _pause(attempt)
            if last or reply.status_code not in AGAIN or waits > LONGEST_WAIT_S:
                raise problem
            time.sleep(waits)
        raise AssertionError("unreachable")


def _part(text: str) -> str:
    """An id as one segment of a path."""
    if not text or not text.replace("-", "").isalnum() or not text.isascii():
        raise ValueError("an id is letters, digits and dashes")
    return text


def _pause(attempt: int) -> float:
    return float(0.2 * 2**attempt * (0.5 + random.random()))  # noqa: S311  scatter, not secrecy


def _problem(reply: httpx.Response) -> Problem:
    try:
        found = reply.json()
    except ValueError:
        found = {}
    details = found if isinstance(found, dict) else {}
    later = reply.headers.get("Retry-After", "")
    return Problem(
        reply.status_code,
        str(details.get("code", "unknown")),
        details,
        float(later) if later.isdigit() else None,
    )
