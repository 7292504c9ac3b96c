"""All steps of a build, in their order."""

import hashlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Final

import numpy as np

from ruangaman.adapters import city_areas, city_codes, city_people, city_places, city_tables, street_files
from ruangaman.adapters.city_areas import Areas
from ruangaman.adapters.city_build import (
    answers,
    drawing,
    entering,
    exports,
    folder,
    planning,
    quality,
    space,
    telling,
    walking,
)
from ruangaman.adapters.city_build import homes as living
from ruangaman.adapters.city_build.request import BuildRefused, Request
from ruangaman.adapters.osm import reading
from ruangaman.core.reach import around, snapping, walk_network, walks
from ruangaman.core.reach.area_names import NO_REGISTER, Register, Words
from ruangaman.core.reach.build_rules import BuildRules
from ruangaman.core.reach.walk_rules import WalkRules

ATTRIBUTION: Final = "© OpenStreetMap contributors, ODbL 1.0"
CHUNK: Final = 1 << 20


@dataclass(slots=True)
class Told:
    """What a build says of itself: seconds of each step, and the head of the folder that it wrote."""

    seconds: dict[str, float] = field(default_factory=dict)
    city: Mapping[str, Any] = field(default_factory=dict)
    quality: Mapping[str, Any] = field(default_factory=dict)
    main: Mapping[str, Any] = field(default_factory=dict)


def build(
    asked: Request, *, made_on: date, say: Callable[[str], object] = str,
    then: Callable[[Path], object] = bool,
) -> Told:  # fmt: skip
    """
    Read a city and write its folder.

    Args:
        made_on: the day that the folder bears. say: told the name of each step as it begins; the default keeps quiet.
        then: called with the whole folder before it stands where it was asked for; what it raises leaves nothing there.

    Raises:
        RuangAmanError: what a reader refuses; NoCityFolder, BuildRefused. Nothing is written then.
    """
    folder.check(asked.out.absolute(), replace=asked.replace)
    if asked.children is not None and (asked.population is None or not asked.areas):
        raise BuildRefused(what="children are told by area: --areas and --population are needed")
    told = Told()

    @contextmanager
    def step(name: str) -> Iterator[None]:
        say(name)
        begun = time.perf_counter()
        yield
        told.seconds[name] = round(time.perf_counter() - begun, 3)

    walk_rules = city_tables.walk_rules_of(asked.walk_rules) if asked.walk_rules else city_tables.safe_walk()
    rules = city_tables.build_rules_of(asked.rules) if asked.rules else city_tables.city_build()
    if asked.kinds:
        rules = replace(rules, safe_places=replace(rules.safe_places, kinds=asked.kinds))
    with step("map"):
        extract = reading.read(asked.osm, street_names=True)
        if snapping.lies_across(np.concatenate([extract.nodes.lon, extract.places.lon])):
            raise BuildRefused(what="the map lies across the 180th meridian, or over half the globe")
    with step("network"):
        network = walk_network.build(extract, walk_rules)
        streets = walks.ready(network)
    with step("areas"):
        table, words = _names(asked)
        areas = _areas(asked, table, words)
    with step("places"):
        own = city_places.read(asked.places) if asked.places else []
        joined = city_places.joined(extract, rules.safe_places, own, metres=rules.join, words=words)
        gates = entering.gates(extract, joined.drawings, joined.places, streets, walk_rules, rules.gates)
    with step("homes"):
        homes = _homes(asked, areas, streets, walk_rules, rules)
        shown = None if homes is None else living.grouped(homes, rules.least_children)
    rows: list[tuple[object, ...]] = []
    profiled = []
    with step("walks"):
        ids = [place.id for place in joined.places]
        for found in answers.profiled(streets, walk_rules, homes, gates, joined.places, rules.nearest_limit):
            if homes is not None and shown is not None:
                rows += answers.rows(areas, homes, shown, gates, found, ids, walk_rules, rules)
            profiled.append(found)
        if homes is not None and shown is not None:
            rows += answers.of_disabled(areas, homes, shown, gates, profiled, ids, walk_rules, rules)
    with step("reach of places"):
        ready = None if homes is None else around.ready(streets.graph, homes.points)
        places = telling.places(areas, joined, gates, streets, shown, ready, profiled, walk_rules, rules)
    with step("public space"):
        sdg = space.told(asked, extract, joined, streets, homes, shown, walk_rules, rules)
    with step("quality"):
        checked = quality.told(
            extract, streets, areas, joined, gates, homes, shown, ready, profiled, walk_rules, rules
        )
    with folder.made(asked.out, replace=asked.replace) as out:
        with step("tables"):
            results = out / "results"
            results.mkdir()
            exports.write_csv(results / "coverage.csv", rows)
            folder.write_json(
                results / "coverage.json",
                {"format": folder.FORMAT, "columns": list(answers.COLUMNS), "rows": rows},
            )
            folder.write_json(results / "places.json", {"format": folder.FORMAT, "places": places})
            folder.write_json(
                results / "gaps.json", {"format": folder.FORMAT, "gaps": telling.gaps(rows, walk_rules)}
            )
            folder.write_json(results / "quality.json", checked)
            folder.write_json(results / "sdg.json", sdg)
            network_told = telling.network(streets, profiled)
            folder.write_json(results / "network.json", {"format": folder.FORMAT, "profiles": network_told})
        with step("drawings"):
            lines = drawing.drawn(network, metres=rules.line_metres)
            _draw(out / "map", lines, extract, network, areas, places, profiled, walk_rules, rules)
        with step("pages"):
            walking.write(out, extract, streets, joined, gates, shown, rows, walk_rules, rules)
        with step("packages"):
            exports.write_tables(
                results, areas, rows, places, lines, extract.streets.names,
                telling.line_answers(lines, network, profiled),
            )  # fmt: skip
        with step("planning"):
            street_files.save(streets.graph, out / "streets.bin")
            planning.write(out / "work", extract, streets, areas, gates, homes, shown, profiled)
        told.city = _head(asked, areas, streets, joined, shown, rows, walk_rules, rules, made_on)
        folder.write_json(out / "city.json", told.city)
        then(out)
    told.quality = checked
    told.main = {"network": network_told, "sdg": sdg, "rows": rows}
    return told


