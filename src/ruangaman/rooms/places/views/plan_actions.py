"""One action of a published plan: who pledged it, its photos, what was found on the spot."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from ruangaman.adapters import clock
from ruangaman.adapters.photos import MOST_BYTES, PhotoRefused
from ruangaman.rooms.places import plan_photos, plan_sums, plan_telling, pledges, roles
from ruangaman.rooms.places.children_told import between, count
from ruangaman.rooms.places.errors import FindingRefused, PledgeRefused
from ruangaman.rooms.places.models import ActionPhoto, City, PlanAction
from ruangaman.rooms.places.plan_telling import rupiah
from ruangaman.rooms.places.roles import Acting, needs
from ruangaman.rooms.places.views.uploads import file_of, in_memory


def action_of(city: City, ref: UUID) -> PlanAction:
    """An action of a published plan; raises Http404."""
    found = PlanAction.objects.filter(pk=ref, plan__city=city, plan__published_at__isnull=False)
    row = found.select_related("plan__city").first()
    if row is None:
        raise Http404
    return row


@require_GET
def one(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """What is predicted, who promised it, what is to be seen of it."""
    city = roles.city_of(slug)
    row = action_of(city, ref)
    told, least = pledges.told_of(row), plan_telling.least(row.plan.document)
    pool = plan_sums.pool(row.plan.document)
    last = row.findings.last()
    known = {row.at: last.safe} if last else None
    real = plan_sums.sums(pool, {row.at}, known)
    ways = [one for one in roles.ways(request.user, city, "pledge") if one.inside(row.area)]
    mine = ways[0] if ways else None
    audits = roles.acting(request.user, city, "audit")
    moderates = roles.acting(request.user, city, "moderate")
    live = row.pledges.filter(withdrawn_at__isnull=True)
    partners = sorted(
        {
            row.plan.document["actions"][other]["name"]["id"]: row.plan.document["actions"][other]
            for each in pool.of_action[row.at]
            for other in pool.sets[each].actions
            if other != row.at and row.plan.document["actions"][other].get("chosen")
        }.items()
    )
    low, high = between(told["children_low"], told["children_high"], least)
    context: dict[str, Any] = {
        "city": city, "row": row, "told": told, "cost": rupiah(told["cost"]), "today": timezone.localdate(clock.now()),
        "children": count(told["children"], least), "low": low, "high": high, "real": count(real.children, least),
        "last": last, "findings": row.findings.all(), "pledges": live,
        "with": [each for _, each in partners],
        "kind": row.plan.document["costs"]["kinds"].get(row.kind, {}),
        "photos": row.photos.filter(shown=True), "waiting": row.photos.filter(checked_at__isnull=True).count(),
        "ways": [(one.role, pledges.organisation_of(one, row.area)) for one in _open_ways(ways, row)],
        "my_pledges": list(live.filter(account_id=request.user.pk)) if request.user.is_authenticated else [],
        "may_audit": bool(audits and audits.inside(row.area)),
        "may_take_down": bool(moderates and moderates.inside(row.area)),
        "may_send": bool(
            (mine and live.filter(account_id=request.user.pk).exists()) or (audits and audits.inside(row.area))
        ),
        "most_mb": MOST_BYTES // 1_000_000,
        "wrong": request.GET.get("salah", ""),
    }  # fmt: skip
    return render(request, "places/rencana/tindakan.html", context)


def _open_ways(ways: list[Acting], row: PlanAction) -> list[Acting]:
    """The roles in which this account may still promise the action: one promise for each organisation."""
    if row.plan.ended_at is not None:
        return []
    taken = set(row.pledges.filter(withdrawn_at__isnull=True).values_list("organisation", flat=True))
    return [one for one in ways if pledges.organisation_of(one, row.area) not in taken]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _back(city: City, ref: UUID, wrong: str = "") -> HttpResponse:
    response = redirect("places:plan-action", city.slug, ref)
    if wrong:
        response["Location"] += f"?salah={wrong}"
    return response


@require_POST
@needs("pledge")
def pledge(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """Promise the action by a day, in the role that was chosen; without a choice in the first that may."""
    chosen = str(request.POST.get("sebagai", ""))
    acting = roles.acting(who.user, city, "pledge", role=chosen)
    if acting is None:
        return _back(city, ref, "janji-role")
    day = _day(str(request.POST.get("tanggal", "")))
    if day is None:
        return _back(city, ref, "janji-date")
    try:
        pledges.make(action_of(city, ref), promised_on=day, who=acting, now=clock.now())
    except PledgeRefused as refused:
        return _back(city, ref, f"janji-{refused.facts['why']}")
    return _back(city, ref)


@require_POST
@needs("pledge")
def withdraw(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """Take one's own pledge back; of several the one that is named."""
    rows = action_of(city, ref).pledges.filter(account=who.user, withdrawn_at__isnull=True)
    named = str(request.POST.get("janji", ""))
    for row in rows:
        if named not in ("", str(row.pk)):
            continue
        pledges.withdraw(row, by=who.user, now=clock.now())
    return _back(city, ref)


