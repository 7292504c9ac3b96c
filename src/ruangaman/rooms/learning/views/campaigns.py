"""Campaigns: the public list, an organiser's desk, and the short addresses of what was sent out."""

from datetime import date
from typing import Any

from django.db.models import Count, F
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ruangaman.adapters import clock
from ruangaman.core.learning import few, message
from ruangaman.rooms.learning import courses, results
from ruangaman.rooms.learning.campaign_errors import (
    CampaignOver,
    CampaignRefused,
    DrawRefused,
    MessageTooLong,
    NoSuchCampaign,
)
from ruangaman.rooms.learning.campaigns import making, organisers, posters, regions, telling
from ruangaman.rooms.learning.campaigns.organisers import organiser_only
from ruangaman.rooms.learning.models import Arrival, Campaign, Group, Organiser, Wording
from ruangaman.rooms.learning.models.campaigns import DESIGNS
from ruangaman.rooms.learning.views.results import name_of

MOST_SHOWN = 200
EFFECTS = (0.15, 0.2, 0.25, 0.3)
"""Hedges' g to choose from: what plans for education reckon with."""
MOST_OPTIONS = 64
MOST_HARD = 8
"""Sentences that are told at once."""


def _lines(campaigns: list[Campaign], today: date) -> list[dict[str, Any]]:
    """Goal beside what came of it: whom it reached, and, once it is told, what they learned."""
    lots = results.lots(campaigns)
    groups = dict(
        Group.objects.filter(campaign__in=campaigns)
        .values_list("campaign_id")
        .annotate(n=Count("pk"))
        .values_list("campaign_id", "n")
    )
    return [_line(one, len(lots[one.pk]) * few.LEAST, groups.get(one.pk, 0), today) for one in campaigns]


def _line(campaign: Campaign, reached: int, groups: int, today: date) -> dict[str, Any]:
    return {
        "row": campaign,
        "name": name_of(campaign),
        "region": regions.name(campaign.region),
        "audience": telling.say(courses.audience(campaign.audience).name),
        "objectives": [telling.title(one) for one in campaign.objectives],
        "groups": groups,
        "reached": reached,
        "reach_met": reached >= campaign.reach_goal,
        "learned": [_learned(campaign, one) for one in campaign.objectives],
        "sealed": campaign.sealed is not None,
        "told_on": results.told_on(campaign),
        "over": campaign.ended_at is not None or today > campaign.ends_on,
    }


def _learned(campaign: Campaign, objective: str) -> dict[str, Any]:
    told = results.measured(campaign, objective)
    head = told.headline if told else None
    return {
        "title": telling.title(objective),
        "headline": telling.headline(told),
        "g": head.g if head else None,
        "low": head.g_low if head else None,
        "high": head.g_high if head else None,
        # The goal is met when the whole interval lies above nothing and the estimate reaches it.
        "met": bool(head and head.low > 0 and head.g >= campaign.effect_goal),
        "address": reverse("learning:campaign_results_of", args=[campaign.slug, objective]),
    }