def _names(asked: Request) -> tuple[Register, Words]:
    if asked.codes is None:
        return NO_REGISTER, city_codes.own_words()
    return city_codes.read(asked.codes, asked.city.partition(".")[0])


def _areas(asked: Request, table: Register, words: Words) -> Areas:
    name = asked.name or asked.osm.name.partition(".")[0].replace("-", " ").title()
    if asked.city and asked.codes is not None and asked.city not in table.names:
        raise BuildRefused(what=f"--city {asked.city} is no code of the table")
    return city_areas.read(
        asked.areas, scope=asked.city, name=asked.name or (table.names.get(asked.city) or name),
        table=table, words=words, columns=asked.columns,
    )  # fmt: skip


def _homes(
    asked: Request, areas: Areas, streets: walks.Streets, walk_rules: WalkRules, rules: BuildRules
) -> living.Homes | None:
    if asked.population is None:
        return None
    people = city_people.read(asked.population, column=asked.people_column, total=asked.people_total)
    bands = city_people.children(asked.children) if asked.children else []
    return living.homes(people, areas, streets, bands, walk_rules.ages, rules)


def _draw(
    out: Path, lines: drawing.Drawn, extract: Any, network: walk_network.Network, areas: Areas,
    places: Sequence[Mapping[str, Any]], profiled: Sequence[answers.Profiled], walk_rules: WalkRules,
    rules: BuildRules,
) -> None:  # fmt: skip
    out.mkdir()
    written = drawing.coordinates(lines)
    for one in profiled:
        name = f"walks-{one.profile.age}-{one.profile.light}-{one.profile.mobility}.geojson"
        drawing.write_walks(out / name, lines, written, extract, network, one.judged)
    folder.write_json(out / "areas.geojson", drawing.areas_drawn(areas, metres=rules.area_metres))
    folder.write_json(out / "places.geojson", drawing.places_drawn(places))
    judged = [(one.profile, one.judged) for one in profiled]
    folder.write_json(out / "segments.json", drawing.segments(lines, extract, network, walk_rules, judged))


