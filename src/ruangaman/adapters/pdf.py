"""PDF by typst: a template and plain data in, a tagged PDF/A out. Data are passed as values, never as typst
source.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import typst


def render(template: str, data: Mapping[str, Any], *, at: datetime, read_aloud: bool = False) -> bytes:
    """
    Compile a typst document.

    Args:
        template: typst source, ours; reads its data by `json(bytes(sys.inputs.data))`.
        data: anything JSON can hold; texts stay texts, whatever signs are in them.
        at: the document's date, so that the same receipt gives the same bytes.
        read_aloud: also hold it to PDF/UA-1, which refuses what a screen reader could not tell.
    """
    compiled = typst.compile(
        template.encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2b", "ua-1"] if read_aloud else ["a-2b"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(compiled, bytes)
    return compiled
