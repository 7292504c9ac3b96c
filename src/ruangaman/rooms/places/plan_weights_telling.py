"""The form of weights, and what a plan's page says of them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.http import QueryDict
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ruangaman.rooms.places import plan_rules, plan_weights, plans
from ruangaman.rooms.places.errors import NotFound, PlanRefused, WeightsRefused
from ruangaman.rooms.places.models import City
from ruangaman.rooms.places.plan_weights import ALIKE, AS_FILED, BELOW, LOWEST
from ruangaman.rooms.places.plans import Computed

MOST_NAMED: Final = 8


def fields(city: City, files: Sequence[Computed], query: QueryDict) -> dict[str, Any]:
    """What the form shows: groups, rows as they were filled and some empty ones, and the areas to choose from."""
    chosen = str(query.get("bobot", ""))
    words = {
        AS_FILED: _("Seperti hitungannya"),
        ALIKE: _("Setiap anak dihitung sama"),
        LOWEST: _("Lebih: kelurahan dengan bagian anak aman paling kecil"),
        BELOW: _("Lebih: semua kelurahan di bawah rata-rata kota"),
    }
    if not any(one.weights for one in files):
        del words[AS_FILED]
    if chosen not in words:
        chosen = AS_FILED if AS_FILED in words else ALIKE
    filled = [
        (area[:120], times[:12])
        for area, times in zip(query.getlist("wilayah"), query.getlist("hitung"), strict=False)
        if area.strip() or times.strip()
    ][: int(plan_rules.weight("rows"))]
    room = int(plan_rules.weight("rows")) - len(filled)
    rows = filled + [("", "")] * min(plan_weights.EMPTY_ROWS, room)
    return {
        "weight_groups": [(name, text, name == chosen) for name, text in words.items()],
        "weight_times": str(query.get("kali", ""))[:12] or number(plan_rules.weight("times")),
        "weight_rows": [(at, *row) for at, row in enumerate(rows, 1)],
        "weight_areas": _areas(city, files, query),
        "weight_open": bool(filled) or chosen in (LOWEST, BELOW),
        "weight_least": number(plan_rules.weight("least")),
        "weight_most": number(plan_rules.weight("most")),
        "weight_part": round(100 * plan_rules.weight("lowest_part")),
    }


def _areas(city: City, files: Sequence[Computed], query: QueryDict) -> list[str]:
    name = str(query.get("dasar", "")) or (files[0].id if files else "")
    try:
        return [one.words for one in plan_weights.areas(city, plans.read(city, name))] if name else []
    except (NotFound, PlanRefused):
        return []


def number(times: float) -> str:
    """As one writes it: 2, 1,5."""
    return number_format(times, decimal_pos=0 if times == round(times) else 1, use_l10n=True)


def refusal(refused: WeightsRefused) -> str:
    """What is wrong with the form of weights, in words."""
    facts = {"row": refused.facts["row"]}
    words = {
        "area": _("Bobot baris %(row)s: tidak ada kelurahan atau kecamatan dengan nama atau kode itu."),
        "name-of-several": _(
            "Bobot baris %(row)s: ada beberapa wilayah dengan nama itu. Pilih dari daftar, dengan kodenya."
        ),
        "twice": _("Bobot baris %(row)s: wilayah ini sudah disebut."),
        "rows": _("Terlalu banyak baris bobot."),
    }  # fmt: skip
    if refused.facts["why"] in words:
        return words[str(refused.facts["why"])] % facts
    limits = {"least": number(plan_rules.weight("least")), "most": number(plan_rules.weight("most"))}
    return _("Bobot harus angka dari %(least)s sampai %(most)s.") % limits


def told(document: Mapping[str, Any]) -> list[str]:
    """How children count in a plan, sentence by sentence; none where all count alike."""
    if not document.get("weights"):
        return []
    weighing = document.get("weighting") or {}
    found, size = [], int(weighing.get("group_size", 0))
    times = number(float(weighing.get("times", 1)))
    if weighing.get("group") == LOWEST and size:
        found.append(
            ngettext(
                "%(count)s kelurahan dengan bagian anak aman paling kecil: tiap anak dihitung %(times)s kali.",
                "%(count)s kelurahan dengan bagian anak aman paling kecil: tiap anak dihitung %(times)s kali.",
                size,
            )
            % {"count": size, "times": times}
        )
    if weighing.get("group") == BELOW and size:
        found.append(
            ngettext(
                "%(count)s kelurahan di bawah rata-rata kota: tiap anak dihitung %(times)s kali.",
                "%(count)s kelurahan di bawah rata-rata kota: tiap anak dihitung %(times)s kali.",
                size,
            )
            % {"count": size, "times": times}
        )
    for one in weighing.get("rows") or ():
        found.append(_one(str(one["name"]) or str(one["code"]), str(one["level"]), float(one["weight"])))
    if not found:
        found = _filed(document, weighing.get("areas") or {})
    return found or [_("Anak di sebagian wilayah dihitung lebih.")]


def _one(name: str, level: str, weight: float) -> str:
    facts = {"name": name, "times": number(weight)}
    if level == "kecamatan":
        return _("Kecamatan %(name)s: tiap anak dihitung %(times)s kali.") % facts
    return _("%(name)s: tiap anak dihitung %(times)s kali.") % facts


def _filed(document: Mapping[str, Any], areas: Mapping[str, Any]) -> list[str]:
    names = {str(one["code"]): str(one.get("name") or one["code"]) for one in document["by_area"]}
    rows = sorted((names.get(str(code), str(code)), float(its)) for code, its in areas.items())
    found = [_one(name, "", its) for name, its in rows[:MOST_NAMED]]
    more = len(rows) - len(found)
    if more > 0:
        found.append(
            ngettext("Dan %(count)s wilayah lain.", "Dan %(count)s wilayah lain.", more) % {"count": more}
        )
    return found
