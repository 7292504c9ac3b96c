"""
A report is made without an account: number and secret word find it again, one form is one report.

What is told stands sealed under a key of its own from the first moment. Its place is a cell of the grid, a known place
or an area; its time a part of the day and of the week.
"""

import hmac
import secrets
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from ruangaman.adapters import ids, photos
from ruangaman.core.reports import holding, states
from ruangaman.core.reports.rules import Kind, Kinds
from ruangaman.core.tegel import ALPHABET, mark
from ruangaman.rooms.ledger import api as ledger
from ruangaman.rooms.places.models import City, Report, ReportClock, ReportStep
from ruangaman.rooms.places.report_errors import ReportRefused
from ruangaman.rooms.places.reports import counting, tables, wheres
from ruangaman.rooms.vault import api as vault

Wrongs = tuple[tuple[str, str, int], ...]
"""Of what wrong words are counted: kind, name, and how many are let through within the hour."""
NUMBER_SIGNS: Final = 8
PART: Final = 45_000
"""Bytes of a photo in one sealed field: 60,000 in base64, below the vault's 64 KiB."""


def make(
    city: City,
    *,
    kind: str,
    words: str,
    where: str,
    week: str,
    day: str,
    photo: bytes,
    once: bytes,
    network: str,
    now: datetime,
) -> Report:
    """
    Keep a report for a moderator.

    Args:
        where: a choice of `wheres.chosen`. week, day: ids of the table of kinds.
        photo: as it was sent, empty for none; it is drawn anew.
        once: SHA-256 of the form's own word. The same form sent twice is one report.
        network: from where it comes, for the limit alone.

    Raises:
        ReportRefused: nothing told, no such kind, place or time, or the store of photos is full.
        PhotoRefused, TooManyReports
    """
    before = Report.objects.filter(once=once).first()
    if before is not None:
        return before
    rules = tables.kinds(city)
    about = rules.kinds.get(kind)
    if about is None:
        raise ReportRefused(why="kind")
    words = words.strip()[: rules.limits.words]
    if not words:
        raise ReportRefused(why="nothing")
    if week not in rules.week or day not in rules.day:
        raise ReportRefused(why="when")
    place = wheres.chosen(city, where, rules.grid_metres)
    _within_limits(rules, network, now)
    drawn = _drawn(city, photo) if photo else b""  # before the transaction: it takes a while
    return _keep(city, rules, about, words, place, (week, day), drawn, once, network, now)


@transaction.atomic
def _keep(
    city: City,
    rules: Kinds,
    about: Kind,
    words: str,
    place: wheres.Where,
    when: tuple[str, str],
    photo: bytes,
    once: bytes,
    network: str,
    now: datetime,
) -> Report:
    ledger.line_up()
    before = Report.objects.filter(once=once).first()
    if before is not None:
        return before
    _within_limits(rules, network, now)  # again, in line: what came side by side was not counted before
    counting.count("report", network, now=now)
    danger = about.helpline or holding.danger(words, rules.held)
    family = vault.open_family(now=now)
    identity = ids.new(now)
    salt, name = ledger.salted(identity.bytes)
    cell = place.cell
    row = Report.objects.create(
        id=identity,
        city=city,
        number=_number(),
        once=once,
        of=about.of,
        kind=about.id,
        kinds=rules.version,
        area=place.area,
        place=place.key,
        place_name=place.name,
        row=None if cell is None else cell.row,
        column=None if cell is None else cell.column,
        metres=None if cell is None else cell.metres,
        week=when[0],
        day=when[1],
        urgent=about.urgent or danger,
        danger=danger,
        private=about.private,
        held=list(holding.held(words, rules.held)),
        raised_at=now,
        family=family,
        words=vault.seal(family, "places.report-words", words, now=now),
        photo=_sealed(family, photo, now),
        photo_state="waiting" if photo else "",
        forget_at=now + rules.keep_longest,
        salt=salt,
        ledger_name=name,
    )
    start_clock(row, "moderate", now)
    told: dict[str, str | int | bool | None] = {"report": name, "of": about.of, "urgent": row.urgent}
    ledger.append("report.received", told, at=now)
    return row


def _within_limits(rules: Kinds, network: str, now: datetime) -> None:
    counting.check("report", network, rules.limits.an_hour, now=now)
    counting.check("report", network, rules.limits.a_day, hours=counting.DAY, now=now)


def start_clock(row: Report, what: str, start: datetime) -> ReportClock:
    """A clock of the city's table begins to run; it keeps its times when the table changes."""
    remind, due = tables.clocks(row.city).of[what].due(start, urgent=row.urgent)
    return ReportClock.objects.create(report=row, what=what, remind_at=remind, due_at=due)


