"""What others made and we ship is what they published: by its digest, with its licence, told in NOTICE."""

import gzip
import hashlib

import pytest
from tests.architecture.source import PACKAGE, ROOT

VENDOR = PACKAGE / "rooms" / "places" / "static" / "places" / "vendor"
PUBLISHED = {  # of the npm package maplibre-gl 6.17.0
    "maplibre-gl.mjs": "e02cb08c572fd0950a75343cd558099c2a1dbbaf67f26b0c96f115431962d1ae",
    "maplibre-gl-worker.mjs": "73d7a024a4efe1a46e49db193e18cfe33271e3ecc652ec7542c281a4ef5f0f04",
    "maplibre-gl-LICENSE.txt": "ee5fc05a0677eaf69601d2c7db0d9ecd6cc27c3abc1d0733bc9ed34707cf8ef2",
}


@pytest.mark.parametrize("name", sorted(PUBLISHED))
def test_a_file_is_as_it_was_published(name):
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == PUBLISHED[name]


def test_nothing_else_lies_there_and_what_is_packed_is_the_same():
    packed = {f"{name}.gz" for name in PUBLISHED if name.endswith(".mjs")}
    assert {one.name for one in VENDOR.iterdir()} == set(PUBLISHED) | packed
    for name in packed:
        assert gzip.decompress((VENDOR / name).read_bytes()) == (VENDOR / name[:-3]).read_bytes()


def test_notice_names_it_with_its_licence():
    told = (ROOT / "NOTICE").read_text(encoding="utf-8")
    assert "static/places/vendor" in told
    assert "MapLibre GL JS 6.17.0" in told
    assert "BSD 3-Clause" in told
