"""The manners of the door: formats, methods, idempotency, the feed, and that no input becomes our error."""

import io
import json

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ruangaman.rooms.access.models import AccessSession, Event, GuardianAsk, IdempotencyKey
from ruangaman.rooms.access.settling import settle_due
from ruangaman.rooms.access.tests.conftest import BORN, Platform, answer

ASK = {"jurisdiction": "ID", "question": "account", "age": {"at_least": 18}}
NUMBER = "looks like a NIK or a phone number"


def test_one_question_gets_one_answer(platform):
    told = platform().post("/v1/ask", ASK)
    assert (told.status, told.json["outcome"]) == (200, "not_a_child")


def test_a_batch_is_answered_in_order_each_with_its_answer_or_error(platform):
    batch = [
        ASK,
        {"jurisdiction": "ID", "question": "account", "umur": 9},
        ASK | {"age": {"at_most": 2}},
        7,
        ASK,
    ]
    told = platform().post("/v1/ask", batch)
    assert told.status == 200
    assert [one.get("outcome") or one["error"]["code"] for one in told.json] == [
        "not_a_child",
        "ask.unknown-field",
        "deny",
        "ask.not-an-object",
        "not_a_child",
    ]
    assert platform().post("/v1/ask", []).json == []


def test_a_single_question_that_cannot_be_answered_is_a_problem_with_the_laws_code(platform):
    refused = platform().post(
        "/v1/ask", {"jurisdiction": "ID", "question": "account", "age": {"birth_date": "2013-02-30"}}
    )
    assert (refused.status, refused.code) == (422, "ask.bad-date")
    assert "2013" not in json.dumps(refused.json)


def test_a_number_that_nobody_can_hold_is_named(platform):
    raw = b'{"jurisdiction": "ID", "question": "account", "age": {"at_least": 1e400}}'
    refused = platform().call("POST", "/v1/ask", raw=raw)
    assert (refused.status, refused.code, refused.json["field"]) == (422, "ask.wrong-value", "age.at_least")
    (told, other) = platform().call("POST", "/v1/ask", raw=b"[" + raw + b", 7]").json
    assert (told["error"]["code"], told["error"]["field"]) == ("ask.wrong-value", "age.at_least")
    assert other["error"]["code"] == "ask.not-an-object"


def test_bounds_of_a_batch(platform):
    house = platform()
    assert len(house.post("/v1/ask", [ASK] * 1000).json) == 1000
    refused = house.post("/v1/ask", [ASK] * 1001)
    assert (refused.status, refused.code) == (413, "access.body-too-large")
    huge = house.call("POST", "/v1/ask", raw=b'"' + b"x" * 1_048_575 + b'"')
    assert (huge.status, huge.code) == (413, "access.body-too-large")


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b"", 422, None),
        (b"{", 422, None),
        (b"[", 400, "access.body-unreadable"),
        (b"[" * 100_000, 400, "access.body-unreadable"),
        (b'{"a":' * 30_000, 422, None),
        (b"\xff\xfe", 422, None),
        (b"[\xff]", 400, None),
        (b"null", 422, None),
        (b"{} {}", 422, None),
    ],
)
def test_what_cannot_be_read_is_refused(platform, raw, status, code):
    told = platform().call("POST", "/v1/ask", raw=raw)
    assert told.status in (status, 400, 413)
    assert told.status < 500
    assert code is None or told.code == code


def test_methods_that_there_are_not(platform):
    house = platform()
    refused = house.call("PUT", "/v1/sessions")
    assert (refused.status, refused.code, refused.headers["Allow"]) == (
        405,
        "access.method-not-allowed",
        "OPTIONS, POST",
    )
    said = house.call("OPTIONS", "/v1/webhooks")
    assert (said.status, said.headers["Allow"]) == (204, "GET, HEAD, OPTIONS, POST")


def test_head_is_get_without_its_body(platform):
    house = platform()
    full, head = house.get("/v1/events"), house.call("HEAD", "/v1/events")
    assert (head.status, head.json) == (200, None)
    assert head.headers["Content-Length"] == full.headers["Content-Length"] != "0"


def test_json_only(platform):
    house = platform()
    assert house.call("POST", "/v1/ask", raw=b"a=1", content_type="text/plain").code == "access.not-json"
    assert house.get("/v1/events", accept="text/html").code == "access.not-acceptable"
    assert house.get("/v1/events", accept="text/html, */*;q=0.1").status == 200


