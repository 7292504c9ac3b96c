"""
What the room's own work says of an indicator: pledges, answers, votes, certificates and repairs, counted as they stand.

Nothing is told of a person, and a count of children below the least of house or city (`city_files.least`) is not.
Where nothing was done there is no fact, never a zero. Rows count pledges, reports, certificates or repairs.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone

from ruangaman.core.reports import rules, states
from ruangaman.rooms.places import children_told, city_files, kla_feeds, pledges, roles
from ruangaman.rooms.places.audits.reading import rules_of
from ruangaman.rooms.places.kla_feeds import MOST_ROWS, Fact
from ruangaman.rooms.places.models import (
    Audit,
    AuditForm,
    Certificate,
    City,
    Defect,
    Finding,
    Plan,
    Pledge,
    Report,
    ReportClock,
    VoteOption,
    VoteRound,
)
from ruangaman.rooms.places.reports import telling

Texts = Mapping[str, str]
NEWEST: Final = 20
"""Plans and votes of which each is told; the newest ones."""
_KELURAHAN_PARTS: Final = 4
_GOVERNMENT: Final = (roles.BAPPEDA, roles.PPPA, roles.KELURAHAN)


def register() -> None:
    """Let the scorecard ask these readers; done once more it changes nothing."""
    for indicator, reader in (
        (3, pledged), (3, served), (5, answered), (6, voted), (6, turnout), (11, certified), (11, ranked),
        (11, repaired), (20, certified_creative),
    ):  # fmt: skip
        kla_feeds.register(indicator, reader)


def _on(*moments: datetime | None) -> date:
    """The day of the last of these moments."""
    return timezone.localtime(max(one for one in moments if one is not None)).date()


def _count(value: float, least: float) -> tuple[str, str]:
    """A count of children in both languages; a small one is not told, and neither is that there is none."""
    if value < least:
        return f"kurang dari {least:g}", f"fewer than {least:g}"
    return f"{round(value):,}".replace(",", "."), f"{round(value):,}"


def _both(indonesian: str, english: str, **numbers: int | str | tuple[str, str]) -> Texts:
    """A sentence in both languages; a number that is a pair has a side for each."""
    sides: tuple[dict[str, int | str], dict[str, int | str]] = ({}, {})
    for name, value in numbers.items():
        for side in (0, 1):
            sides[side][name] = value[side] if isinstance(value, tuple) else value
    return {"id": indonesian.format(**sides[0]), "en": english.format(**sides[1])}


def _rows(city: City, found: Iterable[tuple[str, Sequence[int]]]) -> tuple[tuple[str, str, str], ...]:
    """(code, name, `3 / 1`) by kelurahan: the sums of what is told of each place; RW count to their kelurahan."""
    sums: dict[str, list[int]] = {}
    for code, told in found:
        parts = code.split(".")
        kelurahan = ".".join(parts[:_KELURAHAN_PARTS]) if not code.startswith("?") else code
        before = sums.setdefault(kelurahan or city.code, [0] * len(told))
        sums[kelurahan or city.code] = [one + more for one, more in zip(before, told, strict=True)]
    if not sums:
        return ()
    known = telling.names(city)
    return tuple(
        (code, known.area(code), " / ".join(map(str, sums[code]))) for code in sorted(sums)[:MOST_ROWS]
    )


# 3: residents and companies take part


def _live(city: City) -> Sequence[Pledge]:
    found = Pledge.objects.filter(
        action__plan__city=city, action__plan__published_at__isnull=False, withdrawn_at__isnull=True
    )
    return list(found.select_related("action"))


def pledged(city: City, now: datetime) -> Sequence[Fact]:
    """Promises for published plans by who gave them, and how many were kept or are late."""
    rows = _live(city)
    if not rows:
        return ()
    late = {one.pk for one in rows if one.kept_at is None and (one.late_at is not None or one.due_at <= now)}
    of = Counter(_group(one.role) for one in rows)
    text = _both(
        "Janji untuk rencana yang terbit: {all} (pemerintah {gov}, perusahaan {company}, lembaga {ngo}). "
        "Ditepati: {kept}. Lewat hari yang dijanjikan: {late}.",
        "Pledges for published plans: {all} (government {gov}, companies {company}, organisations {ngo}). "
        "Kept: {kept}. Past the promised day: {late}.",
        all=len(rows), gov=of["gov"], company=of["company"], ngo=of["ngo"],
        kept=sum(one.kept_at is not None for one in rows), late=len(late),
    )  # fmt: skip
    told = [(one.action.area, (1, int(one.kept_at is not None), int(one.pk in late))) for one in rows]
    on = _on(*(moment for one in rows for moment in (one.made_at, one.kept_at, one.late_at)))
    column = {"id": "Janji / ditepati / terlambat", "en": "Pledges / kept / late"}
    where = reverse("places:plans", args=[city.slug])
    return (Fact("pledges", text, on, where, rows=_rows(city, told), column=column),)


def _group(role: str) -> str:
    return "gov" if role in _GOVERNMENT else "company" if role == roles.COMPANY else "ngo"


def served(city: City, _now: datetime) -> Sequence[Fact]:
    """Of each published plan: the children whom its promises would serve, and what re-audits really found."""
    told, least = [], city_files.least(city.slug)
    for plan in Plan.objects.filter(city=city, published_at__isnull=False).defer("document")[:NEWEST]:
        live = Pledge.objects.filter(action__plan=plan, withdrawn_at__isnull=True)
        seen = Finding.objects.filter(action__plan=plan).aggregate(n=Count("pk"), last=Max("made_at"))
        made = live.aggregate(n=Count("pk"), last=Max("made_at"))
        if not made["n"] and not seen["n"]:
            continue
        promised, foreseen, real = _served(plan.pk, (made["n"], made["last"], seen["n"], seen["last"]))
        said = [("Rencana “{title}”.", "Plan “{title}”.")]
        if made["n"]:
            said.append((
                "Kalau semua janji ditepati: diperkirakan {promised} anak lagi terlayani.",
                "If every pledge is kept: {promised} more children are expected to be served.",
            ))  # fmt: skip
        if seen["n"]:
            said.append((
                "Dari yang sudah dinilai ulang: diperkirakan {foreseen} anak, nyatanya {real}.",
                "Of what was looked at again: {foreseen} children were expected, {real} are really served.",
            ))  # fmt: skip
        text = _both(
            *(" ".join(one[side] for one in said) for side in (0, 1)),
            title=plan.title, promised=_served_count(promised, least),
            foreseen=_served_count(foreseen, least), real=_served_count(real, least),
        )  # fmt: skip
        where = reverse("places:plan", args=[city.slug, plan.pk])
        on = _on(made["last"], seen["last"])
        told.append(Fact(f"served-{plan.pk}", text, on, where, plan.digest))
    return told


def _served_count(value: float, least: float) -> tuple[str, str]:
    """In steps, as the plan's page tells it."""
    return _count(children_told.steps(value, least), least)


