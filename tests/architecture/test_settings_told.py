"""Every variable of the environment that the house reads is told in docs/guides/settings.md, and no other."""

import ast
import re

import pytest
from tests.architecture.source import PACKAGE, ROOT, files, tree

from ruangaman.site.environment import WORDS

NAME = re.compile(r"RUANGAMAN_[A-Z_]+")
READERS = re.compile(r"(env(\.\w+)?|os\.environ\.get|os\.getenv|environ\.get)")


def read_by_the_house() -> set[str]:
    """Names handed to a function that reads the environment, or taken from `os.environ[...]`."""
    names = set()
    for path in files(PACKAGE):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and READERS.fullmatch(ast.unparse(node.func)):
                names |= {
                    a.value for a in node.args[:1] if isinstance(a, ast.Constant) and NAME.match(str(a.value))
                }
            if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
                names |= set(NAME.findall(ast.unparse(node.slice)))
    return names


def told() -> set[str]:
    rows = (ROOT / "docs" / "guides" / "settings.md").read_text(encoding="utf-8").splitlines()
    return {
        name for row in rows if row.startswith("| `RUANGAMAN_") for name in NAME.findall(row.split("|")[1])
    }


@pytest.mark.slow
def test_every_setting_is_told_and_every_told_setting_is_read():
    assert len(read_by_the_house()) > 20
    assert read_by_the_house() - told() == set()
    assert told() - read_by_the_house() == set()


def test_the_words_for_yes_and_no_are_told_as_they_are_read():
    guide = (ROOT / "docs" / "guides" / "settings.md").read_text(encoding="utf-8")
    for meaning, sentence in ((True, r"Yes is\s(.*?);"), (False, r"; no is\s(.*?);")):
        found = re.search(sentence, guide, re.DOTALL)
        assert found
        assert set(re.findall(r"`(\w+)`", found[1])) == {
            word for word, yes in WORDS.items() if yes is meaning
        }
