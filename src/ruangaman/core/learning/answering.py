"""
Whether a sheet answers its form: each item once, an option of it or none, how sure where that is asked.

A sheet comes when it is finished and holds every item. What was left out stands there with no option and counts as
wrong; a test that was broken off is no sheet, stays where it was begun, and counts for nothing.
"""

from collections.abc import Sequence
from typing import Final

from ruangaman.core.learning.model import Audience, Form, Lesson

NOT_ASKED_HOW_SURE: Final = frozenset({"B1", "B2"})
"""Up to nine years nobody is asked how sure they are."""
Answer = tuple[str, str | bool, bool | None]
"""Item, option ("" for none), sure. Of observations: observation, seen, None."""


def asks_how_sure(audience: str) -> bool:
    """Whether the second question of an item is put."""
    return audience not in NOT_ASKED_HOW_SURE


def observed(lesson: Lesson, answers: Sequence[Sequence[object]]) -> bool:
    """Whether a carer's sheet tells of each observation once."""
    if any(len(one) != 2 or not isinstance(one[1], bool) for one in answers):
        return False
    return sorted(str(one[0]) for one in answers) == sorted(one.id for one in lesson.observations)


def unanswered(form: Form, answers: Sequence[Sequence[object]]) -> str:
    """What is wrong with the items of a sheet: `items`, `option`, or "" when nothing is."""
    options = {item.id: {option.id for option in item.options} for item in form.items}
    if any(len(one) != 3 for one in answers):
        return "items"
    if sorted(str(one[0]) for one in answers) != sorted(options):
        return "items"
    if any(one[1] != "" and one[1] not in options[str(one[0])] for one in answers):
        return "option"
    return ""


def sureness_fits(audience: Audience, answers: Sequence[Sequence[object]]) -> bool:
    """Whether "sure" is told only where it is asked, and only of an option that was chosen."""
    asked = asks_how_sure(audience.id)
    return all(one[2] is None or (asked and isinstance(one[2], bool) and one[1] != "") for one in answers)


def score(form: Form, answers: Sequence[Sequence[object]]) -> float:
    """The share of items that are right; what was left out is wrong."""
    chosen = {str(one[0]): one[1] for one in answers}
    return sum(chosen.get(item.id) == item.answer for item in form.items) / len(form.items)