@lru_cache(maxsize=64)
def _served(plan: UUID, _changed: tuple[object, ...]) -> tuple[float, float, float]:
    """Summed once as long as no promise and no re-audit changes: a plan may have 200,000 groups of children."""
    found = pledges.progress(Plan.objects.get(pk=plan))
    return found.promised.children, found.foreseen.children, found.real.children


# 5: answers in plain words


def answered(city: City, now: datetime) -> Sequence[Fact]:
    """Reports and ideas that everybody may read: how many were answered, and how many within their time."""
    rows = list(
        Report.objects.filter(city=city, private=False, state__in=states.SHOWN).annotate(
            last=Max("steps__at")
        )
    )
    if not rows:
        return ()
    clocks = {one.report_id: one for one in ReportClock.objects.filter(report__in=rows, what="answer")}
    done = {one.pk for one in rows if one.state != states.PUBLISHED}
    late = {key for key, one in clocks.items() if _late(one, now)}
    text = _both(
        "Laporan dan ide yang tayang: {all} (bahaya {hazards}, ide {ideas}). Sudah dijawab dengan kata-kata mudah: "
        "{done}, tepat waktu {well}. Lewat batas waktu: {late}.",
        "Published reports and ideas: {all} (hazards {hazards}, ideas {ideas}). Answered in plain words: {done}, "
        "in time {well}. Past their time: {late}.",
        all=len(rows), hazards=sum(one.of == rules.HAZARD for one in rows),
        ideas=sum(one.of == rules.IDEA for one in rows), done=len(done), well=len(done - late), late=len(late),
    )  # fmt: skip
    told = [(one.area, (1, int(one.pk in done), int(one.pk in late))) for one in rows]
    on = _on(*(moment for one in rows for moment in (one.published_at, one.last)))
    column = {"id": "Tayang / dijawab / terlambat", "en": "Published / answered / late"}
    where = reverse("places:reports", args=[city.slug])
    return (Fact("answers", text, on, where, rows=_rows(city, told), column=column),)


