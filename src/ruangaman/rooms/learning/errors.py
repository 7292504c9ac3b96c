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


class NoSounds(RuangAmanError):
    """Sounds were asked for and there are none; `why` says whether the kind has none, the readers, or the folder."""

    code = "learning.no-sounds"


class BadgeNotForChildren(RuangAmanError):
    """Badges are for adults; nothing is signed about a child's learning."""

    code = "learning.badge-not-for-children"


class BadgeNotEarned(RuangAmanError):
    """The answers so far are not enough."""

    code = "learning.badge-not-earned"


class BadgesBusy(RuangAmanError):
    """As many badges as this house signs in one day were signed."""

    code = "learning.badges-busy"


class BadgeNotOurs(RuangAmanError):
    """Not a badge that this house signed."""

    code = "learning.badge-not-ours"
