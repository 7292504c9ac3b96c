"""May a child of this age use this app? The law engine's answer as a door, a word and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.rooms.access import api as access
from ruangaman.site.public.wording import JURISDICTION, said, short_article

YEARS = range(3, 18)
BANDS = ((3, 5), (6, 9), (10, 12), (13, 15), (16, 17))
QUESTION = "account"

# What guardian and child may have answered, from nothing to everything: the first that opens tells who must.
NOBODY = {"state": "none"}
PARENT = {"state": "granted", "by": "parent"}
CHILD_AND_PARENT = {"state": "granted", "by": "child", "parent_notified": True, "parent_confirmed": True}


@dataclass(frozen=True, slots=True)
class Verdict:
    """One cell: `state` is one of the tag library's STATES; `answer` is what the law engine said."""

    state: str
    word: str
    sentence: str
    reason: str
    article: str
    answer: law.Answer
    colour: str = ""  # of the door's leaf; empty = the colour of the state


def facts(service: Mapping[str, Any], age: Mapping[str, int], consent: Mapping[str, Any]) -> dict[str, Any]:
    """The question as the law engine takes it; the age counts as proved, since nobody asks who is asking."""
    return {
        "jurisdiction": JURISDICTION,
        "question": QUESTION,
        "age": dict(age),
        "evidence": "verified",
        "service": dict(service),
        "consent": dict(consent),
    }


UNLISTED = "lain"
UNKNOWN_SERVICE = {"risk_profile": "unassessed"}


def _opens(answer: law.Answer) -> bool:
    return answer.open and answer.decided


def risk_words(service: Mapping[str, Any]) -> str:
    """The risk profile in words."""
    words = {"low": _("Risikonya rendah."), "high": _("Risikonya tinggi.")}
    return words.get(str(service.get("risk_profile")), _("Risikonya belum dinilai."))


def verdict(service: Mapping[str, Any], year: int, *, now: datetime) -> Verdict:
    """What the law says for one completed year of age, whoever still has to agree."""
    pack = packs.load(JURISDICTION)

    def ask(age: int, consent: Mapping[str, Any]) -> law.Answer:
        return pack.ask(facts(service, {"at_least": age, "at_most": age}, consent), now=now)

    why = risk_words(service)
    if service.get("risk_profile") == "low" and service.get("designed_for_children"):
        why = _("Aplikasi ini dibuat untuk anak dan risikonya rendah.")
    alone = ask(year, NOBODY)
    if _opens(alone):
        return _told("open", _("Boleh"), _("Boleh."), why, alone)
    with_parent = ask(year, PARENT)
    if _opens(with_parent):
        return _told("asks", _("Izin"), _("Boleh, kalau orang tua mengizinkan."), why, alone)
    if _opens(ask(year, CHILD_AND_PARENT)):
        sentence = _("Boleh, kalau anak setuju dan orang tua mengonfirmasi.")
        return _told("asks", _("Izin"), sentence, why, alone)
    reason = said(with_parent.text)
    if service.get("risk_profile") == "unassessed":
        sentence = _("Aplikasi ini belum dinilai. Anggap belum boleh.")
        return _told("unknown", _("Belum dinilai"), sentence, "", with_parent)
    colour = "genteng" if service.get("risk_profile") == "high" else ""
    opens_at = next(
        (
            age
            for age in range(year + 1, 18)
            if any(_opens(ask(age, who)) for who in (PARENT, CHILD_AND_PARENT))
        ),
        18,
    )
    words = _("Nanti, %(years)d tahun") % {"years": opens_at}
    return _told("later", words, f"{words}.", reason.removeprefix(f"{words}. "), with_parent, colour)


def _told(state: str, word: str, sentence: str, reason: str, answer: law.Answer, colour: str = "") -> Verdict:
    return Verdict(state, word, sentence, reason, short_article(answer.articles), answer, colour)


STRICTNESS = ("open", "asks", "later", "unknown")


def band_verdict(service: Mapping[str, Any], band: tuple[int, int], *, now: datetime) -> Verdict:
    """The strictest verdict of the years of one band: a cell promises no year more than it gets."""
    found = [verdict(service, year, now=now) for year in range(band[0], band[1] + 1)]
    return max(found, key=lambda one: STRICTNESS.index(one.state))


def asked(query: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """The start page's question, from its GET form. An age that is not on its list gets a sentence, `refused`, never
    the answer for another age.
    """
    cards = access.public_services()
    slugs = [card.slug for card in cards]
    if "umur" in query and query["umur"] not in map(str, YEARS):
        ends = {"first": YEARS[0], "last": YEARS[-1], "grown": YEARS[-1] + 1}
        refused = _(
            "Umur itu tidak bisa kami jawab. Pilih umur %(first)d sampai %(last)d tahun. "
            "Mulai %(grown)d tahun, aturan anak tidak berlaku."
        )
        slug = query.get("aplikasi", UNLISTED)
        return {"ages": list(YEARS), "services": cards, "age": None, "slug": slug, "refused": refused % ends}
    year = int(query.get("umur", 10))
    slug = query.get("aplikasi", slugs[0] if slugs else UNLISTED)
    if slug in slugs:
        told = verdict(cards[slugs.index(slug)].facts, year, now=now)
    else:
        guarded = verdict(UNKNOWN_SERVICE, year, now=now)
        sentence = _("Aplikasi ini belum kami kenal. Anggap belum boleh.")
        told = Verdict("unknown", _("Belum tahu"), sentence, "", guarded.article, guarded.answer)
    return {"ages": list(YEARS), "services": cards, "age": year, "slug": slug, "verdict": told}