def _head(
    asked: Request, areas: Areas, streets: walks.Streets, joined: city_places.Joined, homes: living.Homes | None,
    rows: Sequence[Sequence[object]], walk_rules: WalkRules, rules: BuildRules, made_on: date,
) -> dict[str, Any]:  # fmt: skip
    graph = streets.graph
    if areas.shape[0] is not None:
        bounds = [round(float(one), 6) for one in areas.shape[0].bounds]
    elif graph.nodes:
        ends = (graph.lon.min(), graph.lat.min(), graph.lon.max(), graph.lat.max())
        bounds = [round(float(one) / 1e7, 6) for one in ends]
    else:
        bounds = [0.0, 0.0, 0.0, 0.0]
    layers = _layers(asked)
    return {
        "format": folder.FORMAT,
        "name": areas.name[0],
        "code": areas.code[0],
        "made_on": made_on.isoformat(),
        "bounds": bounds,
        "layers": layers,
        "thresholds": {
            "reach": [
                {"id": one.id, "metres": dict(one.metres), "source": one.source} for one in walk_rules.reaches
            ],
            "home_limit_m": rules.home_limit,
            "least_component": rules.least_component,
            "gates_m": {
                "beside": rules.gates.beside, "entrance": rules.gates.entrance,
                "one_point": rules.gates.one_point, "apart": rules.gates.apart,
            },
            "nearest_limit_m": rules.nearest_limit,
            "least_children": rules.least_children,
            "count_error": dict(rules.count_error),
            "kinds": list(rules.safe_places.kinds),
            "walk_rules": walk_rules.version,
            "build_rules": rules.version,
        },
        "profiles": [
            {"age": one.age, "light": one.light, "mobility": one.mobility} for one in walk_rules.profiles
        ],
        "counts": {
            "streets_km": round(float(streets.network.segment_m.sum()) / 1000, 1),
            "vertices": graph.nodes,
            "edges": graph.edges,
            "places": len(joined.places),
            "homes": 0 if homes is None else len(homes.people),
            "people": None if homes is None else round(float(homes.people.sum())),
            "children": None if homes is None or not homes.kids else {
                age: round(float(kids.expected.sum())) for age, kids in homes.kids.items()
            },
            "areas": {level: len(areas.at(level)) for level in dict.fromkeys(areas.level)},
            "coverage_rows": len(rows),
        },
        "attribution": list(
            dict.fromkeys([_of_map(asked), *(one["attribution"] for one in layers if one["attribution"])])
        ),
    }  # fmt: skip


def _of_map(asked: Request) -> str:
    """OpenStreetMap's, unless another origin and licence of the map were told."""
    origin, licence = (told.get(asked.osm.name) for told in (asked.origins, asked.licences))
    return f"{origin}, {licence}" if origin and licence else ATTRIBUTION


def _layers(asked: Request) -> list[dict[str, Any]]:
    files = [("map", asked.osm), *((f"areas {level}".strip(), path) for level, path in asked.areas)]
    files += [
        (what, path)
        for what, path in (
            ("population", asked.population), ("children", asked.children), ("places", asked.places),
            ("built_up", asked.built_up), ("rules", asked.rules), ("walk_rules", asked.walk_rules),
        )
        if path is not None
    ]  # fmt: skip
    found = []
    for what, path in files:
        name = path.name
        origin = asked.origins.get(name, "OpenStreetMap" if what == "map" else "")
        licence = asked.licences.get(name, "ODbL 1.0" if what == "map" else "")
        shown = ", ".join(filter(None, (origin, licence))) if origin and what != "map" else ""
        found.append(
            {
                "what": what, "file": name, "sha256": _sha256(path), "date": asked.dates.get(name),
                "origin": origin, "licence": licence,
                "attribution": shown,
            }
        )  # fmt: skip
    return found


def _sha256(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as opened:
        while part := opened.read(CHUNK):
            digest.update(part)
    return digest.hexdigest()
