"""What a city needs beside the house: the extra `ruangaman[city]`."""

from ruangaman.core.errors import RuangAmanError


class ExtraMissing(RuangAmanError):
    """What a city needs is not installed: `pip install ruangaman[city]`; `package` is what was looked for."""

    code = "city.extra-missing"
