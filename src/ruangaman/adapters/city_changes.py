"""What really changed between two builds of a city, beside what a plan predicted. Reads plain JSON alone."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ruangaman.core.errors import RuangAmanError

MOST_BYTES: Final = 256 << 20
FORMAT: Final = 1
LEVELS: Final = ("city", "kelurahan")


class ChangeNotComparable(RuangAmanError):
    """Two builds, or a build and a plan, cannot be compared; `file` names what, `why` says why."""

    code = "city.change-not-comparable"


@dataclass(frozen=True, slots=True)
class Which:
    """Whose walks are compared; `reach` "" is the first that both tell."""

    age: str
    light: str
    mobility: str
    reach: str


def compared(before: Path, after: Path, which: Which, plan: Path | None) -> dict[str, Any]:
    """
    Children who walk safely, before and after, by kelurahan and for the city.

    With a plan's file its own profile and reach are compared, and its prediction stands beside each number.

    Raises:
        ChangeNotComparable: a file is missing or of another form, they are of two cities, or tell no such walks.
    """
    predicted = _json(plan) if plan else None
    heads = [_json(folder / "city.json") for folder in (before, after)]
    try:
        if heads[0]["code"] != heads[1]["code"]:
            raise ChangeNotComparable(file="city.json", why="two cities")
        if predicted is not None:
            if predicted["city"]["code"] != heads[1]["code"]:
                raise ChangeNotComparable(file="plan", why="another city")
            its = predicted["profile"]
            which = Which(its["age"], its["light"], its["mobility"], predicted["reach"]["id"])
        rows = [_rows(folder, which) for folder in (before, after)]
        told = _told(rows[0], rows[1], predicted)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise ChangeNotComparable(file="results", why="form") from None
    if not told:
        raise ChangeNotComparable(file="results/coverage.json", why="no such walks in both")
    whole = next((one for one in told if one["level"] == "city"), None)
    return {
        "format": FORMAT,
        "city": {"code": heads[1]["code"], "name": heads[1]["name"]},
        "before_on": heads[0]["made_on"],
        "after_on": heads[1]["made_on"],
        "profile": {"age": which.age, "light": which.light, "mobility": which.mobility},
        "reach": told[0]["reach"],
        "plan": None if predicted is None else {
            "id": predicted["id"], "children": predicted["children"], "low": predicted["children_low"],
            "high": predicted["children_high"],
        },
        "all": whole,
        "by_area": [one for one in told if one["level"] != "city"],
        "differs": sorted(_differs(heads[0], heads[1])),
    }  # fmt: skip


def _json(file: Path) -> Any:
    try:
        with file.open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise ChangeNotComparable(file=file.name, why="too large")
        return json.loads(content)
    except (OSError, ValueError, RecursionError):
        raise ChangeNotComparable(file=file.name, why="missing or no JSON") from None


def _rows(folder: Path, which: Which) -> dict[tuple[str, str], dict[str, Any]]:
    told = _json(folder / "results" / "coverage.json")
    columns = {name: at for at, name in enumerate(told["columns"])}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    reach = which.reach
    for row in told["rows"]:
        one = {name: row[at] for name, at in columns.items()}
        same = (one["age"], one["light"], one["mobility"]) == (which.age, which.light, which.mobility)
        if not same or one["level"] not in LEVELS or one.get("of", "children") != "children":
            continue
        reach = reach or one["reach"]
        if one["reach"] == reach:
            found[one["level"], one["code"]] = one
    return found


def _told(
    before: Mapping[tuple[str, str], Mapping[str, Any]],
    after: Mapping[tuple[str, str], Mapping[str, Any]],
    predicted: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    plan = {one["code"]: one for one in predicted["by_area"]} if predicted else {}
    found = []
    for key in sorted(before.keys() & after.keys()):
        old, new = before[key], after[key]
        one: dict[str, Any] = {
            "level": key[0], "code": key[1], "name": new["name"], "reach": new["reach"],
            "kept_back": bool(old["kept_back"] or new["kept_back"]),
        }  # fmt: skip
        if not one["kept_back"]:
            one |= {
                "children_before": old["children"], "children_after": new["children"],
                "before": old["safe"], "after": new["safe"], "change": round(new["safe"] - old["safe"], 1),
            }  # fmt: skip
            expected = plan.get(key[1])
            if expected and not expected["kept_back"]:
                one["predicted"] = round(expected["after"] - expected["before"], 1)
        found.append(one)
    return found


def _differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What else than the streets may be the cause: other rules, other people, other areas or places."""
    for name in ("walk_rules", "build_rules", "kinds"):
        if before["thresholds"].get(name) != after["thresholds"].get(name):
            yield name
    files = [{one["what"]: one["sha256"] for one in head["layers"]} for head in (before, after)]
    for name in files[0].keys() | files[1].keys():
        if name != "map" and files[0].get(name) != files[1].get(name):
            yield name
