"""Kota Melati as it is shipped is what its drawing gives, by the streets' own arithmetic."""

import json
from pathlib import Path

import numpy as np

from ruangaman.site.story.city import build


def alike(one: Path, other: Path) -> bool:
    if one.suffix == ".npz":
        with np.load(one) as first, np.load(other) as second:
            return set(first.files) == set(second.files) and all(
                np.array_equal(first[name], second[name], equal_nan=first[name].dtype.kind == "f")
                for name in first.files
            )
    if one.suffix in (".json", ".geojson"):
        return bool(json.loads(one.read_bytes()) == json.loads(other.read_bytes()))
    return one.read_bytes() == other.read_bytes()


def test_what_is_shipped_is_what_the_drawing_gives(tmp_path):
    """Else run: python -m ruangaman.site.story.city.build"""
    made = tmp_path / "made"
    build.build(made)
    build.ship(made)
    names = {one.relative_to(made) for one in made.rglob("*") if one.is_file()}
    assert names == {one.relative_to(build.BUILT) for one in build.BUILT.rglob("*") if one.is_file()}
    assert [str(name) for name in sorted(names) if not alike(made / name, build.BUILT / name)] == []
