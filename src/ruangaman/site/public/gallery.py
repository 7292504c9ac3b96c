"""`/gaya`: the living page of Tegel. Each component in both languages, in light and in dark."""

import hashlib
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruangaman.adapters import clock, packs
from ruangaman.core import accounts, tegel
from ruangaman.core.law.years import lowest_age
from ruangaman.site.public import question
from ruangaman.site.public.tokens import contrast, tokens
from ruangaman.site.public.wording import JURISDICTION
from ruangaman.site.templatetags import drawings

# Template in public/gallery/, and what to know about it: dark mode, print.
COMPONENTS = (
    "pill", "door", "door_card", "match", "answers", "buttons", "notice", "icon_list", "counts", "field",
    "choice", "error", "details", "table", "tabs", "receipt", "steps", "empty", "card",
)  # fmt: skip


NOT_PRINTED = ("answers", "buttons", "field", "choice", "error")
OUTLINED = ("pill", "match", "notice")


def _in_print(name: str) -> str:
    """What becomes of a component on paper."""
    if name in NOT_PRINTED:
        return _("Cetak: tidak ikut, karena kertas tidak bisa ditekan.")
    if name in OUTLINED:
        return _("Cetak: garis tepi di tempat warna.")
    if name == "details":
        return _("Cetak: isinya terbuka.")
    return _("Cetak: sama, hitam di atas putih.")


class Panel(NamedTuple):
    """One rendering of one component."""

    language: str
    theme: str
    html: SafeString


class Shown(NamedTuple):
    """One component with its renderings."""

    name: str
    in_print: str
    panels: tuple[Panel, ...]


def example_mark(name: str) -> tegel.Mark:
    """A mark for examples, always the same for one name."""
    return tegel.mark(hashlib.sha256(name.encode()).digest())


def _law() -> dict[str, object]:
    """What the law says of three services, so that the examples name its ages and articles and none of their own."""
    pack, now = packs.load(JURISDICTION), clock.now()
    chat, network = {"risk_profile": "low", "designed_for_children": False}, {"risk_profile": "high"}
    young = lowest_age(pack)
    return {
        "early": accounts.opens_from(pack, chat, now=now),
        "late": accounts.opens_from(pack, network, now=now),
        "own": accounts.own_consent_from(pack, now=now),
        "asking": question.verdict(accounts.OPEN_BY_LAW, young, now=now).article,
        "closing": question.verdict(network, young, now=now).article,
    }


def _shown(request: HttpRequest, name: str) -> Shown:
    panels = []
    for language, theme in (("id", "lit"), ("en", "lit"), ("id", "dim")):
        with translation.override(language):
            facts = {
                "law": _law(),
                "panel": f"{name}-{language}-{theme}",
                "mark": example_mark("Dongeng Kita"),
                "other_mark": example_mark("Kuis Seru"),
            }
            html = render_to_string(f"public/gallery/{name}.html", facts, request)
        panels.append(Panel(language, theme, html))
    return Shown(name, _in_print(name), tuple(panels))


def _ratios() -> list[dict[str, str]]:
    rows = []
    for name, light in tokens()["light"].items():
        dark = tokens()["dark"][name]
        rows.append(
            {
                "name": name,
                "light": light,
                "light_ratio": f"{contrast(light, tokens()['light']['kertas']):.1f}",
                "dark": dark,
                "dark_ratio": f"{contrast(dark, tokens()['dark']['kertas']):.1f}",
            }
        )
    return rows


@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Tokens, drawings and components; printing it shows the print forms."""
    return render(
        request,
        "public/gallery.html",
        {
            "components": [_shown(request, name) for name in COMPONENTS],
            "tokens": _ratios(),
            "icons": sorted(drawings.ICONS),
            "people": list(drawings.PEOPLE),
            "doors": [
                ("open", "tosca"),
                ("chained", "tosca"),
                ("waiting", "tosca"),
                ("closed", "genteng"),
                ("closed", "nila"),
            ],
            "marks": [example_mark(str(number)) for number in range(12)],
            "sizes": ("t38", "t28", "t23", "t20", "t17", "t15", "t14"),
            "grounds": ("family", "official", "child-6-9", "child-10-12", "child-13-15", "child-16-17"),
        },
    )
