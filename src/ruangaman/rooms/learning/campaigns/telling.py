"""What pages say of results: a sentence first, a chart, then everything for whoever wants to check."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ruangaman.core.learning import times
from ruangaman.core.learning.model import Plain
from ruangaman.rooms.learning import courses
from ruangaman.rooms.learning.errors import NoSuchLesson
from ruangaman.rooms.learning.groups import checking

if TYPE_CHECKING:
    from ruangaman.core.learning.results import Arm, Dot, Measured

LEFT, RIGHT, TOP, BOTTOM = 40, 320, 12, 172
"""Of the chart's field, in its own units; its picture is 330 wide, as wide as the smallest phone shows it."""
PLACES: Final = {"pre": 88, "post": 182, "delayed": 276}
APART: Final = 20
"""Between the two arms at one time."""
FEWEST_LEARNERS: Final = 30
"""`measuring.FEWEST_LEARNERS`, whose module needs numpy."""


def arm(name: str) -> str:
    """How an arm is called."""
    return {
        "teach": _("diajar"),
        "wait": _("menunggu"),
        "A": _("kata-kata A"),
        "B": _("kata-kata B"),
    }.get(name, _("semua"))


def time(name: str) -> str:
    """How a time of testing is called."""
    return {"pre": _("sebelum"), "post": _("sesudah"), "delayed": _("hari ke-28")}[name]


def headline(told: "Measured | None") -> str:
    """The page's one sentence."""
    if told is None:
        return _("Data belum cukup.")
    compared = {one.arm for one in told.arms}
    if told.verdict == "few":
        return _("Data belum cukup.")
    if told.verdict == "same":
        return _("Belum terlihat bedanya.")
    if told.verdict == "alone":
        first, last = told.arms[0].dots[0].mean, told.arms[0].dots[-1].mean
        return _("Jawaban benar: %(before)s sebelum, %(after)s setelah 28 hari.") % {
            "before": f"{first:.0%}",
            "after": f"{last:.0%}",
        }
    if "A" in compared:
        better = "A" if told.verdict == "more" else "B"
        return _("Setelah 28 hari, yang membaca kata-kata %(letter)s lebih tahu.") % {"letter": better}
    if told.verdict == "more":
        return _("Setelah 28 hari, kelompok yang diajar lebih tahu.")
    return _("Setelah 28 hari, kelompok yang diajar lebih sedikit menjawab benar.")


@dataclass(frozen=True, slots=True)
class Mark:
    """A dot of the chart: where it and its interval stand, and what it says."""

    x: float
    y: float
    low: float | None
    high: float | None
    said: str
    above: float


@dataclass(frozen=True, slots=True)
class Line:
    """One arm in the chart; the first is round and full, the second square and empty."""

    name: str
    full: bool
    marks: list[Mark]

    @property
    def path(self) -> str:
        """Through its dots."""
        return " ".join(f"{mark.x},{mark.y}" for mark in self.marks)


def chart(arms: Sequence["Arm"]) -> list[Line]:
    """Where everything stands; arms without dots are left out."""
    shown = [one for one in arms if one.dots]
    lines = []
    for place, one in enumerate(shown):
        shift = (place - (len(shown) - 1) / 2) * APART
        marks = [_mark(dot, PLACES[dot.time] + shift, up=place == 0) for dot in one.dots]
        lines.append(Line(arm(one.arm), place == 0, marks))
    return lines


def _mark(dot: "Dot", x: float, *, up: bool) -> Mark:
    low, high = (None if one is None else _height(one) for one in (dot.low, dot.high))
    y = _height(dot.mean)
    # The number stands beyond the interval, so that it covers nothing.
    above = (high if high is not None else y) - 7 if up else (low if low is not None else y) + 15
    return Mark(round(x, 1), y, low, high, f"{dot.mean:.0%}", round(min(above, BOTTOM - 3), 1))


def _height(share: float) -> float:
    return round(BOTTOM - share * (BOTTOM - TOP), 1)


