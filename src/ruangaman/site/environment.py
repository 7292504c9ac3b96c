"""Reads the environment, and remembers what it was asked for, so that a misspelt setting can be named."""

from typing import Any

import environ

PREFIX = "RUANGAMAN_"


class Environment(environ.Env):  # type: ignore[misc]
    """The environment of this process. `names` holds every variable that was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get_value(self, var: str, *args: Any, **kwargs: Any) -> Any:
        self.names.add(var)
        return super().get_value(var, *args, **kwargs)
