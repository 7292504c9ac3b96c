"""Less evidence never opens more: what a later word about an age may change."""

from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pytest

from ruangaman.adapters import packs
from ruangaman.rooms.access import ages
from ruangaman.rooms.access.tests.conftest import BORN, answer, withdraw

TODAY = date(2026, 11, 24)
EVIDENCE = ("verified", "estimated", "guardian_attested", "signal", "self_declared", "none")
ADULT, BIMA, SMALL = {"birth_date": "2001-03-15"}, {"birth_date": "2012-03-15"}, {"birth_date": "2016-03-15"}


def told(age: dict[str, Any], evidence: str, assurance: str | None = None, **more: Any) -> ages.Told:
    return ages.Told(age, evidence, assurance, more.pop("on", TODAY), **more)


def weigh(old: ages.Told | None, new: ages.Told) -> str:
    return ages.change(packs.load("ID"), old, new)[0]


@pytest.mark.parametrize(("before", "after"), list(product(EVIDENCE, EVIDENCE)))
def test_only_stronger_evidence_makes_somebody_older(before: str, after: str) -> None:
    stronger = EVIDENCE.index(after) < EVIDENCE.index(before) or (after == before == "verified")
    assert weigh(told(BIMA, before), told(ADULT, after)) == ("take" if stronger else "refuse")
    assert weigh(told(BIMA, before), told(SMALL, after)) == "take", "younger always counts"
    same = weigh(told(BIMA, before), told(BIMA, after))
    assert same == ("keep" if EVIDENCE.index(after) > EVIDENCE.index(before) else "take")


@pytest.mark.parametrize(
    ("weaker", "stronger"), list(pairwise((None, "asserted", "standard", "enhanced", "strict")))
)
def test_assurance_decides_between_equal_evidence(weaker: str | None, stronger: str) -> None:
    assert weigh(told(BIMA, "verified", weaker), told(ADULT, "verified", stronger)) == "take"
    assert weigh(told(BIMA, "verified", stronger), told(ADULT, "verified", weaker)) == "refuse"
    assert weigh(told(BIMA, "self_declared", weaker), told(ADULT, "self_declared", stronger)) == "take"


def test_a_range_grows_with_the_child_and_not_faster() -> None:
    young, grown = {"at_least": 13, "at_most": 15}, {"at_least": 16, "at_most": 17}
    a_year_ago = told(young, "signal", on=TODAY - timedelta(days=366))
    assert weigh(a_year_ago, told(grown, "signal")) == "take"
    assert weigh(told(young, "signal"), told(grown, "signal")) == "refuse"


def test_nobody_grows_older_step_by_step() -> None:
    """Each step overlaps with the one before; the first one's oldest stays the bound."""
    pack, known = packs.load("ID"), told({"at_least": 13, "at_most": 15}, "self_declared")
    reached = 15
    for low, high in ((15, 16), (16, 17), (13, 99), (17, 18), (18, 150)):
        new = told({"at_least": low, "at_most": high}, "self_declared")
        change, born_from = ages.change(pack, known, new)
        if change == "take":
            known = new._replace(born_from=born_from)
            reached = max(reached, low)
    assert reached == 15


def test_a_false_birth_date_does_not_open_what_the_law_has_closed(platform, hour):
    house = platform("obrol")
    ref = house.sign_up("obrol", age=BORN["bima"], evidence="verified").json["id"]
    late = house.post(f"/v1/sessions/{ref}/age", {"age": ADULT, "evidence": "self_declared"})
    assert (late.status, late.code) == (409, "access.age-not-stronger")
    again = house.sign_up("obrol", age=ADULT)
    assert (again.status, again.json["id"], again.json["state"]) == (200, ref, "waiting")
    assert (
        house.post(f"/v1/sessions/{ref}/age", {"age": ADULT, "evidence": "verified"}).json["state"] == "open"
    )


@pytest.mark.parametrize("how", ["refused", "withdrawn"])
def test_nor_does_it_undo_a_parents_no(platform, hour, how):
    house = platform("obrol")
    ref = house.sign_up("obrol", age=BORN["bima"]).json["id"]
    mother = answer(ref, yes=how == "withdrawn", now=hour.pass_(hours=1))
    if how == "withdrawn":
        withdraw(ref, mother, now=hour.pass_(days=3))
    assert house.sign_up("obrol", age=ADULT).json["state"] == "closed"
    assert house.post(f"/v1/sessions/{ref}/age", {"age": ADULT}).status == 409
    assert house.get(f"/v1/sessions/{ref}").json["state"] == "closed"
