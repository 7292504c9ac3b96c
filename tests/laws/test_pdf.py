"""PDF of whatever texts a city holds: a sign without a letter of ours is marked, the rest is as it was."""

import io
from datetime import UTC, datetime

import pytest
import typst
from pypdf import PdfReader

from ruangaman.adapters import pdf

AT = datetime(2026, 11, 30, tzinfo=UTC)
TEMPLATE = """#set document(title: "Uji")
#let data = json(bytes(sys.inputs.data))
#for name in data.names [#name \\ ]
"""


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Taman Bahagia – é", "Taman Bahagia – é"),
        ("滨海湾 Park", "□□□ Park"),
        ("สวน 1", "□□□ 1"),
        ("ꦗꦮ Jawa", "□□ Jawa"),
        ("Ja\0lan\ufeff \x07", "Ja□lan□ □"),
    ],
)
def test_a_name_in_any_script_costs_nobody_the_document(name, shown):
    made = pdf.render(TEMPLATE, {"names": [name, "Jalan Besar"]}, at=AT, read_aloud=True)
    (page,) = PdfReader(io.BytesIO(made)).pages
    text = page.extract_text()
    assert shown in text
    assert "Jalan Besar" in text


def test_a_template_that_is_wrong_is_still_an_error():
    with pytest.raises(typst.TypstError):
        pdf.render("#nothing-of-this-name", {"names": ["中"]}, at=AT)
