"""
When a group's time is over its sheets go, and counts stay; nothing below ten is written down.

A remainder below ten is a cell too: whoever knows how many sheets there were could count it. So an item whose hidden
answers are one to nine is left out as a whole.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from ruangaman.adapters import ids
from ruangaman.core.learning import times
from ruangaman.rooms.learning import courses, sheets
from ruangaman.rooms.learning.groups import counting, making
from ruangaman.rooms.learning.models import Campaign, Group, Outcome, Seat, Sheet
from ruangaman.rooms.ledger import api as ledger

FEWEST: Final = 10
"""Below this many nothing is shown or kept."""
AT_ONCE: Final = 20
"""Groups forgotten in one turn of the jobs, each in a transaction of its own."""
_RESULTS: Final = "ruangaman.rooms.learning.results"


def settle(now: datetime) -> int:
    """Forget what is due; gives how many groups."""
    counting.forget_old(now)
    due = Group.objects.filter(forgotten_at=None, ends_on__lt=timezone.localdate(now)).order_by(
        "ends_on", "pk"
    )
    done = 0
    for row in due.values_list("pk", flat=True)[:AT_ONCE]:
        done += forget(row, now=now)
    return done


@transaction.atomic
def forget(group_id: Any, *, now: datetime) -> bool:
    """Write down what may stay of a group, delete its seats and sheets; False when that was done before."""
    ledger.line_up()
    row = Group.objects.select_related("campaign").select_for_update(of=("self",)).get(pk=group_id)
    if row.forgotten_at is not None or row.ends_on >= timezone.localdate(now):
        return False
    if row.campaign is not None and _last(row):
        _seal(row.campaign, now)
    Outcome.objects.bulk_create(outcomes(row, now))
    count = Sheet.objects.filter(seat__group=row).count()
    Seat.objects.filter(group=row).delete()
    row.name, row.forgotten_at = "", now
    row.save(update_fields=["name", "forgotten_at"])
    told: dict[str, str | int | bool | None] = {"group": making.digest(row)}
    if count >= FEWEST:
        told["sheets"] = count
    ledger.append("learning.sheets-forgotten", told, at=now)
    return True


def _last(row: Group) -> bool:
    return not Group.objects.filter(campaign=row.campaign, forgotten_at=None).exclude(pk=row.pk).exists()


def _seal(campaign: Campaign, now: datetime) -> None:
    """The results of a campaign are kept before the last sheets behind them go, where this house makes results."""
    if find_spec(_RESULTS) is not None:
        import_module(_RESULTS).seal(campaign, now)


def outcomes(group: Group, now: datetime) -> list[Outcome]:
    """
    What stays: of each objective and time the pairs over both forms (form ""), and of each form its counts.

    >>> counts_of_ten({"a": 14, "b": 10}, 24), counts_of_ten({"a": 14, "b": 6}, 20)
    ({'a': 14, 'b': 10}, {})
    """
    found = []
    for objective in group.objectives:
        for time in times.TIMES:
            rows = sheets.counted([group], objective, time)
            if len(rows) < FEWEST:
                continue
            pairs = sheets.pairs([group], objective, time) if time != times.PRE else []
            counts: dict[str, Any] = {"sheets": len(rows), "did": _did(rows)}
            if not rows[0].form:
                counts["items"] = _items(rows)
            found.append(_outcome(group, objective, "", time, counts, _pairs(pairs), now))
            for form in ("A", "B"):
                mine = [row for row in rows if row.form == form]
                if len(mine) >= FEWEST:
                    told = {"sheets": len(mine), "items": _items(mine), "sure_wrong": _sure_wrong(mine)}
                    found.append(_outcome(group, objective, form, time, told, {}, now))
    return found


def counts_of_ten(cells: Mapping[str, int], whole: int) -> dict[str, int]:
    """Cells of ten or more; none at all when what they hide is one to nine."""
    told = {name: count for name, count in cells.items() if count >= FEWEST}
    hidden = whole - sum(told.values())
    return {} if 0 < hidden < FEWEST else told


def _items(rows: Sequence[Sheet]) -> dict[str, dict[str, int]]:
    cells: dict[str, Counter[str]] = {}
    for row in rows:
        for one in row.answers:
            chosen = one[1] if isinstance(one[1], str) else ("seen" if one[1] else "unseen")
            cells.setdefault(str(one[0]), Counter())[chosen] += 1
    told = {item: counts_of_ten(counts, len(rows)) for item, counts in sorted(cells.items())}
    return {item: counts for item, counts in told.items() if counts}


def _did(rows: Sequence[Sheet]) -> dict[str, int]:
    cells = Counter(name for row in rows for name in row.did)
    return {
        name: count
        for name, count in sorted(cells.items())
        if count >= FEWEST and (count == len(rows) or len(rows) - count >= FEWEST)
    }


def _sure_wrong(rows: Sequence[Sheet]) -> dict[str, int]:
    form = courses.course().forms[rows[0].objective, rows[0].form]
    held = {
        (item.id, option.id): option.misconception
        for item in form.items
        for option in item.options
        if option.misconception
    }
    cells: Counter[str] = Counter()
    for row in rows:
        cells.update(
            name for one in row.answers if one[2] is True and (name := held.get((str(one[0]), one[1])))
        )
    return {name: count for name, count in sorted(cells.items()) if count >= FEWEST}


def _pairs(found: Sequence[sheets.Pair]) -> dict[str, Any]:
    if len(found) < FEWEST:
        return {}
    size = len(found)
    before, after = sum(one.before for one in found) / size, sum(one.after for one in found) / size
    return {"n": size, "before": round(before, 4), "after": round(after, 4)}


def _outcome(
    group: Group, objective: str, form: str, time: str, counts: Any, pairs: Any, now: datetime
) -> Outcome:
    return Outcome(
        id=ids.new(now),
        group=group,
        objective=objective,
        form=form,
        time=time,
        counts=counts,
        pairs=pairs,
    )
