"""Every package that we install has a licence that we allow; the list stands in requirements/licences.toml."""

import importlib.metadata
import re
import tomllib

import pytest
from tests.architecture.source import ROOT

LIST = tomllib.loads((ROOT / "requirements" / "licences.toml").read_text(encoding="utf-8"))
BY_OTHERS = {name for names in LIST["unmodified"].values() for name in names}


def locked(lock: str) -> list[str]:
    """Names of the packages of a lock file, as the index writes them."""
    text = (ROOT / "requirements" / f"{lock}.lock").read_text(encoding="utf-8")
    return sorted(
        {name.lower().replace("_", "-") for name in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}
    )


def stated(name: str) -> str:
    """What a package says of itself: the SPDX expression, else its classifier, else the license field."""
    told = importlib.metadata.metadata(name)
    if expression := told.get("License-Expression"):
        return expression
    families = {
        line.rpartition(" :: ")[2]
        for line in told.get_all("Classifier") or []
        if line.startswith("License ::")
    } - {"OSI Approved"}
    if len(families) == 1 and (known := LIST["words"].get(next(iter(families)))):
        return known
    return (told.get("License") or "").strip()


def licence(name: str) -> str:
    return LIST["reviewed"][name]["licence"] if name in LIST["reviewed"] else stated(name)


def allowed(expression: str, name: str) -> bool:
    """Whether one way of reading the SPDX expression is allowed for this package."""
    fine = {*LIST["allowed"], *(one for one, names in LIST["unmodified"].items() if name in names)}
    if name == "axe-playwright-python":  # for tests alone; carries axe-core
        fine.add("MPL-2.0")
    ways = [re.split(r"\s+AND\s+", way.strip("() ")) for way in re.split(r"\s+OR\s+", expression)]
    return bool(expression) and any(all(part.strip("() ") in fine for part in way) for way in ways)


@pytest.mark.parametrize("name", sorted({*locked("base"), *locked("test")}))
def test_the_licence_of_a_package_is_allowed(name):
    told = licence(name)
    assert allowed(told, name), (
        f"{name}: {told or 'states none'}; read its licence and settle it in licences.toml"
    )


def test_what_we_ship_with_carries_no_strong_copyleft():
    assert [name for name in locked("base") if "GPL" in licence(name)] == []


@pytest.mark.parametrize(
    "expression", ["GPL-3.0-only", "AGPL-3.0-or-later", "", "MIT AND GPL-2.0-only", "SSPL-1.0"]
)
def test_strong_copyleft_and_silence_are_refused(expression):
    assert not allowed(expression, "some-package")


def test_the_list_names_nothing_that_is_not_installed():
    ours = {*locked("base"), *locked("test")}
    assert sorted((set(LIST["reviewed"]) | BY_OTHERS) - ours) == []
    assert set(locked("bench")) <= set(LIST["bench"])
