"""The same results for QGIS and for tables: GeoPackage, GeoParquet, Parquet, CSV."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_build.answers import COLUMNS
from ruangaman.adapters.city_build.drawing import Drawn
from ruangaman.adapters.osm.errors import ExtraMissing

_WORLD: Final = "EPSG:4326"
_WIDE: Final = (
    "children", "safe", "unknown", "unsafe", "low", "high", "share_low", "share_high", "median_metres", "kept_back",
)  # fmt: skip
_STARTS_A_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_TEXT: Final = frozenset(
    {"code", "level", "name", "parent", "age", "light", "mobility", "reach", "of", "nearest_place"}
)


def write_csv(path: Path, rows: Sequence[Sequence[object]]) -> None:
    """
    Coverage with a head; an empty cell is not known or kept back.

    A text that a spreadsheet would take for a formula is written behind an apostrophe.
    """
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out)
        table.writerow(COLUMNS)
        table.writerows([_plain(cell) for cell in row] for row in rows)


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_STARTS_A_FORMULA) else cell


def write_tables(
    folder: Path, areas: Areas, rows: Sequence[Sequence[object]], places: Sequence[Mapping[str, Any]],
    lines: Drawn, names: Sequence[str], answers: Mapping[str, Sequence[int]],
) -> None:  # fmt: skip
    """
    coverage.parquet, areas.parquet, places.parquet and city.gpkg.

    The GeoPackage has a layer for each level with the figures of every profile and reach in columns, a layer of places,
    one of streets with an answer for each profile, and the whole coverage as a table; areas.parquet (GeoParquet) has
    the same areas and figures in one layer.

    Args:
        answers: name of a profile -> answer of each line, the worse of its two sides.
    """
    try:
        import geopandas
        import pandas
        import pyogrio
        import shapely
    except ImportError:
        raise ExtraMissing from None
    table = pandas.DataFrame(list(rows), columns=list(COLUMNS))
    for column in COLUMNS:
        if column in _TEXT:
            table[column] = table[column].astype("string")
        elif column != "kept_back":
            table[column] = table[column].astype("float64")
    table["kept_back"] = table["kept_back"].astype("int8") if len(table) else table["kept_back"]
    table.to_parquet(folder / "coverage.parquet", index=False)

    shapes = geopandas.GeoDataFrame(
        {"code": areas.code, "level": areas.level, "name": areas.name, "parent": areas.parent},
        geometry=list(areas.shape), crs=_WORLD,
    )  # fmt: skip
    shapes = shapes[~shapes.geometry.isna()]
    wide = _wide(table)
    shapes = shapes.join(wide, on="code") if len(wide) else shapes
    shapes.to_parquet(folder / "areas.parquet", index=False)
    points = geopandas.GeoDataFrame(
        {
            name: [one[name] for one in places]
            for name in ("id", "kind", "name", "source", "area")
        }
        | {"gates": [len(one["gates"]) for one in places]},
        geometry=list(shapely.points([[one["lon"], one["lat"]] for one in places])) if places else [],
        crs=_WORLD,
    )  # fmt: skip
    points.to_parquet(folder / "places.parquet", index=False)

    package = folder / "city.gpkg"
    for level in dict.fromkeys(shapes["level"]):
        layer = shapes[shapes["level"] == level].drop(columns="level")
        pyogrio.write_dataframe(layer, package, layer=level, append=package.exists())
    if len(points):
        pyogrio.write_dataframe(points, package, layer="places", append=package.exists())
    if len(lines.first):
        start = lines.start
        index = [at for at in range(len(lines.first)) for _ in range(int(start[at + 1] - start[at]))]
        streets = geopandas.GeoDataFrame(
            {"name": [names[way] if names else "" for way in lines.way.tolist()], **answers},
            geometry=list(shapely.linestrings(lines.x, lines.y, indices=index)), crs=_WORLD,
        )  # fmt: skip
        pyogrio.write_dataframe(streets, package, layer="walks", append=package.exists())
    if len(table):
        pyogrio.write_dataframe(table, package, layer="coverage", append=package.exists())


def _wide(table: Any) -> Any:
    """
    A row for each area: figures of each profile and reach, as AGE_REACH_FIGURE on foot by day and else
    AGE_REACH_LIGHT_MOBILITY_FIGURE.
    """
    import pandas

    parts = []
    for (age, reach, light, mobility), its in table.groupby(
        ["age", "reach", "light", "mobility"], sort=False
    ):
        part = its.set_index("code")[list(_WIDE)]
        walk = f"{age}_{reach}"
        if (light, mobility) != ("day", "foot"):
            walk += f"_{light}_{mobility}"
        parts.append(part.rename(columns={name: f"{walk}_{name}" for name in _WIDE}))
    return pandas.concat(parts, axis=1) if parts else pandas.DataFrame()