def _late(one: ReportClock, now: datetime) -> bool:
    return one.late_at is not None or (one.met_at is None and one.due_at <= now)


# 6: Forum Anak votes


def voted(city: City, now: datetime) -> Sequence[Fact]:
    """Votes that were counted, and what became of the ideas that won."""
    rounds = VoteRound.objects.filter(city=city, closed_at__isnull=False)
    counted = rounds.aggregate(n=Count("pk"), valid=Count("pk", filter=Q(valid=True)), last=Max("closed_at"))
    if not counted["n"]:
        return ()
    won = VoteOption.objects.filter(round__in=rounds, won=True).select_related("report")
    winners = {one.report.pk: one.report for one in won}
    clocks = {one.report_id: one for one in ReportClock.objects.filter(report__in=winners, what="vote")}
    done = {
        key for key, row in winners.items()
        if (row.state in states.CLOSED if key not in clocks else clocks[key].met_at is not None)
    }  # fmt: skip
    late = {key for key, one in clocks.items() if _late(one, now)}
    text = _both(
        "Pemungutan suara Forum Anak yang sudah dihitung: {all}, sah {valid}. Ide yang terpilih: {won}, sudah dijawab "
        "kota {done}, lewat batas waktu {late}.",
        "Votes of Forum Anak that were counted: {all}, valid {valid}. Ideas chosen: {won}, answered by the city "
        "{done}, past their time {late}.",
        all=counted["n"], valid=counted["valid"], won=len(winners), done=len(done), late=len(late),
    )  # fmt: skip
    on = _on(counted["last"], *(one.met_at for one in clocks.values()))
    return (Fact("votes", text, on, reverse("places:votes", args=[city.slug])),)


def turnout(city: City, _now: datetime) -> Sequence[Fact]:
    """How many took part in each counted vote; of a small Forum Anak it is kept back."""
    told, least = [], city_files.least(city.slug)
    rows = VoteRound.objects.filter(city=city, closed_at__isnull=False)
    for row in rows.order_by("-serial")[:NEWEST]:
        small = (row.ballots or 0) < least
        text = _both(
            "Forum Anak, “{title}”: {ballots}" + (" anggota memilih." if small else " dari {members} anggota memilih."),
            "Forum Anak, “{title}”: {ballots}" + (" members voted." if small else " of {members} members voted."),
            title=(row.title_id, row.title_en),
            ballots=_count(row.ballots or 0, least), members=_count(row.members or 0, least),
        )  # fmt: skip
        where = reverse("places:vote", args=[city.slug, row.serial])
        told.append(Fact(f"turnout-{row.serial}", text, _on(row.closed_at), where, row.sha256))
    return told


# 11 and 20: places


def _standing(city: City, kinds: frozenset[str] | None, now: datetime) -> Sequence[Certificate]:
    rows = Certificate.objects.filter(
        space__city=city, revoked_at__isnull=True, ended_at__isnull=True, valid_until__gt=now
    )
    if kinds is not None:
        rows = rows.filter(space__kind__in=kinds)
    return list(rows.select_related("space", "audit__form"))


def _ranks(found: Iterable[tuple[AuditForm, str]]) -> tuple[str, str]:
    """`Utama 2, Madya 1`, the highest first, in both languages."""
    counted: Counter[str] = Counter()
    names: dict[str, tuple[int, Texts]] = {}
    for form, rank in found:
        counted[rank] += 1
        for place, one in enumerate(rules_of(form).ranks):
            if one.id == rank:
                names[rank] = (place, one.name)
    order = sorted(names, key=lambda rank: (names[rank][0], rank))
    said = [", ".join(f"{names[rank][1][side]} {counted[rank]}" for rank in order) for side in ("id", "en")]
    return said[0], said[1]


