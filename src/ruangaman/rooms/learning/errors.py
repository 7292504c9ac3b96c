"""What this room refuses."""

from ruangaman.core.errors import RuangAmanError


class NoSuchLesson(RuangAmanError):
    """There is no such audience or lesson here."""

    code = "learning.no-such-lesson"


class NoQuestions(RuangAmanError):
    """None of these lessons has questions to answer: of the youngest, a carer ticks what was seen."""

    code = "learning.no-questions"


class NoSuchKind(RuangAmanError):
    """Lessons are not made into this kind of file; `kinds` names those there are."""

    code = "learning.no-such-kind"
