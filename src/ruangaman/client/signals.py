"""
What a phone's system says of an age, as fields for `Client.tell_age`. A hint, never counted above `asserted`.

    session = house.tell_age(session.id, **age_signal("google", result))

Both readers are strict about the fields that they read and let others pass; `installId` and the like are not sent on.
"""

from collections.abc import Mapping
from typing import Any, Final

FIELDS: Final = {
    "apple": ("response", ("sharing", "declined"), "lowerBound", "upperBound"),
    "google": (
        "userStatus",
        (
            *("VERIFIED", "DECLARED", "SUPERVISED", "SUPERVISED_APPROVAL_PENDING"),
            *("SUPERVISED_APPROVAL_DENIED", "UNKNOWN", None),
        ),
        "ageLower",
        "ageUpper",
    ),
}
SAY_NOTHING: Final = ("declined", "UNKNOWN", None)
OLDEST: Final = 150


def age_signal(system: str, said: Mapping[str, Any]) -> dict[str, Any] | None:
    """
    The arguments `age`, `evidence` and `assurance` of `tell_age`; None when the phone told no age.

    Args:
        system: `apple` (Declared Age Range) or `google` (Play Age Signals).
        said: the fields of the system's result, by their own names.

    Raises:
        ValueError: a field holds what is not documented; the message names it, never its value.
    """
    word, known, lower, upper = FIELDS[system]
    if len(said) > 32 or said.get(word) not in known or not isinstance(said.get(word), str | None):
        raise ValueError(f"not understood: {word}")
    if not isinstance(said.get("ageRangeDeclaration") if system == "apple" else None, str | None):
        raise ValueError("not understood: ageRangeDeclaration")
    age = {}
    for name, field in (("at_least", lower), ("at_most", upper)):
        end = said.get(field)
        if end is not None and (type(end) is not int or not 0 <= end <= OLDEST):
            raise ValueError(f"not understood: {field}")
        if end is not None:
            age[name] = end
    if age.get("at_least", 0) > age.get("at_most", OLDEST):
        raise ValueError(f"not understood: {upper}")
    if not age:
        return None
    if said.get(word) in SAY_NOTHING:
        raise ValueError(f"not understood: {word}")
    return {"age": age, "evidence": "signal", "assurance": "asserted"}