def _drawn(city: City, photo: bytes) -> bytes:
    limits = tables.kinds(city).limits
    if Report.objects.filter(city=city, photo_state="waiting").count() >= limits.photos_waiting:
        raise ReportRefused(why="full")
    return drawn(city, photo)


def sealed_photo(row: Report, photo: bytes, now: datetime) -> list[str]:
    """A photo, drawn before, sealed under the key of its report: it ends with it."""
    assert row.family is not None
    return _sealed(vault.FamilyRef(row.family), photo, now)


def drawn(city: City, photo: bytes) -> bytes:
    """A photo drawn anew within the city's limits; raises PhotoRefused."""
    limits = tables.kinds(city).limits
    taken = photos.Limits(
        most_side=limits.photo_side, most_bytes=limits.photo_bytes, most_pixels=limits.photo_pixels, kinds=photos.ANY
    )  # fmt: skip
    return photos.redraw(photo, taken).data


def _sealed(family: vault.FamilyRef, photo: bytes, now: datetime) -> list[str]:
    return [
        str(vault.seal(family, "places.report-photo", b64encode(photo[at : at + PART]).decode(), now=now))
        for at in range(0, len(photo), PART)
    ]


def _number() -> str:
    while True:
        found = "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_SIGNS))
        if not Report.objects.filter(number=found).exists():
            return found


def shown_number(row: Report) -> str:
    """As people read it: `7K4M-2MPQ`."""
    return f"{row.number[:4]}-{row.number[4:]}"


def secret_words(row: Report) -> Mapping[str, str]:
    """The secret word, three spoken ones, in each language; made again from the house's own key, never stored."""
    return {language: " ".join(three) for language, three in mark(_digest(row.number)).words.items()}


def _digest(number: str) -> bytes:
    return vault.lookup("places.report-word", number)


def _clean(text: str) -> str:
    return " ".join("".join(sign if sign.isalpha() else " " for sign in text.lower()).split())[:100]


def find(city: City, number: str, word: str, *, network: str, now: datetime) -> Report | None:
    """
    The report of this number and secret word, in either language; None for both kinds of wrong, alike in time.

    Raises:
        TooManyReports: too many wrong words within the hour.
    """
    limit = tables.kinds(city).limits
    number = "".join(sign for sign in number.upper() if sign.isalnum())[:20]
    # By number and by network, never by all together: one with many networks would lock everybody out.
    limits = (("here", network, limit.wrong_here), ("number", number, limit.wrong_of_one))
    _few_wrong(limits, now)
    return _found(city, number, _clean(word), limits, now)


@transaction.atomic
def _found(city: City, number: str, said: str, limits: Wrongs, now: datetime) -> Report | None:
    ledger.line_up()
    _few_wrong(limits, now)  # again, in line: what comes side by side is counted one after the other
    fits = [
        hmac.compare_digest(said.encode(), " ".join(three).encode())
        for three in mark(_digest(number)).words.values()
    ]
    row = Report.objects.filter(city=city, number=number).select_related("city", "joined_to").first()
    if row is None or not any(fits) or not readable(row, now):
        for kind, name, _ in limits:
            counting.count(f"wrong-{kind}", name, now=now)
        return None
    return row


def _few_wrong(limits: Wrongs, now: datetime) -> None:
    for kind, name, most in limits:
        counting.check(f"wrong-{kind}", name, most, now=now)


def readable(row: Report, now: datetime) -> bool:
    """Whether its sender may still read where it stands."""
    return row.forgotten_at is None and now < row.forget_at


def root(row: Report) -> Report:
    """The report that is answered for it: itself, or the one that it was joined to."""
    return row.joined_to if row.state == states.JOINED and row.joined_to is not None else row


def words_of(row: Report) -> str:
    """What was told; empty once it is forgotten."""
    found = _revealed(row.words, "let a moderator read a report before others do")
    return str(found or "")


def answer_of(row: Report) -> dict[str, str]:
    """The moderator's words for the sender alone, in both languages; empty when there are none."""
    found = _revealed(row.answer, "tell who sent a report why it is not shown")
    return {language: str((found or {}).get(language, "")) for language in ("id", "en")}


def photo_of(row: Report | ReportStep) -> bytes:
    """The photo of a report, or of what was done, as it was drawn anew; empty once it is forgotten."""
    try:
        parts = [
            vault.reveal(vault.SealedRef(UUID(one)), purpose="show the photo of a report")
            for one in row.photo
        ]
    except vault.Forgotten:
        return b""
    return b"".join(b64decode(one) for one in parts)


def _revealed(ref: UUID | None, purpose: str) -> Any:
    if ref is None:
        return None
    try:
        return vault.reveal(vault.SealedRef(ref), purpose=purpose)
    except vault.Forgotten:
        return None
