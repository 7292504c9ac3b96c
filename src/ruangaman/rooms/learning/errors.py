"""What this room refuses."""

from ruangaman.core.errors import RuangAmanError


class NoSuchLesson(RuangAmanError):
    """There is no such audience or lesson here."""

    code = "learning.no-such-lesson"
