"""The age check takes no card, no number and no picture: there is no field for any of them, and none is read."""

import re

import pytest
from tests.architecture.source import ROOT

AGES = ROOT / "src" / "ruangaman" / "rooms" / "ages"
PAGES = ("base", "cek", "hasil", "rentang", "tidak_ada")
TABLES = ("AgeCheck", "Attempt", "Holder", "Institution", "VerdictUse")


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_the_check_has_a_field_for_a_card_or_a_file(page: str):
    text = (AGES / "templates" / "ages" / f"{page}.html").read_text(encoding="utf-8")
    assert not re.search(r'type="(file|date|tel|number)"', text)
    assert "multipart" not in text
    assert "capture" not in text
    for word in ("NIK", "KTP", "KIA", "nomor induk"):
        assert not re.search(rf"\b{word}\b", text), word


def test_no_table_of_the_check_has_a_column_for_a_number_or_a_birth_date():
    from ruangaman.rooms.ages import models

    for name in TABLES:
        for field in getattr(models, name)._meta.get_fields():
            assert not re.search(r"nik|ktp|kia|birth|name|photo|image|document", field.name) or (
                name in ("Institution",) and field.name == "name"
            ), (name, field.name)


def test_what_reads_the_shape_of_a_number_can_neither_store_nor_prove():
    """`core.identity` is asked by the law's command alone; no room imports it, so no number can reach a table."""
    users = [
        str(file.relative_to(ROOT))
        for file in (ROOT / "src" / "ruangaman" / "rooms").rglob("*.py")
        if re.search(r"core\.identity|core import identity", file.read_text(encoding="utf-8"))
    ]
    assert users == []
