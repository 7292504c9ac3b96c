"""A contest that holds an account has a clock that both sides see, and it shows when that is over."""

import re

import pytest
from django.test import Client

from ruangaman.rooms.access.tests.contesting import WHY, proved, send, state
from ruangaman.rooms.access.tests.test_age_checks import path_of, school
from ruangaman.rooms.access.tests.test_desk import signed_in
from ruangaman.rooms.ages import api as ages
from ruangaman.rooms.ages.models import Contest

__all__ = ["school"]

pytestmark = pytest.mark.slow


def test_who_waits_for_an_officer_sees_the_clock_and_when_it_is_over(platform, school, hour):
    house, session, path = proved(platform, hour)
    send(Client(), f"{path}/banding", "never")
    check, officer = path_of(state(house, session)["next"]["url"]), signed_in("dewi")
    desk = f"/petugas/banding/{Contest.objects.get().pk}"

    def reads(browser, page):
        return " ".join(re.sub(r"<[^>]+>", " ", browser.get(page).content.decode()).split())

    waits = reads(Client(), check)
    assert "Keputusan paling lambat Sabtu, 28 November, pukul 12.00 WIB." in waits
    assert "Sudah diterima, belum dilihat" in waits
    assert "terlambat" not in waits
    listed = reads(officer, "/petugas/banding")
    assert "1 menahan sebuah akun sampai diputuskan." in listed
    assert "Menahan akunnya: umur dianggap belum diketahui sampai Anda memutuskan." in listed
    assert "Terlambat" not in listed
    officer.post(desk, {"act": "open"})
    assert "Sedang dilihat petugas" in reads(Client(), check)
    due = Contest.objects.get().due_at
    assert due is not None
    hour.at = due  # in time, at the last moment
    ages.settle_due(hour())
    hour.pass_(hours=2)
    late = reads(Client(), check)
    assert "Kami terlambat menjawab. Maaf." in late
    listed = reads(officer, "/petugas/banding")
    assert "1 terlambat." in listed
    assert "Terlambat : lewat 2 jam" in listed.replace("Terlambat:", "Terlambat :")
    assert "lewat 2 jam" in reads(officer, desk)
    officer.post(desk, {"act": "answer", "decision": "declined", **WHY})
    assert "menahan" not in reads(officer, "/petugas/banding")
    assert "terlambat" in reads(officer, desk)