@require_safe
def campaigns(request: HttpRequest) -> HttpResponse:
    """Every campaign: what it wanted, whom it reached, and what they learned; in the order of making, never ranked."""
    today = timezone.localdate(clock.now())
    rows = list(Campaign.objects.select_related("organiser").order_by("-made_at", "pk")[:MOST_SHOWN])
    context = {
        "lines": _lines(rows, today),
        "organises": bool(organisers.of(request.user)),
        "ground": "official",
    }
    return render(request, "learning/kampanye/daftar.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@organiser_only
def new(request: HttpRequest) -> HttpResponseBase:
    """A new campaign on one page; what was wrong stands beside its field."""
    mine = organisers.of(request.user)
    if request.method != "POST":
        return _form(request, mine, {}, "", "")
    said = request.POST
    asked, refused = _asked(said)
    who = _organiser(mine, said.get("organiser", ""))
    if asked is not None:
        try:
            row = making.make(who, asked, now=clock.now())
        except CampaignRefused as error:
            refused = str(error.facts["why"])
        else:
            return redirect("learning:campaign", row.slug)
    return _form(request, mine, said, refused, _wrong(refused))


def _organiser(mine: list[Organiser], said: str) -> Organiser:
    return next((one for one in mine if str(one.pk) == said), mine[0])


def _asked(said: Any) -> tuple[making.Asked | None, str]:
    """What was filled in, or the first field that cannot be read."""
    read: dict[str, Any] = {}
    for field, parse in (
        ("reach_goal", int),
        ("effect_goal", float),
        ("starts_on", date.fromisoformat),
        ("ends_on", date.fromisoformat),
    ):
        try:
            read[field] = parse(said.get(field, "").strip()[:20])
        except ValueError:
            return None, field
    objectives = tuple(said.getlist("objectives"))[:MOST_OPTIONS]
    audience = objectives[0].partition("-")[0] if objectives else ""
    # Picked by name, or typed as a code: a list's entry begins with its code.
    region = said.get("region", "").strip().split(" ")[0][: regions.LEVELS[-1]]
    texts = {name: said.get(name, "")[:200] for name in ("name_id", "name_en", "design")}
    return making.Asked(audience=audience, objectives=objectives, region=region, **texts, **read), ""


def _wrong(field: str) -> str:
    return {
        "name_id": _("Tulis nama 3 sampai 80 huruf."),
        "name_en": _("Tulis nama 3 sampai 80 huruf."),
        "audience": _("Pilih 1 sampai 3 tujuan dari satu kelompok umur."),
        "objectives": _("Pilih 1 sampai 3 tujuan dari satu kelompok umur."),
        "region": _("Kode wilayah tidak dikenal, atau di luar wilayah Anda."),
        "reach_goal": _("Tulis angka 10 atau lebih."),
        "effect_goal": _("Pilih satu."),
        "design": _("Pilih satu."),
        "starts_on": _("Pilih tanggal, paling jauh satu tahun dari sekarang."),
        "ends_on": _("Dari mulai sampai selesai minimal 28 hari, maksimal 3 tahun."),
        "code": _("Coba kirim sekali lagi."),
    }.get(field, "")


def _form(request: HttpRequest, mine: list[Organiser], said: Any, field: str, wrong: str) -> HttpResponse:
    chosen = said.getlist("objectives") if hasattr(said, "getlist") else []
    offered = [
        (who, [(one, lesson, one.id in chosen) for one, lesson in courses.objectives_of(who.id) if lesson])
        for who in courses.course().scheme.audiences
    ]
    context = {
        "offered": offered,
        "regions": [
            (code, name)
            for code, name in regions.choices()
            if any(regions.inside(code, one.region) for one in mine)
        ],
        "mine": mine,
        "said": said,
        "field": field,
        "wrong": wrong,
        "effects": [(f"{one:.2f}", one, said.get("effect_goal", "0.20") == f"{one:.2f}") for one in EFFECTS],
        "designs": [(one, *_design(one), said.get("design", "waitlist") == one) for one in DESIGNS],
        "region": said.get("region", mine[0].region),
        "ground": "official",
    }
    answer = render(request, "learning/kampanye/baru.html", context, status=422 if wrong else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _design(name: str) -> tuple[str, str]:
    return {
        "alone": (_("Tanpa pembanding"), _("Terlihat naik atau tidak, tetapi bukan sebabnya.")),
        "waitlist": (
            _("Sebagian menunggu"),
            _("Separuh kelompok diajar dulu, separuh menunggu. Siapa yang dulu, diundi."),
        ),
        "wordings": (
            _("Dua susunan kata"),
            _("Separuh kelompok memakai kata-kata A, separuh B. Siapa memakai apa, diundi."),
        ),
    }[name]


@require_safe
@organiser_only
def desk(request: HttpRequest, slug: str) -> HttpResponseBase:
    """One campaign: what it wants, what came of it, its groups, its words, and what is left to do."""
    campaign = making.find(slug)
    if not organisers.owns(request.user, campaign):
        return organisers.not_yours(request)
    return _desk(request, campaign)


def _desk(
    request: HttpRequest, campaign: Campaign, wrong: str = "", at: str = "", said: Any = None
) -> HttpResponse:
    groups = Group.objects.filter(campaign=campaign).order_by("region", "made_at")
    counted: dict[tuple[str, str], int] = {}
    for one in groups:
        counted[one.region, one.arm] = counted.get((one.region, one.arm), 0) + 1
    today = timezone.localdate(clock.now())
    may_draw = campaign.design != "alone" and campaign.drawn_at is None and campaign.ended_at is None
    late = making.too_late(campaign, today)
    context = {
        "line": _lines([campaign], today)[0],
        "joins": not making.joins_no_more(campaign, today),
        "last_lesson": making.last_lesson(campaign),
        "first_lesson": telling.title(campaign.objectives[0]) if len(campaign.objectives) > 1 else "",
        "campaign": campaign,
        "name": name_of(campaign),
        "design": _design(campaign.design),
        "groups": [
            (regions.name(region), telling.arm(arm) if arm else _("belum diundi"), count)
            for (region, arm), count in sorted(counted.items())
        ],
        "fewest": making.FEWEST_GROUPS,
        "may_draw": may_draw and not late,
        "too_late": _too_late() if may_draw and late else "",
        "waiting": groups.filter(arm="", taught_on=None, forgotten_at=None).count(),
        "wordings": [
            _wording(request, one, said if said and at == one.letter else None) for one in _words(campaign)
        ],
        "waits_from": next(iter(groups.filter(arm="wait").values_list("taught_on", flat=True)), None),
        "may_wait": campaign.design == "waitlist" and campaign.drawn_at and not campaign.ended_at,
        "may_word": campaign.ended_at is None
        and not (campaign.design == "wordings" and campaign.drawn_at is not None),
        "wrong": wrong,
        "at": at,
        "ground": "official",
    }
    answer = render(request, "learning/kampanye/meja.html", context, status=422 if wrong else 200)
    answer["Cache-Control"] = "no-store"
    return answer


def _too_late() -> str:
    return _("Sudah terlambat untuk diundi. Hari terakhir untuk pelajaran sudah lewat.")


def _words(campaign: Campaign) -> list[Wording]:
    return list(campaign.wordings.order_by("letter"))


def _wording(request: HttpRequest, row: Wording, said: Any) -> dict[str, Any]:
    fields = ("headline_id", "headline_en", "text_id", "text_en")
    told = {name: said.get(name, "") if said else getattr(row, name) for name in fields}
    address = request.build_absolute_uri(reverse("learning:short", args=[row.code]))
    found, hard = posters.plainness(row, "en" if get_language() == "en" else "id")
    days = row.arrivals.order_by("-day")[:14]
    return {
        "row": row,
        **told,
        "signs_id": message.signs(message.tidy(told["text_id"])),
        "signs_en": message.signs(message.tidy(told["text_en"])),
        "message": f"{row.text_en if get_language() == 'en' else row.text_id}\n\n{address}",
        "address": address,
        "plain": found,
        "hard": list(hard.items())[:MOST_HARD],
        "days": [(one.day, few.tens(one.count)) for one in days],
    }


@require_POST
@organiser_only
def act(request: HttpRequest, slug: str, what: str) -> HttpResponseBase:
    """Draw, word or end; refused, the desk says why and what was written stays."""
    campaign = making.find(slug)
    if not organisers.owns(request.user, campaign):
        return organisers.not_yours(request)
    now, letter = clock.now(), request.POST.get("letter", "")[:1]
    try:
        if what == "undi":
            making.draw(campaign, now=now)
        elif what == "kata":
            making.word(campaign, letter, request.POST, now=now)
        elif what == "hari":
            making.wait_from(campaign, _day(request.POST.get("hari", "")), now=now)
        elif what == "akhiri":
            making.end(campaign, now=now)
        else:
            raise Http404
    except MessageTooLong as error:
        told = _("%(signs)s huruf dan tanda. Paling banyak %(most)s.") % error.facts
        return _desk(request, making.find(slug), told, letter, request.POST)
    except (CampaignRefused, DrawRefused, CampaignOver) as error:
        return _desk(
            request, making.find(slug), _why(error), letter or what, request.POST if letter else None
        )
    return redirect(reverse("learning:campaign", args=[slug]) + (f"#kata-{letter}" if letter else ""))


def _day(said: str) -> date:
    try:
        return date.fromisoformat(said[:10])
    except ValueError:
        raise DrawRefused(why="day") from None


def _why(error: CampaignRefused | DrawRefused | CampaignOver) -> str:
    why = str(error.facts.get("why", "over"))
    return {
        "groups": _("Kelompok belum cukup untuk diundi."),
        "day": _("Pilih hari sejak undian, paling lambat 28 hari sebelum kampanye selesai."),
        "sheets": _("Sudah ada tes setelah hari itu. Harinya tidak diubah lagi."),
        "wait": _("Belum ada kelompok yang menunggu."),
        "late": _too_late(),
        "drawn": _("Sudah diundi. Tidak berubah lagi."),
        "design": _("Kampanye ini tidak membandingkan."),
        "over": _("Kampanye ini sudah selesai. Tidak berubah lagi."),
        "headline_id": _("Tulis judul 3 sampai 90 huruf."),
        "headline_en": _("Tulis judul 3 sampai 90 huruf."),
        "letter": _("Susunan kata itu tidak ada."),
    }.get(why, _("Tulis pesannya."))


@require_safe
def draw_list(request: HttpRequest, slug: str) -> HttpResponse:
    """The seed, the order and the arms, so that anybody can draw again (docs/guides/learning-campaigns.md)."""
    campaign = making.find(slug)
    if campaign.drawn_at is None or campaign.ordered is None:
        raise Http404
    arms = {str(pk): arm for pk, arm in Group.objects.filter(campaign=campaign).values_list("pk", "arm")}
    told = {
        "campaign": campaign.slug,
        "seed": campaign.seed,
        "drawn_at": campaign.drawn_at.isoformat(),
        "arms": list(making.ARMS[campaign.design]),
        "groups": [{"id": one, "arm": arms.get(one, "")} for one in campaign.ordered],
    }
    return JsonResponse(told, json_dumps_params={"indent": 1}, headers={"Access-Control-Allow-Origin": "*"})


def _found(slug: str, letter: str) -> Wording:
    row = (
        Wording.objects.select_related("campaign__organiser")
        .defer("campaign__sealed", "campaign__ordered")
        .filter(campaign__slug=slug, letter=letter)
        .first()
    )
    if row is None:
        raise NoSuchCampaign
    return row


@require_safe
def poster(request: HttpRequest, slug: str, letter: str) -> HttpResponse:
    """A4, in the reader's language."""
    row, language = _found(slug, letter), "en" if get_language() == "en" else "id"
    address = request.build_absolute_uri(reverse("learning:short", args=[row.code]))
    content = posters.poster(row, language, address, row.campaign.made_at)
    name = f"poster-{slug}-{letter}-{language}.pdf"
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={"Content-Disposition": f'inline; filename="{name}"', "Cache-Control": "no-cache"},
    )


@require_safe
def qr(request: HttpRequest, slug: str, letter: str, kind: str) -> HttpResponse:
    """A wording's address as a picture."""
    row = _found(slug, letter)
    address = request.build_absolute_uri(reverse("learning:short", args=[row.code]))
    if kind == "svg":
        return HttpResponse(posters.qr_svg(address), content_type="image/svg+xml")
    return HttpResponse(posters.qr_png(address), content_type="image/png")


@require_safe
def short(request: HttpRequest, code: str) -> HttpResponse:
    """
    A wording's own address: on to the lesson. Counted is that somebody came, by day; nobody is known again.

    A HEAD, by which chat programs look before they show a link, is not somebody.
    """
    row = (
        Wording.objects.select_related("campaign")
        .defer("campaign__sealed", "campaign__ordered")
        .filter(code=code)
        .first()
    )
    if row is None:
        raise NoSuchCampaign
    if request.method == "GET":
        today = timezone.localdate(clock.now())
        counted, _made = Arrival.objects.get_or_create(wording=row, day=today)
        Arrival.objects.filter(pk=counted.pk).update(count=F("count") + 1)
    answer = HttpResponseRedirect(reverse("learning:lesson", args=[row.campaign.objectives[0]]))
    answer["Cache-Control"] = "no-store"
    answer["Referrer-Policy"] = "no-referrer"
    return answer
