"""What the story refuses; the sentences stand in `site/errors.py`."""

from ruangaman.core.errors import RuangAmanError


class NotTheStory(RuangAmanError):
    """This house is a real one: its clock, its mail and its people are nobody's to play with."""

    code = "story.not-here"


class NotEmpty(RuangAmanError):
    """The database holds something else than a story; it is left as it is."""

    code = "story.not-empty"


class ExamplesMissing(RuangAmanError):
    """The example programs are part of a clone, not of the installed package."""

    code = "story.examples-missing"
