"""The Python client against the real door, and against a door that fails."""

import httpx
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from ruangaman.client import (
    Answer,
    Client,
    ConnectionFailed,
    Problem,
    QuestionError,
    WebhookRefused,
    verify_webhook,
)
from ruangaman.rooms.access import signing
from ruangaman.rooms.access.models import AccessSession
from ruangaman.rooms.access.tests.conftest import BORN, NOON, answer


@pytest.fixture(autouse=True)
def _one_connection():
    """A request must not close the connection whose transaction the test rolls back."""
    signals = (request_started, request_finished)
    for signal in signals:
        signal.disconnect(close_old_connections)
    yield
    for signal in signals:
        signal.connect(close_old_connections)


ASK = {"jurisdiction": "ID", "question": "account", "age": {"at_least": 18}}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda seconds: None)


@pytest.fixture
def house(platform, hour):
    def make(service="obrol", **more):
        transport = httpx.WSGITransport(app=WSGIHandler(), raise_app_exceptions=True)
        return Client("http://localhost", platform(service, **more).key, transport=transport)

    return make


def test_asking(house):
    with house() as client:
        told = client.ask(ASK)
        assert (told.outcome, told.open, told.decided) == ("not_a_child", True, True)
        many = client.ask_many([ASK, {"umur": 3}] * 600)
        assert len(many) == 1200
        assert isinstance(many[0], Answer)
        assert isinstance(many[1199], QuestionError)
        assert many[1199].code == "ask.missing-field"


def test_a_child_from_sign_up_to_receipt(house, hour):
    client = house()
    session = client.open_session(
        "obrol", "p-1", age=BORN["bima"], nickname="Bima", guardian_email="ibu@contoh.example"
    )
    assert (session.state, session.next.kind, session.is_open) == ("waiting", "guardian_request", False)
    assert session.next.tile_words["id"]
    assert client.session_if_changed(client.session(session.id)).id == session.id
    answer(session.id, yes=True, now=hour.pass_(hours=1))
    now = client.session(session.id)
    assert now.is_open
    assert not now.features["precise_location"].is_on
    assert client.session_if_changed(now) is now
    closed = client.close_session(session.id)
    assert closed.state == "closed"
    (duty,) = client.deletions()
    done = client.confirm_deletion(duty.id, systems=["akun"], done_at=hour.pass_(hours=1), by="petugas")
    assert done.receipt
    assert [one.type for one in client.events(limit=2)][-1] == "deletion.completed"


def test_the_sandbox(house):
    client = house(sandbox=True)
    session = client.open_session("obrol", "p-1", age=BORN["bima"])
    assert client.simulate_guardian(session.id, "granted").is_open
    assert client.tell_age(session.id, BORN["sari"], evidence="verified").state == "closed"


def test_a_child_asks_for_its_data_and_the_platform_answers(house):
    client = house(sandbox=True)
    session = client.open_session("obrol", "p-1", age=BORN["ayu"])
    asked = client.simulate_data_request(session.id, "copy")
    assert client.data_requests() == [asked]
    assert (asked.right, asked.session, asked.subject, asked.answered_at) == ("copy", session.id, "p-1", None)
    done = client.answer_data_request(
        asked.id, decision="granted", reason={"id": "Salinanmu siap."}, by="petugas data"
    )
    assert (done.decision, done.answered_by) == ("granted", "platform")
    assert client.data_requests() == []
    with pytest.raises(Problem) as late:
        client.answer_data_request(asked.id, decision="declined", reason={"id": "x"}, by="petugas data")
    assert late.value.code == "access.matter-answered"


def test_webhooks(house, settings):
    settings.WEBHOOK_ALLOW = ["127.0.0.1:9"]
    client = house()
    made = client.register_webhook("http://127.0.0.1:9/", kinds=["consent.given"])
    assert made.secret
    assert made.secret not in repr(made), "a log of objects must not hold it"
    assert client.rotate_webhook(made.id).secret != made.secret
    assert client.test_webhook(made.id)
    assert [one.id for one in client.webhooks()] == [made.id]
    client.remove_webhook(made.id)
    assert client.webhooks() == []


