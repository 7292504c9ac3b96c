"""A report as pages show it: names instead of ids, where it stands, what is late. Never what somebody wrote."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from ruangaman.core.reports import grid, rules, states
from ruangaman.core.reports.grid import Cell
from ruangaman.core.reports.rules import Named, Texts
from ruangaman.rooms.places.models import City, Report, ReportClock, ReportStep
from ruangaman.rooms.places.reports import tables, wheres
from ruangaman.rooms.places.reports.moments import day, in_language, moment

PAGE: Final = 50
MOST_ON_MAP: Final = 5_000


@dataclass(frozen=True, slots=True)
class Names:
    """The names of a city's kinds, bodies, areas and times, looked up once for a page."""

    kinds: rules.Kinds
    bodies: rules.Bodies
    areas: Mapping[str, str]
    city: City

    def kind(self, row: Report) -> Texts:
        """Of what it is about; a kind that the table no longer has keeps its id."""
        found = self.kinds.kinds.get(row.kind)
        return found.name if found else {"id": row.kind, "en": row.kind}

    def body(self, name: str) -> Texts:
        """Of who takes care of it."""
        found = self.bodies.of.get(name)
        return found.name if found else {"id": name, "en": name}

    def area(self, code: str) -> str:
        """Of a kelurahan, or the city."""
        return self.areas.get(code, self.city.name if code == self.city.code else code)

    def when(self, row: Report) -> str:
        """A part of the week and of the day."""
        told = [self._of(self.kinds.week, row.week), self._of(self.kinds.day, row.day)]
        return ", ".join(one for one in told if one)

    def _of(self, table: Mapping[str, Named], name: str) -> str:
        found = table.get(name)
        return in_language(found.name) if found else name


def names(city: City) -> Names:
    """What a page of this city needs."""
    kinds = tables.kinds(city)
    return Names(kinds, tables.bodies(city), wheres.of_city(city, kinds.grid_metres).areas, city)


def public(city: City) -> QuerySet[Report]:
    """What everybody may read."""
    rows = Report.objects.filter(city=city, private=False, state__in=states.SHOWN)
    return rows.annotate(
        told=Count("joined", distinct=True) + 1,
        late=Count(
            "clocks", filter=Q(clocks__late_at__isnull=False, clocks__met_at__isnull=True), distinct=True
        ),
    )


def status_word(state: str) -> str:
    """Where a report stands, in a word."""
    return {
        states.RECEIVED: _("Sudah diterima"),
        states.PUBLISHED: _("Tayang"),
        states.ANSWERED: _("Dijawab"),
        states.PLANNED: _("Direncanakan"),
        states.SOLVED: _("Selesai"),
        states.NOT_SOLVED: _("Tidak bisa"),
        states.REFUSED: _("Tidak ditayangkan"),
        states.JOINED: _("Digabung"),
    }[state]


def pill_of(state: str, late: bool) -> str:
    """The shape of a pill: tegel's states."""
    if late:
        return "closed"
    return {states.SOLVED: "open", states.PLANNED: "asks", states.NOT_SOLVED: "closed"}.get(state, "waiting")


def line(row: Any, known: Names) -> dict[str, Any]:
    """One row of a list."""
    late = bool(getattr(row, "late", 0)) and row.state not in states.CLOSED
    return {
        "row": row,
        "serial": row.serial,
        "kind": in_language(known.kind(row)),
        "hazard": row.of == rules.HAZARD,
        "text": in_language({"id": row.text_id, "en": row.text_en}),
        "place": row.place_name,
        "area": known.area(row.area),
        "state": status_word(row.state),
        "pill": pill_of(row.state, late),
        "late": late,
        "told": getattr(row, "told", 1),
        "since": day(row.published_at),
        "body": in_language(known.body(row.body)) if row.body else "",
        "when": known.when(row),
        "urgent": row.urgent,
        "photo": row.photo_state == "shown",
    }