@require_POST
@in_memory
@needs("look")
def send_photo(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """A photo by whoever pledged the action, or audits here."""
    row = action_of(city, ref)
    audits = roles.acting(request.user, city, "audit")
    own = row.pledges.filter(account=who.user, withdrawn_at__isnull=True).exists()
    if not own and not (audits and audits.inside(row.area)):
        return render(request, "places/bukan_tugas.html", {"city": city}, status=403)
    day, content = _day(str(request.POST.get("tanggal", ""))), file_of(request, "foto")
    if day is None or not content:
        return _back(city, ref, "foto-date" if day is None else "foto-empty")
    try:
        plan_photos.send(row, content, taken_on=day, by=who.user, now=clock.now())
    except PhotoRefused as refused:
        return _back(city, ref, f"foto-{refused.facts['why']}")
    return _back(city, ref)


@require_POST
@needs("audit")
def find(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """A re-audit: what was seen on the spot."""
    day, answer = _day(str(request.POST.get("tanggal", ""))), str(request.POST.get("aman", ""))
    if day is None or answer not in ("ya", "tidak"):
        return _back(city, ref, "audit-date")
    try:
        pledges.find(
            action_of(city, ref), safe=answer == "ya", found_on=day, note=str(request.POST.get("catatan", "")),
            who=who, now=clock.now(),
        )  # fmt: skip
    except FindingRefused as refused:
        return _back(city, ref, f"audit-{refused.facts['why']}")
    return _back(city, ref)


@require_GET
@needs("moderate")
def photos(request: HttpRequest, city: City, who: Acting) -> HttpResponse:
    """Photos that wait for an adult's look."""
    rows = [
        row
        for row in plan_photos.waiting(city).exclude(account=who.user).select_related("action__plan")
        if who.inside(row.action.area)
    ]
    shown = [{"photo": row, "told": pledges.told_of(row.action)} for row in rows[:20]]
    return render(request, "places/rencana/foto.html", {"city": city, "rows": shown, "count": len(rows)})


def _waiting(city: City, who: Acting, ref: UUID) -> ActionPhoto:
    rows = plan_photos.waiting(city).exclude(account=who.user)  # whoever sent it does not check it
    row = rows.filter(pk=ref).select_related("action__plan__city").first()
    if row is None or not who.inside(row.action.area):
        raise Http404
    return row


@require_GET
@needs("moderate")
def photo_sealed(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """A photo that nobody else may see yet."""
    response = HttpResponse(plan_photos.sealed_picture(_waiting(city, who, ref)), content_type="image/jpeg")
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@needs("moderate")
def photo_check(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """Show it or throw it away."""
    answer = str(request.POST.get("jawaban", ""))
    if answer in ("tampilkan", "buang"):
        row = _waiting(city, who, ref)
        plan_photos.check(row, show=answer == "tampilkan", by=who.user, now=clock.now())
    return redirect("places:plan-photos", city.slug)


@require_POST
@needs("moderate")
def photo_down(request: HttpRequest, city: City, who: Acting, ref: UUID) -> HttpResponse:
    """Destroy a photo that is shown and should not be."""
    rows = ActionPhoto.objects.filter(action__plan__city=city, pk=ref, shown=True)
    row = rows.select_related("action__plan__city").first()
    if row is None or not who.inside(row.action.area):
        raise Http404
    plan_photos.take_down(row, now=clock.now())
    return redirect("places:plan-action", city.slug, row.action_id)


@require_GET
def photo(request: HttpRequest, slug: str, ref: UUID) -> HttpResponse:
    """A photo that an adult has looked at."""
    row = ActionPhoto.objects.filter(action__plan__city=roles.city_of(slug), pk=ref, shown=True).first()
    if row is None or row.content is None:
        raise Http404
    response = HttpResponse(bytes(row.content), content_type="image/jpeg")
    response["Cache-Control"] = "private, no-cache"  # it may be taken down
    return response
