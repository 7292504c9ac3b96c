"""Who lives in the story, and who is known to its office. Every name, date and address is made up."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

KINDS = Literal["child", "guardian", "stranger"]


@dataclass(frozen=True, slots=True)
class Person:
    """One of the cast. A child has completed `years` on the day the story is filled and a birthday in `days` days."""

    key: str
    name: dict[str, str]
    kind: KINDS
    years: int = 0
    days: int = 0
    mail: str = ""
    relation: str = ""
    writes_to: str = ""
    given_names: str = ""


CAST = (
    Person(
        "sari",
        {"id": "Sari", "en": "Sari"},
        "child",
        years=10,
        days=180,
        writes_to="ibu",
        given_names="Sari Lestari",
    ),
    Person(
        "bima",
        {"id": "Bima", "en": "Bima"},
        "child",
        years=14,
        days=110,
        writes_to="ibu",
        given_names="Bima Pratama",
    ),
    Person(
        "ayu",
        {"id": "Ayu", "en": "Ayu"},
        "child",
        years=17,
        days=100,
        writes_to="ayah",
        given_names="Ayu Kartika",
    ),
    Person("ibu", {"id": "Ibu", "en": "Mother"}, "guardian", mail="ibu@contoh.example", relation="mother"),
    Person("ayah", {"id": "Ayah", "en": "Father"}, "guardian", mail="ayah@contoh.example", relation="father"),
    Person(
        "stranger",
        {"id": "Orang asing", "en": "A stranger"},
        "stranger",
        mail="orang-asing@contoh.example",
    ),
)
CHILDREN = tuple(person for person in CAST if person.kind == "child")
GUARDIANS = tuple(person for person in CAST if person.kind == "guardian")
# Next door: known to the office alone. Her daughter is as old as Sari, and that proves nothing about Sari.
NEIGHBOUR = Person("tetangga", {"id": "Tetangga", "en": "A neighbour"}, "guardian", relation="mother")
HERS = Person("rina", {"id": "Rina", "en": "Rina"}, "child", years=10, days=170, given_names="Rina Wulandari")
OFFICER = "petugas"
"""The name by which the house's officer signs in at /petugas/."""
STRANGER = next(person for person in CAST if person.kind == "stranger")


def of_key(key: str) -> Person:
    """One of the cast by key; raises StopIteration for a name that is none."""
    return next(person for person in CAST if person.key == key)


def born(person: Person, today: date) -> date:
    """The child's birth date, so that she has completed her years today and is a year older in `person.days` days.

    29 February is passed over: the story tells the ordinary case.

    >>> born(CHILDREN[0], date(2026, 11, 24))
    datetime.date(2016, 5, 23)
    """
    birthday = today + timedelta(days=person.days)
    if (birthday.month, birthday.day) == (2, 29):
        birthday += timedelta(days=1)
    return birthday.replace(year=birthday.year - person.years - 1)


def turns(birth: date, years: int) -> date:
    """The day on which the child completes `years`.

    >>> turns(date(2016, 5, 23), 13)
    datetime.date(2029, 5, 23)
    """
    return birth.replace(year=birth.year + years)
