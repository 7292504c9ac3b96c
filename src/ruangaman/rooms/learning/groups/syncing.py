"""
Sheets from devices: sent twice is once, another sheet for the same test is refused, and nothing is lost by either.

A sending is one transaction with the rows of its groups locked in one order, so two workers that get the same sheets
at the same moment take turns, and a group is not forgotten between the look and the writing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.learning import seats
from ruangaman.rooms.learning.group_errors import (
    NoSuchSeat,
    SheetIdTaken,
    SheetRefused,
    SheetsMalformed,
    SheetStands,
    SheetsTooLarge,
    TooMany,
)
from ruangaman.rooms.learning.groups import checking, counting, making, opening
from ruangaman.rooms.learning.models import Group, Seat, Sheet

MOST_SHEETS: Final = 100
MOST_BYTES: Final = 262_144
"""Of one sending: 100 sheets of forty items have 200 KB."""

Key = tuple[UUID, str, str]
"""Seat, objective, time: of these there is one sheet."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one sheet: `accepted`, `already`, `refused` with the code, or `later`: to be sent again."""

    id: str
    result: str
    code: str = ""


class _Sending(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    sheets: list[msgspec.Raw]


def receive(body: bytes, *, network: str, now: datetime) -> list[Result]:
    """
    Keep the sheets of one sending; one that is refused leaves the others where they are.

    Raises:
        SheetsMalformed, SheetsTooLarge; TooMany: this network sent too many codes that no seat has.
    """
    if len(body) > MOST_BYTES:
        raise SheetsTooLarge(most_bytes=MOST_BYTES)
    try:
        sent = msgspec.json.decode(body, type=_Sending).sheets
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise SheetsMalformed from None
    if len(sent) > MOST_SHEETS:
        raise SheetsTooLarge(most_sheets=MOST_SHEETS)
    shut = _shut(network, now)
    results: list[Result | None] = [None] * len(sent)
    told: list[tuple[int, checking.Told, bytes]] = []
    for place, raw in enumerate(sent):
        try:
            sheet = checking.readable(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError):
            results[place] = Result(_id_of(raw), "refused", SheetRefused.code)
            continue
        code = seats.checked(sheet.code)
        if code is None:
            results[place] = Result(str(sheet.id), "refused", NoSuchSeat.code)
        elif shut and opening.of_word(sheet.word) is None:
            results[place] = Result(str(sheet.id), "later", TooMany.code)
        else:
            told.append((place, sheet, making.hashed(code)))
    if shut and not told:
        raise shut
    try:
        wrong = _keep(told, results, now, by_word=shut is not None)
    except (
        IntegrityError
    ):  # at the same moment another group sent a sheet with one of these ids; now it is seen
        wrong = _keep(told, results, now, by_word=shut is not None)
    if wrong:
        counting.count("code", network, times=wrong, now=now)
    return [one for one in results if one is not None]


def _shut(network: str, now: datetime) -> TooMany | None:
    """What a network is told that sent too many codes that no seat has."""
    try:
        counting.check("code", network, counting.WRONG_CODES_AN_HOUR, now=now)
    except TooMany as refused:
        return refused
    return None


def _id_of(raw: msgspec.Raw) -> str:
    """The id of a sheet that cannot be read otherwise, so that its device knows which one; "" where there is none."""
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return ""
    said = found.get("id") if isinstance(found, dict) else None
    return said[:36] if isinstance(said, str) else ""


@transaction.atomic
def _keep(
    told: Sequence[tuple[int, checking.Told, bytes]],
    results: list[Result | None],
    now: datetime,
    *,
    by_word: bool,
) -> int:
    """
    Fill in the results of what could be read; gives how many codes no seat has.

    With `by_word` only seats of the group of a sheet's own word are there, so whoever has one learns nothing of others.
    """
    found = _seats({code for _, _, code in told})
    fresh: list[tuple[int, Sheet]] = []
    wrong = 0
    for place, sheet, code in told:
        seat = found.get(code)
        if by_word and (seat is None or seat.group_id != opening.of_word(sheet.word)):
            results[place] = Result(str(sheet.id), "later", TooMany.code)
        elif seat is None:
            wrong += 1
            results[place] = Result(str(sheet.id), "refused", NoSuchSeat.code)
        else:
            fresh.append((place, _row(seat, sheet, now)))
    for place, result in keep_rows(fresh, now=now).items():
        results[place] = result
    return wrong


def _seats(codes: set[bytes]) -> dict[bytes, Seat]:
    """
    Seats by their hashed codes, their groups locked until the end of the transaction, in one order.

    A group that was forgotten while the lock was waited for is left out: its row is looked at again behind the lock.
    """
    if not codes:
        return {}
    rows = Seat.objects.select_related("group").filter(code__in=codes, group__forgotten_at=None)
    locked = rows.order_by("group_id", "pk").select_for_update(of=("group",), no_key=True)
    return {bytes(row.code): row for row in locked}


def lock(ids: Iterable[UUID]) -> dict[UUID, Group]:
    """The groups, locked in the order of their ids."""
    rows = Group.objects.filter(pk__in=set(ids)).order_by("pk").select_for_update(no_key=True)
    return {row.pk: row for row in rows}


def _row(seat: Seat, sheet: checking.Told, now: datetime) -> Sheet:
    return Sheet(
        id=sheet.id,
        seat=seat,
        objective=sheet.objective,
        time=sheet.time,
        form=sheet.form,
        version=sheet.version,
        language=sheet.language,
        answers=[list(one) for one in sheet.answers],
        did=list(sheet.did),
        taken_on=sheet.taken_on,
        arrived_at=now,
    )


def keep_rows(rows: Sequence[tuple[int, Sheet]], *, now: datetime) -> dict[int, Result]:
    """
    Keep sheets whose groups are locked, each under a number of the caller's; gives what became of each.

    What stands already is looked for before a sheet is checked: a device that sends again on the day after is told
    `already`, whatever is open by then.
    """
    by_id, by_key = _standing([row for _, row in rows])
    results: dict[int, Result] = {}
    new: list[Sheet] = []
    for place, row in rows:
        key = _key(row)
        if row.pk in by_id:
            same = by_id[row.pk] == key
            results[place] = Result(
                str(row.pk), *(("already", "") if same else ("refused", SheetIdTaken.code))
            )
        elif key in by_key:
            results[place] = Result(str(row.pk), "refused", SheetStands.code)
        elif (code := _refusal(row, now)) != "":
            results[place] = Result(str(row.pk), "refused", code)
        else:
            by_id[row.pk], by_key[key] = key, row.pk
            new.append(row)
            results[place] = Result(str(row.pk), "accepted")
    # In the order of their ids: two sendings with the same ids never wait for each other.
    Sheet.objects.bulk_create(sorted(new, key=lambda row: row.pk))
    return results


def _standing(rows: Sequence[Sheet]) -> tuple[dict[UUID, Key], dict[Key, UUID]]:
    """What stands already of these ids and of these seats, by both."""
    if not rows:
        return {}, {}
    ids, places = [row.pk for row in rows], {row.seat_id for row in rows}
    known = Sheet.objects.filter(Q(pk__in=ids) | Q(seat_id__in=places))
    by_id: dict[UUID, Key] = {}
    by_key: dict[Key, UUID] = {}
    for pk, seat, objective, time in known.values_list("pk", "seat_id", "objective", "time"):
        by_id[pk], by_key[seat, objective, time] = (seat, objective, time), pk
    return by_id, by_key


def _key(row: Sheet) -> Key:
    return row.seat_id, row.objective, row.time


def _refusal(row: Sheet, now: datetime) -> str:
    try:
        checking.check(
            row.seat.group,
            row.seat.number,
            objective=row.objective,
            time=row.time,
            form=row.form,
            version=row.version,
            answers=row.answers,
            did=row.did,
            taken_on=row.taken_on,
            now=now,
        )
    except RuangAmanError as refused:
        return refused.code
    return ""
