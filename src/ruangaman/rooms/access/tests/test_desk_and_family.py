"""What the desk shares with a family: keys, letters, and what a guardian left unanswered."""

import pytest

from ruangaman.rooms.access.desk import matters
from ruangaman.rooms.access.models import AccessSession, Matter
from ruangaman.rooms.access.tests.conftest import BIMA, Platform
from ruangaman.rooms.access.tests.test_desk import (  # noqa: F401  (fixtures)
    REASON,
    _fresh_tries,
    answers,
    matter,
    objects,
    officer,
    path,
    read,
)
from ruangaman.rooms.families import children
from ruangaman.rooms.families.models import Child
from ruangaman.rooms.vault import api as vault


def answered(house: Platform, officer, subject: str = "p-1") -> Matter:  # noqa: F811
    objects(house, subject)
    row = matter()
    read(officer, row)
    assert answers(officer, row).status_code == 303
    row.refresh_from_db()
    return row


def test_words_and_answer_are_forgotten_with_the_family(platform, officer, hour):  # noqa: F811
    row = answered(platform("obrol"), officer)
    child = Child.objects.get(pk=row.session.child)
    assert vault.family_of(vault.SealedRef(row.reason)) == child.family
    assert REASON in officer.get(path(row)).content.decode()
    vault.forget_family(vault.FamilyRef(child.family), now=hour.at)
    with pytest.raises(vault.Forgotten):
        vault.reveal(vault.SealedRef(row.reason), purpose="a test")
    assert matters.reason_of(row) == {"id": "", "en": ""}
    shown = officer.get(path(row))
    assert shown.status_code == 200
    assert "Sudah dilupakan bersama data keluarganya." in shown.content.decode()
    assert "Diterima" in shown.content.decode()
    assert officer.get("/petugas/").status_code == 200


def test_an_answer_follows_the_child_into_another_family(platform, officer, hour):  # noqa: F811
    house = platform("obrol")
    row = answered(house, officer)
    other = house.sign_up("obrol", subject="p-2", age=BIMA).json
    root = Child.objects.get(pk=AccessSession.objects.get(id=other["id"]).child)
    children.same_person(Child.objects.get(pk=row.session.child), root, now=hour.at)
    row.refresh_from_db()
    assert row.family == root.family == vault.family_of(vault.SealedRef(row.reason))
    assert matters.reason_of(row)["id"] == REASON
    vault.forget_family(vault.FamilyRef(root.family), now=hour.at)
    assert matters.reason_of(row)["id"] == ""


def test_nothing_is_answered_to_a_family_that_is_forgotten(platform, officer, hour):  # noqa: F811
    objects(platform("obrol"))
    row = matter()
    read(officer, row)
    child = Child.objects.get(pk=row.session.child)
    vault.forget_family(vault.FamilyRef(child.family), now=hour.at)
    told = answers(officer, row)
    assert told.status_code == 409
    assert "Data keluarga ini sudah dilupakan." in told.content.decode()
    row.refresh_from_db()
    assert row.answered_at is None
