"""Plans of a city: the list, another budget, one plan with its what-if, and what came of it."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ruangaman.adapters import clock
from ruangaman.rooms.places import (
    plan_drawing,
    plan_sums,
    plan_telling,
    plan_weights,
    plan_weights_telling,
    plans,
    pledges,
    roles,
)
from ruangaman.rooms.places.children_told import between, count, fewer, number
from ruangaman.rooms.places.errors import LeastNotReached, NotFound, PlanRefused, WeightsRefused
from ruangaman.rooms.places.models import City, Plan
from ruangaman.rooms.places.plan_telling import price, profile_words, rupiah, within
from ruangaman.rooms.places.roles import Acting, needs

MOST_TICKS: Final = 150
REST: Final = "sisa"
"""The one box for all chosen actions that have none of their own."""


@require_GET
def every(request: HttpRequest, slug: str) -> HttpResponse:
    """Published plans for everybody; drafts, photos to check and the form for those who plan."""
    city = roles.city_of(slug)
    rows = Plan.objects.filter(city=city).select_related("city")
    may_plan = roles.may(request.user, city, "plan")
    context = {
        "city": city,
        "published": [_line(one) for one in rows.filter(published_at__isnull=False)],
        "may_plan": may_plan,
        "drafts": [_line(one) for one in rows.filter(published_at__isnull=True)] if may_plan else [],
        "computed": plans.computed(city) if may_plan else [],
        "may_check": roles.may(request.user, city, "moderate"),
    }
    return render(request, "places/rencana/semua.html", context)


def _line(plan: Plan) -> dict[str, Any]:
    told = plan.document
    return {"plan": plan, "told": told, "children": count(told["children"], plan_telling.least(told)),
            "cost": rupiah(told["cost"]), "who": profile_words(told["profile"])}  # fmt: skip


@require_GET
@needs("plan")
def choose(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """Another budget, a share that every kelurahan must get, what a child counts where; looking changes nothing."""
    files = plans.computed(city)
    context: dict[str, Any] = {"city": city, "computed": files, "asked": _asked(request.GET)}
    context |= plan_weights_telling.fields(city, files, request.GET)
    name = str(request.GET.get("dasar", ""))
    if name:
        try:
            told = _chosen(city, request.GET)
            context |= _shown(told) | {"told": told, "carried": _carried(request.GET)}
        except LeastNotReached as refused:
            context["wrong"] = _("Batas minimum untuk %(name)s tidak tercapai dengan anggaran ini.") % {
                "name": refused.facts["kelurahan"]
            }
        except WeightsRefused as refused:
            context["wrong"] = plan_weights_telling.refusal(refused)
        except (PlanRefused, NotFound):
            context["wrong"] = _("Periksa anggaran dan batas minimumnya, lalu coba lagi.")
    return render(request, "places/rencana/hitung.html", context, status=422 if "wrong" in context else 200)


def _asked(query: QueryDict) -> dict[str, str]:
    return {name: str(query.get(name, ""))[:20] for name in ("anggaran", "minimum")} | {
        "dasar": str(query.get("dasar", ""))[:64]
    }


def _chosen(city: City, query: QueryDict) -> dict[str, Any]:
    """
    The plan that a form asks for: the file's own where it asks nothing else.

    Raises:
        NotFound, PlanRefused, LeastNotReached, WeightsRefused: see what is called.
    """
    told = plans.read(city, str(query.get("dasar", "")))
    weighing = plan_weights.read(query, plan_weights.areas(city, told))
    money, share = str(query.get("anggaran", "")).strip(), str(query.get("minimum", "")).strip()
    if not money and not share and not weighing.changes(told):
        return told
    try:
        budget = float(money.replace(",", ".")) * 1e6 if money else float(told["budget"])
        least = float((share or "0").replace(",", ".")) / 100
        return plans.chosen_anew(plan_weights.weighed(told, weighing), budget, least)
    except ValueError:
        raise PlanRefused(why="budget") from None


@require_POST
@needs("plan")
def save(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """Keep what the form shows as a draft."""
    told = _chosen(city, request.POST)
    made = plans.save(city, told, str(request.POST.get("judul", "")), by=who.user, now=clock.now())
    return redirect("places:plan", city.slug, made.pk)


def _carried(query: QueryDict) -> list[tuple[str, str]]:
    """What was asked, for the form that keeps it."""
    names = ("dasar", "anggaran", "minimum", "bobot", "kali", "wilayah", "hitung")
    return [(name, each) for name in names for each in query.getlist(name)]


def plan_of(request: HttpRequest, city: City, ref: UUID) -> Plan:
    """A published plan, or a draft for those who plan here; raises Http404."""
    found = Plan.objects.filter(city=city, pk=ref).first()
    if found is None or (found.published_at is None and not roles.may(request.user, city, "plan")):
        raise Http404
    return found


@require_GET
def one(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """One plan: what it does, what it is worth, what another choice would be, and what came of it."""
    city = roles.city_of(slug)
    plan = plan_of(request, city, ref)
    told = plan.document
    chosen, least = told["chosen"], plan_telling.least(told)
    ticked = _ticked(request, told)
    pool = plan_sums.pool(told)
    picked = plan_sums.sums(pool, pool.numbers(ticked))
    weighed = bool(told["weights"]) and roles.may(request.user, city, "plan")
    if request.GET.get("hanya") == "jawab":  # for the page's script, which has no groups of children to sum
        return JsonResponse({"answer": _answer(picked, told), "cost": _money(picked, told, weighed)})
    actions = {row.key: row for row in plan.actions.all()}
    shown = [*chosen, *(each["id"] for each in told["actions"] if each["id"] not in set(chosen))][:MOST_TICKS]
    numbers = {each["id"]: each for each in told["actions"]}
    steps = {key: step for step in told["steps"] for key in step["actions"]}
    boxes = [
        {
            "one": numbers[key], "drawn": f"{plan.pk.hex[:8]}-{key}", "ticked": key in ticked,
            "row": actions.get(key), "cost": rupiah(numbers[key]["cost"]),
            "children": count(numbers[key]["children"], least),
            "price": price(steps[key]["cost"], steps[key]["children"], least) if key in steps else "",
        }
        for key in shown
    ]  # fmt: skip
    rest = [key for key in chosen if key not in shown]
    context = _shown(told) | {
        "city": city, "plan": plan, "told": told, "boxes": boxes, "rest": len(rest),
        "rest_ticked": set(rest) <= ticked, "answer": _answer(picked, told),
        "answer_cost": _money(picked, told, weighed),
        "asked": "a" in request.GET, "words": _words(told, weighed),
        "may_plan": roles.may(request.user, city, "plan"),
        "progress": _progress(plan) if plan.published_at else None,
        "changes": [_change(each.document, plan_telling.least(told)) for each in plan.changes.all()],
    }  # fmt: skip
    return render(request, "places/rencana/satu.html", context | plan_drawing.page(city, plan))


def _ticked(request: HttpRequest, told: Mapping[str, Any]) -> set[str]:
    """The actions that are ticked; those of the plan where nobody ticked anything."""
    if "a" not in request.GET and "ubah" not in request.GET:
        return set(told["chosen"])
    found = {str(key) for key in request.GET.getlist("a")[:1000]}
    return found | set(_rest(told)) if REST in found else found


def _rest(told: Mapping[str, Any]) -> list[str]:
    return list(told["chosen"][MOST_TICKS:])


def _answer(found: plan_sums.Sums, told: Mapping[str, Any]) -> str:
    least = plan_telling.least(told)
    words = _words(told)
    low, high = between(found.low, found.high, least)
    sentence = words["between"] if low != high else words["sure"]
    # Nothing chosen serves nobody; what serves few is told as few.
    children = count(found.children, least) if found.cost else "0"
    return sentence.format(children=children, low=low, high=high)


def _money(found: plan_sums.Sums, told: Mapping[str, Any], weighed: bool) -> str:
    """
    What a choice costs; for planners its worth by weight too: to others that would tell few children of an area.
    """
    words = _words(told, weighed)
    money = words["over" if not within(found.cost, told["budget"]) else "cost"].format(
        cost=rupiah(found.cost)
    )
    if not weighed:
        return money
    return f"{money} {words['weighed'].format(children=count(found.value, told['least_count']))}"


def _words(told: Mapping[str, Any], weighed: bool = False) -> dict[str, str]:
    """The sentences of the what-if, for the page and for its script."""
    return {
        "language": "en" if (get_language() or "id").startswith("en") else "id",
        "few": fewer(plan_telling.least(told)),
        "rupiah": _("Rp%s juta"),
        "between": _("+{children} anak bisa jalan aman, antara {low} dan {high}."),
        "sure": _("+{children} anak bisa jalan aman."),
        "cost": _("Biayanya {cost}."),
        "over": _("Biayanya {cost}, melebihi anggaran."),
        "weighed": _("Dengan bobot, setara {children} anak.") if weighed else "",
        "budget": f"{float(told['budget']):.0f}",
    }


def _shown(told: Mapping[str, Any]) -> dict[str, Any]:
    """What every page of a plan says of it."""
    least = plan_telling.least(told)
    percent = 100 * float(told["above"])
    left = told["together"]["left_out"] if "together" in told else ()
    rows = [
        {
            "name": each["name"], "code": each["code"], "kept_back": each["kept_back"],
            "before": "" if each["kept_back"] else count(each["before"], least),
            "after": "" if each["kept_back"] else count(each["after"], least),
            "children": "" if each["kept_back"] else count(each["children"], least),
            "low": "" if each["kept_back"] else count(each["low"], least, "down"),
            "high": "" if each["kept_back"] else count(each["high"], least, "up"),
            "gain": 0.0 if each["kept_back"] else each["after"] - each["before"],
        }
        for each in told["by_area"]
    ]  # fmt: skip
    changed = sorted((each for each in rows if each["gain"] > 0), key=lambda each: -each["gain"])
    return {
        "who": profile_words(told["profile"]),
        "metres": round(told["reach"]["metres"]),
        "not_tried": number(sum(left)) if any(left) else "",
        "children": count(told["children"], least),
        "low": count(told["children_low"], least, "down"),
        "high": count(told["children_high"], least, "up"),
        "before": count(told["before"], least),
        "all_children": count(told["all_children"], least),
        "cost": rupiah(told["cost"]),
        "budget": rupiah(told["budget"]),
        "above": "0" if percent < 0.05 else f"{max(round(percent + 0.05, 1), 0.1):g}".replace(
            ".", "," if not (get_language() or "id").startswith("en") else "."
        ),
        "best": percent < 0.05,
        "rows": changed,
        "unchanged": len(rows) - len(changed),
        "weights": plan_weights_telling.told(told),
        "surveys": sum(1 for each in told["actions"] if each.get("chosen") and each["kind"] == "audit"),
        "checks": [each for each in told["costs"]["kinds"].values() if each.get("check")],
    }  # fmt: skip


def _progress(plan: Plan) -> dict[str, Any]:
    found, least = pledges.progress(plan), plan_telling.least(plan.document)
    return {
        "found": found,
        "predicted": count(found.predicted.children, least),
        "promised": count(found.promised.children, least),
        "foreseen": count(found.foreseen.children, least),
        "foreseen_low": count(found.foreseen.low, least, "down"),
        "foreseen_high": count(found.foreseen.high, least, "up"),
        "real": count(found.real.children, least),
    }


def _change(told: Mapping[str, Any], least: float) -> dict[str, Any]:
    whole = told["all"]
    return {
        "told": told,
        "before": count(whole["before"], least), "after": count(whole["after"], least),
        "change": count(whole["change"], least),
        "predicted": count(told["plan"]["children"], least), "low": count(told["plan"]["low"], least, "down"),
        "high": count(told["plan"]["high"], least, "up"),
        "rows": [each for each in told["by_area"] if not each["kept_back"] and each["change"]],
    }  # fmt: skip


@require_GET
@needs("plan")
def data(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """What a planner's script needs to sum any choice; for all others the house sums."""
    plan = plan_of(request, city, ref)
    response = JsonResponse(
        plan_sums.without_areas(plan.document)
        | {"least_count": plan_telling.least(plan.document), "rest": _rest(plan.document)}
    )
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
@needs("plan")
def publish(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """Show a draft to everybody."""
    plan = plan_of(request, city, ref)
    plans.publish(plan, now=clock.now())
    return redirect("places:plan", city.slug, plan.pk)


@require_POST
@needs("plan")
def end(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """A published plan is over."""
    plans.end(plan_of(request, city, ref), now=clock.now())
    return redirect("places:plan", city.slug, ref)


@require_http_methods(["POST"])
@needs("plan")
def drop(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """Throw a draft away."""
    plans.drop(plan_of(request, city, ref))
    return redirect(reverse("places:plans", args=[city.slug]))
