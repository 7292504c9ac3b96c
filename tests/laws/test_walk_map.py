"""The plain search for pages says what the compiled search for cities says, home by home, repair by repair."""

import copy

import numpy as np
import pytest

from ruangaman.adapters import city_people, city_tables, walk_files
from ruangaman.adapters.osm import reading
from ruangaman.core.reach import gates as entering
from ruangaman.core.reach import journey, search, walk_map, walk_network, walks
from ruangaman.core.reach.gates import GateLimits
from ruangaman.core.reach.journey import Why
from ruangaman.core.reach.walk_rules import Answer
from ruangaman.site.story.city import drawing

pytestmark = pytest.mark.slow  # the first run compiles the loops

RULES = city_tables.safe_walk()
SARI = "6-12/day/foot"
LIMIT = 400.0
MELATI = drawing.drawing()


class Town:
    """A drawing, read by the compiled loops and, from files, by the plain search."""

    def __init__(self, drawn, folder):
        source = folder / "city.osm"
        source.write_text(drawing.osm(drawn), encoding="utf-8")
        table = folder / "people.csv"
        table.write_text(drawing.people(drawn), encoding="utf-8")
        extract = reading.read(source, street_names=True)
        self.streets = walks.ready(walk_network.build(extract, RULES))
        kinds = [extract.kinds[int(bits).bit_length() - 1] for bits in extract.places.kinds]
        self.parks = np.flatnonzero(np.isin(kinds, ["park", "playground", "pitch"]))
        self.gates = entering.gates(extract, self.streets, RULES, self.parks, GateLimits())
        people = city_people.read(table)
        self.homes = walks.snap(self.streets, people.lon, people.lat, limit=100)
        self.people = people.people
        walk_files.write(
            folder, extract, self.streets, RULES,
            places=[{"id": str(one), "kind": kinds[one], "name": extract.places.names[one], "lon": 110, "lat": -5}
                    for one in self.parks],
            gates=self.gates.points, gate_place=self.gates.place, gate_lon=self.gates.lon, gate_lat=self.gates.lat,
            homes=self.homes, children={age.id: self.people for age in RULES.ages},
        )  # fmt: skip
        self.city = walk_files.read(folder)
        self.wanted = range(len(self.city.streets.entrances))
        self.lines = {}
        for edge, line in enumerate(self.city.streets.line):
            if self.city.streets.part[edge] != walk_map.ACROSS:
                self.lines.setdefault(line, []).append(edge)
        # The plain side keeps homes by edge; which of them is which of ours:
        edge, _along = walk_files._as_network(self.streets, self.homes)
        on = np.flatnonzero(edge >= 0)
        self.number = on[np.argsort(edge[on], kind="stable")]

    def compiled(self, profile, limit=LIMIT):
        judged = walk_network.judged(self.streets.network, RULES, profile)
        return walks.walk(self.streets, judged, self.homes, self.gates.points, self.gates.place, limit=limit)

    def plain(self, profile, at_worst, limit=LIMIT):
        found = walk_map.served(
            self.city.streets,
            self.city.homes,
            walk_files.key(profile),
            self.wanted,
            at_worst=at_worst,
            limit=limit,
        )
        return {int(self.number[home]) for home in found}

    def start(self, *names):
        return next(vertex for vertex, its in self.city.starts.items() if set(names) == set(its))

    def journey(self, start, **more):
        return journey.journey(self.city.streets, SARI, start, self.wanted, limit=LIMIT, far=2000, **more)


@pytest.fixture(scope="module")
def melati(tmp_path_factory):
    return Town(MELATI, tmp_path_factory.mktemp("melati"))


@pytest.mark.parametrize("limit", [120.0, LIMIT, 1000.0])
def test_every_home_finds_what_the_compiled_search_finds(melati, limit):
    for profile in RULES.profiles:
        told = melati.compiled(profile, limit)
        assert melati.plain(profile, Answer.SAFE, limit) == set(np.flatnonzero(np.isfinite(told.safe_cost)))
        assert melati.plain(profile, Answer.UNKNOWN, limit) == set(
            np.flatnonzero(np.isfinite(told.known_cost))
        )


def test_a_walk_costs_what_the_compiled_search_says(melati):
    """From each corner, as the nearest place for a child who stands there."""
    profile = next(one for one in RULES.profiles if walk_files.key(one) == SARI)
    judged = walk_network.judged(melati.streets.network, RULES, profile)
    costs = walks.priced(melati.streets, judged, Answer.SAFE)
    found = search.nearest(melati.streets.graph, melati.gates.points, limit=LIMIT, costs=costs)
    for vertex in range(len(melati.city.streets.lon)):
        path = walk_map.walk(
            melati.city.streets, SARI, vertex, melati.wanted, at_worst=Answer.SAFE, limit=LIMIT
        )
        if path is None:
            assert not np.isfinite(found.metres[vertex])
        else:
            assert path.cost == pytest.approx(found.metres[vertex], abs=0.01)


