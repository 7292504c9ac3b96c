"""What groups and their tests refuse."""

from ruangaman.core.errors import RuangAmanError


class NoSuchGroup(RuangAmanError):
    """No group has this address; or it was forgotten."""

    code = "learning.no-such-group"


class GroupRefused(RuangAmanError):
    """A group cannot be made or changed like that; `why` names the part."""

    code = "learning.group-refused"


class TooMany(RuangAmanError):
    """Too many groups, or too many wrong codes, from one network; wait `wait_s`."""

    code = "learning.too-many-tries"


class NoSuchSeat(RuangAmanError):
    """The code is misspelt, or no seat has it."""

    code = "learning.no-such-seat"


class FromAnotherSite(RuangAmanError):
    """A page of another site sent this by the browser of somebody who looked at it."""

    code = "learning.from-another-site"


class SheetsMalformed(RuangAmanError):
    """What was sent is no list of sheets."""

    code = "learning.sheets-malformed"


class SheetsTooLarge(RuangAmanError):
    """More sheets or bytes than one sending may have."""

    code = "learning.sheets-too-large"


class SheetRefused(RuangAmanError):
    """Base of what one sheet of a sending is refused with; the others of it stand."""

    code = "learning.sheet-malformed"


class SheetNotOpen(SheetRefused):
    """The day on which it was taken does not belong to its time, or the group is over."""

    code = "learning.sheet-not-open"


class SheetOfAnotherTest(SheetRefused):
    """The objective is not of this group, or the form not of this seat at that time."""

    code = "learning.sheet-of-another-test"


class SheetVersionUnknown(SheetRefused):
    """This version of the form was never here."""

    code = "learning.sheet-version-unknown"


class SheetItems(SheetRefused):
    """Items are missing, twice or unknown."""

    code = "learning.sheet-items"


class SheetOption(SheetRefused):
    """An option is not of its item, or how sure somebody is was told where nobody is asked."""

    code = "learning.sheet-option"


class SheetDid(SheetRefused):
    """What was done by day 28 is not asked for here."""

    code = "learning.sheet-did"


class SheetStands(SheetRefused):
    """Another sheet of the same seat, objective and time came before; it stays."""

    code = "learning.sheet-stands"


class SheetIdTaken(SheetRefused):
    """A sheet of another seat or test has this id."""

    code = "learning.sheet-id-taken"
