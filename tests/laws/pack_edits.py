"""
Small edits of a law pack, each a different law: a norm gone, a bound moved by one, a day moved by one.

Used by test_pack_edits.py: whoever changes the pack so must see a golden case fail, or the pack refused.
"""

import copy
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ruangaman.core.law.reading import read_yaml

Tree = Any
Trees = dict[str, Tree]
WHOLE_FILES = ("pack.yaml", "texts.yaml", "values.yaml", "clocks.yaml", "instrument.yaml", "holidays.yaml")
NOT_COMPILED = ("vocabulary.yaml", "cases.yaml")


@dataclass(frozen=True)
class Edit:
    """One edit: what it does, and the trees with it done."""

    name: str
    file: str
    question: str
    trees: Trees


def trees_of(files: Mapping[str, bytes]) -> Trees:
    """Every compiled file of a pack as a tree of strings."""
    return {
        name: read_yaml(raw, name)
        for name, raw in files.items()
        if name.endswith(".yaml") and name not in NOT_COMPILED
    }


def as_files(trees: Trees, asked: set[str]) -> dict[str, bytes]:
    """The pack with the questions asked alone; a doubt whose readings only other questions use becomes a note."""
    needed = {"pack.yaml", "texts.yaml", "values.yaml", *(f"{name}.yaml" for name in asked)}
    if asked & set(trees["clocks.yaml"]["clocks"]):
        needed |= {"clocks.yaml", "holidays.yaml"}
    if asked & set(trees["instrument.yaml"]["scores"]):
        needed.add("instrument.yaml")
    kept = {name: tree for name, tree in trees.items() if name in needed}
    text = json.dumps({name: tree for name, tree in kept.items() if name != "pack.yaml"})
    doubts = {
        name: doubt
        if f'"doubt.{name}"' in text or f'"doubt": "{name}"' in text
        else {key: value for key, value in doubt.items() if key != "readings"}
        for name, doubt in trees["pack.yaml"]["doubts"].items()
    }
    kept["pack.yaml"] = trees["pack.yaml"] | {"doubts": doubts}
    return {name: json.dumps(tree).encode() for name, tree in kept.items()}


def _edited(trees: Trees, file: str, path: tuple[Any, ...], value: Tree, name: str, question: str) -> Edit:
    """The trees with the value at a path replaced; None takes it away."""
    changed = dict(trees)
    changed[file] = root = copy.deepcopy(trees[file])
    at = root
    for step in path[:-1]:
        at = at[step]
    if value is None:
        del at[path[-1]]
    else:
        at[path[-1]] = value
    return Edit(name, file, question, changed)


def _moved(said: str) -> Iterator[str]:
    """A bound with each of its numbers one less and one more."""
    for found in re.finditer(r"\d+", said):
        for step in (-1, 1):
            number = int(found[0]) + step
            if number >= 0:
                yield said[: found.start()] + str(number) + said[found.end() :]


def _hundredth(said: str, step: int) -> str:
    whole, _, rest = said.partition(".")
    cents = int(whole) * 100 + int(rest.ljust(2, "0")) + step
    return f"{cents // 100}.{cents % 100:02d}"


def _days(said: str) -> Iterator[str]:
    """The day before and the day after."""
    for step in (-1, 1):
        yield (date.fromisoformat(said) + timedelta(days=step)).isoformat()


def table_edits(trees: Trees, question: str, numeric: set[str]) -> Iterator[Edit]:
    """Each norm gone; each number in a condition and each date moved by one."""
    file = f"{question}.yaml"
    for n, norm in enumerate(trees[file]["norms"]):
        where = f"{question}/{norm['id']}"
        yield _edited(trees, file, ("norms", n), None, f"{where}: removed", question)
        yield from _when_edits(trees, file, ("norms", n), norm, where, question, numeric)
        yield from _date_edits(trees, file, ("norms", n), norm, where, question)
    for n, clause in enumerate(trees[file].get("never", [])):
        where = f"{question}/never[{n}]"
        yield _edited(trees, file, ("never", n), None, f"{where}: removed", question)
        for fact, said in clause.items():
            for other in _moved(said) if fact in numeric and isinstance(said, str) else ():
                yield _edited(trees, file, ("never", n, fact), other, f"{where}: {said} -> {other}", question)


def _when_edits(
    trees: Trees, file: str, path: tuple[Any, ...], row: Tree, where: str, question: str, numeric: set[str]
) -> Iterator[Edit]:
    when = row.get("when", {})
    clauses = list(enumerate(when)) if isinstance(when, list) else [(None, when)]
    for number, clause in clauses:
        for fact, said in clause.items():
            if fact in numeric and isinstance(said, str):
                inside = (*path, "when", *(() if number is None else (number,)), fact)
                for other in _moved(said):
                    yield _edited(trees, file, inside, other, f"{where}: {fact} {said} -> {other}", question)


