"""No name, address, age or word of a person in the ledger, the logs, the job arguments, or the tables of the room."""

import json
import logging
from datetime import timedelta

import pytest
from django.core import serializers
from django.db import connection
from django_tasks_db.models import DBTaskResult

from ruangaman.adapters import clock
from ruangaman.rooms.families import api
from ruangaman.rooms.ledger import api as ledger

from .conftest import OBROL, link_in, row

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SECRETS = (
    "Kirana", "ibu.kirana", "2014-03-17", "6281234567890", "main terlalu malam", "aku tidak setuju sekali",
    "bicara nanti sore", "g-mother", "c-sari", "KC-1", "umurku sebenarnya",
)  # fmt: skip


@pytest.fixture
def lived(ask, mother, deliver, caplog, time):
    """A family that has done everything there is to do."""
    caplog.set_level(logging.DEBUG)
    invitation = ask(
        "Kirana",
        {"birth_date": "2016-03-17"},
        guardian_email="ibu.kirana@example.org",
        guardian_phone="081234567890",
    )
    (letter,) = deliver()
    mother.post(link_in(letter))
    mother.office.called["sari"] = "Kirana"
    mother.answer(invitation, "yes", "sari")
    settings = f"/keluarga/aplikasi/{invitation.request}"
    mother.post(settings, feature="time", state="on", reason="Kirana main terlalu malam")
    mother.post(
        f"/anak/{invitation.child_url.rsplit('/', 1)[1]}/tidak-setuju", words="aku tidak setuju sekali"
    )
    mother.post(
        f"/anak/{invitation.child_url.rsplit('/', 1)[1]}/umur", direction="older", words="umurku sebenarnya"
    )
    mother.post(settings + "/cabut", line="bicara nanti sore")
    (task,) = api.open_deletions(row(invitation).service_ref)
    api.confirm_deletion(
        task.deletion,
        systems=["akun"],
        counts={"baris": 1},
        done_at=clock.now(),
        by="petugas",
        now=clock.now(),
    )
    ask("Kirana", {"birth_date": "2016-03-17"}, OBROL)
    time.move(timedelta(days=2))
    api.settle_due(clock.now())
    return invitation, caplog


def test_no_table_of_the_room_holds_a_person_in_the_clear(lived):
    from ruangaman.rooms.families import models as tables

    for name in tables.__all__:
        told = json.dumps(serializers.serialize("python", getattr(tables, name).objects.all()), default=repr)
        for secret in SECRETS:
            assert secret.lower() not in told.lower(), (name, secret)


def test_no_table_of_the_house_holds_a_person_in_the_clear(lived):
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            if table.startswith(("django_session", "auth_", "django_content")):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            told = repr(
                [[bytes(v) if isinstance(v, memoryview) else v for v in line] for line in cursor.fetchall()]
            )
            for secret in SECRETS:
                assert secret.lower() not in told.lower(), (table, secret)


def test_sessions_hold_references_only(lived):
    from django.contrib.sessions.models import Session

    told = " ".join(json.dumps(session.get_decoded()) for session in Session.objects.all())
    assert "wali" in told
    for secret in SECRETS:
        assert secret.lower() not in told.lower(), secret


def test_the_ledger_holds_public_facts_and_hashes(lived):
    count = ledger.verify().count
    assert count > 10
    for index in range(count):
        told = ledger.entry(index).entry.decode(errors="replace").lower()
        for secret in SECRETS:
            assert secret.lower() not in told


def test_the_logs_name_nobody_and_hold_no_link(lived):
    invitation, caplog = lived
    told = caplog.text.lower()
    for secret in (*SECRETS, invitation.find_url.rsplit("/", 1)[1], invitation.short_code.lower()):
        assert secret.lower() not in told


def test_jobs_carry_ids_alone(lived):
    for job in DBTaskResult.objects.all():
        told = json.dumps(job.args_kwargs)
        for secret in SECRETS:
            assert secret.lower() not in told.lower()


def test_what_a_family_sealed_is_gone_with_its_key(lived):
    from ruangaman.rooms.families import children
    from ruangaman.rooms.vault import api as vault

    invitation, _ = lived
    child = row(invitation).child
    vault.forget_family(vault.FamilyRef(child.family), now=clock.now())
    with pytest.raises(vault.Forgotten):
        children.nickname(child)
