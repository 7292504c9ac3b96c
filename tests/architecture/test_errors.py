"""Every refusal has a stable code, a status, a sentence in both languages, and a line in docs/errors.md."""

import ast
import re

import pytest
from tests.architecture.source import PACKAGE, ROOT, files, place, tree
from tests.checks.errors_page import page

from ruangaman.site.errors import CATALOGUE

# Raised where no caller reads a catalogue: they stop a programmer or a start, and say all in their facts.
CODE = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*")


def declared() -> dict[str, str]:
    """Code -> where it stands, of every class with a `code` below RuangAmanError (by its text, so that none hides)."""
    found = {}
    for path in files(PACKAGE):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.ClassDef):
                continue
            for line in node.body:
                if (
                    isinstance(line, ast.Assign)
                    and isinstance(line.targets[0], ast.Name)
                    and line.targets[0].id == "code"
                    and isinstance(line.value, ast.Constant)
                    and isinstance(line.value.value, str)
                ):
                    found[line.value.value] = place(path, node.lineno)
    found.pop("ruangaman", None)  # the base is never raised
    return found


@pytest.mark.slow
def test_every_code_has_its_entry_in_the_catalogue():
    assert {code: where for code, where in declared().items() if code not in CATALOGUE} == {}


def test_every_entry_says_what_happened_in_both_languages():
    for code, entry in CATALOGUE.items():
        assert CODE.fullmatch(code), code
        assert 400 <= entry.status < 600, code
        assert entry.id.strip().endswith("."), code
        assert entry.en.strip().endswith("."), code
        assert entry.id != entry.en, code


def test_the_page_of_errors_is_up_to_date():
    told = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    assert told == page(), "write it anew: make pages"
