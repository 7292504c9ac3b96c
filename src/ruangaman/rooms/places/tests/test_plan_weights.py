"""What a child counts in a plan: chosen on the page, kept with the plan, told with it."""

import pytest
from django.http import QueryDict
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ruangaman.rooms.places import config, plan_choice, plan_sums, plan_weights, plans
from ruangaman.rooms.places.errors import WeightsRefused
from ruangaman.rooms.places.models import Plan
from ruangaman.rooms.places.plan_weights import Area, Weighing

from .conftest import NOON
from .plan_files import document, put

UTARA, SELATAN = Area("99.71.01.1001", "Utara", "kelurahan"), Area("99.71.01.1002", "Selatan", "kelurahan")
ABOVE = Area("99.71.01", "Melati", "kecamatan")
NAMESAKE = Area("99.71.02.1001", "Utara", "kelurahan")
KNOWN = [UTARA, SELATAN, ABOVE]


def asked(query: str, known=KNOWN) -> Weighing:
    return plan_weights.read(QueryDict(query), known)


def weight_of(told, area: Area) -> set[float]:
    place = next((at for at, one in enumerate(told["by_area"]) if one["code"] == area.code), -1)
    return {weight for _, weight, its in told["whatif"]["groups"] if its == place}


def test_an_area_is_named_by_code_name_or_both_and_empty_rows_are_none():
    rows = "wilayah=utara&hitung=1,5&wilayah=&hitung=&wilayah=99.71.01.1002&hitung=&wilayah=Melati+(99.71.01)&hitung=3"
    assert asked(rows).rows == ((UTARA, 1.5), (SELATAN, 2.0), (ABOVE, 3.0))
    assert asked("") == Weighing("berkas", 1.0, ())
    assert asked("bobot=terendah&kali=4") == Weighing("terendah", 4.0, ())


@pytest.mark.parametrize(("query", "why", "row"), [
    ("wilayah=Barat&hitung=2", "area", 1), ("wilayah=&hitung=2", "area", 1),
    ("wilayah=Utara&hitung=2&wilayah=99.71.01.1001&hitung=3", "twice", 2),
    ("wilayah=Utara&hitung=0", "times", 1), ("wilayah=Utara&hitung=10.1", "times", 1),
    ("wilayah=Utara&hitung=nan", "times", 1), ("wilayah=Utara&hitung=1e400", "times", 1),
    ("wilayah=Utara&hitung=banyak", "times", 1), ("bobot=terendah&kali=-1", "times", 0), ("bobot=x", "group", 0),
    ("&".join(f"wilayah={at}&hitung=2" for at in range(31)), "rows", 31),
])  # fmt: skip
def test_what_cannot_be_weighed_is_refused_by_row(query, why, row):
    known = KNOWN + [Area(str(at), "", "kelurahan") for at in range(31)]
    with pytest.raises(WeightsRefused) as refused:
        asked(query, known)
    assert refused.value.facts == {"why": why, "row": row}


def test_a_name_of_several_areas_needs_its_code():
    with pytest.raises(WeightsRefused) as refused:
        asked("wilayah=Utara&hitung=2", [*KNOWN, NAMESAKE])
    assert refused.value.facts["why"] == "name-of-several"
    assert asked("wilayah=Utara+(99.71.02.1001)&hitung=2", [*KNOWN, NAMESAKE]).rows == ((NAMESAKE, 2.0),)


def test_a_kelurahan_comes_before_its_kecamatan_and_both_before_a_group():
    lowest = plan_weights.weighed(document(), Weighing("terendah", 2.0, ()))
    assert (weight_of(lowest, UTARA), weight_of(lowest, SELATAN)) == ({2.0}, {1.0})  # 10 of 120, 20 of 80
    assert lowest["weighting"]["areas"] == {UTARA.code: 2.0}
    below = plan_weights.weighed(document(), Weighing("bawah", 3.0, ((SELATAN, 1.5),)))
    assert (weight_of(below, UTARA), weight_of(below, SELATAN)) == ({3.0}, {1.5})
    above = plan_weights.weighed(document(), Weighing("terendah", 2.0, ((ABOVE, 4.0),)))
    assert (weight_of(above, UTARA), weight_of(above, SELATAN)) == ({4.0}, {4.0})
    both = plan_weights.weighed(document(), Weighing("sama", 1.0, ((UTARA, 0.5), (ABOVE, 4.0))))
    assert (weight_of(both, UTARA), weight_of(both, SELATAN)) == ({0.5}, {4.0})


def test_areas_that_are_kept_back_are_in_no_group():
    told = document()
    told["by_area"][0] = {"code": UTARA.code, "name": "Utara", "parent": "99.71.01", "kept_back": True}
    for group in ("terendah", "bawah"):
        assert weight_of(plan_weights.weighed(told, Weighing(group, 2.0, ())), UTARA) == {1.0}


