"""Mail by a real SMTP server on loopback, messages by a server of the documented shape, retries, undeliverable."""

import email
import email.policy
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
from django.test import Client
from tests import mail_box

from ruangaman.adapters import clock, messages
from ruangaman.rooms.families import api, codes, outbox
from ruangaman.rooms.families.models import Outgoing

from .conftest import link_in, path, row, state

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def box(settings):
    with mail_box.opened(settings, "Ruang Aman <izin@example.org>") as found:
        yield found


@pytest.mark.parametrize(("language", "subject", "sentence"), [
    ("id", "Sari ingin pakai Dongeng Kita. Boleh?", "Kami tidak pernah minta OTP, PIN, uang, atau pasang aplikasi."),
    ("en", "Sari wants to use Dongeng Kita. OK?", "We never ask for an OTP, a PIN, money, or to install an app."),
])  # fmt: skip
def test_the_request_arrives_as_plain_text_in_the_language_of_the_session(
    ask, box, deliver, language, subject, sentence
):
    invitation = ask(guardian_email="Ibu@Example.org", language=language)
    (letter,) = deliver()
    assert letter.state == "sent"
    assert state(invitation) == "delivered"
    (raw,) = box.mails
    mail = email.message_from_bytes(raw, policy=email.policy.default)
    assert mail["Subject"] == subject
    assert mail["To"] == "ibu@example.org"
    assert mail.get_content_type() == "text/plain"
    assert not list(mail.iter_attachments())
    said = mail.get_content()
    assert sentence in said
    assert invitation.tile.code in said
    query = "" if language == "id" else "?bahasa=en"
    link = f"http://localhost:8000{link_in(letter)}{query}"
    assert link in said.split(), "the pages behind it speak as the letter does"
    opened = Client().get(link.removeprefix("http://localhost:8000"))
    assert f'lang="{language}"' in opened.content.decode()
    assert mail["Message-ID"] == f"<{letter.pk}@example.org>"


@pytest.mark.parametrize(("name", "language", "subject"), [
    ("Ayu", "id", "Ayu sudah setuju pakai Dongeng Kita. Anda konfirmasi?"),
    ("Ayu", "en", "Ayu agreed to use Dongeng Kita. Do you confirm?"),
    ("", "id", "Anak Anda sudah setuju pakai Dongeng Kita. Anda konfirmasi?"),
    ("", "en", "Your child agreed to use Dongeng Kita. Do you confirm?"),
])  # fmt: skip
def test_the_letter_about_a_childs_own_consent_asks_for_no_permission(
    ask, box, deliver, name, language, subject
):
    ask(name, 17, kind="confirmation", due_at=None, guardian_email="ibu@example.org", language=language)
    deliver()
    (raw,) = box.mails
    assert email.message_from_bytes(raw, policy=email.policy.default)["Subject"] == subject


def test_a_letter_is_sent_once_however_often_the_job_runs(ask, box, deliver):
    ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    assert outbox.deliver(letter.pk, 0, now=clock.now()) == "sent"
    assert deliver() == []
    assert len(box.mails) == 1


def test_a_server_that_is_away_is_tried_again_with_growing_waits(ask, box, deliver, settings, time):
    away, settings.MAIL_URL = settings.MAIL_URL, "smtp://127.0.0.1:9"
    invitation = ask(guardian_email="ibu@example.org")
    waits = []
    for _ in range(4):
        (letter,) = deliver()
        assert letter.state == "queued"
        waits.append(letter.next_at - clock.now())
        assert deliver() == []
        time.at = letter.next_at
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=30)
    assert waits[-1] > waits[0]
    assert state(invitation) == "requested"
    settings.MAIL_URL = away
    (letter,) = deliver()
    assert letter.state == "sent"
    assert len(box.mails) == 1


