"""The yardstick: the account question as six conditions in plain Python, yes or no, no reason, no article."""

import common


def may_open(
    age: int, risk: str, social: bool, for_children: bool, consent: str, by: str, confirmed: bool
) -> bool:
    """Whether the account may be open, all facts known and already typed."""
    if age >= 18:
        return True
    if age < 3:
        return False
    if age < 16 and (social or risk != "low"):
        return False
    if age < 13 and not for_children:
        return False
    if consent != "granted":
        return False
    return by == "parent" or (age == 17 and confirmed)


def main() -> None:
    facts = [
        (
            row["age"],
            row["risk_profile"],
            row["service_type"] == "social_media",
            row["designed_for_children"],
            row["consent"],
            row["consent_by"],
            row["parent_notified"] and row["parent_confirmed"],
        )
        for row in common.rows()
    ]

    def every() -> None:
        for age, risk, social, for_children, consent, by, confirmed in facts:
            may_open(age, risk, social, for_children, consent, by, confirmed)

    common.report(
        open_=[may_open(*each) for each in facts],
        rates={"one at a time": common.rate(every, len(facts))},
    )


main()