@pytest.mark.parametrize("path", ["/v1/errors", "/v1/openapi.json"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_anybody_may_read_takes_nothing(path, method):
    told = Client(enforce_csrf_checks=True).generic(method, path)
    assert (told.status_code, told.json()["code"]) == (405, "access.method-not-allowed")
    assert told["Allow"] == "GET, HEAD, OPTIONS"


def in_chunks(key: str, path: str, body: bytes):
    """A call without a length, as a server hands it on that has taken the chunks apart."""
    return Client().generic(
        "POST",
        path,
        HTTP_AUTHORIZATION=f"Bearer {key}",
        HTTP_TRANSFER_ENCODING="chunked",
        CONTENT_TYPE="application/json",
        CONTENT_LENGTH="",
        **{"wsgi.input": io.BytesIO(body)},
    )


def test_a_body_in_chunks_is_read_like_any_other(platform, hour):
    body = json.dumps({"service": "obrol", "subject": "p-1"}).encode()
    reply = in_chunks(platform("obrol").key, "/v1/sessions", body)
    assert (reply.status_code, reply.json()["subject"]) == (201, "p-1")


def test_a_body_in_chunks_has_the_same_bound(platform):
    reply = in_chunks(platform().key, "/v1/ask", b" " * 2**21)
    assert (reply.status_code, reply.json()["code"]) == (413, "access.body-too-large")


@pytest.mark.parametrize("act", ["test", "data-request"])
def test_a_test_and_a_simulation_too_are_done_once(platform, hour, settings, act):
    settings.WEBHOOK_ALLOW = ["127.0.0.1:9"]
    house = platform("obrol", sandbox=True)
    webhook = house.post("/v1/webhooks", {"url": "http://127.0.0.1:9/kait"}).json["id"]
    session = house.sign_up("obrol", age=BORN["ayu"]).json["id"]
    path, body = {
        "test": (f"/v1/webhooks/{webhook}/test", {}),
        "data-request": (f"/v1/sandbox/sessions/{session}/data-request", {"right": "copy"}),
    }[act]
    before = Event.objects.count()
    first, second = (house.post(path, body, idempotency_key="once") for _ in range(2))
    assert first.json == second.json
    assert first.status == second.status
    assert Event.objects.count() == before + 1


def test_an_address_that_there_is_not_is_a_problem_too(platform):
    lost = platform().get("/v1/tidak-ada")
    assert (lost.status, lost.code) == (404, "access.not-found")


@pytest.mark.parametrize(
    ("more", "field", "why"),
    [
        ({"umur": 9}, "umur", "unknown"),
        ({"age": {"birth_date": "2016-13-01"}}, "age.birth_date", "form"),
        ({"age": {"birth_date": "2016-05-02", "at_least": 3}}, "age", "birth_date stands alone"),
        ({"age": {}}, "age", "empty"),
        ({"age": {"at_least": 15, "at_most": 13}}, "age", "upside down"),
        ({"age": {"at_least": -1}}, "age.at_least", "form"),
        ({"age": {"at_least": 10, "tahun": 1}}, "age.tahun", "unknown"),
        ({"age": 10}, "age", "form"),
        ({"evidence": "dukun"}, "evidence", "form"),
        ({"subject": "ibu@contoh.example"}, "subject", "form"),
        ({"subject": "x" * 129}, "subject", "form"),
        ({"subject": ""}, "subject", "form"),
        ({"subject": None}, "subject", "form"),
        ({"subject": "3171234567890001"}, "subject", NUMBER),
        ({"subject": "3171-2345-6789-0001"}, "subject", NUMBER),
        ({"subject": "081234567890"}, "subject", NUMBER),
        ({"subject": "+62-812-3456-7890"}, "subject", NUMBER),
        ({"subject": "(62)812.3456.789"}, "subject", NUMBER),
        ({"subject": "+447911123456"}, "subject", NUMBER),
        ({"subject": "021-555-123"}, "subject", NUMBER),
        ({"subject": "0812 3456 7890"}, "subject", "form"),
        ({"evidence": "verified"}, "evidence", "stands only beside an age"),
        ({"evidence": "verified", "age": None}, "evidence", "stands only beside an age"),
        ({"assurance": "strict"}, "assurance", "stands only beside an age"),
        ({"guardian": {"email": "bukan surel"}}, "guardian.email", "form"),
        ({"guardian": {"nama": "Ibu"}}, "guardian.nama", "unknown"),
        ({"child": {"nickname": "x" * 41}}, "child.nickname", "form"),
        ({"child": {"nik": "3"}}, "child.nik", "unknown"),
        ({"child": {"nickname": "Bi\0ma"}}, "child.nickname", "form"),
        ({"child": {"nickname": "\u202eamiB"}}, "child.nickname", "form"),
        ({"country": "Indonesia"}, "country", "form"),
        ({"language": "jv"}, "language", "form"),
        ({"child_consent": "ya"}, "child_consent", "form"),
        ({"service": "a/b"}, "service", "form"),
    ],
)
def test_each_wrong_field_is_named_and_nothing_is_written(platform, hour, more, field, why):
    refused = platform().post("/v1/sessions", {"service": "obrol", "subject": "p-1"} | more)
    assert refused.status == 422
    assert (refused.code, refused.json["field"], refused.json["why"]) == ("access.field-refused", field, why)
    assert AccessSession.objects.count() == 0


@pytest.mark.parametrize("sandbox", [False, True])
@pytest.mark.parametrize(
    "name",
    [
        "Menang! http://evil.id/x 081234567890",
        "evil.id", "t.me", "mail.com Sari", "www", "WwW Sari", "\uff57\uff57\uff57 Sari", "ibu@contoh",
        "Sari 081", "0 8 1", "\u0660\u0661\u0662 Sari", "12", "Sari/x", "a:b", "a\\b", "<b>", "#x", "a?b", "a&b",
        "a=b", "a_b", "5%", "Sari!", ". Sari", "1. Sari", "Sari ..", "evil\u3002id", "evil\uff0eid", " ", "-",
    ],
)  # fmt: skip
def test_a_nickname_carries_no_address_and_no_number(platform, hour, sandbox, name):
    refused = platform("obrol", sandbox=sandbox).sign_up("obrol", child={"nickname": name})
    assert (refused.status, refused.code) == (422, "access.field-refused")
    assert (refused.json["field"], refused.json["why"]) == ("child.nickname", "no nickname")
    assert AccessSession.objects.count() == 0


def test_a_persian_name_is_taken_with_its_non_joiner_and_a_latin_one_is_not(platform, hour):
    house = platform("obrol")
    persian = "\u0639\u0644\u06cc\u200c\u0631\u0636\u0627"
    assert house.sign_up("obrol", child={"nickname": persian}).status == 201
    assert house.sign_up("obrol", "p-2", child={"nickname": "Sa\u200cri"}).code == "access.field-refused"


@pytest.mark.parametrize("sandbox", [False, True])
def test_a_sandbox_takes_no_number_of_a_person_either(platform, hour, sandbox):
    house = platform("obrol", sandbox=sandbox)
    assert house.sign_up("obrol", "0812-3456-7890").json["why"] == NUMBER
    assert house.sign_up("obrol", "p-1", evidence="verified").json["field"] == "evidence"


@pytest.mark.parametrize(
    "subject",
    [
        "08123456",  # eight digits
        "62812345678901234",  # seventeen
        "00000000-0000-0000-0000-000000000001",
        "812345678901",  # neither of the beginnings
        "p-081234567890",
        "3171234567890001x",
        "0199f3a2-7c1d-7000-8000-1b2c3d4e5f60",
    ],
)
def test_a_number_that_is_no_persons_by_its_form_may_be_a_pseudonym(platform, hour, subject):
    assert platform("obrol").sign_up("obrol", subject).status == 201


def test_a_key_that_stands_twice_is_refused(platform):
    raw = b'{"service": "obrol", "subject": "p-1", "age": {"at_least": 18, "at_least": 9}}'
    told = platform("obrol").call("POST", "/v1/sessions", raw=raw)
    assert (told.status, told.json["field"], told.json["why"]) == (422, "at_least", "twice")


def test_a_birth_date_in_the_future_or_an_age_over_150_is_refused(platform, hour):
    house = platform()
    for birth in ("2030-01-01", "1820-01-01"):
        refused = house.sign_up("obrol", age={"birth_date": birth})
        assert refused.status == 422, refused.json
    assert AccessSession.objects.count() == 0


def test_a_country_without_a_pack_is_refused(platform):
    assert platform().sign_up("obrol", country="AQ").code == "access.country-unknown"


def test_the_same_idempotency_key_does_an_act_once(platform, hour):
    house = platform("obrol")
    body = {"service": "obrol", "subject": "p-1", "age": BORN["bima"]}
    first = house.post("/v1/sessions", body, idempotency_key="k-1")
    again = house.post("/v1/sessions", body, idempotency_key="k-1")
    assert (first.status, again.status) == (201, 201)
    assert again.json == first.json
    assert again.headers["Idempotency-Replayed"] == "true"
    assert "Idempotency-Replayed" not in first.headers
    other = house.post("/v1/sessions", body | {"subject": "p-2"}, idempotency_key="k-1")
    assert (other.status, other.code) == (422, "access.idempotency-key-reused")
    elsewhere = house.post(
        f"/v1/sessions/{first.json['id']}/age", {"age": BORN["bima"]}, idempotency_key="k-1"
    )
    assert elsewhere.code == "access.idempotency-key-reused"
    assert AccessSession.objects.count() == GuardianAsk.objects.count() == 1


def test_another_caller_has_keys_of_its_own(platform, hour):
    body = {"service": "obrol", "subject": "p-1", "age": BORN["bima"]}
    platform("obrol").post("/v1/sessions", body, idempotency_key="k-1")
    assert platform("ramai").post("/v1/sessions", body, idempotency_key="k-1").status == 404
    assert platform("obrol").post("/v1/sessions", body, idempotency_key="k-1").status == 201, (
        "a rotated key is the same caller"
    )


def test_a_refused_call_leaves_its_idempotency_key_free(platform, hour):
    house = platform("obrol")
    assert house.post("/v1/sessions", {"service": "obrol"}, idempotency_key="k-1").status == 422
    assert (
        house.post("/v1/sessions", {"service": "obrol", "subject": "p-1"}, idempotency_key="k-1").status
        == 201
    )


def test_idempotency_keys_are_forgotten_after_a_day(platform, hour):
    house = platform("obrol")
    house.post("/v1/sessions", {"service": "obrol", "subject": "p-1"}, idempotency_key="k-1")
    assert settle_due(hour.pass_(hours=23)) == 0
    settle_due(hour.pass_(hours=2))
    assert IdempotencyKey.objects.count() == 0


def test_a_repeated_registration_of_a_webhook_shows_the_same_secret(platform, settings):
    settings.WEBHOOK_ALLOW = ["127.0.0.1:9"]
    house = platform("obrol")
    body = {"url": "http://127.0.0.1:9/"}
    first = house.post("/v1/webhooks", body, idempotency_key="w-1")
    again = house.post("/v1/webhooks", body, idempotency_key="w-1")
    assert (again.json["id"], again.json["secret"]) == (first.json["id"], first.json["secret"])


@pytest.mark.parametrize("key", ["x" * 256, "é"])
def test_an_idempotency_key_has_a_form(platform, key):
    told = platform("obrol").post("/v1/sessions", {}, idempotency_key=key)
    assert told.code == "access.idempotency-key-refused"


def test_the_feed_gives_every_event_once_in_order_whatever_the_page(platform, hour):
    house = platform("obrol")
    for number in range(7):
        told = house.sign_up("obrol", subject=f"p-{number}", age=BORN["bima"])
        answer(told.json["id"], yes=number % 2 == 0, now=hour.pass_(seconds=1))
    seen, after = [], 0
    while True:
        page = house.get(f"/v1/events?after={after}&limit=4").json
        seen += page["events"]
        after = page["next"]
        if not page["more"]:
            break
    assert len(seen) == Event.objects.count() == len({one["id"] for one in seen})
    assert [one["cursor"] for one in seen] == sorted(one["cursor"] for one in seen)
    assert house.get(f"/v1/events?after={after}").json == {"events": [], "next": after, "more": False}


@pytest.mark.parametrize(
    "query",
    [
        "after=-1",
        "after=x",
        "limit=501",
        "limit=0",
        "after=1&after=2",
        "after=",
        "after=9" + "9" * 30,
        "after=٣",
    ],
)
def test_a_wrong_cursor_is_refused(platform, query):
    assert platform().get(f"/v1/events?{query}").code == "access.cursor-refused"


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "service",
    "subject",
    "country",
    "age",
    "evidence",
    "assurance",
    "child",
    "guardian",
    "child_consent",
    "language",
]
bodies = st.one_of(
    st.binary(max_size=60),
    anything.map(lambda value: json.dumps(value).encode()),
    st.fixed_dictionaries(
        {"service": st.just("obrol") | anything, "subject": st.text(max_size=10) | anything},
        optional={
            name: anything | st.sampled_from([{"at_least": 10}, "verified", "id", True])
            for name in FIELDS[2:]
        },
    ).map(lambda value: json.dumps(value).encode()),
)
PATHS = [
    "/v1/ask",
    "/v1/sessions",
    "/v1/sessions/019a0000-0000-7000-8000-000000000000/age",
    "/v1/sandbox/sessions/019a0000-0000-7000-8000-000000000000/guardian",
    "/v1/deletions/019a0000-0000-7000-8000-000000000000/confirm",
    "/v1/webhooks",
    "/v1/webhooks/019a0000-0000-7000-8000-000000000000/rotate",
]


@pytest.mark.slow
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PATHS), body=bodies)
def test_no_body_becomes_our_error(platform_for_random, path, body):
    told = platform_for_random.call("POST", path, raw=body)
    assert told.status < 500, (path, body)
    if told.status >= 400:
        assert told.code.startswith(("access.", "ask.", "families."))


@pytest.fixture
def platform_for_random(platform, settings) -> Platform:
    settings.API_BURST = settings.ASK_BURST = 1e9
    from ruangaman.rooms.access import door

    door.forget_limits()
    return platform("obrol")
