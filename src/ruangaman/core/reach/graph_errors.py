"""Refusals of the street graph and its searches; all begin with `reach.`."""

from ruangaman.core.errors import RuangAmanError


class SizesDiffer(RuangAmanError):
    """Arrays that belong together have other shapes; `array` names the one that does not fit."""

    code = "reach.sizes-differ"


class IndexOutOfRange(RuangAmanError):
    """An index points nowhere; `array` and `at` say where it stands."""

    code = "reach.index-out-of-range"


class NotANumber(RuangAmanError):
    """A coordinate, length or weight is NaN, or infinite where it must not be."""

    code = "reach.not-a-number"


class NegativeLength(RuangAmanError):
    """A length, cost or distance is below 0."""

    code = "reach.negative-length"


class GraphTooLarge(RuangAmanError):
    """More nodes or edges than 32-bit numbers address."""

    code = "reach.graph-too-large"


class OutsideTheEarth(RuangAmanError):
    """A longitude beyond 180 or a latitude beyond 90 degrees."""

    code = "reach.outside-the-earth"


class NoPath(RuangAmanError):
    """No place is within the limit of this node, so there is no path to draw."""

    code = "reach.no-path"
