"""Cedar (cedarpy): policies parsed once, one authorisation a question; its own batch call as well."""

import json
from pathlib import Path
from typing import Any

import cedarpy
import common

POLICIES = cedarpy.PolicySet.from_str(Path(__file__).with_name("account.cedar").read_text())
NOBODY = cedarpy.Entities.from_json_str("[]")


def request(context: object) -> dict[str, Any]:
    return {
        "principal": 'Child::"one"',
        "action": 'Action::"hold_account"',
        "resource": 'Service::"one"',
        "context": context,
    }


def outcome(result: cedarpy.AuthzResult) -> str:
    """The strictest of the determining policies' kinds: `deny/under-3` -> `deny`."""
    kinds = result.diagnostics.id_annotations_by_reason.values()
    return common.strictest([each.partition("/")[0] for each in kinds])


def main() -> None:
    rows = common.rows()
    few = rows[:1000]
    texts = [request(json.dumps(row)) for row in few]  # the JSON text it wants, made beforehand
    dicts = [request(row) for row in few]

    def typed() -> None:
        for each in texts:
            cedarpy.is_authorized(each, POLICIES, NOBODY)

    def from_dict() -> None:
        for each in dicts:
            cedarpy.is_authorized(each, POLICIES, NOBODY)

    def batch() -> None:
        cedarpy.is_authorized_batch(texts, POLICIES, NOBODY)

    common.report(
        outcomes=[outcome(cedarpy.is_authorized(request(row), POLICIES, NOBODY)) for row in rows],
        rates={
            "typed, one at a time": common.rate(typed, len(few)),
            "dict, one at a time": common.rate(from_dict, len(few)),
            "batch of 1,000": common.rate(batch, len(few)),
        },
    )


main()
