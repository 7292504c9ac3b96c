"""Finds every sentence that the code marks for translation; no xgettext needed.

Templates: Django's own `templatize` turns them into calls of gettext, which are then read. Python: the syntax tree.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation.template import templatize
from tests.architecture.source import PACKAGE, files, tree

# How many of the first arguments are sentences, for each function of django.utils.translation.
FUNCTIONS = {"gettext": 1, "gettext_lazy": 1, "gettext_noop": 1, "ngettext": 2, "ngettext_lazy": 2}
CALLS = re.compile(r"(?<!\w)(n?p?gettext|_)\(")


def home(path: Path) -> str:
    """The part of the house that a file belongs to, and whose catalogue holds its sentences."""
    parts = path.relative_to(PACKAGE).parts
    if parts[0] == "rooms":
        return "/".join(parts[:2])
    return "site/story" if parts[:2] == ("site", "story") else "site"


def of_python(path: Path) -> Iterator[str]:
    """Sentences of one Python file, by whatever name it imported the function."""
    names = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation":
            names |= {(name.asname or name.name): FUNCTIONS.get(name.name, 0) for name in node.names}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and names.get(node.func.id):
            for argument in node.args[: names[node.func.id]]:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value


def of_template(path: Path) -> Iterator[str]:
    """Sentences of one template."""
    text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    for found in CALLS.finditer(text):
        depth, end = 1, found.end()
        in_text = ""
        while depth:
            sign = text[end]
            if in_text:
                if sign == "\\":
                    end += 1
                elif sign == in_text:
                    in_text = ""
            elif sign in "\"'":
                in_text = sign
            else:
                depth += (sign == "(") - (sign == ")")
            end += 1
        call = ast.parse("f(" + text[found.end() : end].strip(), mode="eval").body
        assert isinstance(call, ast.Call)
        for argument in call.args[: 2 if found[1].startswith("n") else 1]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield argument.value


def sentences() -> dict[str, dict[str, str]]:
    """Part of the house -> sentence -> the file that says it."""
    found: dict[str, dict[str, str]] = {}
    for path in files(PACKAGE):
        for sentence in of_python(path):
            found.setdefault(home(path), {})[sentence] = str(path.relative_to(PACKAGE))
    for path in sorted(PACKAGE.rglob("templates/**/*")):
        if path.suffix in {".html", ".xhtml", ".opf", ".txt", ".typ", ".svg"} and path.is_file():
            for sentence in of_template(path):
                found.setdefault(home(path), {})[sentence] = str(path.relative_to(PACKAGE))
    return found