def steps(rows: Iterable[ReportStep], known: Names) -> list[dict[str, Any]]:
    """What happened, in the order in which it did."""
    return [
        {
            "what": step_word(one, known),
            "when": moment(one.at),
            "text": in_language({"id": one.text_id, "en": one.text_en}) if one.what != "published" else "",
            "reason": _reason(one, known),
            "planned": day(one.planned_on),
            "done": day(one.done_on),
            "photo": one.photo_state == "shown",
            "entry": one.entry,
        }
        for one in rows
    ]


def step_word(one: ReportStep, known: Names) -> str:
    """What happened, as a sentence."""
    body = in_language(known.body(one.body)) if one.body else ""
    if one.what == "published":
        return _("Diterima dan diteruskan ke %(body)s") % {"body": body}
    if one.what == "sent":
        return _("Diteruskan ke %(body)s") % {"body": body}
    return status_word(one.what)


def _reason(one: ReportStep, known: Names) -> str:
    found = known.kinds.not_solved.get(one.reason)
    return in_language(found.name) if found else ""


def clocks(row: Report) -> list[dict[str, Any]]:
    """By when what is done."""
    words = {
        "moderate": _("Diperiksa"),
        "answer": _("Dijawab"),
        "solve": _("Diselesaikan"),
        "vote": _("Jawaban untuk Forum Anak"),
    }
    return [
        {
            "what": words[one.what],
            "due": moment(one.due_at),
            "met": one.met_at is not None,
            "late": one.late_at is not None,
            "reminded": one.reminded_at is not None and one.met_at is None,
        }
        for one in row.clocks.order_by("due_at")
    ]


def next_due(row: Report) -> ReportClock | None:
    """What is due next of a report, the earliest first."""
    return row.clocks.filter(met_at__isnull=True).order_by("due_at").first()


def late_moderation(city: City) -> tuple[int, int]:
    """How many wait to be read, and how many of them too long: numbers alone are public."""
    rows = Report.objects.filter(city=city, state=states.RECEIVED)
    late = rows.filter(clocks__what="moderate", clocks__late_at__isnull=False)
    return rows.count(), late.count()


def by_area(city: City, known: Names) -> Sequence[dict[str, Any]]:
    """Open and solved reports of each area, the most open first. They count reports, not children."""
    rows = Report.objects.filter(city=city, private=False, state__in=states.SHOWN).values("area")
    counted = rows.annotate(
        open=Count("pk", filter=Q(state__in=states.OPEN)), solved=Count("pk", filter=Q(state=states.SOLVED))
    ).order_by("-open", "area")
    return [{"code": one["area"], "name": known.area(one["area"]), **one} for one in counted]


def features(city: City) -> dict[str, Any]:
    """Reports as GeoJSON for the map: squares of the grid, never points; the newest first."""
    known = names(city)
    rows = public(city).filter(row__isnull=False).order_by("-serial")[:MOST_ON_MAP]
    return {
        "type": "FeatureCollection",
        "grid_metres": known.kinds.grid_metres,
        "features": [_feature(row, known) for row in rows],
    }


def _feature(row: Any, known: Names) -> dict[str, Any]:
    cell = Cell(row.row, row.column, row.metres)
    return {
        "type": "Feature",
        "id": row.serial,
        "geometry": {"type": "Polygon", "coordinates": [grid.ring(cell)]},
        "properties": {
            "serial": row.serial,
            "of": row.of,
            "kind": row.kind,
            "kind_name": dict(known.kind(row)),
            "text": {"id": row.text_id, "en": row.text_en},
            "state": row.state,
            "open": row.state in states.OPEN,
            "late": bool(row.late) and row.state in states.OPEN,
            "urgent": row.urgent,
            "reports": row.told,
            "area": row.area,
            "place": row.place_name,
            "body": dict(known.body(row.body)),
            "cell": str(cell),
        },
    }


def due_line(clock: ReportClock | None, now: datetime) -> dict[str, Any]:
    """The next due time of a list."""
    if clock is None:
        return {"due": "", "late": False, "reminded": False}
    late = clock.due_at <= now
    return {"due": moment(clock.due_at), "late": late, "reminded": not late and clock.remind_at <= now}
