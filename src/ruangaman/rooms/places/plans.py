"""Plans: read from the city's folder, chosen anew for another budget, kept as drafts, published, ended."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any, Final

from django.contrib.auth.models import User
from django.db import transaction

from ruangaman.adapters import ids
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places import children_told, config, plan_bound, plan_choice, plan_sums, plan_telling
from ruangaman.rooms.places.errors import NotFound, PlanRefused
from ruangaman.rooms.places.models import City, Plan, PlanAction
from ruangaman.rooms.places.plan_sums import MOST_RUPIAH, Pool

MOST_BYTES: Final = 32 << 20
MOST_FILES: Final = 200
MOST_DRAFTS: Final = 200


@dataclass(frozen=True, slots=True)
class Computed:
    """A file of `ruangaman city plan`: its id, and what a list shows of it."""

    id: str
    made_on: str
    profile: Mapping[str, str]
    metres: float
    budget: float
    actions: int
    weights: bool


def computed(city: City) -> list[Computed]:
    """The plans in the city's folder, the latest first; files that are none are left out."""
    found = []
    for file in sorted((config.folder(city.slug) / "plans").glob("*.json"))[:MOST_FILES]:
        try:
            told = read(city, file.stem)
        except (NotFound, PlanRefused):
            continue
        found.append(
            Computed(
                file.stem, str(told["made_on"]), told["profile"], float(told["reach"]["metres"]),
                float(told["budget"]), len(told["actions"]), bool(told.get("weights")),
            )
        )  # fmt: skip
    return sorted(found, key=lambda one: (one.made_on, one.budget), reverse=True)


def read(city: City, name: str) -> dict[str, Any]:
    """
    A plan's file of the city's folder.

    Raises:
        NotFound: no such file. PlanRefused: it is no plan of ours, or of another city.
    """
    if not name.isalnum() or not name.isascii() or len(name) > 64:
        raise NotFound(what="plan")
    try:
        with (config.folder(city.slug) / "plans" / f"{name}.json").open("rb") as opened:
            content = opened.read(MOST_BYTES + 1)
    except OSError:
        raise NotFound(what="plan") from None
    if len(content) > MOST_BYTES:
        raise PlanRefused(why="too-large")
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        raise PlanRefused(why="form") from None
    return checked(city, told)