def test_weights_of_the_file_stay_until_others_are_asked_for():
    told = document(weights=True)
    told["whatif"]["groups"][0] = [20.0, 2.0, 0]
    told["whatif"]["groups"][1] = [20.0, 2.0, 0]
    assert plan_weights.weighed(told, asked("")) == told
    assert not asked("bobot=berkas").changes(told)
    more = plan_weights.weighed(told, asked("bobot=berkas&wilayah=Selatan&hitung=3"))
    assert (weight_of(more, UTARA), weight_of(more, SELATAN)) == ({2.0}, {3.0})
    alike = plan_weights.weighed(told, asked("bobot=sama"))
    assert (weight_of(alike, UTARA), alike["weights"]) == ({1.0}, False)
    assert asked("bobot=sama").changes(told)
    assert not asked("bobot=sama").changes(document())


@given(st.sampled_from([0.1, 0.5, 1.0, 2.0, 10.0]), st.sampled_from([90e6, 391e6, 1e9]))
def test_a_weight_for_all_changes_what_is_counted_and_never_what_is_chosen(times, budget):
    alike = plans.chosen_anew(document(), budget, 0.0)
    all_more = plan_weights.weighed(document(), Weighing("sama", 1.0, ((ABOVE, times),)))
    found = plans.chosen_anew(all_more, budget, 0.0)
    assert found["chosen"] == alike["chosen"]
    assert found["children"] == alike["children"]
    assert found["value"] == pytest.approx(times * alike["value"])
    assert found["above"] == pytest.approx(alike["above"], abs=0.02)


def test_children_that_count_more_are_chosen_first():
    told = document()
    pool = plan_sums.pool(told)
    assert {pool.keys[one] for one in plan_choice.best(pool, 90e6)} == {"crossing"}
    south = plan_weights.weighed(told, Weighing("sama", 1.0, ((SELATAN, 10.0), (UTARA, 0.1))))
    south["actions"][2]["cost"] = 90e6
    assert plans.chosen_anew(south, 90e6, 0.0)["chosen"] == ["audit"]


@pytest.fixture
def folder(melati, settings, tmp_path):
    settings.CITIES_DIR = str(tmp_path)
    put(config.folder(melati.slug), document())
    return melati


FORM = {"dasar": "abcdef123456", "anggaran": "391", "bobot": "terendah", "kali": "3",
        "wilayah": ["Selatan", ""], "hitung": ["1,5", ""]}  # fmt: skip


def test_a_planner_weighs_sees_it_in_words_and_keeps_it_with_the_plan(client, folder, bappeda):
    client.force_login(bappeda)
    page = client.get(reverse("places:plan-choose", args=[folder.slug]), FORM)
    text = page.content.decode()
    assert page.status_code == 200
    assert "1 kelurahan dengan bagian anak aman paling kecil: tiap anak dihitung 3 kali." in text
    assert "Selatan: tiap anak dihitung 1,5 kali." in text
    assert '<option value="Utara (99.71.01.1001)">' in text
    assert 'name="hitung" value="1,5"' in text  # carried into the form that keeps the plan
    client.post(reverse("places:plan-save", args=[folder.slug]), FORM | {"judul": "Dengan bobot"})
    plan = Plan.objects.get()
    assert plan.document["weights"]
    assert plan.document["weighting"]["areas"] == {UTARA.code: 3.0, SELATAN.code: 1.5}
    assert plan.document["value"] == pytest.approx(3 * 40 + 1.5 * 10)
    assert plan.document["bound"] >= plan.document["value"]
    one = reverse("places:plan", args=[folder.slug, plan.pk])
    assert "Dengan bobot, setara 140 anak." in client.get(one).content.decode()
    told = client.get(one, {"ubah": "1", "a": ["audit"], "hanya": "jawab"}).json()
    assert told["cost"] == "Biayanya Rp1 juta. Dengan bobot, setara 20 anak."


def test_others_read_the_weights_and_no_weighted_sum_from_which_few_children_would_follow(
    client, folder, bappeda
):
    client.force_login(bappeda)
    client.post(reverse("places:plan-save", args=[folder.slug]), FORM | {"judul": "Dengan bobot"})
    plan = Plan.objects.get()
    plans.publish(plan, now=NOON)
    client.logout()
    one = reverse("places:plan", args=[folder.slug, plan.pk])
    text = client.get(one).content.decode()
    assert "Selatan: tiap anak dihitung 1,5 kali." in text
    assert "setara" not in text
    assert (
        client.get(one, {"ubah": "1", "a": ["audit"], "hanya": "jawab"}).json()["cost"]
        == "Biayanya Rp1 juta."
    )


def test_a_row_that_is_wrong_is_said_and_what_was_written_stays(client, folder, bappeda):
    client.force_login(bappeda)
    address = reverse("places:plan-choose", args=[folder.slug])
    page = client.get(address, FORM | {"wilayah": "Barat", "hitung": "2"})
    assert page.status_code == 422
    text = page.content.decode()
    assert "Bobot baris 1: tidak ada kelurahan atau kecamatan dengan nama atau kode itu." in text
    assert 'value="Barat"' in text
    text = client.get(address, FORM | {"kali": "99"}).content.decode()
    assert "Bobot harus angka dari 0,1 sampai 10." in text
    english = client.get(address, FORM | {"kali": "99", "bahasa": "en"}).content.decode()
    assert "A weight must be a number from 0.1 to 10." in english
