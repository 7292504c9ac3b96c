"""One field at a time: dates, numbers and words as JSON sends them, and why one of them is refused."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from ruangaman.core.ages import as_number
from ruangaman.core.law.model import Fact
from ruangaman.core.law.refusals import QuestionRefused

FIRST_DAY, LAST_DAY = 19000101, 29991231
LEAP_DAYS = (228, 229)
DATES: dict[str, int] = {}
MOST_DATES = 65_536


def day_number(text: str) -> int:
    """A date `YYYY-MM-DD` as yyyymmdd; raises ValueError. Kept, since the same dates come again and again."""
    found = DATES.get(text)
    if found is None:
        if len(text) != 10 or text[4] != "-" or text[7] != "-" or not text.isascii():
            raise ValueError(text)
        found = as_number(date.fromisoformat(text))
        if found % 10000 in LEAP_DAYS or found > LAST_DAY:
            # INVARIANT: what is kept is a day that may be asked about, and on which no age is read in two ways.
            return found
        if len(DATES) >= MOST_DATES:
            DATES.clear()
        DATES[text] = found
    return found


def instant(text: str) -> datetime:
    """A date-time with its offset; raises ValueError."""
    if len(text) > 40 or "T" not in text.upper():
        raise ValueError(text)
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(text)
    if 1 < found.year < 9999:
        return found
    # A date-time at the edge of time has no UTC form.
    try:
        found.astimezone(UTC)
    except OverflowError:
        raise ValueError(text) from None
    return found


def number_range(value: Any, most: int) -> tuple[int, int]:
    """A whole number or `{at_least, at_most}` as a range within 0..most; raises TypeError or ValueError."""
    if value.__class__ is dict:
        if not value or set(value) - {"at_least", "at_most"}:
            raise ValueError
        low, high = value.get("at_least", 0), value.get("at_most", most)
    else:
        low = high = value
    if low.__class__ is not int or high.__class__ is not int:
        raise TypeError
    if not 0 <= low <= high <= most:
        raise ValueError
    return low, high


def truth(value: Any) -> bool:
    """JSON true or false and nothing else (1 is no truth); raises TypeError."""
    if value is True or value is False:
        return bool(value)
    raise TypeError


def check_truth(place: str, value: Any) -> QuestionRefused | None:
    if value is None or value is True or value is False:
        return None
    return QuestionRefused("ask.wrong-type", place, "true or false is expected")


def check_word(place: str, value: Any, words: Mapping[Any, int]) -> QuestionRefused | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return QuestionRefused("ask.wrong-type", place, "a word is expected")
    if value not in words:
        return QuestionRefused(
            "ask.unknown-value", place, f"one of {', '.join(str(one) for one in words if one)}"
        )
    return None


def check_special(place: str, value: Any, fact: Fact) -> QuestionRefused | None:
    if value is None:
        return None
    if fact.kind == "ends":
        try:
            instant(value)
        except TypeError:
            return QuestionRefused("ask.wrong-type", place, "a date-time with offset is expected")
        except (ValueError, AttributeError):
            return QuestionRefused("ask.bad-date", place, "a date-time with offset is expected")
        return None
    return check_range(place, value, fact.most, "ask.wrong-value")


def check_range(place: str, value: Any, most: int, too_high: str) -> QuestionRefused | None:
    if isinstance(value, dict):
        unknown = [name for name in value if name not in ("at_least", "at_most")]
        if unknown:
            return QuestionRefused(
                "ask.unknown-field", f"{place}.{unknown[0][:64]}", "at_least and at_most only"
            )
        if not value:
            return QuestionRefused("ask.wrong-value", place, "at_least, at_most or both")
        for name, one in value.items():
            if one.__class__ is not int:
                return QuestionRefused("ask.wrong-type", f"{place}.{name}", "a whole number is expected")
            if not 0 <= one <= most:
                return QuestionRefused(
                    too_high if one > most else "ask.wrong-value", f"{place}.{name}", f"0 to {most}"
                )
        if value.get("at_least", 0) > value.get("at_most", most):
            return QuestionRefused("ask.range-upside-down", place, "at_least is above at_most")
        return None
    if value.__class__ is not int:
        return QuestionRefused("ask.wrong-type", place, "a whole number is expected")
    if not 0 <= value <= most:
        return QuestionRefused(too_high, place, f"0 to {most}")
    return None


def check_age(value: Any, most: int) -> QuestionRefused | None:
    if value is None:
        return None
    if not isinstance(value, dict):
        return QuestionRefused(
            "ask.wrong-type", "age", "age is an object: birth_date, or at_least and at_most"
        )
    if "birth_date" in value:
        if len(value) != 1:
            return QuestionRefused("ask.wrong-value", "age", "a birth date or a range, not both")
        try:
            day_number(value["birth_date"])
        except TypeError:
            return QuestionRefused("ask.wrong-type", "age.birth_date", "a date YYYY-MM-DD is expected")
        except ValueError:
            return QuestionRefused("ask.bad-date", "age.birth_date", "there is no such date (YYYY-MM-DD)")
        return None
    kept = {
        name: one for name, one in value.items() if one is not None or name not in ("at_least", "at_most")
    }
    return check_range("age", kept, most, "ask.age-too-high")


def check_day(value: Any) -> QuestionRefused | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return QuestionRefused("ask.wrong-type", "on", "a date, or a date-time with offset")
    try:
        day = day_number(value) if len(value) == 10 else as_number(instant(value).date())
    except ValueError:
        return QuestionRefused("ask.bad-date", "on", "no such date; a date, or a date-time with offset")
    if not FIRST_DAY <= day <= LAST_DAY:
        return QuestionRefused("ask.bad-date", "on", "years 1900 to 2999")
    return None
