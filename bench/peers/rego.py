"""Rego (regopy, the C++ engine): the policy compiled once to a bundle, its entry point asked."""

from pathlib import Path

import common
import regopy


def main() -> None:
    builder = regopy.Interpreter()
    builder.add_module("account.rego", Path(__file__).with_name("account.rego").read_text())
    bundle = builder.build("data.account.outcome", ["account/outcome"])
    rego = regopy.Interpreter()
    rows = common.rows()
    few = rows[:1000]
    inputs = [regopy.Input(row) for row in few]  # converted before the clock starts, as our typed facts are

    def ask(given: object) -> str:
        rego.set_input(given)
        found: str = rego.query_bundle_entrypoint(bundle, "account/outcome")[0][0]
        return found

    def typed() -> None:
        for given in inputs:
            ask(given)

    def dicts() -> None:
        for row in few:
            ask(row)

    common.report(
        outcomes=[ask(row) for row in rows],
        rates={
            "typed, one at a time": common.rate(typed, len(few)),
            "dict, one at a time": common.rate(dicts, len(few)),
        },
    )


main()
