"""
The mayor's brief: what CITY/results and CITY/plans tell, on a few pages with maps and charts, as PDF.

Reads plain JSON alone, so that it works without the extra `ruangaman[city]`. What is not told is said to be missing.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import yaml

from ruangaman.adapters import city_brief_map, pdf, whole_files
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach import rounding
from ruangaman.core.reach.rounding import Way

DATA: Final = Path(__file__).resolve().parents[1] / "data"
LANGUAGES: Final = ("id", "en")
MOST_BYTES: Final = 256 << 20
FORMAT: Final = 1
_LEVELS: Final = ("kelurahan", "kecamatan", "rw")
"""Of which level areas are drawn and listed: the first that is told."""
_REASONS: Final = ("not_surveyed", "barrier", "too_far", "off_street", "how_not_told")

WORDS: Final = yaml.safe_load((DATA / "city_brief.yaml").read_text(encoding="utf-8"))

Row = Mapping[str, Any]


class CityFolderUnreadable(RuangAmanError):
    """The folder is not one that `ruangaman city build` made, or a file in it is broken; `file` and `why` say which."""

    code = "city.folder-unreadable"


@dataclass(frozen=True, slots=True)
class City:
    """
    What a folder tells.

    Attributes:
        about: city.json. rows: of results/coverage.json, a mapping each.
        quality, sdg, gaps: of their files; {} or [] where there is none.
        network: profiles of results/network.json, with kilometres by answer.
        areas: features of map/areas.geojson. plan: the newest plan, None without one.
        streets: of a city without areas, features of the walk of which the first page speaks; else none.
        places: of the same, where its safe places are, degrees.
    """

    about: Mapping[str, Any]
    rows: Sequence[Row]
    quality: Mapping[str, Any]
    sdg: Mapping[str, Any]
    network: Sequence[Mapping[str, Any]]
    areas: Sequence[Mapping[str, Any]]
    plan: Mapping[str, Any] | None
    streets: Sequence[Mapping[str, Any]] = ()
    places: Sequence[tuple[float, float]] = ()


def read(folder: Path) -> City:
    """
    Raises:
        CityFolderUnreadable: no city.json of a known format, or a file that is no JSON or too large.
    """
    about = _json(folder / "city.json")
    if not isinstance(about, Mapping) or about.get("format") != FORMAT:
        raise CityFolderUnreadable(file="city.json", why="no format that is read")
    results = folder / "results"
    table = _json(results / "coverage.json", {"columns": [], "rows": []})
    rows = list(_needed(table["columns"], table["rows"]))
    areas = _json(folder / "map" / "areas.geojson", {"features": []})["features"]
    head = WORDS["headline"]
    walk = folder / "map" / f"walks-{head['age']}-{head['light']}-{head['mobility']}.geojson"
    plans = sorted((folder / "plans").glob("*.json"), key=lambda one: (one.stat().st_mtime_ns, one.name))
    return City(
        about,
        rows,
        _json(results / "quality.json", {}),
        _json(results / "sdg.json", {}),
        _json(results / "network.json", {"profiles": []})["profiles"],
        areas,
        _plan_of(plans[-1]) if plans else None,
        () if areas else _json(walk, {"features": []})["features"],
        ()
        if areas
        else [(one["lon"], one["lat"]) for one in _json(results / "places.json", {"places": []})["places"]],
    )


def _plan_of(path: Path) -> Any:
    plan = _json(path)
    if not isinstance(plan, Mapping) or not {"actions", "chosen", "budget", "proven_gap"} <= plan.keys():
        raise CityFolderUnreadable(file=path.name, why="no plan")
    return plan


def _needed(columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Iterator[Row]:
    """Of the whole city every row, of its areas those of the first page: a large city has very many more."""
    try:
        level = columns.index("level")
        head = {columns.index(name): value for name, value in WORDS["headline"].items()}
    except ValueError:
        if rows:
            raise CityFolderUnreadable(file="coverage.json", why="a column is missing") from None
        return
    for row in rows:
        if row[level] == "city" or all(row[at] == value for at, value in head.items()):
            yield dict(zip(columns, row, strict=True))


def _json(path: Path, without: Any = None) -> Any:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise CityFolderUnreadable(file=path.name, why="too large")
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        if without is None:
            raise CityFolderUnreadable(file=path.name, why="no such file") from None
        return without
    except (OSError, ValueError) as wrong:
        raise CityFolderUnreadable(file=path.name, why=type(wrong).__name__) from None


def write(folder: Path, *, at: datetime) -> list[Path]:
    """
    Write CITY/brief/brief-id.pdf and brief-en.pdf.

    Raises:
        CityFolderUnreadable
    """
    city = read(folder)
    template = (DATA / "city_brief.typ").read_text(encoding="utf-8")
    target = folder / "brief"
    target.mkdir(exist_ok=True)
    written = []
    for language in LANGUAGES:
        made = pdf.render(template, told(city, language), at=at, read_aloud=True)
        path = target / f"brief-{language}.pdf"
        whole_files.write(path, made)
        written.append(path)
    return written


class Words:
    """The words of the brief in one language, and its numbers."""

    def __init__(self, language: str, least: float) -> None:
        self.language, self.least = language, least
        self.table = WORDS

    def __call__(self, word: str, /, **values: object) -> str:
        return str(self.table["words"][word][self.language]).format(**values)

    def number(self, value: float, places: int = 0) -> str:
        """With the points and commas of the language."""
        text = f"{value:,.{places}f}"
        return text.translate(str.maketrans(",.", ".,")) if self.language == "id" else text

    def count(self, value: float | None, way: Way = "nearest") -> str:
        """Of children, as `rounding.shown`; few, and those that are kept back, are not told. Bounds go outwards."""
        told = None if value is None else rounding.shown(value, self.least, way)
        return self("fewer", least=self.number(self.least)) if told is None else self.number(told)

    def share(self, value: float | None, places: int = 0) -> str:
        return "–" if value is None else f"{self.number(100 * value, places)}%"

    def rupiah(self, value: float) -> str:
        """Rounded as people say it: Rp185 juta."""
        for size, name in (
            (1e12, ("triliun", "trillion")),
            (1e9, ("miliar", "billion")),
            (1e6, ("juta", "million")),
        ):
            if value >= size:
                places = 0 if value >= 100 * size or value % size == 0 else 1
                return f"Rp{self.number(value / size, places)} {name[self.language != 'id']}"
        return f"Rp{self.number(value)}"

    def tag(self, name: str) -> str:
        """What a tag of the map is about; the tag itself where we have no word."""
        return self.text(self.table["tags"].get(name, name))

    def text(self, told: object) -> str:
        """A text of the folder: {id, en}, or the same for both."""
        return (
            str(told.get(self.language) or told.get("id") or "")
            if isinstance(told, Mapping)
            else str(told or "")
        )


def told(city: City, language: str) -> dict[str, Any]:
    """All that the template shows, as texts and numbers."""
    thresholds = city.about.get("thresholds", {})
    words = Words(language, float(thresholds.get("least_children", 10)))
    head = words.table["headline"]
    rows = _in_reach(city.rows, words.table["reaches"])
    of_head = [row for row in rows if all(row[name] == value for name, value in head.items())]
    levels = {row["level"] for row in of_head}
    level = next((one for one in _LEVELS if one in levels), "")
    listed = [row for row in of_head if row["level"] == level]
    gaps = _gaps(listed, words.table["most"]["gaps"])
    names = {name: words(name) for name, texts in words.table["words"].items() if "{" not in texts["id"]}
    return {
        "language": language,
        "words": names,
        "city": words.text(city.about["name"]),
        "made": words("made", date=_day(str(city.about["made_on"]), language)),
        "head": _head(city, of_head, words),
        "ages": _ages(rows, head, words),
        "reasons": _reasons(of_head, words),
        "map": _map(city, listed, gaps, level, words),
        "streets": _streets_drawn(city, words),
        "gaps": [_gap_row(number, row, words) for number, row in enumerate(gaps, 1)],
        "survey": _survey(city, words),
        "no_survey": words("no_survey" if any(row["children"] for row in rows) else "no_survey_yet"),
        "plan": _plan(city.plan, words),
        "sdg": _sdg(city.sdg, words),
        "method": _method(city, thresholds, words),
        "sources": _sources(city.about, words),
        "attribution": [words.text(one) for one in city.about.get("attribution", [])],
    }


def _in_reach(rows: Sequence[Row], reaches: Mapping[str, str]) -> list[Row]:
    """Of several reaches of one age the one that is told, or the first that is there."""
    told = {(row["age"], row["reach"]) for row in rows}
    chosen: dict[str, str] = {}
    for row in rows:
        wanted = reaches.get(row["age"], "")
        chosen.setdefault(row["age"], wanted if (row["age"], wanted) in told else row["reach"])
    return [row for row in rows if row["reach"] == chosen[row["age"]]]


def _whole(rows: Sequence[Row]) -> Row | None:
    """The row of the whole city."""
    return next((row for row in rows if row["level"] == "city"), None)


def _head(city: City, rows: Sequence[Row], words: Words) -> dict[str, Any]:
    row = _whole(rows)
    parts = None if row is None else _parts(row)
    if row is None or parts is None:
        return {"told": False, "says": words("headline_none"), "streets": _streets(city, words)}
    hundred = _hundred(parts)
    ages, place = _ages_of(row["age"]), words("a_place")
    of_children = row["children"] is not None
    kind = "headline" if of_children else "headline_people"
    between = (
        words("between", low=words.count(row["low"], "down"), high=words.count(row["high"], "up"))
        if of_children
        else ""
    )
    return {
        "told": True,
        "says": words(kind, ages=ages, safe=hundred[0], place=place),
        "open": words(f"{kind}_open", open=hundred[1], unsafe=hundred[2]),
        "within": words("within", metres=words.number(row["metres"])),
        "parts": hundred,
        "between": between,
        "of": words.count(row["children"]) if of_children else "",
        "streets": _streets(city, words),
    }


def _parts(row: Row) -> list[float] | None:
    """Safe, not known, not safe, as shares; None where the row tells none."""
    low, high = row["share_low"], row["share_high"]
    return None if row["kept_back"] or low is None or high is None else [low, high - low, 1 - high]


def _hundred(share: Sequence[float]) -> list[int]:
    """Whole numbers that make a hundred: the largest remainders are rounded up."""
    exact = [100 * one / sum(share) for one in share]
    found = [int(one) for one in exact]
    for at in sorted(range(len(exact)), key=lambda at: found[at] - exact[at])[: 100 - sum(found)]:
        found[at] += 1
    return found


def _ages_of(age: str) -> str:
    return age.replace("-", "–")


def _streets(city: City, words: Words) -> list[dict[str, Any]]:
    """Kilometres by answer, by day and on foot, of each age."""
    found = []
    for one in city.network:
        parts = [float(one["km"][name]) for name in ("safe", "unknown", "unsafe")]
        if sum(parts) > 0 and one["light"] == "day" and one["mobility"] == "foot":
            found.append(
                {
                    "label": words("years", ages=_ages_of(one["age"])),
                    "parts": _hundred(parts),
                    "note": f"{words.number(sum(parts), 1)} km",
                }
            )
    return found


def _ages(rows: Sequence[Row], head: Mapping[str, str], words: Words) -> list[dict[str, Any]]:
    """
    A bar for each age by day, and for the age of the first page at dusk, in a wheelchair, and with a disability.
    """
    found: list[dict[str, Any]] = []
    for row in rows:
        plain = row["light"] == "day" and row["mobility"] == "foot"
        of_head = row["age"] == head["age"]
        parts = _parts(row)
        if row["level"] != "city" or parts is None:
            continue
        if not (plain or (of_head and (row["light"] == "day" or row["mobility"] == "foot"))):
            continue
        if any(one["key"] == (row["age"], row["light"], row["mobility"]) for one in found):
            continue
        label = words("years", ages=_ages_of(row["age"]))
        if row["mobility"] != "foot":
            label += f", {words(row['mobility'])}"
        elif row["light"] != "day":
            label += f", {words('dusk')}"
        found.append(
            {
                "key": (row["age"], row["light"], row["mobility"]),
                "label": label,
                "parts": _hundred(parts),
                "note": _note(row, words),
            }
        )
    return sorted(
        found,
        key=lambda one: (int(one["key"][0].split("-")[0]), one["key"][2] != "foot", one["key"][1] != "day"),
    )


def _note(row: Row, words: Words) -> str:
    metres = f"{words.number(row['metres'])} m"
    return (
        metres if row["children"] is None else f"{words.count(row['children'])} {words('children')}, {metres}"
    )


def _reasons(rows: Sequence[Row], words: Words) -> list[dict[str, Any]]:
    row = _whole(rows)
    if row is None or row["children"] is None:
        return []
    numbers = {name: float(row.get(name) or 0) for name in _REASONS}
    most = max(numbers.values(), default=0)
    return [
        {"label": words(name), "number": words.count(value), "share": value / most}
        for name, value in sorted(numbers.items(), key=lambda one: -one[1])
        if value > 0
    ]


def _gaps(rows: Sequence[Row], most: int) -> list[Row]:
    """Areas by how many children do not surely walk safely; those that are kept back tell nothing."""
    open_ = [
        row for row in rows if not row["kept_back"] and row["children"] and row["children"] - row["safe"] > 0
    ]
    return sorted(open_, key=lambda row: (row["safe"] - row["children"], row["code"]))[:most]


def _gap_row(number: int, row: Row, words: Words) -> dict[str, Any]:
    return {
        "number": number,
        "name": str(row["name"]),
        "children": words.count(row["children"]),
        "surely": words.share(row["share_low"]),
        "at_most": words.share(row["share_high"]),
        "gap": words.count(row["children"] - row["safe"]),
        "bar": [
            row["safe"] / row["children"],
            row["unknown"] / row["children"],
            row["unsafe"] / row["children"],
        ],
    }


def _map(
    city: City, rows: Sequence[Row], gaps: Sequence[Row], level: str, words: Words
) -> dict[str, Any] | None:
    by_code = {row["code"]: row for row in rows}
    features = [one for one in city.areas if one["properties"].get("level") == level]
    if not features or not by_code:
        return None
    classes, open_from = words.table["classes"], words.table["open_from"]
    drawn = []
    numbers = {row["code"]: number for number, row in enumerate(gaps, 1)}
    for one in features:
        row = by_code.get(one["properties"]["code"])
        low = None if row is None or row["kept_back"] else row["share_low"]
        opened = low is not None and row is not None and row["share_high"] - low >= open_from
        shade = None if low is None else sum(low >= limit for limit in classes)
        drawn.append(
            city_brief_map.Area(one["geometry"], shade, opened, numbers.get(one["properties"]["code"]))
        )
    limits = [0.0, *classes, 1.0]
    legend = [
        {"fill": city_brief_map.SHADES[at], "label": f"{words.number(100 * low)}–{words.number(100 * high)}%"}
        for at, (low, high) in enumerate(pairwise(limits))
    ]
    return {
        "svg": city_brief_map.svg(drawn),
        "says": words("map_says", ages=_ages_of(str(rows[0]["age"]))),
        "legend": legend,
        "open": city_brief_map.swatch(opened=True),
        "none": city_brief_map.swatch(opened=False),
    }


def _streets_drawn(city: City, words: Words) -> dict[str, Any] | None:
    """Of a city without areas: where one walks safely, and where not."""
    lines = [
        (int(one["properties"]["answer"]), one["geometry"]["coordinates"])
        for one in city.streets
        if one["geometry"]["type"] == "LineString"  # the rest are crossings
    ]
    if not lines:
        return None
    return {
        "svg": city_brief_map.streets(lines, city.places),
        "says": words("streets_say", ages=_ages_of(str(words.table["headline"]["age"]))),
        "legend": [
            {"svg": city_brief_map.stroke(answer), "label": words(name)}
            for answer, name in enumerate(("safe", "unknown", "unsafe"))
        ],
    }


def _survey(city: City, words: Words) -> list[dict[str, str]]:
    found = []
    names = {one["properties"]["code"]: one["properties"] for one in city.areas}
    for one in city.quality.get("survey_first", [])[: words.table["most"]["survey"]]:
        name = str(one.get("name") or "") or words("nameless", **{"class": one.get("class", "?")})
        found.append(
            {
                "name": name,
                "area": _area(str(one.get("area") or ""), names),
                "metres": words.number(float(one.get("metres") or 0)),
                "children": words.count(float(one.get("children") or 0)),
                "what": ", ".join(words.tag(str(each)) for each in one.get("what", [])),
            }
        )
    return found


def _area(code: str, names: Mapping[str, Mapping[str, Any]]) -> str:
    """The name of an area, and of the kelurahan that an RW is in: its number alone says nothing."""
    here = names.get(code)
    if here is None:
        return code
    above = names.get(str(here.get("parent") or "")) if here.get("level") == "rw" else None
    return ", ".join(str(one["name"]) for one in (here, above) if one is not None)


def _plan(plan: Mapping[str, Any] | None, words: Words) -> dict[str, Any] | None:
    if plan is None:
        return None
    chosen = [one for one in plan["actions"] if one["id"] in set(plan["chosen"])]
    low = sum(float(one.get("children_low", one["children"])) for one in chosen)
    high = sum(float(one.get("children_high", one["children"])) for one in chosen)
    between = words(
        "between",
        low=words.count(plan.get("children_low", low), "down"),
        high=words.count(plan.get("children_high", high), "up"),
    )
    served = float(plan.get("children", sum(float(one["children"]) for one in chosen)))
    gap = float(plan["proven_gap"])
    return {
        "says": words(
            "plan_say",
            name=words.text(plan.get("name") or plan.get("id", "")),
            cost=words.rupiah(sum(float(one["cost"]) for one in chosen)),
            budget=words.rupiah(float(plan["budget"])),
            children=words.count(served),
            between=between,
        ),
        "gap": words("plan_optimal") if gap <= 0 else words("plan_gap", gap=words.share(_up(gap), 1)),
        "actions": [
            {
                "kind": words(f"kind_{one['kind']}"),
                "name": words.text(one["name"]),
                "cost": words.rupiah(float(one["cost"])),
                "children": words.count(float(one["children"])),
                "each": _each(float(one["cost"]), float(one["children"]), words),
            }
            for one in chosen[: words.table["most"]["actions"]]
        ],
        "more": max(0, len(chosen) - words.table["most"]["actions"]),
    }


def _each(cost: float, children: float, words: Words) -> str:
    """What one child costs, by the count that is told; nothing for few."""
    told = rounding.shown(children, words.least)
    return words.rupiah(cost / told) if told else "–"


def _up(gap: float) -> float:
    """Rounded up to a tenth of a percent, so that "less than" stays true."""
    return (int(gap * 1000) + 1) / 1000


def _sdg(sdg: Mapping[str, Any], words: Words) -> list[dict[str, str]]:
    part_a, part_b = sdg.get("part_a") or {}, sdg.get("part_b") or {}
    thresholds = part_b.get("thresholds") or {}
    rows = []
    for part, label in (
        (part_a, words("sdg_a")),
        (part_b, words("sdg_b", metres=words.number(float(thresholds.get("metres", 400))))),
    ):
        rows.append({"label": label, "value": _told_share(part.get("value"), words), "method": ""})
    if part_a.get("value") is not None:
        areas = {name: words.number(float(part_a[f"{name}_m2"])) for name in ("streets", "built")}
        rows[0]["method"] = words("sdg_a_method", open=words.number(float(part_a["open_space_m2"])), **areas)
    if part_b.get("value") is not None:
        snap = words.number(float(thresholds["home_limit_m"]))
        rows[1]["method"] = words("sdg_b_method", spaces=words.number(float(part_b["spaces"])), snap=snap)
    return [*rows, *_of_disabled(part_b, words)]


def _of_disabled(part_b: Mapping[str, Any], words: Words) -> Iterator[dict[str, str]]:
    """Of each age the children with a disability who reach open space, between bounds; those that are told."""
    for one in part_b.get("by_disability") or []:
        if one.get("disability") and one.get("of") == "children" and one.get("low") is not None:
            label = words("sdg_b_disabled", ages=_ages_of(str(one["age"])))
            low, high = words.share(float(one["low"])), words.share(float(one["high"]))
            method = words("sdg_b_somehow") if one.get("moving") == "somehow" else ""
            yield {"label": label, "value": words("between", low=low, high=high), "method": method}


def _told_share(value: float | None, words: Words) -> str:
    return words("not_told") if value is None else words.share(float(value), 1)


def _method(city: City, thresholds: Mapping[str, Any], words: Words) -> list[str]:
    said = [words("method_walk", snap=words.number(float(thresholds.get("home_limit_m", 0))))]
    if city.rows:
        said.append(
            words(
                "method_error",
                error=words.share(float((thresholds.get("count_error") or {}).get("city", 0))),
                least=words.number(words.least),
            )
        )
    unknown = city.quality.get("unknown", {})
    for tag, one in sorted(unknown.items(), key=lambda pair: -float(pair[1].get("share") or 0))[:6]:
        said.append(
            words(
                "missing_say",
                share=words.share(float(one["share"])),
                km=words.number(float(one["km"])),
                tag=words.tag(tag),
            )
        )
    if without := city.quality.get("places_without_gate"):
        said.append(words("without_gate", n=words.number(len(without))))
    return said


def _sources(about: Mapping[str, Any], words: Words) -> list[str]:
    found = []
    for one in about.get("layers", []):
        kind, _, level = str(one["what"]).partition(" ")
        known = f"layer_{kind}" in words.table["words"]
        what = words(f"layer_{kind}" if known else "layer_other", level=level, what=one["what"])
        rest = ". ".join(words.text(one.get(name)) for name in ("origin", "licence") if one.get(name))
        found.append(f"{what}: {one['file']}, {one.get('date') or words('no_date')}. {rest}".strip())
    return found


_MONTHS: Final = {
    "id": ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober",
           "November", "Desember"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"),
}  # fmt: skip


def _day(text: str, language: str) -> str:
    found = datetime.fromisoformat(text)
    return f"{found.day} {_MONTHS[language][found.month - 1]} {found.year}"