def test_claims_that_pile_up_behind_a_hanging_server_spend_one_try(ask, box, settings, time):
    away, settings.MAIL_URL = settings.MAIL_URL, "smtp://127.0.0.1:9"
    ask(guardian_email="ibu@example.org")
    claims = []
    for _ in range(9):  # more than there are tries; the worker hangs in another letter all the while
        claims += outbox.claim_due(clock.now())
        time.move(timedelta(minutes=2))
    assert len(claims) == 9
    for letter, tries in claims:
        assert outbox.deliver(letter, tries, now=clock.now()) == "queued"
    row = Outgoing.objects.get()
    assert (row.attempts, row.next_at) == (1, clock.now() + timedelta(seconds=30))
    settings.MAIL_URL = away
    time.move(timedelta(seconds=30))
    ((letter, tries),) = outbox.claim_due(clock.now())
    assert outbox.deliver(letter, tries, now=clock.now()) == "sent"
    assert len(box.mails) == 1


def test_an_address_that_does_not_exist_is_undeliverable_and_another_lane_still_works(
    ask, box, deliver, mother
):
    box.answer = "550 no such box"
    invitation = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    assert letter.state == "undeliverable"
    assert state(invitation) == "undeliverable"
    assert api.consent_of(invitation.request, now=clock.now()).law["state"] == "lapsed"
    mother.answer(invitation, "yes", "sari")
    assert state(invitation) == "given"


def test_a_full_box_is_tried_again(ask, box, deliver):
    box.answer = "452 full"
    invitation = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    assert letter.state == "queued"
    assert state(invitation) == "requested"


def test_a_house_without_a_mail_server_says_undeliverable(ask, deliver, settings):
    settings.STORY = False
    settings.MAIL_URL = ""
    invitation = ask(guardian_email="ibu@example.org")
    (letter,) = deliver()
    assert (letter.state, letter.failure) == ("undeliverable", "no-mail-server")
    assert state(invitation) == "undeliverable"


def test_the_story_keeps_its_letters_and_nobody_else_can_look(ask, deliver, settings):
    ask(guardian_email="ibu@example.org")
    deliver()
    (letter,) = api.mailbox()
    assert letter["to"] == "ibu@example.org"
    assert letter["link"] in letter["body"]
    settings.STORY = False
    with pytest.raises(api.NotTheStory):
        api.mailbox()


def test_no_mail_goes_in_the_clear_to_another_machine():
    from ruangaman.adapters import mail

    with pytest.raises(ValueError, match="this machine only"):
        mail.server("smtp://mail.example.org", "a@b.example")
    assert "secret" not in repr(mail.server("smtps://u:secret@mail.example.org", "a@b.example"))