def test_sari_is_stopped_by_the_big_road_and_walks_to_school(melati):
    told = melati.journey(melati.start("Gang Jambu", "Gang Sawo"))
    assert told.why is Why.BARRIER
    assert [(one.street, one.across, one.answer) for one in told.steps] == [
        ("Gang Sawo", False, Answer.SAFE),
        ("Gang Nangka", False, Answer.SAFE),
        ("Jalan Raya", True, Answer.UNSAFE),
        ("Gang Mangga", False, Answer.UNKNOWN),
    ]
    assert told.metres == pytest.approx(120 + 130 + 14 + 100, abs=1)
    actions = journey.actions(melati.city.streets, SARI, told, melati.lines)
    assert [(one.kind, one.street) for one in actions] == [
        ("crossing", "Jalan Raya"),
        ("pavement", "Gang Mangga"),
        ("audit", "Gang Mangga"),
    ]


def repaired(drawn, *, crossing=False, pavement=False):
    """The drawing with what the actions build."""
    after = copy.deepcopy(drawn)
    if crossing:
        after["crossings"].append(
            {"at": [430, 760], "tags": {"highway": "crossing", "crossing": "zebra", "kerb": "lowered"}}
        )
    if pavement:
        after["tags"]["paved"] = {"highway": "road", "sidewalk": "both", "surface": "paving_stones"}
        next(one for one in after["streets"] if one["name"] == "Gang Mangga")["kind"] = "paved"
    return after


@pytest.mark.parametrize(("crossing", "pavement"), [(True, False), (False, True), (True, True)])
def test_a_gain_is_what_the_compiled_search_says_of_the_repaired_city(melati, tmp_path, crossing, pavement):
    told = melati.journey(melati.start("Gang Jambu", "Gang Sawo"))
    kinds = {kind for kind, made in (("crossing", crossing), ("pavement", pavement)) if made}
    chosen = [
        one for one in journey.actions(melati.city.streets, SARI, told, melati.lines) if one.kind in kinds
    ]
    built, _ = journey.repairs_of(chosen)
    gain = walk_map.gained(melati.city.streets, melati.city.homes, SARI, melati.wanted, built, limit=LIMIT)
    profile = next(one for one in RULES.profiles if walk_files.key(one) == SARI)
    before = melati.compiled(profile).answer == Answer.SAFE
    after_town = Town(repaired(MELATI, crossing=crossing, pavement=pavement), tmp_path)
    after = after_town.compiled(profile).answer == Answer.SAFE
    assert gain.sure == pytest.approx(melati.people[after & ~before].sum(), rel=1e-4)
    assert gain.sure > 0
    assert gain.possible >= gain.sure
    start = after_town.start("Gang Jambu", "Gang Sawo")
    assert (
        after_town.journey(start).why
        is melati.journey(melati.start("Gang Jambu", "Gang Sawo"), repairs=built).why
    )


def test_a_survey_alone_brings_nobody_for_sure(melati):
    told = melati.journey(melati.start("Gang Jambu", "Gang Sawo"))
    audit = [
        one for one in journey.actions(melati.city.streets, SARI, told, melati.lines) if one.kind == "audit"
    ]
    built, hoped = journey.repairs_of(audit)
    gain = walk_map.gained(
        melati.city.streets, melati.city.homes, SARI, melati.wanted, built, limit=LIMIT, hoped=hoped
    )
    assert (built, gain.sure) == ({}, 0.0)
    assert gain.possible > 0


def test_no_repair_brings_nobody(melati):
    gain = walk_map.gained(melati.city.streets, melati.city.homes, SARI, melati.wanted, {}, limit=LIMIT)
    assert (gain.sure, gain.possible, gain.unknown) == (0.0, 0.0, frozenset())


def test_a_start_is_a_corner_of_two_streets_and_never_the_end_of_one(melati):
    network = melati.streets.network
    meeting: dict[int, set[str]] = {}
    for edge in range(len(network.u)):
        if network.part[edge] != walk_map.ACROSS:
            for vertex in (network.u[edge], network.v[edge]):
                meeting.setdefault(int(vertex), set()).add(melati.city.streets.called(edge))
    assert set(melati.city.starts) == {vertex for vertex, its in meeting.items() if len(its) >= 2}
