"""A group that waits is tested as the taught are, and no page speaks of a lesson that it did not have."""

import html

import pytest

from ruangaman.rooms.learning import results
from ruangaman.rooms.learning.models import Group
from ruangaman.rooms.learning.tests.classes import after, day, make, send

pytestmark = pytest.mark.django_db

LEAD, CLASS = "/pelajaran/pemandu/", "/pelajaran/kelas/"


def text(answer) -> str:
    return html.unescape(answer.content.decode())


def test_who_waits_takes_the_same_tests_and_none_is_called_one_after_a_lesson(client, hour):
    taught, waits = make(name="5A"), make(name="5B")
    Group.objects.filter(pk=waits.group.pk).update(arm="wait")
    own = f"{LEAD}{waits.token}/"
    page = text(client.get(own))
    assert "Sampai hari pelajaran kelompok lain." in page
    assert page.count("Menunggu hari pelajaran kelompok lain.") == 2
    assert "56 hari setelah pelajaran kelompok lain" in page
    assert "setelah pelajaran kelompok lain" in text(client.get(f"{own}hasil"))
    assert "Tes kedua" not in text(client.post(CLASS, {"kode": waits.code(1)}))
    Group.objects.filter(pk__in=[taught.group.pk, waits.group.pk]).update(taught_on=day(0))
    for told, name, other in ((taught, "Tes akhir", "Tes kedua"), (waits, "Tes kedua", "Tes akhir")):
        shown = [client.get(f"{LEAD}{told.token}/"), client.get(f"{LEAD}{told.token}/kertas/B3-2/post")]
        for page in (*map(text, shown), text(client.post(CLASS, {"kode": told.code(1)}))):
            assert name in page
            assert other not in page.replace("Tes akhir terbuka pada hari itu.", "")
        found = [told.sheet(n, "post", taken_on=day(0).isoformat()) for n in range(1, 13)]
        assert {result for result, _code in send(*found)} == {"accepted"}


def test_of_a_class_that_waits_both_tests_came_before_its_lesson(client, hour):
    told = make()
    send(*(told.sheet(n, right=1) for n in range(1, 13)))
    Group.objects.filter(pk=told.group.pk).update(arm="wait", taught_on=day(1))
    late = [told.sheet(n, "delayed", right=2, taken_on=day(29).isoformat()) for n in range(1, 13)]
    send(*late, now=after(29))
    results.settle(after(57))
    for address in (f"{LEAD}{told.token}/", f"{LEAD}{told.token}/hasil"):
        page = text(client.get(address))
        assert "17% benar di tes awal, 33% di tes hari ke-28, sebelum pelajarannya." in page
        assert "benar sebelum pelajaran" not in page
        assert "penyebabnya" not in page
        assert "apa sebabnya" not in page
