"""Why a file of OpenStreetMap is not read."""

from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.extra import ExtraMissing as ExtraMissing


class FileUnreadable(RuangAmanError):
    """There is no such file, or it may not be read."""

    code = "city.osm-unreadable"


class FileEmpty(RuangAmanError):
    """The file has no bytes, or nothing of OpenStreetMap in it."""

    code = "city.osm-empty"


class NotOsm(RuangAmanError):
    """The file is none of the kinds that are read: .osm.pbf, .osm, .o5m, .opl, in gzip or bzip2."""

    code = "city.osm-unknown-kind"


class FileBroken(RuangAmanError):
    """The file is cut short, or its bytes contradict themselves."""

    code = "city.osm-broken"


class FileTooLarge(RuangAmanError):
    """The file, or what is in it, is above the limit."""

    code = "city.osm-too-large"


class NotOneState(RuangAmanError):
    """The file tells a history or a change, and no state of the map."""

    code = "city.osm-not-one-state"


class FeatureUnknown(RuangAmanError):
    """The file demands a feature of its reader that we do not have."""

    code = "city.osm-feature-unknown"


class TableRefused(RuangAmanError):
    """A table of tags or kinds has not the form that it should."""

    code = "city.osm-table-refused"
