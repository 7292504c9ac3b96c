"""Refusals of deciding what to build; all begin with `siting.`."""

from ruangaman.core.errors import RuangAmanError


class BadInput(RuangAmanError):
    """An array or rule has the wrong shape, is NaN, negative or points nowhere; `field` names it, `why` says what."""

    code = "siting.bad-input"


class TooLarge(RuangAmanError):
    """More points, actions or covering sets than the limit; `field` names which, `most` the limit."""

    code = "siting.too-large"


class RulesConflict(RuangAmanError):
    """What must be done cannot be done at once: `why` is `both`, `budget`, `at-most` or `exclusive`."""

    code = "siting.rules-conflict"


class LeastNotMet(RuangAmanError):
    """Proved: no plan within the rules gives `kelurahan` (an index) the least that was asked for it."""

    code = "siting.least-not-met"


class Undecided(RuangAmanError):
    """Within the time given neither a plan was found nor proved to be impossible; `kelurahan` lacked most."""

    code = "siting.undecided"
