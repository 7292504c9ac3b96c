"""What was refused is said plainly: a page for people, a problem document for programs, and never a traceback."""

import json

import pytest
from django.test import Client

from ruangaman.core.errors import RuangAmanError
from ruangaman.rooms.vault import api as vault
from ruangaman.site import health
from ruangaman.site.errors import CATALOGUE

pytestmark = pytest.mark.django_db


class Unforeseen(RuangAmanError):
    code = "test.not-in-the-catalogue"


@pytest.fixture
def fails(monkeypatch):
    """Lets `/bantuan` end in an error of one's choice."""

    def fail(error: Exception) -> Client:
        def broken(_request):
            raise error

        from ruangaman.site.public import urls

        page = next(one for one in urls.urlpatterns if one.name == "help")
        monkeypatch.setattr(page, "callback", broken)
        return Client(raise_request_exception=False)

    return fail


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_known_refusal_is_a_page_with_its_status_and_sentence(fails, language):
    page = fails(vault.Forgotten()).get(f"/bantuan?bahasa={language}")
    entry = CATALOGUE["vault.forgotten"]
    assert page.status_code == entry.status == 410
    assert getattr(entry, language) in page.content.decode()


@pytest.mark.parametrize("error", [Unforeseen(why="secret of Sari"), ValueError("secret of Sari")])
def test_what_nobody_foresaw_is_our_fault_and_tells_nothing(fails, error):
    page = fails(error).get("/bantuan")
    assert page.status_code == 500
    assert "Ada yang salah di pihak kami." in page.content.decode()
    assert "secret of Sari" not in page.content.decode()


@pytest.mark.parametrize(("method", "path", "status"), [("GET", "/v1/nothing", 404), ("PUT", "/v1/ask", 405)])
def test_programs_get_a_problem_document(method, path, status):
    answer = Client(raise_request_exception=False).generic(method, path)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    told = json.loads(answer.content)
    assert told["status"] == status
    assert told["code"] in CATALOGUE
    assert told["type"] == f"/v1/errors#{told['code']}"


@pytest.mark.parametrize("path", ["/", "/v1/ask", "/v1/nothing", "/healthz", "/static/tegel/tegel.css"])
@pytest.mark.parametrize("host", ["elsewhere.example", "ibu@contoh.example", "", "a b", "x" * 300])
@pytest.mark.parametrize("https", [False, True])
def test_a_host_that_is_not_ours_gets_nothing_and_one_line_in_the_log(path, host, https, settings, caplog):
    settings.SECURE_SSL_REDIRECT = https
    settings.ALLOWED_HOSTS = ["ruangaman.example"]
    told = Client(raise_request_exception=False).get(path, headers={"host": host})
    assert told.status_code == 400
    if path.startswith("/v1/"):
        assert told["Content-Type"] == "application/problem+json"
        assert told.json()["code"] == "access.host-refused"
    else:
        assert "Permintaan ini tidak bisa kami baca." in told.content.decode()
    assert told["Cache-Control"] == "no-store"
    assert [(one.levelname, one.exc_info) for one in caplog.records] == [("WARNING", None)]
    assert not host or host not in caplog.text


REFUSED = [
    ("GET", "/v1/nothing", 404),
    ("PUT", "/v1/ask", 405),
    ("POST", "/v1/ask", 401),
    ("GET", "/v1/sessions/3/nothing", 404),
]


@pytest.mark.parametrize(("method", "path", "status"), REFUSED)
def test_a_refused_call_of_a_platform_writes_nothing_to_the_log(method, path, status, caplog):
    assert Client().generic(method, path).status_code == status
    assert caplog.records == []


def test_a_page_that_is_not_there_and_a_fault_of_ours_are_still_in_the_log(caplog, monkeypatch):
    from ruangaman.rooms.access import door

    def broken(*_given, **_named):
        raise ValueError

    monkeypatch.setattr(door.keys, "bearer", broken)
    plain = Client(raise_request_exception=False)
    assert plain.get("/nothing").status_code == 404
    assert plain.get("/v1/events").status_code == 500
    told = [(one.levelname, one.name) for one in caplog.records]
    assert told == [("WARNING", "django.request"), ("ERROR", "ruangaman.door"), ("ERROR", "django.request")]


def test_a_form_that_is_too_large_is_refused(settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    page = Client(raise_request_exception=False).post("/kode", {"code": "x" * 2000})
    assert page.status_code in {400, 413}


def test_the_house_says_when_its_database_is_older_or_away(client, monkeypatch):
    from django.db import DatabaseError

    assert client.get("/healthz").status_code == 200
    monkeypatch.setattr(health.start, "migrated", lambda: False)
    assert client.get("/healthz").status_code == 503
    assert client.get("/healthz").json()["database"] == "not migrated"

    def away():
        raise DatabaseError

    monkeypatch.setattr(health.start, "migrated", away)
    assert client.get("/healthz").status_code == 503
    assert client.get("/healthz").json()["database"] == "out of reach"
