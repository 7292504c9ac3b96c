"""
Our modules as one plain script: a browser loads no modules from a file, nor from within many learning systems.

Each module becomes a function of its own in the order in which they need each other; nothing else of them is changed.
"""

import re
from collections.abc import Mapping
from typing import Final

_IMPORT: Final = re.compile(
    r'^import (?:\{ (?P<names>[^}]+) \}|\* as (?P<whole>\w+)) from "\./(?P<module>[\w-]+\.js)";$',
    re.MULTILINE,
)
_EXPORT: Final = re.compile(
    r"^export (?P<what>(?:const|let|async function|function|class) (?P<name>\w+))", re.MULTILINE
)
_LEFT: Final = re.compile(r"^(?:import|export)\b|\bimport\(", re.MULTILINE)


def classic(modules: Mapping[str, str], first: str) -> str:
    """
    One script that runs the module `first`.

    Args:
        modules: name (`pelajaran.js`) -> text. One line imports names or a whole module, one exports a declaration.

    Raises:
        ValueError: a module that is written otherwise, or is not among them.
    """
    done: dict[str, str] = {}
    _add(first, modules, done, ())
    told = "\n".join(done.values())
    return f'"use strict";\n(async () => {{\nconst modules = {{}};\n{told}\n}})();\n'


def _add(name: str, modules: Mapping[str, str], done: dict[str, str], within: tuple[str, ...]) -> None:
    if name in done:
        return
    if name in within or name not in modules:
        raise ValueError(f"{name}: missing, or needs itself")
    text = modules[name]
    for found in _IMPORT.finditer(text):
        _add(found["module"], modules, done, (*within, name))
    exported = ", ".join(found["name"] for found in _EXPORT.finditer(text))
    body = _EXPORT.sub(lambda found: found["what"], _IMPORT.sub(_given, text))
    if _LEFT.search(body):
        raise ValueError(f"{name}: an import or export of another form")
    done[name] = f'modules["{name}"] = await (async () => {{\n{body}\nreturn {{ {exported} }};\n}})();'


def _given(found: re.Match[str]) -> str:
    names = found["whole"] or "{ " + found["names"].replace(" as ", ": ") + " }"
    return f'const {names} = modules["{found["module"]}"];'
