"""Before a certificate ends the city is reminded and an audit again proposed; everybody reads until when it holds."""

from datetime import timedelta

import pytest
from django.test import Client

from ruangaman.adapters import audit_tables
from ruangaman.adapters import mail as mails
from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places import api, post
from ruangaman.rooms.places.audits import certificates, opening
from ruangaman.rooms.places.models import Certificate, Letter

from .auditing import CRITICAL, decided
from .conftest import NOON

pytestmark = pytest.mark.django_db
BASE = "/kota/kota-melati"
FIRST, SECOND = audit_tables.shipped_rules().remind_days or (0, 0)


@pytest.fixture
def office(person):
    user = person("pppa")
    user.email = "pppa@kota.example"
    user.save(update_fields=["email"])
    return user


@pytest.fixture
def row(melati, users, office, settings, hour) -> Certificate:
    settings.MAIL_URL, settings.STORY = "smtp://localhost", False
    return certificates.give(decided(melati, users, office, NOON), by=office, now=NOON)


@pytest.fixture
def desk(office):
    client = Client()
    client.force_login(office)
    return client


def reminded() -> int:
    return Entry.objects.filter(kind="places.certificate-reminded").count()


def test_it_is_reminded_on_each_of_the_days_and_once(row):
    for days in (FIRST, SECOND):
        at, before = row.valid_until - timedelta(days=days), reminded()
        api.settle_due(at - timedelta(seconds=1))
        assert reminded() == before
        for _ in range(2):
            api.settle_due(at)
        assert reminded() == before + 1
    assert Letter.objects.filter(about="certificate").count() == 2
    api.settle_due(row.valid_until - timedelta(seconds=1))
    assert reminded() == 2


def test_after_a_long_stop_one_reminder_says_it(row):
    api.settle_due(row.valid_until - timedelta(days=SECOND - 1))
    assert reminded() == 1
    row.refresh_from_db()
    assert row.remind_at is None


def test_one_that_stood_before_there_were_reminders_gets_them(row):
    Certificate.objects.update(remind_at=row.valid_from)
    api.settle_due(NOON)
    row.refresh_from_db()
    assert reminded() == 0
    assert row.remind_at == row.valid_until - timedelta(days=FIRST)


def test_rules_without_days_take_those_of_the_house(row):
    form = row.audit.form
    form.rules["certificate"].pop("remind_days")
    form.sha256 = "0" * 64
    form.save(force_insert=True)
    row.audit.form = form
    row.audit.save(update_fields=["form"])
    Certificate.objects.update(remind_at=row.valid_from)
    api.settle_due(NOON)
    row.refresh_from_db()
    assert row.remind_at == row.valid_until - timedelta(days=FIRST)


def test_the_mail_speaks_both_languages_and_proposes_an_audit_again(row, monkeypatch):
    sent = []
    monkeypatch.setattr(mails, "send", lambda where, mail: sent.append(mail))
    api.settle_due(row.valid_until - timedelta(days=FIRST))
    assert post.attempt(Letter.objects.get().pk, 0, now=NOON) == "sent"
    [mail] = sent
    said = mail.get_content()
    assert mail["To"] == "pppa@kota.example"
    assert mail["Subject"] == "Sertifikat Taman Melati, Kota Melati: sampai 24 November 2028"
    first, _, second = said.partition("\n--\n")
    assert "berlaku sampai 24 November 2028." in first
    assert "Mulai penilaian ulang" in first
    assert "holds until 24 November 2028." in second
    assert f"{BASE}/audit/\n" in first


def test_who_already_looks_again_is_not_called(row, users, office):
    api.settle_due(row.valid_until - timedelta(days=FIRST))
    opening.begin(row.space, *users, by=office, now=row.valid_until - timedelta(days=FIRST))
    assert post.attempt(Letter.objects.get().pk, 0, now=NOON) == "dropped"


def test_the_desk_proposes_it_from_the_first_reminder_until_somebody_begins(row, desk, users, office, hour):
    proposal = f"?tempat={row.space.key.replace(':', '%3A')}#mulai"
    assert proposal not in desk.get(f"{BASE}/audit/").content.decode()
    hour.at = row.valid_until - timedelta(days=FIRST)
    told = desk.get(f"{BASE}/audit/").content.decode()
    assert proposal in told
    assert "Sertifikatnya berlaku sampai 24 November 2028." in told
    chosen = desk.get(f"{BASE}/audit/", {"tempat": row.space.key}).content.decode()
    assert f'<option value="{row.space.key}" selected>' in chosen
    hour.at = row.valid_until
    assert "Sertifikatnya habis 24 November 2028." in desk.get(f"{BASE}/audit/").content.decode()
    opening.begin(row.space, *users, by=office, now=hour.at)
    assert proposal not in desk.get(f"{BASE}/audit/").content.decode()


def test_an_audit_since_then_asks_for_none_even_without_a_certificate(row, users, office, melati):
    later = row.valid_until - timedelta(days=1)
    assert certificates.ending(melati, later) == [(row, False)]
    decided(melati, users, office, later, place=row.space)
    assert certificates.ending(melati, later) == []


def test_one_that_was_revoked_reminds_nobody(row, melati):
    from ruangaman.rooms.places.audits import defects

    defects.report(row.space, CRITICAL, now=NOON)
    api.settle_due(row.valid_until - timedelta(days=FIRST))
    assert reminded() == 0
    assert certificates.ending(melati, row.valid_until) == []


def test_everybody_reads_until_when_it_holds_and_that_it_ended(row, client, hour):
    pages = [f"{BASE}/penilaian/", f"{BASE}/penilaian/{row.space_id}/", f"{BASE}/sertifikat/{row.pk}/"]
    for page in pages:
        assert "sampai 24 November 2028" in client.get(page).content.decode(), page
    hour.at = row.valid_until  # no clock has struck
    for page in pages:
        told = client.get(page).content.decode()
        assert "Masa berlakunya habis pada 24 November 2028." in told, page
        assert "berlaku sampai 24 November 2028" not in told, page
