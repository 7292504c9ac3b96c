"""A name in the glossary is a name in the code or in the law packs."""

import re

from tests.architecture.source import PACKAGE, ROOT, files

ROWS = [
    row
    for row in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    if row.startswith("| ")
]


def test_every_code_name_of_the_glossary_is_used():
    told = {name for row in ROWS for name in re.findall(r"`([^`]+)`", row.split(" | ")[2])}
    assert len(told) > 60
    law = [path.read_text(encoding="utf-8") for path in (ROOT / "law").rglob("*.yaml")]
    used = set(
        re.findall(
            r"[A-Za-z_]+", "\n".join([path.read_text(encoding="utf-8") for path in files(PACKAGE)] + law)
        )
    )
    assert told - used == set()
