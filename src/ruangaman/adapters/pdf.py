"""PDF by typst: a template and plain data in, a tagged PDF/A out. Data are passed as values, never as typst
source.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import typst

NOT_SHOWN: Final = "□"
"""Stands for a sign that no font of typst has: a name in Chinese must not cost a city its brief."""


def render(template: str, data: Mapping[str, Any], *, at: datetime, read_aloud: bool = False) -> bytes:
    """
    Compile a typst document.

    Args:
        template: typst source, ours; reads its data by `json(bytes(sys.inputs.data))`.
        data: anything JSON can hold; texts stay texts, whatever signs are in them. A sign that cannot be shown becomes
            NOT_SHOWN.
        at: the document's date, so that the same receipt gives the same bytes.
        read_aloud: also hold it to PDF/UA-1, which refuses what a screen reader could not tell.
    """
    try:
        return _compiled(template, data, at, read_aloud)
    except typst.TypstError:
        signs = {
            sign for text in _texts(data) for sign in text if not (sign.isascii() and sign.isprintable())
        }
        lost = {ord(sign): NOT_SHOWN for sign in signs if not _shown(sign)}
        if not lost:
            raise
        return _compiled(template, _without(data, lost), at, read_aloud)


def _compiled(template: str, data: Any, at: datetime, read_aloud: bool) -> bytes:
    compiled = typst.compile(
        template.encode(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2b", "ua-1"] if read_aloud else ["a-2b"],
        timestamp=int(at.timestamp()),
    )
    assert isinstance(compiled, bytes)
    return compiled


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, Mapping):
        for one in data.values():
            yield from _texts(one)
    elif isinstance(data, list | tuple):
        for one in data:
            yield from _texts(one)


def _without(data: Any, lost: Mapping[int, str]) -> Any:
    if isinstance(data, str):
        return data.translate(lost)
    if isinstance(data, Mapping):
        return {name: _without(one, lost) for name, one in data.items()}
    if isinstance(data, list | tuple):
        return [_without(one, lost) for one in data]
    return data


@lru_cache(maxsize=4096)
def _shown(sign: str) -> bool:
    """Whether typst can show a sign, alone and to a screen reader."""
    template = '#set document(title: "x")\n#json(bytes(sys.inputs.data))'
    try:
        _compiled(template, f"a{sign}a", datetime.fromtimestamp(0, UTC), read_aloud=True)
    except typst.TypstError:
        return False
    return True
