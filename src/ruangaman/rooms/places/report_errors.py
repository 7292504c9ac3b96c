"""Refusals about reports and votes."""

from ruangaman.core.errors import RuangAmanError


class ReportRefused(RuangAmanError):
    """A report, an answer or a table cannot be taken so; `why` names what is missing or not allowed."""

    code = "places.report-refused"


class ReportOver(RuangAmanError):
    """This step is not possible in the report's present state, or another person has it; nothing was changed."""

    code = "places.report-over"


class TooManyReports(RuangAmanError):
    """Too many from this network, or too many wrong words, within the hour; `wait_s` says how long."""

    code = "places.too-many-reports"


class VoteRefused(RuangAmanError):
    """A round or a ballot cannot be taken so; `why` says why."""

    code = "places.vote-refused"
