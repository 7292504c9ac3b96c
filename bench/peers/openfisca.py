"""
OpenFisca-core: the account question as variables; one person at a time, and all persons as one vector.

OpenFisca names a variable by its class and calls a formula with the population first.
"""
# ruff: noqa: N801, N805

from typing import Any

import common
import numpy as np
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import DAY, period
from openfisca_core.simulations import Simulation, SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

TODAY = period("2026-11-24")

Person = build_entity(key="person", plural="persons", label="A person", is_person=True)


class Outcome(Enum):
    not_a_child = "not_a_child"
    allow = "allow"
    wait = "wait"
    ask_guardian = "ask_guardian"
    deny = "deny"


class RiskProfile(Enum):
    low = "low"
    high = "high"
    unassessed = "unassessed"


class ServiceType(Enum):
    social_media = "social_media"
    chat = "chat"
    video = "video"
    game = "game"
    stories = "stories"
    other = "other"


class Consent(Enum):
    granted = "granted"
    none = "none"
    pending = "pending"
    lapsed = "lapsed"
    refused = "refused"
    withdrawn = "withdrawn"


class ConsentBy(Enum):
    parent = "parent"
    child = "child"


class age(Variable):
    value_type = int
    entity = Person
    definition_period = DAY


class risk_profile(Variable):
    value_type = Enum
    possible_values = RiskProfile
    default_value = RiskProfile.low
    entity = Person
    definition_period = DAY


class service_type(Variable):
    value_type = Enum
    possible_values = ServiceType
    default_value = ServiceType.other
    entity = Person
    definition_period = DAY


class designed_for_children(Variable):
    value_type = bool
    entity = Person
    definition_period = DAY


class consent(Variable):
    value_type = Enum
    possible_values = Consent
    default_value = Consent.none
    entity = Person
    definition_period = DAY


class consent_by(Variable):
    value_type = Enum
    possible_values = ConsentBy
    default_value = ConsentBy.parent
    entity = Person
    definition_period = DAY


class parent_notified(Variable):
    value_type = bool
    entity = Person
    definition_period = DAY


class parent_confirmed(Variable):
    value_type = bool
    entity = Person
    definition_period = DAY


class account(Variable):
    value_type = Enum
    possible_values = Outcome
    default_value = Outcome.deny
    entity = Person
    definition_period = DAY

    def formula(person: Any, day: Any) -> Any:
        years = person("age", day)
        risk = person("risk_profile", day)
        kind = person("service_type", day)
        state = person("consent", day)
        by_parent = person("consent_by", day) == ConsentBy.parent
        heard = person("parent_notified", day) * person("parent_confirmed", day)
        return np.select(
            [
                years >= 18,
                years < 3,
                (state == Consent.withdrawn) + (state == Consent.refused),
                (years < 16) * ((risk != RiskProfile.low) + (kind == ServiceType.social_media)),
                (years < 13) * np.logical_not(person("designed_for_children", day)),
                state == Consent.pending,
                state != Consent.granted,
                by_parent,
                years < 17,
                heard,
            ],
            [
                Outcome.not_a_child.index,
                Outcome.deny.index,
                Outcome.deny.index,
                Outcome.deny.index,
                Outcome.deny.index,
                Outcome.wait.index,
                Outcome.ask_guardian.index,
                Outcome.allow.index,
                Outcome.ask_guardian.index,
                Outcome.allow.index,
            ],
            Outcome.wait.index,
        )


SYSTEM = TaxBenefitSystem([Person])
SYSTEM.add_variables(
    age,
    risk_profile,
    designed_for_children,
    consent,
    consent_by,
    parent_notified,
    parent_confirmed,
    service_type,
    account,
)


def columns(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Arrays as OpenFisca keeps them: whole numbers, booleans, and enums by index."""
    made: dict[str, Any] = {"age": np.array([row["age"] for row in rows], dtype=np.int32)}
    for name in ("designed_for_children", "parent_notified", "parent_confirmed"):
        made[name] = np.array([row[name] for row in rows], dtype=bool)
    for name, kind in (
        ("risk_profile", RiskProfile),
        ("service_type", ServiceType),
        ("consent", Consent),
        ("consent_by", ConsentBy),
    ):
        made[name] = kind.encode(np.array([row[name] for row in rows]))
    return made


def ask(given: dict[str, Any], count: int) -> Any:
    simulation: Simulation = SimulationBuilder().build_default_simulation(SYSTEM, count)
    for name, values in given.items():
        simulation.set_input(name, TODAY, values)
    return simulation.calculate("account", TODAY)


def main() -> None:
    rows = common.rows()
    together = columns(rows)
    singles = [columns([row]) for row in rows[:300]]  # converted beforehand, as our typed facts are
    many = {name: values.repeat(max(1, 1_000_000 // len(rows))) for name, values in together.items()}
    count = len(many["age"])

    def every() -> None:
        for given in singles:
            ask(given, 1)

    common.report(
        outcomes=ask(together, len(rows)).decode_to_str().tolist(),
        rates={
            "typed, one at a time": common.rate(every, len(singles)),
            "columns": common.rate(lambda: ask(many, count), count),
        },
    )


main()
