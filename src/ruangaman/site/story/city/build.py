"""
Builds the drawn city anew: `python -m ruangaman.site.story.city.build`. Needs the extra `ruangaman[city]`.

What it writes is shipped, so that a house without the extra shows the city; a test compares.
"""

import argparse
import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Final

from ruangaman.adapters import city_costs
from ruangaman.site.commands import _city_plan
from ruangaman.site.story.city import drawing

BUILT: Final = drawing.HERE / "built"
MADE_ON: Final = date(2026, 11, 30)
BUDGET: Final = "300000000"
LEFT_OUT: Final = (".gpkg", ".parquet")
"""Files for other programs, which differ with the version that writes them; whoever wants them builds the city."""
LARGE: Final = ("coverage.csv",)


def build(out: Path) -> None:
    """
    Build the city of the drawing into a folder that is not there yet.

    Raises:
        RuangAmanError: a step of the build refused.
    """
    from ruangaman.adapters.city_build import run
    from ruangaman.adapters.city_build.request import Request

    with tempfile.TemporaryDirectory() as held:
        source = Path(held)
        drawing.write(source)
        drawn = drawing.drawing()
        made = "gambar untuk cerita / drawn for the story"
        run.build(
            Request(
                osm=source / "city.osm",
                out=out,
                areas=tuple((level, source / f"{level}.geojson") for level in drawing.LEVELS),
                codes=source / "codes",
                city=drawn["code"],
                name=drawn["name"],
                population=source / "people.csv",
                children=source / "children.csv",
                origins={"city.osm": made, "people.csv": made, "children.csv": made},
                licences={"city.osm": "Apache-2.0"},
            ),
            made_on=MADE_ON,
        )
        for name in (city_costs.OWN, "story.json"):
            shutil.copy(source / name, out / name)
    _plan(out)


def _plan(city: Path) -> None:
    """A plan for the planner to begin with."""
    parser = argparse.ArgumentParser()
    _city_plan.add_verbs(parser.add_subparsers())
    asked = parser.parse_args(["plan", str(city), "--budget", BUDGET, "--seconds", "30"])
    _city_plan.planned(asked, made_on=MADE_ON)


def ship(folder: Path) -> None:
    """Leave in a folder what the house itself reads."""
    for file in sorted(folder.rglob("*")):
        if file.suffix in LEFT_OUT or file.name in LARGE:
            file.unlink()


if __name__ == "__main__":
    shutil.rmtree(BUILT, ignore_errors=True)
    build(BUILT)
    ship(BUILT)