@pytest.fixture
def cloud(settings):
    """A server with the shape of the WhatsApp Cloud API."""

    class Handler(BaseHTTPRequestHandler):
        calls: ClassVar[list] = []
        status = 200

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            Handler.calls.append((self.path, self.headers["Authorization"], body))
            if Handler.status == 200:
                answer = {
                    "messaging_product": "whatsapp",
                    "contacts": [{"input": body["to"], "wa_id": body["to"]}],
                    "messages": [{"id": "wamid.X"}],
                }
            else:
                answer = {
                    "error": {"message": "no", "type": "OAuthException", "code": 131026, "fbtrace_id": "x"}
                }
            told = json.dumps(answer).encode()
            self.send_response(Handler.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.STORY = False
    settings.WHATSAPP_API = f"http://127.0.0.1:{server.server_port}/v23.0"
    settings.WHATSAPP_TOKEN = "token"
    settings.WHATSAPP_PHONE_ID = "1234"
    settings.WHATSAPP_NUMBER = "6281100000000"
    settings.WHATSAPP_APP_SECRET = "app-secret"
    settings.WHATSAPP_VERIFY_TOKEN = "our-word"
    yield Handler
    server.shutdown()
    server.server_close()


def incoming(text: str, number: str = "6281234567890", secret: str = "app-secret", message: str = "wamid.A"):
    body = json.dumps(
        {
            "object": "whatsapp_business_account",
            "entry": [
                {
                    "id": "1",
                    "changes": [
                        {
                            "field": "messages",
                            "value": {
                                "messaging_product": "whatsapp",
                                "metadata": {"display_phone_number": "x", "phone_number_id": "1234"},
                                "messages": [
                                    {
                                        "from": number, "id": message, "timestamp": "1795487400", "type": "text",
                                        "text": {"body": text},
                                    }
                                ],
                            },
                        }
                    ],
                }
            ],
        }
    ).encode()  # fmt: skip
    signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return Client().post(
        "/kait/whatsapp", body, content_type="application/json", headers={"X-Hub-Signature-256": signature}
    )


def test_the_guardian_writes_the_word_and_gets_the_link(ask, cloud, deliver, mother):
    invitation = ask()
    word = codes.word_of(row(invitation))
    page = mother.get(invitation.page_url).content.decode()
    assert "https://wa.me/6281100000000?text=" in page
    assert word in page
    assert incoming(f"Ruang Aman, tolong kirim permintaan {word}").status_code == 200
    assert state(invitation) == "delivered"
    (letter,) = deliver()
    assert letter.state == "sent"
    ((where, login, body),) = cloud.calls
    assert where == "/v23.0/1234/messages"
    assert login == "Bearer token"
    assert body["to"] == "6281234567890"
    assert body["type"] == "text"
    assert body["text"]["preview_url"] is False
    assert f"http://localhost:8000{link_in(letter)}" in body["text"]["body"]
    mother.post(link_in(letter))
    mother.answer(invitation, "yes", "sari")
    assert state(invitation) == "given"


def test_the_word_works_once_and_a_repeated_call_is_not_answered_twice(ask, cloud, deliver):
    word = codes.word_of(row(ask()))
    for _ in range(3):
        assert incoming(word).status_code == 200
    assert len(deliver()) == 1


def test_a_text_without_a_word_is_not_answered(ask, cloud, deliver):
    ask()
    incoming("Halo, ini siapa? ABCDEFGHJK")
    assert deliver() == []


def test_a_call_that_is_not_signed_is_refused(ask, cloud, deliver):
    word = codes.word_of(row(ask()))
    assert incoming(word, secret="another").status_code == 403
    assert Client().post("/kait/whatsapp", b"{}", content_type="application/json").status_code == 403
    assert deliver() == []


def test_without_a_secret_every_call_is_refused(ask, cloud, settings):
    settings.WHATSAPP_APP_SECRET = ""
    assert incoming("x", secret="").status_code == 403


@pytest.mark.parametrize("body", [
    b"", b"[]", b"null", b"{", b'{"object":"x"}', b'{"object":"whatsapp_business_account"}',
    b'{"object":"whatsapp_business_account","entry":[{"changes":[{"field":"messages","value":{"messages":[{"type":"text"}]}}]}]}',
    b"\xff\xfe"])  # fmt: skip
def test_a_signed_call_of_another_shape_is_refused(body):
    signature = "sha256=" + hmac.new(b"s", body, hashlib.sha256).hexdigest()
    with pytest.raises(messages.WebhookRefused):
        messages.read_webhook(body, signature, "s")


def test_the_challenge_is_answered_only_to_who_knows_our_word(cloud):
    good = {"hub.mode": "subscribe", "hub.verify_token": "our-word", "hub.challenge": "1158201444"}
    assert Client().get("/kait/whatsapp", good).content == b"1158201444"
    assert Client().get("/kait/whatsapp", {**good, "hub.verify_token": "x"}).status_code == 403
    assert Client().get("/kait/whatsapp", {}).status_code == 403


def test_a_number_without_the_messenger_is_undeliverable(ask, cloud, deliver):
    invitation = ask()
    incoming(codes.word_of(row(invitation)))
    cloud.status = 400
    (letter,) = deliver()
    assert letter.state == "undeliverable"
    assert state(invitation) == "undeliverable"


def test_a_template_has_the_documented_shape(cloud):
    sent = messages.WhatsApp("t", "9", base_url=f"{_base(cloud)}").send_template(
        "62811", "permintaan", "id", ["a", "b"]
    )
    assert sent == "wamid.X"
    assert cloud.calls[-1][2]["template"] == {
        "name": "permintaan",
        "language": {"code": "id"},
        "components": [
            {"type": "body", "parameters": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]}
        ],
    }


def _base(cloud) -> str:
    from django.conf import settings

    return settings.WHATSAPP_API


def test_the_ticker_hands_letters_to_the_job_runner_once(ask, time):
    from django_tasks_db.models import DBTaskResult

    ask(guardian_email="ibu@example.org")
    api.settle_due(clock.now())
    api.settle_due(clock.now())
    (job,) = DBTaskResult.objects.all()
    assert job.args_kwargs["args"] == [str(Outgoing.objects.get().pk), 0]
    assert path("http://x/y") == "/y"
