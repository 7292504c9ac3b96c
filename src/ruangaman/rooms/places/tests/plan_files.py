"""A small plan's file: a crossing and a pavement that serve together, a survey, a place; 60 children."""

import json
from pathlib import Path
from typing import Any

KINDS = ("crossing", "pavement", "audit", "place")


def document(**more: Any) -> dict[str, Any]:
    """As `ruangaman city plan` writes it: the crossing, the pavement and the survey are chosen."""

    def action(
        name: str, kind: str, area: int, cost: float, children: float, high: float, share: float = 1.0
    ) -> dict[str, Any]:
        return {
            "id": name, "kind": kind, "name": {"id": f"{name} di Jalan Raya", "en": f"{name} on Jalan Raya"},
            "lon": 106.8, "lat": -6.2, "area": f"99.71.01.100{area}", "area_name": ("Utara", "Selatan")[area - 1],
            "cost": cost, "metres": 0.0, "share": share, "given": False, "chosen": kind != "place",
            "children": children, "children_low": children * 0.9 if share >= 1 else 0.0, "children_high": high,
        }  # fmt: skip

    kind = {
        "name": {"id": "x", "en": "x"},
        "source": "s",
        "confidence": "rule_of_thumb",
        "check": "Ganti.",
        "share_safe": 0.5,
    }
    told: dict[str, Any] = {
        "format": 1, "id": "abcdef123456", "city": {"code": "99.71", "name": "Kota Melati"}, "made_on": "2026-11-20",
        "profile": {"age": "6-12", "light": "day", "mobility": "foot"}, "reach": {"id": "play", "metres": 400.0},
        "budget": 500e6, "least": {}, "weights": False, "error": 0.1, "least_count": 10,
        "costs": {"version": "1", "own": False, "kinds": dict.fromkeys(KINDS, kind)},
        "actions": [
            action("crossing", "crossing", 1, 90e6, 20.0, 22.0), action("pavement", "pavement", 2, 300e6, 0.0, 0.0),
            action("audit", "audit", 2, 1e6, 10.0, 22.0, 0.5), action("place", "place", 1, 900e6, 40.0, 44.0),
        ],
        "chosen": ["crossing", "pavement", "audit"],
        "steps": [
            {"actions": ["audit"], "children": 10.0, "cost": 1e6, "price": 100000},
            {"actions": ["crossing", "pavement"], "children": 40.0, "cost": 390e6, "price": 9750000},
        ],
        "left_out": [], "cost": 391e6, "children": 50.0, "children_low": 36.0, "children_high": 66.0, "value": 50.0,
        "bound": 51.0, "proven_gap": 1 / 51, "above": 0.02, "all_children": 200.0, "before": 30.0,
        "by_area": [
            {"code": "99.71.01.1001", "name": "Utara", "parent": "99.71.01", "kept_back": False, "children": 120.0,
             "before": 10.0, "after": 50.0, "low": 41.4, "high": 55.0},
            {"code": "99.71.01.1002", "name": "Selatan", "parent": "99.71.01", "kept_back": False, "children": 80.0,
             "before": 20.0, "after": 30.0, "low": 18.0, "high": 44.0},
        ],
        "whatif": {
            "groups": [[20.0, 1.0, 0], [20.0, 1.0, 0], [20.0, 1.0, 1]],
            "sets": [
                {"actions": [0], "share": 1.0, "groups": [0]}, {"actions": [0, 1], "share": 1.0, "groups": [1]},
                {"actions": [2], "share": 0.5, "groups": [2]}, {"actions": [3], "share": 1.0, "groups": [0, 1]},
            ],
        },
        "tried": 4, "weighting": {"areas": {}},
        "together": {"most": 4, "tried": [4, 1], "left_out": [0, 0]}, "attribution": ["drawn"],
    }  # fmt: skip
    return told | more


def put(folder: Path, told: dict[str, Any]) -> None:
    """Into the city's folder."""
    (folder / "plans").mkdir(parents=True, exist_ok=True)
    (folder / "plans" / f"{told['id']}.json").write_text(json.dumps(told))
