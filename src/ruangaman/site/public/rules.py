"""`/aturan`: the law as it is applied, question by question, with its articles, dates and doubts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ruangaman.adapters import packs
from ruangaman.core import law
from ruangaman.core.law.model import Dated, Raw, Source, When
from ruangaman.core.law.words import word
from ruangaman.site.public.wording import JURISDICTION, article_words, language, said


@dataclass(frozen=True, slots=True)
class Row:
    """One norm, span, parameter or value as a reader meets it."""

    id: str
    says: str
    when: tuple[str, ...]
    then: str
    articles: tuple[str, ...]
    since: str
    confidence: str
    doubts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; a question without parts has one group without a heading."""

    title: str
    rows: tuple[Row, ...]


def _word(source: Source, name: str, inside: str = "") -> str:
    """The pack's word in the reader's language; a value without a word (a number, a name) stands as it is."""
    try:
        return said(word(source, name, inside))
    except KeyError:
        return name.replace("_", " ")


def _bound(bound: str) -> str:
    """`< 16`, `>= 18`, `13..15` in words; anything else as it is."""
    for sign, sentence in (
        (">=", _("%s atau lebih")),
        ("<=", _("sampai %s")),
        ("<", _("di bawah %s")),
        (">", _("lebih dari %s")),
    ):
        if bound.startswith(sign):
            return sentence % bound[len(sign) :].strip()
    if ".." in bound:
        return _("%(low)s sampai %(high)s") % dict(zip(("low", "high"), bound.split(".."), strict=True))
    return bound


def _condition(source: Source, name: str, raw: Raw) -> str:
    values = (raw,) if isinstance(raw, str) else raw
    if name.startswith("doubt."):
        told = (_word(source, value, name[6:]) for value in values)
        return f"{_('cara baca')}: {_(' atau ').join(told)}"
    numeric = source.facts[name].numeric
    told = (_bound(value) if numeric else _word(source, value, name) for value in values)
    return f"{_word(source, name)}: {_(' atau ').join(told)}"


def _when(source: Source, when: When) -> tuple[str, ...]:
    """One sentence a way in which the norm applies; empty: always."""
    return tuple("; ".join(_condition(source, name, raw) for name, raw in clause.items()) for clause in when)


def in_force_since(pack: law.Pack, article: str) -> str:
    """The day from which the instrument that an article stands in is in force; empty when the pack names none."""
    for one in pack.source.instruments.values():
        if article.startswith(one.short):
            days = [status.begins for status in one.status if status.is_ == "in_force"]
            return date_format(min(days), "j F Y") if days else ""
    return ""


def since(dated: Dated) -> str:
    """From when it counts, as a date in the reader's language; empty: always."""
    return "" if dated.begins == date.min else date_format(dated.begins, "j F Y")


def confidence(mark: str) -> str:
    """How many sources say so, in words."""
    return {
        ">=2": _("dua sumber atau lebih"),
        "one": _("satu sumber"),
        "unclear": _("belum jelas"),
    }.get(mark, mark)


def _row(source: Source, one: Any, *, id: str, says: str, when: When, then: str) -> Row:
    return Row(
        id=id,
        says=says,
        when=_when(source, when),
        then=then,
        articles=tuple(article_words(article) for article in one.articles),
        since=since(one.dated),
        confidence=confidence(one.confidence),
        doubts=tuple(said(source.doubts[doubt].point) for doubt in one.doubts),
    )


def _units() -> dict[str, str]:
    return {
        "hours": _("jam"),
        "calendar_days": _("hari kalender"),
        "working_days": _("hari kerja"),
        "months": _("bulan"),
    }


def _number(value: Any) -> str:
    if value is None:
        return _("belum diketahui")
    if isinstance(value, Mapping):
        return "; ".join(f"{name.replace('_', ' ')}: {is_}" for name, is_ in value.items())
    if isinstance(value, tuple):
        return ", ".join(str(one).replace("_", " ") for one in value)
    return str(value).replace("_", " ")


def _hundredths(weight: int) -> str:
    whole, rest = divmod(weight, 100)
    return f"{whole}{',' if language() == 'id' else '.'}{rest:02d}%"


def _groups(pack: law.Pack, question: str) -> Iterable[Group]:
    source = pack.source
    if question in source.tables:
        table = source.tables[question]
        yield Group(
            "",
            tuple(
                _row(
                    source,
                    norm,
                    id=norm.rule,
                    says=said(norm.text),
                    when=norm.when,
                    then=", ".join(
                        filter(
                            None,
                            (
                                norm.then and _word(source, norm.then, question),
                                *(_word(source, duty) for duty in (*norm.do, *norm.needs, *norm.notices)),
                            ),
                        )
                    ),
                )
                for norm in table.norms
            ),
        )
    elif question in source.clocks:
        units = _units()
        yield Group(
            "",
            tuple(
                _row(
                    source,
                    span,
                    id=span.id,
                    says=said(span.text),
                    when=span.when,
                    then=_("belum diketahui")
                    if span.amount is None
                    else f"{span.amount} {units.get(span.unit, span.unit)}",
                )
                for span in source.clocks[question].rows
            ),
        )
    elif question in source.scores:
        sheet = source.scores[question]
        basis = tuple(article_words(article) for article in sheet.articles)
        for aspect, items in sheet.aspects.items():
            yield Group(
                said(sheet.aspect_titles[aspect]),
                tuple(
                    Row(
                        id=item.code,
                        says=said(item.text),
                        when=(),
                        then=_hundredths(item.weight),
                        articles=basis,
                        since=since(sheet.dated),
                        confidence=confidence(sheet.confidence),
                        doubts=tuple(said(source.doubts[other.doubt].point) for other in item.otherwise),
                    )
                    for item in items
                ),
            )
    else:
        yield Group(
            "",
            tuple(
                _row(source, row, id=question, says=said(row.text), when=(), then=_number(row.is_))
                for row in source.values[question].rows
            ),
        )


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """`/aturan/`: the questions that the pack answers, and the instruments it rests on."""
    pack = packs.load(JURISDICTION)
    words = {
        "table": _("Boleh, wajib, dilarang"),
        "clock": _("Tenggat"),
        "score": _("Penilaian"),
        "value": _("Daftar"),
    }
    kinds = {
        kind: [
            {"name": name, "title": said(pack.title_of(name))}
            for name, its in pack.questions.items()
            if its == kind
        ]
        for kind in words
    }
    groups = [(words[kind], questions) for kind, questions in kinds.items() if questions]
    instruments = [
        {
            "short": article_words(one.short),
            "title": said(one.title),
            "checked": date_format(one.checked, "j F Y"),
            "sources": ", ".join(one.sources),
        }
        for one in pack.source.instruments.values()
    ]
    return render(request, "public/rules.html", {"pack": pack, "groups": groups, "instruments": instruments})


@require_safe
def rule(request: HttpRequest, question: str) -> HttpResponse:
    """`/aturan/account`: every norm of one question: what it says, when, to what effect, article, since, how sure."""
    pack = packs.load(JURISDICTION)
    if question not in pack.questions:
        raise Http404(question)
    return render(
        request,
        "public/rule.html",
        {
            "pack": pack,
            "title": said(pack.title_of(question)),
            "kind": pack.questions[question],
            "groups": list(_groups(pack, question)),
        },
    )