def grid() -> list[tuple[float, str]]:
    """Lines of the chart's field with what they stand for."""
    return [(_height(share), f"{share:.0%}") for share in (0, 0.25, 0.5, 0.75, 1)]


def say(text: Plain) -> str:
    """In the reader's language."""
    return text.said(get_language())


def misconceptions(told: "Measured") -> list[dict[str, Any]]:
    """What is still held, how often and how surely, and the lesson about it."""
    known = {one.id: one for one in courses.course().scheme.misconceptions}
    return [
        {
            "text": say(known[one.misconception].text),
            "share": one.share,
            "sure": one.sure,
            "address": reverse("learning:lesson", args=[told.objective]),
        }
        for one in told.misconceptions
        if one.misconception in known
    ]


DOUBTS: Final = ("too-easy", "too-hard", "does-not-belong", "idle-options", "too-few-answers")


def doubt(name: str) -> str:
    """A doubt about an item, in words."""
    return {
        "too-easy": _("terlalu mudah"),
        "too-hard": _("terlalu sulit"),
        "does-not-belong": _("tidak sejalan dengan soal lain"),
        "idle-options": _("ada pilihan yang jarang dipilih"),
        "too-few-answers": _("jawaban belum cukup"),
    }[name]


def favours(size: str) -> str:
    """Whether an item is answered otherwise in one of the languages, by the classes of ETS."""
    return {"A": _("sama"), "B": _("agak beda"), "C": _("beda")}.get(size, "–")


def items(told: "Measured") -> list[dict[str, Any]]:
    """The health of each item."""
    return [
        {
            "name": one.item,
            "form": one.form,
            "right": one.right,
            "belongs": one.belongs,
            "doubts": ", ".join(doubt(name) for name in one.doubts) or _("tidak ada"),
            "language": favours(one.language),
        }
        for one in told.items
    ]


def table(told: "Measured") -> list[dict[str, Any]]:
    """The chart as rows: an arm, and what is told of each time."""
    rows = []
    for one in told.arms:
        dots = {dot.time: dot for dot in one.dots}
        rows.append(
            {
                "name": arm(one.arm),
                "clusters": one.clusters,
                "learners": one.learners,
                "cells": [(time(name), dots.get(name)) for name in PLACES],
                "arm": one,
            }
        )
    return rows


def behaviours(told: "Measured") -> list[tuple[str, list[tuple[str, float | None]]]]:
    """What learners say they did, by arm; nothing where nobody may be told of."""
    rows = []
    for one in checking.behaviours().of(told.objective, times.AFTER):
        shares = [(arm(each.arm), each.did.get(one.id)) for each in told.arms]
        if any(share is not None for _name, share in shares):
            rows.append((say(one.text), shares))
    return rows


def page(told: "Measured | None", objective: str) -> dict[str, Any]:
    """Everything that the templates of results need of one objective; before its day only that it is not told."""
    shown: dict[str, Any] = {"told": told, "headline": headline(told), "can": _can(objective)}
    if told is None:
        return shown
    return shown | {
        "lines": chart(told.arms) if told.verdict != "few" else [],
        "times": [(PLACES[name], time(name)) for name in PLACES],
        "grid": grid(),
        "rows": table(told),
        "intervals": any(dot.low is not None for one in told.arms for dot in one.dots),
        "compared": told.verdict not in ("few", "alone"),
        "wordings": any(one.arm == "A" for one in told.arms),
        "misconceptions": misconceptions(told),
        "items": items(told),
        "behaviours": behaviours(told),
    }


def _can(objective: str) -> str:
    known = {one.id: one for one in courses.course().scheme.objectives}
    return capfirst(say(known[objective].can)) if objective in known else ""


def title(objective: str) -> str:
    """Of the lesson of an objective; of one that was withdrawn its id, for results outlive lessons."""
    try:
        return say(courses.lesson(objective)[1].title)
    except NoSuchLesson:
        return objective