def checked(city: City, told: Any) -> dict[str, Any]:
    """A plan's document with everything that pages need. Raises PlanRefused."""
    if not isinstance(told, dict):
        raise PlanRefused(why="form")
    plan_sums.pool(told)
    try:
        whole = (
            told["city"]["code"] == city.code
            and all({"age", "light", "mobility"} <= told["profile"].keys() for _ in (0,))
            and isfinite(float(told["budget"]))
            and isfinite(float(told["above"]))
            and isfinite(float(told["reach"]["metres"]))
            and all(
                isinstance(one["name"]["id"], str) and isinstance(one["kind"], str) for one in told["actions"]
            )
            and set(told["chosen"]) <= {one["id"] for one in told["actions"]}
            and all("code" in one and "kept_back" in one for one in told["by_area"])
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise PlanRefused(why="form") from None
    if not whole:
        raise PlanRefused(why="form-or-city")
    return told


def chosen_anew(told: Mapping[str, Any], budget: float, least: float) -> dict[str, Any]:
    """
    The same file with the plan for another budget: chosen among its actions, with a bound over them.

    Args:
        budget: rupiah. least: 0 to 1, the share of its children that each kelurahan must have served.

    Raises:
        PlanRefused: a budget or a share that is none. LeastNotReached: see `plan_choice.best`.
    """
    if not isfinite(budget) or not 0 <= budget <= MOST_RUPIAH:
        raise PlanRefused(why="budget")
    if not isfinite(least) or not 0 <= least <= 1:
        raise PlanRefused(why="least")
    found = plan_sums.pool(told)
    areas = [at for at, one in enumerate(found.areas) if not one.get("kept_back")]
    picked = plan_choice.best(found, budget, dict.fromkeys(areas, least) if least else None)
    steps = plan_choice.steps(found, picked)
    order = [action for action, _ in steps]
    sums = plan_sums.sums(found, order)
    bound = plan_bound.bound(found, budget, order)
    chosen = set(order)
    made = dict(told)
    made |= {
        "budget": budget,
        "least": {str(found.areas[at]["code"]): least for at in areas} if least else {},
        "actions": [{**one, "chosen": at in chosen} for at, one in enumerate(told["actions"])],
        "chosen": [found.keys[at] for at in order],
        "steps": [_step(found, at, adds) for at, adds in steps],
        "left_out": [],
        "cost": sums.cost,
        "children": round(sums.children, 1),
        "children_low": round(sums.low, 1),
        "children_high": round(sums.high, 1),
        "value": sums.value,
        "bound": bound,
        "above": (bound - sums.value) / sums.value if sums.value > 0 else 0.0,
        "proven_gap": (bound - sums.value) / bound if bound > 0 else 0.0,
        "among": len(found.keys),
        "by_area": _areas(found, told, order),
    }
    return made


def _step(found: Pool, action: int, adds: float) -> dict[str, Any]:
    cost = found.costs[action]
    return {
        "actions": [found.keys[action]],
        "children": round(adds, 1),
        "cost": cost,
        "price": round(cost / adds) if adds > 0 else None,
    }


def _areas(found: Pool, told: Mapping[str, Any], order: Sequence[int]) -> list[dict[str, Any]]:
    rows = []
    for one, (expected, low, high) in zip(told["by_area"], plan_sums.by_area(found, order), strict=True):
        row = dict(one)
        if not one["kept_back"]:
            before = float(one["before"])
            row |= {
                "after": round(before + expected, 1),
                "low": round((before + low) * (1 - found.error), 1),
                "high": round((before + high) * (1 + found.error), 1),
            }
        rows.append(row)
    return rows


@transaction.atomic
def save(city: City, told: Mapping[str, Any], title: str, *, by: User, now: datetime) -> Plan:
    """
    Keep a plan as a draft; the same once more is the same draft.

    Raises:
        PlanRefused: no title, too many drafts, or a document that is none of ours.
    """
    title = " ".join(title.split())
    if not 0 < len(title) <= 80:
        raise PlanRefused(why="title")
    document = checked(city, dict(told))
    digest = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    ledger.line_up()
    known = Plan.objects.filter(city=city, digest=digest).first()
    if known:
        return known
    if Plan.objects.filter(city=city, published_at__isnull=True).count() >= MOST_DRAFTS:
        raise PlanRefused(why="too-many")
    return Plan.objects.create(
        id=ids.new(now), city=city, title=title, document=document, digest=digest, made_by=by, made_at=now
    )


@transaction.atomic
def publish(plan: Plan, *, now: datetime) -> None:
    """Show a draft to everybody; its chosen actions may be pledged from then on. Published twice is published once."""
    ledger.line_up()
    if not Plan.objects.filter(pk=plan.pk, published_at__isnull=True).update(published_at=now):
        return
    chosen = set(plan.document["chosen"])
    PlanAction.objects.bulk_create(
        PlanAction(
            id=ids.new(now),
            plan=plan,
            key=one["id"],
            at=at,
            kind=one["kind"],
            area=str(one.get("area", ""))[:40],
        )
        for at, one in enumerate(plan.document["actions"])
        if one["id"] in chosen
    )
    told = plan.document
    ledger.append(
        "places.plan-published",
        {
            "city": plan.city.code, "plan": plan.digest, "actions": len(chosen), "rupiah": round(told["cost"]),
            "children": children_told.steps(told["children"], plan_telling.least(told)),
            "above_permille": round(1000 * told["above"]),
        },
        at=now,
    )  # fmt: skip


@transaction.atomic
def end(plan: Plan, *, now: datetime) -> None:
    """A published plan is over; what was pledged stays to be seen."""
    ledger.line_up()
    ended = Plan.objects.filter(pk=plan.pk, published_at__isnull=False, ended_at__isnull=True)
    if ended.update(ended_at=now):
        ledger.append("places.plan-ended", {"city": plan.city.code, "plan": plan.digest}, at=now)


@transaction.atomic
def drop(plan: Plan) -> None:
    """Delete a draft; a published plan stays."""
    Plan.objects.filter(pk=plan.pk, published_at__isnull=True).delete()
