"""May a child of this age use this app? The law engine's answer as a door, a word and a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from ruangaman.adapters import packs
from ruangaman.core import accounts, law
from ruangaman.core.accounts import CHILD_AND_PARENT, NOBODY, PARENT, opens
from ruangaman.core.law.years import AgeRange, age_ranges, grown_from, lowest_age, middle_range
from ruangaman.rooms.access import api as access
from ruangaman.site.public.wording import JURISDICTION, said, short_article


def ranges() -> tuple[AgeRange, ...]:
    """The ranges of age that the law names, the youngest first."""
    return age_ranges(packs.load(JURISDICTION))


def years() -> range:
    """Every age, in completed years, that the law says something of for a child."""
    pack = packs.load(JURISDICTION)
    return range(lowest_age(pack), grown_from(pack))


def grown() -> int:
    """The age from which the law for children no longer applies."""
    return grown_from(packs.load(JURISDICTION))


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
    proof: str = ""  # that the age must be proved first, where a word about it does not open


UNLISTED = "lain"
CLAIMED = "self_declared"
UNKNOWN_SERVICE = {"risk_profile": "unassessed"}


def risk_words(service: Mapping[str, Any]) -> str:
    """The risk profile in words."""
    words = {"low": _("Risikonya rendah."), "high": _("Risikonya tinggi.")}
    return words.get(str(service.get("risk_profile")), _("Risikonya belum dinilai."))


def verdict(service: Mapping[str, Any], year: int, *, now: datetime) -> Verdict:
    """What the law says for one completed year of age, whoever still has to agree."""
    pack = packs.load(JURISDICTION)

    def ask(age: int, consent: Mapping[str, Any], **more: str) -> law.Answer:
        facts = accounts.facts(service, {"at_least": age, "at_most": age}, consent)
        return pack.ask(facts | more, now=now)

    why = risk_words(service)
    if service.get("risk_profile") == "low" and service.get("designed_for_children"):
        why = _("Aplikasi ini dibuat untuk anak dan risikonya rendah.")
    alone = ask(year, NOBODY)
    if opens(alone):
        return _told("open", _("Boleh"), _("Boleh."), why, alone)
    with_parent = ask(year, PARENT)
    proof = "" if opens(ask(year, PARENT, evidence=CLAIMED)) else _("Umur anak harus dibuktikan dulu.")
    own = alone.extras.get("consent_kind") == accounts.CONFIRMATION
    if opens(with_parent) and not own:
        return _told("asks", _("Izin"), _("Boleh, kalau orang tua mengizinkan."), why, alone, proof=proof)
    if opens(with_parent) or opens(ask(year, CHILD_AND_PARENT)):
        sentence = _("Boleh, kalau anak setuju dan orang tua mengonfirmasi.")
        return _told("asks", _("Izin"), sentence, why, alone, proof=proof)
    reason = said(with_parent.text)
    if service.get("risk_profile") == "unassessed":
        sentence = _("Aplikasi ini belum dinilai. Anggap belum boleh.")
        return _told("unknown", _("Belum dinilai"), sentence, "", with_parent)
    opens_at = accounts.opens_from(pack, service, after=year, now=now)
    words = _("Nanti, %(years)d tahun") % {"years": opens_at}
    return _told(
        "later", words, f"{words}.", reason.removeprefix(f"{words}. "), with_parent, colour="genteng"
    )


def _told(state: str, word: str, sentence: str, reason: str, answer: law.Answer, **more: str) -> Verdict:
    return Verdict(state, word, sentence, reason, short_article(answer.articles), answer, **more)


STRICTNESS = ("open", "asks", "later", "unknown")


def range_verdict(service: Mapping[str, Any], ages: AgeRange, *, now: datetime) -> Verdict:
    """The strictest verdict of the years of one range: a cell promises no year more than it gets. Where the years of a
    range ask different people, the sentence says who from when.
    """
    found = {year: verdict(service, year, now=now) for year in range(ages.first, ages.last + 1)}
    strictest = max(found.values(), key=lambda one: STRICTNESS.index(one.state))
    own = own_from(now=now)
    last = found[ages.last]
    if strictest.state == last.state == "asks" and own is not None and ages.first < own <= ages.last:
        from_then = _("Mulai %(age)d tahun, anak setuju dan orang tua mengonfirmasi.") % {"age": own}
        return replace(strictest, sentence=f"{strictest.sentence} {from_then}")
    return strictest


def own_from(*, now: datetime) -> int | None:
    """From which age the consent is the child's own and a parent confirms it; None when the law knows no such age."""
    return accounts.own_consent_from(packs.load(JURISDICTION), now=now)


def asked(query: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
    """The start page's question, from its GET form. An age that is not on its list gets a sentence, `refused`, never
    the answer for another age.
    """
    cards = access.public_services()
    slugs = [card.slug for card in cards]
    ages = years()
    if "umur" in query and query["umur"] not in map(str, ages):
        ends = {"first": ages.start, "last": ages.stop - 1, "grown": grown()}
        refused = _(
            "Umur itu tidak bisa kami jawab. Pilih umur %(first)d sampai %(last)d tahun. "
            "Mulai %(grown)d tahun, aturan anak tidak berlaku."
        )
        slug = query.get("aplikasi", UNLISTED)
        return {"ages": list(ages), "services": cards, "age": None, "slug": slug, "refused": refused % ends}
    year = int(query.get("umur", middle_range(packs.load(JURISDICTION)).first))
    slug = query.get("aplikasi", slugs[0] if slugs else UNLISTED)
    if slug in slugs:
        told = verdict(cards[slugs.index(slug)].facts, year, now=now)
    else:
        guarded = verdict(UNKNOWN_SERVICE, year, now=now)
        sentence = _("Aplikasi ini belum kami kenal. Anggap belum boleh.")
        told = Verdict("unknown", _("Belum tahu"), sentence, "", guarded.article, guarded.answer)
    return {"ages": list(ages), "services": cards, "age": year, "slug": slug, "verdict": told}
