"""Refusals about a scorecard."""

from ruangaman.core.errors import RuangAmanError


class KlaDataMalformed(RuangAmanError):
    """A data file of indicators, levels or goals is not in its form; `facts["at"]` names the place."""

    code = "kla.data-malformed"


class WeightsRefused(RuangAmanError):
    """A file of weights says what cannot be; `facts["why"]` and, where there is one, `line` or `indicator`."""

    code = "kla.weights-refused"


class ScoreRefused(RuangAmanError):
    """A self-score is no share and no points that its indicator can have; `facts["why"]`, `indicator`."""

    code = "kla.score-refused"
