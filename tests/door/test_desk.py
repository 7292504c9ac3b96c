"""The commands and the staff's desk."""

import json
import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from ruangaman.adapters import clock
from ruangaman.rooms.access import api as access
from ruangaman.rooms.access.models import ApiKey, Service
from ruangaman.rooms.access.tests.conftest import NOON, Platform
from ruangaman.rooms.families import records
from ruangaman.rooms.families.models import ConsentRequest
from ruangaman.rooms.ledger.models import Entry
from ruangaman.site import start
from ruangaman.site.cli import main

WHERE = {"id": "Jakarta", "en": "Jakarta"}


@pytest.fixture(autouse=True)
def _ready(monkeypatch):
    monkeypatch.setattr(start, "check", lambda: None)
    monkeypatch.setattr(start, "demand_migrated", lambda: None)


def test_a_key_made_by_command_works_and_its_secret_is_printed_once(services, capsys):
    assert main(["keys", "create", "--service", "obrol", "--label", "peladen"]) == 0
    text = capsys.readouterr().out.splitlines()[-1]
    assert Platform(text).get("/v1/events").status == 200
    main(["keys", "list"])
    told = capsys.readouterr().out
    assert "peladen" in told
    assert text not in told
    assert text.rsplit("_", 1)[1] not in told
    key_id = ApiKey.objects.get().key_id
    assert main(["keys", "rotate", key_id, "--overlap-hours", "0"]) == 0
    new = capsys.readouterr().out.splitlines()[-1]
    assert Platform(text).get("/v1/events").status == 401
    assert Platform(new).get("/v1/events").status == 200
    assert main(["keys", "revoke", ApiKey.objects.get(replaces__isnull=False).key_id]) == 0
    assert Platform(new).get("/v1/events").status == 401
    assert main(["keys", "revoke", "tidak-ada"]) == 1
    assert main(["keys", "create", "--operator", "PT Tidak Ada"]) == 1
    assert "access.key-choice-refused" in capsys.readouterr().err


