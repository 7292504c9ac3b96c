"""Indonesia's law as it is not: the pack of the repository with its ages moved, to see who follows the pack."""

from functools import cache

from ruangaman.adapters import packs
from ruangaman.core import law

MOVED = (
    # high risk closes until 15, its sentence says so
    ("account.yaml", '"< 16"', '"< 15"'),
    ("account.yaml", "Nanti, 16 tahun", "Nanti, 15 tahun"),
    # the consent is the child's own from 16 on
    ("account.yaml", '"< 17"', '"< 16"'),
    ("account.yaml", "{age: 17,", "{age: 16..20,"),
    ("clocks.yaml", '"< 17"', '"< 16"'),
    # a child until 21
    ("account.yaml", '">= 18"', '">= 21"'),
    ("feature.yaml", '">= 18"', '">= 21"'),
    ("pack.yaml", '"< 18"', '"< 21"'),
    # other ranges, another rule for 29 February
    ("pack.yaml", "[3..5, 6..9, 10..12, 13..15, 16..17]", "[4..5, 6..8, 9..12, 13..15, 16..20]"),
    ("pack.yaml", "leap_birthday: 03-01", "leap_birthday: 02-28"),
)


@cache
def moved() -> law.Pack:
    """That law, compiled; an edit that finds nothing to change is a mistake."""
    files = packs.read_folder(packs.home() / "ID")
    for name, old, new in MOVED:
        if old.encode() not in files[name]:
            raise AssertionError(f"{name} does not say {old}")
        files[name] = files[name].replace(old.encode(), new.encode())
    return law.compile_pack(files)
