"""The table of a build: ours is read, each of its parts is needed, and numbers that are none are refused."""

import copy
from pathlib import Path

import pytest
import yaml

from ruangaman.adapters import city_tables
from ruangaman.core.reach import build_rules
from ruangaman.core.reach.build_rules import LEVELS, BuildRulesMalformed
from ruangaman.core.reach.walk_rules import CONFIDENCE

TABLE = yaml.safe_load((city_tables.DATA / "city_build.yaml").read_bytes())


def paths(told, before=()):
    """Every place in the table that holds something."""
    for name, value in told.items():
        yield (*before, name)
        if isinstance(value, dict):
            yield from paths(value, (*before, name))


def numbers():
    return [path[:-1] for path in paths(TABLE) if path[-1] == "value"]


def changed(path, change):
    told = copy.deepcopy(TABLE)
    inner = told
    for name in path[:-1]:
        inner = inner[name]
    change(inner, path[-1])
    return told


def test_ours_is_read():
    rules = city_tables.city_build()
    assert set(rules.count_error) == set(LEVELS)
    assert rules.public_metres == 400
    assert rules.street_width["residential"] == 6


def test_every_number_has_its_source_and_how_sure_it_is():
    assert len(numbers()) > 15
    for path in numbers():
        inner = TABLE
        for name in path:
            inner = inner[name]
        assert inner["source"], path
        assert inner["confidence"] in CONFIDENCE, path


def test_each_part_is_needed():
    optional = 0
    for path in paths(TABLE):
        told = changed(path, lambda inner, name: inner.pop(name))
        if (
            path[:3] == ("public_space", "street_width_m", "values")
            and len(path) == 4
            and path[3] != "otherwise"
        ):
            build_rules.read(told)
            optional += 1
            continue
        with pytest.raises(BuildRulesMalformed):
            build_rules.read(told)
    assert optional


@pytest.mark.parametrize("wrong", ["many", None, True, -1, float("nan"), float("inf"), [], 1e12])
def test_numbers_that_are_none_are_refused(wrong):
    for path in numbers():
        with pytest.raises(BuildRulesMalformed):
            build_rules.read(changed((*path, "value"), lambda inner, name: inner.update({name: wrong})))


@pytest.mark.parametrize("told", [None, [], "x", {}, {"version": 1}])
def test_what_is_no_table_is_refused(told):
    with pytest.raises(BuildRulesMalformed):
        build_rules.read(told)


@pytest.mark.parametrize("content", [b"\x00", b"{", b"a: [" * 2000, b"#" * (1 << 21)])
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, content):
    (tmp_path / "rules.yaml").write_bytes(content)
    with pytest.raises(BuildRulesMalformed):
        city_tables.build_rules_of(tmp_path / "rules.yaml")
    with pytest.raises(BuildRulesMalformed):
        city_tables.build_rules_of(tmp_path / "none.yaml")