def test_the_list_says_until_when_a_rotated_key_lives(services, capsys):
    first = access.create_key(service="obrol", now=clock.now())
    main(["keys", "rotate", first.key_id, "--overlap-hours", "5"])
    row = ApiKey.objects.get(key_id=first.key_id)
    newer = ApiKey.objects.get(replaces=row).key_id
    main(["keys", "rotate", newer, "--overlap-hours", "0"])
    newest = ApiKey.objects.get(replaces__key_id=newer).key_id
    capsys.readouterr()
    main(["keys", "list"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        f"{first.key_id}  living until {row.expires_at:%Y-%m-%d %H:%M} UTC, rotated to {newer}  live  obrol  "
    )
    assert lines[1].startswith(f"{newer}  expired, rotated to {newest}  live  obrol  ")
    assert lines[2].startswith(f"{newest}  living  live  obrol  ")


def test_a_service_is_added_and_changed_from_a_file(db, tmp_path, capsys):
    file = tmp_path / "layanan.yaml"
    fields = {
        "slug": "dongeng-baru",
        "operator": "PT Contoh",
        "name": "Dongeng Baru",
        "type": "stories",
        "designed_for_children": True,
        "risk_profile": "low",
        "risk_determined_by": "Kementerian",
        "risk_determined_at": "2026-10-01T00:00:00+07:00",
        "purpose": {"id": "Membaca.", "en": "Reading."},
        "features": [{"name": "precise_location", "title": {"id": "Lokasi", "en": "Location"}}],
    }
    file.write_text(json.dumps(fields))
    assert main(["services", "add", str(file)]) == 0
    file.write_text(json.dumps(fields | {"name": "Dongeng Lama"}))
    assert main(["services", "add", str(file)]) == 0
    assert access.service("dongeng-baru").name == "Dongeng Lama"
    for wrong in (
        {"purpose": {"id": "Membaca."}},
        {"risk_determined_by": ""},
        {"risk_determined_at": "2026-10-01T00:00:00"},
        {"type": "tak dikenal"},
        {"features": [{"name": "x"}]},
        {"features": 3},
        {"opens": "membaca"},
        {"opens": [3]},
        {"name": ""},
        {"umur": 3},
        {"operator": "PT Lain"},
        {"handling": "di Jakarta"},
        {"handling": {"storage": [WHERE]}},
        {"handling": {"storage_locations": []}},
        {"handling": {"processing_locations": WHERE}},
        {"handling": {"retention_period": "satu tahun"}},
        {"handling": {"retention_period": {"id": "satu tahun"}}},
        {"handling": {"recipient_third_parties": ["PT Lain"]}},
        {"handling": {"party_address": " "}},
        {"data_requested": [{**WHERE, "pii_optional": "tidak"}]},
        {"data_requested": [{**WHERE, "wajib": True}]},
        {"data_requested": [{"pii_optional": True}]},
    ):
        file.write_text(json.dumps(fields | wrong))
        assert main(["services", "add", str(file)]) == 1, wrong
    capsys.readouterr()
    for text, said in (
        ("slug: [", "no YAML"),
        (json.dumps(fields | {"umur": 3}), "umur"),
        ("slug: x", "access.service-refused (why=operator: missing)"),
        ("operator: PT X", "access.service-refused (why=slug: missing)"),
        ("{slug: x, operator: PT X}", "access.service-refused (why=name: missing)"),
        ("{slug: x, operator: PT X, name: X}", "access.service-refused (why=type: missing)"),
        ("{slug: x, operator: PT X, name: X, type: chat}", "access.service-refused (why=purpose: missing)"),
        ("{slug: x, operator: 5}", "access.service-refused (why=operator: a text)"),
        (
            "{slug: x, operator: PT X, jurisdiction: [ID]}",
            "access.service-refused (why=jurisdiction: a text)",
        ),
        ("{slug: x, operator: PT X, now: 5}", "no such field: now"),
        ("{slug: x, 5: x}", "no such field: 5"),
    ):
        file.write_text(text)
        assert main(["services", "add", str(file)]) == 1
        assert said in capsys.readouterr().err
    main(["services", "list"])
    assert "dongeng-baru  PT Contoh  stories  low  for children  Dongeng Lama" in capsys.readouterr().out


def test_what_the_operator_states_of_the_guides_example_reaches_the_guardians_record(db, capsys):
    assert main(["services", "add", "docs/guides/platform/obrol.yaml"]) == 0
    house = Platform(access.create_key(service="obrol", now=NOON).text)
    house.sign_up("obrol", age={"birth_date": "2013-03-14"})
    record = records.record(ConsentRequest.objects.get())
    (purpose,) = record["pii_processing"]["purposes"]
    stated = access.service("obrol").handling
    for name in set(stated) - {"party_address"}:
        assert purpose[name] == stated[name], name
    assert record["parties"][0]["party_address"] == stated["party_address"]
    assert record["parties"][0]["party_contact"] == "pelindungan-data@obrol.example"
    assert record["x_not_stated"] == []
    capsys.readouterr()


@pytest.fixture
def staff(db):
    user = get_user_model().objects.create_superuser("petugas", password="x" * 20)
    client = Client()
    client.force_login(user)
    return client


DESK = "/admin/access/"


def test_the_desk_is_for_staff(services):
    assert Client().get(f"{DESK}service/").status_code == 302
    plain = get_user_model().objects.create_user("tamu", password="x" * 20)
    client = Client()
    client.force_login(plain)
    assert client.get(f"{DESK}service/").status_code == 302


def test_the_desk_shows_lists_without_secrets_and_deletes_nothing(services, staff):
    made = access.create_key(service="obrol", now=NOON)
    for page in ("service", "apikey", "accesssession", "event", "webhookendpoint", "delivery"):
        assert staff.get(f"{DESK}{page}/").status_code == 200
    key = ApiKey.objects.get()
    shown = staff.get(f"{DESK}apikey/{key.pk}/change/").content.decode()
    assert made.key_id in shown
    assert made.text not in shown
    assert bytes(key.digest).hex() not in shown
    assert staff.get(f"{DESK}apikey/add/").status_code == 403
    service = Service.objects.get(slug="obrol")
    assert staff.post(f"{DESK}service/{service.pk}/delete/", {"post": "yes"}).status_code == 403


def test_the_desk_revokes_a_key(services, staff):
    made = access.create_key(service="obrol", now=NOON)
    chosen = {"action": "revoke", "_selected_action": [str(ApiKey.objects.get().pk)]}
    assert staff.post(f"{DESK}apikey/", chosen).status_code == 302
    assert Platform(made.text).get("/v1/events").status == 401
    assert Entry.objects.filter(kind="access.key-revoked").count() == 1


def test_a_change_at_the_desk_is_checked_and_stands_in_the_ledger(services, staff):
    row = Service.objects.get(slug="obrol")
    page = staff.get(f"{DESK}service/{row.pk}/change/")
    form = page.context["adminform"].form
    sent = {name: form[name].value() for name in form.fields}
    for name in ("purpose", "opens", "stays_closed", "data_requested", "features"):
        sent[name] = json.dumps(getattr(row, name))
    at = row.risk_determined_at
    sent |= {"risk_determined_at_0": f"{at:%Y-%m-%d}", "risk_determined_at_1": f"{at:%H:%M:%S}"}
    sent = {
        name: value
        for name, value in sent.items()
        if value not in (None, False) and name != "risk_determined_at"
    }
    wrong = staff.post(f"{DESK}service/{row.pk}/change/", sent | {"type": "tak-dikenal"})
    assert wrong.status_code == 200
    assert re.search(r"errorlist|error", wrong.content.decode())
    right = staff.post(f"{DESK}service/{row.pk}/change/", sent | {"risk_profile": "high"})
    assert right.status_code == 302, right.context and right.context["errors"]
    assert access.service("obrol").risk_profile == "high"
    entry = Entry.objects.filter(kind="access.service-changed").get()
    assert b"risk_profile" in bytes(entry.entry)


def test_the_catalogue_is_json_for_programs_and_a_page_for_people(db):
    told = Client().get("/v1/errors").json()
    codes = {one["code"] for one in told["errors"]}
    assert {"access.key-missing", "ask.bad-date", "access.url-refused"} <= codes
    page = Client().get("/v1/errors", HTTP_ACCEPT="text/html")
    assert page.status_code == 200
    assert 'id="access.key-missing"' in page.content.decode()
    assert "Tidak ada kunci." in page.content.decode()
    english = Client().get("/v1/errors?bahasa=en", HTTP_ACCEPT="text/html").content.decode()
    assert "Catalogue of error codes" in english
    assert "No key came." in english
