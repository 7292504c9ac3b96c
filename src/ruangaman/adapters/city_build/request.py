"""What a build is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ruangaman.core.errors import RuangAmanError


class NoCityFolder(RuangAmanError):
    """The folder is there and is no city's: nothing of it is touched. `why` says what it lacks."""

    code = "city.folder-refused"


class BuildRefused(RuangAmanError):
    """What was asked does not fit together; `what` says why."""

    code = "city.build-refused"


@dataclass(frozen=True, slots=True)
class Request:
    """
    Files and choices.

    Attributes:
        osm: the map. out: the folder that is written.
        areas: level ("" to see it from the columns) and file. columns: what a column tells -> its name in those files.
        codes: folder with the table of Kemendagri codes. city, name: code and name of the city.
        population, people_column, people_total: where people live, as counts, or as weights of a total.
        children: table of children by area and age. places: the city's own table.
        kinds: kinds of the map that count as safe places, instead of the rules' own. built_up: layer of built-up land.
        replace: whether a city's folder that is there may be replaced.
        origins: file name -> where it comes from; licences, dates: the same.
    """

    osm: Path
    out: Path
    areas: tuple[tuple[str, Path], ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Path | None = None
    city: str = ""
    name: str = ""
    population: Path | None = None
    people_column: str = "people"
    people_total: float | None = None
    children: Path | None = None
    places: Path | None = None
    kinds: tuple[str, ...] = ()
    built_up: Path | None = None
    rules: Path | None = None
    walk_rules: Path | None = None
    replace: bool = False
    origins: Mapping[str, str] = field(default_factory=dict)
    licences: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
