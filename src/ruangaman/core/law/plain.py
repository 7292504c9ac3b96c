"""
A second reading of the norms: one full set of facts held against their text. No bands, no arrays, no code shared with
the compiler, not even the reading of `< 13`; it is here to disagree when the compiler is wrong.
"""

from collections.abc import Callable, Mapping, Sequence

from ruangaman.core.law.model import Norm, Raw, ValueOf

Case = Mapping[str, str | int]
Test = Callable[[Case], bool]


def _resolved(said: str, values: Mapping[str, ValueOf]) -> str:
    """A dated `$name` replaced by what it is on the day."""
    head, dollar, name = said.partition("$")
    return head + str(values[name]) if dollar else said


def _one(said: str, values: Mapping[str, ValueOf]) -> Callable[[str | int], bool]:
    """One value of a condition as a test of what a fact is."""
    if ".." in said:
        first, last = (int(_resolved(side.strip(), values)) for side in said.split(".."))
        return lambda it: first <= int(it) <= last
    said = _resolved(said, values)
    if said[:1] == "<" and said[1:].strip().isdigit():
        bound = int(said[1:])
        return lambda it: int(it) < bound
    if said[:2] == ">=" and said[2:].strip().isdigit():
        bound = int(said[2:])
        return lambda it: int(it) >= bound
    return lambda it: str(it) == said


def _any(raw: Raw, values: Mapping[str, ValueOf]) -> Callable[[str | int], bool]:
    tests = [_one(said, values) for said in ([raw] if isinstance(raw, str) else raw)]
    return tests[0] if len(tests) == 1 else lambda it: any(test(it) for test in tests)


def reader(norm: Norm, values: Mapping[str, ValueOf]) -> Test:
    """Whether a norm's `when` holds for a case; doubts stand in the case as `doubt.<id>`."""
    clauses = [[(name, _any(raw, values)) for name, raw in clause.items()] for clause in norm.when]
    if not clauses:
        return lambda case: True  # noqa: ARG005

    def holds(case: Case) -> bool:
        for clause in clauses:
            for name, test in clause:
                if not test(case[name]):
                    break
            else:
                return True
        return False

    return holds


class PlainReading:
    """The norms of one question in one period, asked one full case at a time."""

    def __init__(self, norms: Sequence[Norm], values: Mapping[str, ValueOf]) -> None:
        self.norms = norms
        self.tests = [reader(norm, values) for norm in norms]

    def counting(self, case: Case, among: Sequence[int]) -> tuple[int, ...]:
        """The places of the norms that match and that no matching, unlifted norm lifts."""
        tests = self.tests
        matching = [n for n in among if tests[n](case)]
        lifters = [n for n in matching if self.norms[n].lifts]
        if not lifters:
            return tuple(sorted(matching))
        lifted: dict[int, bool] = {}

        def is_lifted(n: int) -> bool:
            if n not in lifted:
                lifted[n] = any(m != n and self._lifts(m, n) and not is_lifted(m) for m in lifters)
            return lifted[n]

        return tuple(sorted(n for n in matching if not is_lifted(n)))

    def _lifts(self, lifter: int, aim: int) -> bool:
        one, other = self.norms[lifter], self.norms[aim]
        if "all" in one.lifts:
            return one.layer == other.layer and "all" not in other.lifts
        question = one.rule.split("/")[1]
        return other.rule in one.lifts or (
            other.id in one.lifts
            and other.layer == one.layer
            and other.rule == f"{one.layer}/{question}/{other.id}"
        )
