"""Of whom a small town's folder tells: children in groups, and those with a disability as they move."""

from dataclasses import replace

import numpy as np
import pytest
from tests.built_town import DAY, build, one, read, rows_of
from tests.city_town import NORTH, TERTIARY, Town

from ruangaman.adapters import city_tables, city_town
from ruangaman.adapters.city_build import homes as living
from ruangaman.adapters.city_build import run as building
from ruangaman.adapters.city_build.answers import REASONS

pytestmark = pytest.mark.slow  # geometry takes seconds to import, the first run compiles the loops


def test_children_with_a_disability_are_told_as_they_move_and_between_bounds_where_nobody_says_how(tmp_path):
    """
    The playground lets wheelchairs in and the way to it is paved as far as one may walk, but of no ground it is known
    that a wheelchair goes there: on foot safe, rolling not known.
    """
    paved = TERTIARY | {"sidewalk": "both"}
    of = {"code": f"{NORTH}.RW02", "age": "6-12", "light": "day", "reach": "play"}
    found = {}
    for name, shares in {"said": ("0.5", "0.2"), "not said": ("0.5", ""), "nothing": ("", "")}.items():
        children = tuple((*one[:4], *shares) for one in Town().children)
        city = build(tmp_path / name, Town(tertiary=paved, children=children, least=0))
        found[name] = (rows_of(city), read(city / "results" / "sdg.json")["part_b"]["by_disability"])
    every = 1100 * 0.12
    foot = one(found["said"][0], **of, mobility="foot")
    assert (foot["safe"], foot["children"]) == (pytest.approx(every, abs=0.1), pytest.approx(every, abs=0.1))

    rows, sdg = found["said"]
    rolls, each = (one(rows, **of, mobility=how) for how in ("wheelchair", "disabled"))
    assert (rolls["of"], rolls["children"], rolls["safe"]) == (
        "children",
        pytest.approx(every * 0.2, abs=0.1),
        0,
    )
    assert each["children"] == pytest.approx(every * 0.5, abs=0.1)
    assert each["safe"] == pytest.approx(every * 0.3, abs=0.1)  # who walks
    assert (each["not_surveyed"], each["how_not_told"]) == (pytest.approx(every * 0.2, abs=0.1), 0)
    assert {its["moving"] for its in sdg if its["disability"]} == {"each"}

    rows, sdg = found["not said"]
    assert one(rows, **of, mobility="wheelchair")["of"] == "not_told"
    each = one(rows, **of, mobility="disabled")
    assert (each["safe"], each["share_low"], each["share_high"]) == (0, 0, 1)
    assert each["how_not_told"] == each["unknown"] == pytest.approx(every * 0.5, abs=0.1)
    assert {its["moving"] for its in sdg if its["disability"]} == {"somehow"}
    with_, without = one(sdg, age="6-12", disability=True), one(sdg, age="6-12", disability=False)
    assert with_["low"] < without["low"]

    rows, sdg = found["nothing"]
    assert not [row for row in rows if row["mobility"] == "disabled"]
    assert {its["of"] for its in sdg} == {"not_told"}


def test_a_plan_for_wheelchairs_counts_those_who_use_one_and_is_refused_where_nobody_says_who_does(tmp_path):
    for name, rolls in (("said", "0.2"), ("not said", "")):
        children = tuple((*one[:4], "0.5", rolls) for one in Town().children)
        city = build(tmp_path / name, Town(children=children, least=5))
        told = city_town.read(city, city_tables.safe_walk()).children
        assert {age for age, how in told if how == "foot"} == {"0-5", "6-12", "13-17"}
        assert {how for _age, how in told} == ({"foot", "wheelchair"} if rolls else {"foot"})
        assert all((its % 5 == 0).all() for its in told.values())
        if rolls:
            assert told["6-12", "wheelchair"].sum() == pytest.approx(0.2 * told["6-12", "foot"].sum(), abs=5)


def test_a_town_that_lives_in_groups_tells_the_same_of_itself(tmp_path, monkeypatch):
    """Everything that is for publishing: so nobody can rule out that children live in groups of the least count."""
    children = tuple((*one[:4], "0.25", "0.12") for one in Town().children)
    homes = tuple(home for home in Town().homes if home[2] != 60)
    asked = Town(children=children, homes=homes, least=10).write(tmp_path / "t")
    building.build(asked, made_on=DAY)
    of_groups = replace(asked, out=tmp_path / "groups")
    read_homes = building._homes

    def in_groups(*given):
        found = read_homes(*given)
        assert any((its.expected % 10 > 0).any() for its in found.kids.values())
        return living.grouped(found, 10)

    monkeypatch.setattr(building, "_homes", in_groups)
    building.build(of_groups, made_on=DAY)
    files = sorted(one.relative_to(asked.out) for one in asked.out.rglob("*") if one.is_file())
    assert files == sorted(
        one.relative_to(of_groups.out) for one in of_groups.out.rglob("*") if one.is_file()
    )
    told = [rows_of(city) for city in (asked.out, of_groups.out)]
    kept_back = [any(row["kept_back"] for row in pair) for pair in zip(*told, strict=True)]
    assert sum(kept_back) < len(kept_back) / 2  # what is kept back says that it is, and nothing else
    for its, other, hidden in zip(*told, kept_back, strict=True):
        assert hidden or its == other
        assert hidden or all(
            its[name] % 10 == 0 for name in ("people", "children", "safe", *REASONS) if its[name]
        )
    for file in files:
        if (
            file.suffix == ".json"
            and file.parts[0] != "work"
            and not str(file).startswith(("map/rows", "results/cov"))
        ):
            assert (asked.out / file).read_bytes() == (of_groups.out / file).read_bytes(), file
    own, other = (dict(np.load(city / "work" / "walk.npz")) for city in (asked.out, of_groups.out))
    assert all(np.array_equal(own[name], other[name]) for name in own)
