"""Nobody opens a sealed value without saying in the code what for; all purposes can be listed."""

import ast

from tests.architecture.source import PACKAGE, files, place, tree

OPENERS = {"reveal", "profile_of"}  # profile_of hands its purpose on


def test_every_purpose_is_a_sentence_that_stands_in_the_code():
    told, wrong = set(), []
    for path in files(PACKAGE / "rooms"):
        if path.parts[-2] == "vault":
            continue
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute | ast.Name):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if name not in OPENERS:
                continue
            given = [word.value for word in node.keywords if word.arg == "purpose"] or node.args[1:2]
            if given and isinstance(given[0], ast.Constant) and len(str(given[0].value)) > 5:
                told.add(given[0].value)
            elif not (given and isinstance(given[0], ast.Name) and given[0].id == "purpose"):
                wrong.append(place(path, node.lineno))
    assert wrong == []
    assert len(told) > 5
