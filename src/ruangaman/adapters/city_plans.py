"""
Plans of a city as files: `plans/<id>.json`, from which pages are made and other choices summed, without the streets.

Children are in groups of the least count (`core.reach.groups`), so that no sum of them, of no choice of actions, says
that few children live somewhere. Of each group the file tells what serves it, never where it lives; of an area that is
kept back not even that it is there.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from ruangaman.adapters import whole_files
from ruangaman.core.reach import coverage
from ruangaman.core.reach.repair_costs import AUDIT, GATE, PAVEMENT, PLACE, Kind
from ruangaman.core.reach.repair_plan import Asked, Planned, Town
from ruangaman.core.reach.repair_sites import Candidate
from ruangaman.core.reach.siting import Step
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.core.reach.walks import Why

FORMAT: Final = 1
NO_NAME: Final = {"id": "jalan tanpa nama", "en": "a street without a name"}
FACING: Final = {
    "north": {"id": "sisi utara", "en": "north side"},
    "south": {"id": "sisi selatan", "en": "south side"},
    "east": {"id": "sisi timur", "en": "east side"},
    "west": {"id": "sisi barat", "en": "west side"},
}
LANGUAGES: Final = ("id", "en")


@dataclass(frozen=True, slots=True)
class Setting:
    """
    What a file of a plan tells beside the plan.

    Attributes:
        city: {code, name}. areas: of each area {code, name, parent}. streets: the name of each street, "" without one.
        reach: its id. error: relative, of the counts of children. least_count: what is kept back. made_on: a date.
        kept_back: codes of areas of which the build told nothing, as parts of a larger area that is kept back.
        least_share: as it was asked for, code -> share. costs: version of the table; own_costs: whether the city's own.
        weights: code -> what a child of this area counts, where that is not 1. attribution: whose data these are.
    """

    city: Mapping[str, str]
    areas: Sequence[Mapping[str, str]]
    streets: Sequence[str]
    reach: str
    error: float
    least_count: float
    made_on: str
    least_share: Mapping[str, float]
    costs: str
    own_costs: bool
    weights: Mapping[str, float]
    attribution: Sequence[str]
    kept_back: frozenset[str] = frozenset()


def document(town: Town, asked: Asked, planned: Planned, setting: Setting) -> dict[str, Any]:
    """The whole file as plain data."""
    plan = planned.plan
    ids = _ids(planned.actions)
    number = {at: each for each, at in enumerate(planned.numbers)}
    up, down = 1 + setting.error, 1 - setting.error
    sets = planned.sets
    actions = [
        _action(one, ids[at], setting, asked.kinds[one.kind], int(planned.area[at]))
        | _alone(planned, at, down, up)
        | {"chosen": at < planned.chosen}
        for at, one in enumerate(planned.actions)
    ]
    sure, hoped = float(planned.low.sum()), float(planned.high.sum())
    before = float(planned.before.sum())
    by_area = _by_area(town, asked, planned, setting)
    codes = {one["code"]: at for at, one in enumerate(by_area) if not one["kept_back"]}
    place = {at: codes[one["code"]] for at, one in enumerate(setting.areas) if one["code"] in codes}
    told = {
        "format": FORMAT,
        "city": dict(setting.city),
        "made_on": setting.made_on,
        "profile": {
            "age": asked.profile.age, "light": asked.profile.light, "mobility": asked.profile.mobility,
        },
        "reach": {"id": setting.reach, "metres": round(asked.limit, 1)},
        "budget": asked.budget,
        "least": dict(setting.least_share),
        "weights": bool(setting.weights),
        "weighting": {"areas": dict(setting.weights)},
        "error": setting.error,
        "least_count": setting.least_count,
        "costs": {
            "version": setting.costs,
            "own": setting.own_costs,
            "kinds": {
                name: {
                    "name": dict(kind.name), "source": kind.source, "confidence": kind.confidence,
                    "check": kind.check, "share_safe": kind.share_safe,
                }
                for name, kind in asked.kinds.items()
            },
        },
        "actions": actions,
        "chosen": ids[: planned.chosen],
        "steps": [_step(step, number, ids) for step in plan.steps],
        "left_out": [
            _step(step, number, ids) | {"why_not": step.why_not}
            for step in plan.left_out
            if all(one in number for one in step.actions)
        ],
        "cost": plan.cost,
        "children": _count(plan.children),
        "children_low": _count((sure - before) * down),
        "children_high": _count((hoped - before) * up),
        "value": plan.value,
        "bound": plan.bound,
        "proven_gap": plan.proven_gap,
        "above": (plan.bound - plan.value) / plan.value if plan.value > 0 else 0.0,
        "all_children": _count(float(planned.total.sum())),
        "before": _count(before),
        "by_area": by_area,
        "whatif": {
            "groups": [
                [round(float(children), 4), float(weight), place.get(int(area), -1)]
                for children, weight, area in zip(sets.children, sets.weight, sets.area, strict=True)
            ],
            "sets": [
                {"actions": list(which), "share": share, "groups": list(groups)}
                for which, share, groups in zip(sets.actions, sets.share, sets.groups, strict=True)
            ],
        },
        "tried": planned.tried,
        "together": {
            "most": asked.together.most, "tried": list(planned.sets_tried), "left_out": list(planned.sets_left_out),
        },
        "attribution": list(setting.attribution),
    }  # fmt: skip
    told["id"] = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:12]
    return told


def _ids(actions: Sequence[Candidate]) -> list[str]:
    """The same work at the same spot has the same id in every plan."""
    found: list[str] = []
    for one in actions:
        key = json.dumps([one.kind, round(one.lon, 6), round(one.lat, 6), one.side, len(one.path), one.name])
        made, tries = "", 0
        while not made or made in found:
            made = f"{one.kind}-{hashlib.sha256(f'{key} {tries}'.encode()).hexdigest()[:8]}"
            tries += 1
        found.append(made)
    return found


def _action(one: Candidate, name: str, setting: Setting, kind: Kind, area: int) -> dict[str, Any]:
    where = setting.areas[area] if area >= 0 else {"code": "", "name": ""}
    told: dict[str, Any] = {
        "id": name,
        "kind": one.kind,
        "name": {language: _named(one, setting, kind, language) for language in LANGUAGES},
        "lon": round(one.lon, 6),
        "lat": round(one.lat, 6),
        "area": where["code"],
        "area_name": where["name"],
        "cost": one.cost,
        "metres": round(one.metres, 1),
        "share": one.share,
        "given": one.given,
    }
    if one.path:
        told["path"] = [[round(lon, 6), round(lat, 6)] for lon, lat in one.path]
    return told


def _named(one: Candidate, setting: Setting, kind: Kind, language: str) -> str:
    word = kind.name[language]
    if one.kind in (PLACE, GATE):
        return f"{word}: {one.name}" if one.name else word
    street = setting.streets[one.line] if 0 <= one.line < len(setting.streets) else ""
    parts = [f"{word}: {street or NO_NAME[language]}"]
    if one.kind in (PAVEMENT, AUDIT) and one.side:
        parts.append(FACING[one.side][language])
    if one.metres:
        parts.append(f"{round(one.metres)} m")
    elif one.kind == AUDIT:
        parts.append({"id": "tempat menyeberang", "en": "a crossing"}[language])
    return ", ".join(parts)


def _alone(planned: Planned, at: int, down: float, up: float) -> dict[str, Any]:
    """What an action serves with nothing else done."""
    sets = planned.sets
    children, low, high = 0.0, 0.0, 0.0
    for which, share, groups in zip(sets.actions, sets.share, sets.groups, strict=True):
        if which == (at,):
            its = float(sets.children[list(groups)].sum())
            children += share * its
            low += its * down if share >= 1 else 0.0
            high += its * up
    return {"children": _count(children), "children_low": _count(low), "children_high": _count(high)}


def _step(step: Step, number: Mapping[int, int], ids: Sequence[str]) -> dict[str, Any]:
    return {
        "actions": [ids[number[one]] for one in step.actions],
        "children": _count(step.children),
        "cost": step.cost,
        "price": None if step.price is None else round(step.price),
    }


def _count(children: float) -> float:
    return round(children, 1)


def _by_area(town: Town, asked: Asked, planned: Planned, setting: Setting) -> list[dict[str, Any]]:
    """Before and after, by area; small counts kept back as everywhere."""
    parents = {code: at for at, code in enumerate(dict.fromkeys(one["parent"] for one in setting.areas))}
    rows = coverage.by_area(
        town.area, asked.children,
        np.full(len(town.area), Answer.UNSAFE, np.uint8), np.full(len(town.area), Why.BARRIER, np.uint8),
        areas=town.areas, error=setting.error, least=setting.least_count,
        parent=np.array([parents[one["parent"]] for one in setting.areas], np.int32),
        hidden=np.array([one["code"] in setting.kept_back for one in setting.areas], np.bool_),
    )  # fmt: skip
    found = []
    for row in rows:
        if not 0 <= row.area < town.areas or row.children == 0:
            continue
        area = setting.areas[row.area]
        told: dict[str, Any] = {
            "code": area["code"], "name": area["name"], "parent": area["parent"], "kept_back": row.kept_back,
        }  # fmt: skip
        if not row.kept_back:
            at = row.area
            told |= {
                "children": _count(float(planned.total[at])),
                "before": _count(float(planned.before[at])),
                "after": _count(float(planned.after[at])),
                "low": _count(float(planned.low[at]) * (1 - setting.error)),
                "high": _count(float(planned.high[at]) * (1 + setting.error)),
            }
        found.append(told)
    return found


def write(folder: Path, told: Mapping[str, Any]) -> Path:
    """
    Put a plan into the folder of a city, whole or not at all; the same plan once more is the same file.

    Raises:
        OSError: no room, or no right to write there.
    """
    plans = folder / "plans"
    plans.mkdir(exist_ok=True)
    file = plans / f"{told['id']}.json"
    with whole_files.beside(file) as unfinished, unfinished.open("x", encoding="utf-8") as out:
        json.dump(told, out, ensure_ascii=False, separators=(",", ":"))
        out.flush()
        os.fsync(out.fileno())
    return file
