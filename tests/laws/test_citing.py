"""One spelling of an article for each reader."""

import pytest

from ruangaman.adapters import packs
from ruangaman.core.law import citing


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("PP 17/2025 Art. 9(1)", "PP 17/2025 Pasal 9 ayat (1)"),
        ("PP 17/2025 Art. 9", "PP 17/2025 Pasal 9"),
        ("UU ITE Art. 16A(4) c", "UU ITE Pasal 16A ayat (4) c"),
        ("Permenkomdigi 9/2026 Art. 30 (reported)", "Permenkomdigi 9/2026 Pasal 30 (menurut berita)"),
        ("PP 17/2025 Pasal 9 ayat (1)", "PP 17/2025 Pasal 9 ayat (1)"),
    ],
)
def test_an_indonesian_reader_meets_pasal_and_ayat(source: str, said: str) -> None:
    assert citing.indonesian(source) == said


def test_nothing_english_is_left_of_any_article_of_the_indonesian_pack() -> None:
    pack = packs.load("ID")
    for norm in (norm for one in pack.source.tables.values() for norm in one.norms):
        for source in norm.articles:
            said = citing.indonesian(str(source))
            assert "Art." not in said
            assert "reported" not in said


def test_each_article_is_cited_once_in_its_order() -> None:
    assert citing.cited(["PP 1 Art. 2", "PP 1 Art. 1", "PP 1 Art. 2"]) == {
        "id": ["PP 1 Pasal 2", "PP 1 Pasal 1"],
        "en": ["PP 1 Art. 2", "PP 1 Art. 1"],
    }