def _certificates(key: str, indonesian: str, english: str, kinds: frozenset[str] | None) -> kla_feeds.Reader:
    def reader(city: City, now: datetime) -> Sequence[Fact]:
        rows = _standing(city, kinds, now)
        if not rows:
            return ()
        ranks = _ranks((one.audit.form, one.rank) for one in rows)
        text = _both(indonesian, english, all=len(rows), ranks=ranks)
        column = {"id": "Sertifikat", "en": "Certificates"}
        on, where = _on(*(one.valid_from for one in rows)), reverse("places:ratings", args=[city.slug])
        told = _rows(city, ((one.space.area, (1,)) for one in rows))
        return (Fact(key, text, on, where, rows=told, column=column),)

    return reader


certified: Final[kla_feeds.Reader] = _certificates(
    "certificates",
    "Tempat bermain dengan sertifikat yang berlaku: {all} ({ranks}).",
    "Play spaces with a certificate in force: {all} ({ranks}).",
    None,
)
certified_creative: Final[kla_feeds.Reader] = _certificates(
    "certified-creative",
    "Tempat budaya dan kreativitas dengan sertifikat yang berlaku: {all} ({ranks}).",
    "Places of culture with a certificate in force: {all} ({ranks}).",
    kla_feeds.CREATIVE,
)


def ranked(city: City, _now: datetime) -> Sequence[Fact]:
    """Places that were audited, by the rank of their newest audit."""
    newest: dict[UUID, Audit] = {}
    rows = Audit.objects.filter(space__city=city, decided_at__isnull=False).select_related("form", "space")
    for row in rows.order_by("decided_at"):
        newest[row.space_id] = row
    if not newest:
        return ()
    with_rank = [one for one in newest.values() if one.rank]
    said = _ranks((one.form, one.rank) for one in with_rank)
    text = _both(
        "Tempat bermain yang dinilai dua orang: {all}, berperingkat {ranked}{ranks}.",
        "Play spaces audited by two people: {all}, with a rank {ranked}{ranks}.",
        all=len(newest), ranked=len(with_rank),
        ranks=(f" ({said[0]})", f" ({said[1]})") if with_rank else "",
    )  # fmt: skip
    told = [(one.space.area, (1, int(bool(one.rank)))) for one in newest.values()]
    on = _on(*(one.decided_at for one in newest.values()))
    column = {"id": "Dinilai / berperingkat", "en": "Audited / with a rank"}
    where = reverse("places:ratings", args=[city.slug])
    return (Fact("ranks", text, on, where, rows=_rows(city, told), column=column),)


def repaired(city: City, now: datetime) -> Sequence[Fact]:
    """Repairs that are open, wait for a second look, and are done."""
    rows = list(Defect.objects.filter(space__city=city).select_related("space"))
    if not rows:
        return ()
    done = sum(one.checked_at is not None for one in rows)
    waiting = sum(one.fixed_at is not None and one.checked_at is None for one in rows)
    text = _both(
        "Perbaikan tempat bermain: terbuka {open} (lewat batas waktu {late}), menunggu diperiksa {waiting}, "
        "selesai {done}.",
        "Repairs of play spaces: open {open} (past their time {late}), waiting for a look {waiting}, done {done}.",
        open=len(rows) - done - waiting, late=sum(one.fixed_at is None and one.due_at <= now for one in rows),
        waiting=waiting, done=done,
    )  # fmt: skip
    told = [(one.space.area, (int(one.fixed_at is None), int(one.checked_at is not None))) for one in rows]
    on = _on(*(moment for one in rows for moment in (one.found_at, one.fixed_at, one.checked_at)))
    column = {"id": "Terbuka / selesai", "en": "Open / done"}
    where = reverse("places:ratings", args=[city.slug])
    return (Fact("repairs", text, on, where, rows=_rows(city, told), column=column),)