def test_a_refusal_is_a_problem_with_its_code(house):
    with pytest.raises(Problem) as refused:
        house().open_session("obrol", "ibu@contoh.example")
    assert (refused.value.status, refused.value.code, refused.value.field) == (
        422,
        "access.field-refused",
        "subject",
    )
    with pytest.raises(Problem) as refused:
        house("ramai").open_session("obrol", "p-1")
    assert refused.value.code == "access.service-unknown"


def flaky(replies, seen):
    def handle(request):
        seen.append(request)
        reply = replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    return httpx.MockTransport(handle)


def test_a_lost_reply_is_asked_again_under_the_same_key_and_the_act_is_done_once(platform, hour):
    house = platform("obrol")
    inner = httpx.WSGITransport(app=WSGIHandler())
    seen = []

    class LosesTheFirstReply(httpx.BaseTransport):
        def handle_request(self, request):
            reply = inner.handle_request(request)
            seen.append(request.headers["Idempotency-Key"])
            if len(seen) == 1:
                reply.close()
                raise httpx.ReadError("lost")
            return reply

    client = Client("http://localhost", house.key, transport=LosesTheFirstReply())
    session = client.open_session("obrol", "p-1", age=BORN["bima"])
    assert len(seen) == 2
    assert len(set(seen)) == 1
    assert AccessSession.objects.get().id.hex == session.id.replace("-", "")


def test_busy_is_tried_again_and_wrong_is_not():
    seen = []
    busy = httpx.Response(503, json={"code": "access.keys-unavailable"})
    good = httpx.Response(200, json={"deletions": []})
    assert Client("http://x", "k", transport=flaky([busy, good], seen)).deletions() == []
    assert len(seen) == 2
    seen.clear()
    wrong = httpx.Response(422, json={"code": "access.field-refused"})
    with pytest.raises(Problem):
        Client("http://x", "k", transport=flaky([wrong], seen)).deletions()
    assert len(seen) == 1
    long = httpx.Response(
        429, headers={"Retry-After": "4000"}, json={"code": "access.guardian-asked-too-often"}
    )
    with pytest.raises(Problem) as refused:
        Client("http://x", "k", transport=flaky([long], seen)).deletions()
    assert refused.value.retry_after == 4000
    with pytest.raises(ConnectionFailed):
        Client("http://x", "k", retries=1, transport=flaky([httpx.ConnectError("x")] * 2, seen)).deletions()


@pytest.mark.parametrize("wrong", ["../keys", "a/b", "", "x?y"])
def test_an_id_cannot_lead_elsewhere(wrong):
    with pytest.raises(ValueError, match="an id is"):
        Client("http://x", "k", transport=flaky([], [])).session(wrong)


def signed(body, secret, at):
    return dict(signing.headers([secret], "0199", at, body))


def test_a_webhook_is_refused_when_anything_differs():
    secret, at = signing.new_secret(), NOON
    body = b'{"id":"0199","type":"test","timestamp":"2026-11-25T05:00:00+00:00","sandbox":false,"data":{}}'
    headers, now = signed(body, secret, at), at.timestamp()
    assert verify_webhook(body, headers, [signing.new_secret(), secret], now=now + 299).type == "test"
    for code, other in {
        "timestamp": {"now": now + 301},
        "signature": {"secrets": signing.new_secret(), "now": now},
        "headers": {"headers": {}, "now": now},
    }.items():
        with pytest.raises(WebhookRefused) as refused:
            verify_webhook(
                body, other.get("headers", headers), other.get("secrets", secret), now=other["now"]
            )
        assert refused.value.code == code
    for wrong in ("v1,", "v1,!!!", "v2," + headers["Webhook-Signature"][3:], ""):
        with pytest.raises(WebhookRefused):
            verify_webhook(body, headers | {"Webhook-Signature": wrong}, secret, now=now)
