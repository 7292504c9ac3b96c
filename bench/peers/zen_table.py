"""ZEN (zen-engine): the account question as a JDM decision table, hit policy `first`."""

import json
from typing import Any

import common
import zen

COLUMNS = (
    "age",
    "risk_profile",
    "designed_for_children",
    "service_type",
    "consent",
    "consent_by",
    "parent_notified",
    "parent_confirmed",
)
TABLE: tuple[tuple[dict[str, str], str], ...] = (
    ({"age": ">= 18"}, "not_a_child"),
    ({"age": "< 3"}, "deny"),
    ({"consent": '"withdrawn", "refused"'}, "deny"),
    ({"age": "< 16", "risk_profile": '"high", "unassessed"'}, "deny"),
    ({"age": "< 16", "service_type": '"social_media"'}, "deny"),
    ({"age": "< 13", "designed_for_children": "false"}, "deny"),
    ({"consent": '"pending"'}, "wait"),
    ({"consent": '"none", "lapsed"'}, "ask_guardian"),
    ({"consent_by": '"parent"'}, "allow"),
    ({"age": "< 17"}, "ask_guardian"),
    ({"parent_notified": "true", "parent_confirmed": "true"}, "allow"),
    ({}, "wait"),
)


def engine() -> zen.ZenEngine:
    """The static loader keeps the table compiled; what `create_decision` makes answers 25 times slower."""
    rules: list[dict[str, Any]] = [
        {
            "_id": str(number),
            "out": json.dumps(outcome),
            **{column: when.get(column, "") for column in COLUMNS},
        }
        for number, (when, outcome) in enumerate(TABLE)
    ]
    table = {
        "hitPolicy": "first",
        "inputs": [{"id": each, "name": each, "field": each} for each in COLUMNS],
        "outputs": [{"id": "out", "name": "outcome", "field": "outcome"}],
        "rules": rules,
    }
    graph = {
        "nodes": [
            {"id": "in", "name": "in", "type": "inputNode"},
            {"id": "table", "name": "account", "type": "decisionTableNode", "content": table},
            {"id": "end", "name": "end", "type": "outputNode"},
        ],
        "edges": [
            {"id": "e1", "type": "edge", "sourceId": "in", "targetId": "table"},
            {"id": "e2", "type": "edge", "sourceId": "table", "targetId": "end"},
        ],
    }
    return zen.ZenEngine({"loader": {"type": "static", "content": {"account": graph}}})


def main() -> None:
    account = engine()
    rows = common.rows()
    few = rows[:1000]
    requests = [{"key": "account", "context": row} for row in few]

    def every() -> None:
        for row in few:
            account.evaluate("account", row)

    common.report(
        outcomes=[account.evaluate("account", row)["result"]["outcome"] for row in rows],
        rates={
            "dict, one at a time": common.rate(every, len(few)),
            "batch of 1,000": common.rate(lambda: account.evaluate_batch(requests), len(few)),
        },
    )


main()