def _date_edits(
    trees: Trees, file: str, path: tuple[Any, ...], row: Tree, where: str, question: str
) -> Iterator[Edit]:
    for key in ("from", "until", "due", "start"):
        if key in row:
            for other in _days(row[key]):
                yield _edited(
                    trees, file, (*path, key), other, f"{where}: {key} {row[key]} -> {other}", question
                )


def clock_edits(trees: Trees, numeric: set[str]) -> Iterator[Edit]:
    """Each row gone; each amount, bound, start and due day moved; a missing number invented."""
    for name, clock in trees["clocks.yaml"]["clocks"].items():
        for n, row in enumerate(clock["rows"]):
            path, where = ("clocks", name, "rows", n), f"{name}/{row['id']}"
            if len(clock["rows"]) > 1:
                yield _edited(trees, "clocks.yaml", path, None, f"{where}: removed", name)
            else:
                yield _edited(trees, "clocks.yaml", path[:2], None, f"{name}: removed", name)
            amount = row.get("amount")
            for other in [] if amount is None else ["24"] if amount == "none" else _moved(amount):
                yield _edited(
                    trees, "clocks.yaml", (*path, "amount"), other, f"{where}: amount {other}", name
                )
            yield from _when_edits(trees, "clocks.yaml", path, row, where, name, numeric)
            yield from _date_edits(trees, "clocks.yaml", path, row, where, name)


def value_edits(trees: Trees) -> Iterator[Edit]:
    """Each value gone; each row gone or moved by a day; each number moved, member gone, unknown invented."""
    for name, value in trees["values.yaml"]["values"].items():
        yield _edited(trees, "values.yaml", ("values", name), None, f"{name}: removed", name)
        for n, row in enumerate(value["rows"]):
            path, said = ("values", name, "rows", n), row["is"]
            where = f"{name}[{n}]"
            if len(value["rows"]) > 1:
                yield _edited(trees, "values.yaml", path, None, f"{where}: removed", name)
                if "from" in row:
                    for other in _days(row["from"]):
                        yield _edited(
                            trees, "values.yaml", (*path, "from"), other, f"{where}: from {other}", name
                        )
            if isinstance(said, list):
                for k, member in enumerate(said):
                    fewer = said[:k] + said[k + 1 :] or ["nothing"]
                    yield _edited(
                        trees, "values.yaml", (*path, "is"), fewer, f"{where}: without {member}", name
                    )
            elif said == "unknown":
                yield _edited(trees, "values.yaml", (*path, "is"), "100", f"{where}: invented", name)
            elif said.isdigit():
                for other in _moved(said):
                    yield _edited(
                        trees, "values.yaml", (*path, "is"), other, f"{where}: {said} -> {other}", name
                    )


def score_edits(trees: Trees) -> Iterator[Edit]:
    """Each item gone, its weight moved by a hundredth, its sign turned; the bound moved by a hundredth."""
    for name, score in trees["instrument.yaml"]["scores"].items():
        for step in (-1, 1):
            moved = _hundredth(score["high_over"], step)
            yield _edited(
                trees,
                "instrument.yaml",
                ("scores", name, "high_over"),
                moved,
                f"{name}: high over {moved}",
                name,
            )
        for aspect, body in score["aspects"].items():
            for code, item in body["items"].items():
                path = ("scores", name, "aspects", aspect, "items", code)
                yield _edited(trees, "instrument.yaml", path, None, f"{code}: removed", name)
                for step in (-1, 1):
                    moved = _hundredth(item["weight"], step)
                    yield _edited(
                        trees, "instrument.yaml", (*path, "weight"), moved, f"{code}: {moved}", name
                    )
                turned = "not_found" if item["counts"] == "found" else "found"
                yield _edited(trees, "instrument.yaml", (*path, "counts"), turned, f"{code}: {turned}", name)


def derived_edits(trees: Trees) -> Iterator[Edit]:
    """The age ranges and the end of childhood moved by one."""
    for name, one in trees["pack.yaml"]["derived"].items():
        for n, said in enumerate(one.get("ranges", [])):
            for other in _moved(said):
                yield _edited(
                    trees,
                    "pack.yaml",
                    ("derived", name, "ranges", n),
                    other,
                    f"{name}: {said} -> {other}",
                    "account",
                )
        for other in _moved(one["when"]) if "when" in one else ():
            yield _edited(trees, "pack.yaml", ("derived", name, "when"), other, f"{name}: {other}", "account")
