"""Reads the environment, and remembers what it was asked for, so that a misspelt setting can be named.

What cannot be read is never guessed at: the default stands in, so that commands can still speak, and `refused` names
what `site.start.check` then refuses. (django-environ reads `1e9` as 19 and `ture` as no.)
"""

import re
from collections.abc import Collection, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import environ
from django.core.exceptions import ImproperlyConfigured

PREFIX = "RUANGAMAN_"
WORDS: Final[Mapping[str, bool]] = {
    **dict.fromkeys(("1", "true", "yes", "on", "y", "ok"), True),
    **dict.fromkeys(("0", "false", "no", "off", "n"), False),
}
ENGINES: Final = ("django.db.backends.sqlite3", "django.db.backends.postgresql")
_NUMBER: Final = re.compile(r"[0-9]{1,15}(\.[0-9]{1,15})?([eE]\+?[0-9]{1,2})?", re.ASCII)


class Environment(environ.Env):  # type: ignore[misc]
    """
    The environment of this process.

    `names` holds every variable that was asked for, `refused` what could not be read, with what is expected there.
    An empty variable counts as one that is not set.
    """

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.refused: dict[str, str] = {}

    def get_value(
        self, var: str, cast: Any = None, default: Any = environ.Env.NOTSET, parse_default: bool = False
    ) -> Any:
        """The value as it stands: django-environ would take `$x` for the name of another variable."""
        self.names.add(var)
        if var not in self.ENVIRON:
            return super().get_value(var, cast, default, parse_default)
        value = self.ENVIRON[var]
        return self.parse_value(value, cast) if cast else value

    def said(self, name: str) -> str:
        """The text of a variable as it stands; empty when it is not set."""
        return str(self.str(name, default=""))

    def yes(self, name: str, *, default: bool = False) -> bool:
        """One of the words for yes or no, in any case."""
        text = self.said(name)
        if not text:
            return default
        found = WORDS.get(text.lower())
        if found is None:
            self.refused[name] = "1 or 0 (also true, yes, on, y, ok; false, no, off, n)"
            return default
        return found

    def number(self, name: str, *, default: float, least: float, most: float) -> float:
        """A decimal number from `least` to `most`, both included, in ASCII digits; `1e9` is a thousand million."""
        text = self.said(name)
        if not text:
            return default
        found = float(text) if _NUMBER.fullmatch(text) else None
        if found is None or not least <= found <= most:
            self.refused[name] = f"a number from {least:g} to {most:g}"
            return default
        return found

    def word(self, name: str, *, default: str, of: Collection[str]) -> str:
        """One word of a list, in any case; given in capitals."""
        text = self.said(name).upper() or default
        if text not in of:
            self.refused[name] = f"one of {', '.join(sorted(of))}"
            return default
        return text

    def words(self, name: str, *, default: Collection[str], of: Collection[str]) -> tuple[str, ...]:
        """Words of a list, between commas, in small letters; `none` alone says that there is none."""
        text = self.said(name)
        found = (
            tuple(one.strip().lower() for one in text.split(",") if one.strip()) if text else tuple(default)
        )
        if found == ("none",):
            return ()
        if not set(found) <= set(of) or (text and not found):
            self.refused[name] = f"none, or some of {', '.join(of)}"
            return tuple(default)
        return found

    def zone(self, name: str, *, default: str) -> str:
        """The name of a time zone."""
        text = self.said(name) or default
        try:
            ZoneInfo(text)
        except (ValueError, OSError, LookupError):
            self.refused[name] = "a time zone such as Asia/Jakarta"
            return default
        return text

    def address(self, name: str, *, default: str) -> str:
        """An address whose host and port can be read, without a slash at the end."""
        text = (self.said(name) or default).rstrip("/")
        try:
            _ = urlsplit(text).hostname, urlsplit(text).port
        except ValueError:
            self.refused[name] = "an address such as https://ruangaman.example"
            return default
        return text

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """The settings of a SQLite or PostgreSQL database from its address."""
        if text := self.said(name):
            found: dict[str, Any] = {}
            try:
                if self.DB_SCHEMES.get(urlsplit(text).scheme) in ENGINES:
                    found = self.db_url_config(text)
            except (ImproperlyConfigured, ValueError, LookupError):
                found = {}
            if found.get("NAME"):
                return found
            self.refused[name] = "sqlite:///file or postgres://user:password@host:5432/name"
        return dict(self.db_url_config(default))
