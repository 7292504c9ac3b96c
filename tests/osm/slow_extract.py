"""What an extract should hold, from objects of pyosmium one by one; areas by osmium's own assembler."""

from pathlib import Path

import osmium

from ruangaman.adapters.osm.vocabulary import Vocabulary
from ruangaman.core.reach.extract import NUMBER_ABSENT, Extract


def streets(file: Path, vocabulary: Vocabulary) -> list[tuple]:
    """Each street: id, vertices with None where no location is, and codes of its tags."""
    located, found = {}, []
    for one in osmium.FileProcessor(str(file)):
        if one.is_node() and one.location.valid():
            located[one.id] = (one.location.lon, one.location.lat)
        elif one.is_way() and "highway" in one.tags:
            codes = {
                column: code
                for column in vocabulary.lists["streets"]
                if (code := _code(one.tags.get(column), vocabulary.columns[column]))
            }
            found.append((one.id, [node.ref for node in one.nodes], codes, one.tags.get("lanes")))
    return [
        (number, [located.get(ref) for ref in refs], codes, lanes) for number, refs, codes, lanes in found
    ]


def streets_of(extract: Extract) -> list[tuple]:
    """The same from an extract; `lanes` as a number or None."""
    nodes, lines = extract.nodes, extract.streets
    where = list(zip(nodes.lon.tolist(), nodes.lat.tolist(), strict=True))
    told = []
    for row, number in enumerate(lines.ids.tolist()):
        its = lines.vertices[lines.first[row] : lines.first[row + 1]].tolist()
        codes = {column: int(code[row]) for column, code in lines.tags.items() if code[row]}
        lanes = int(lines.numbers["lanes"][row])
        vertices = [where[at] if at >= 0 else None for at in its]
        told.append((number, vertices, codes, None if lanes == NUMBER_ABSENT else lanes))
    return told


def _code(value: str | None, listed: tuple[str, ...]) -> int:
    if value is None:
        return 0
    return listed.index(value) + 2 if value in listed else 1


def in_order(file: Path, target: Path) -> Path:
    """The same map with its elements by kind and id, which osmium's assembler asks for."""
    sorting = osmium.MergeInputReader()
    sorting.add_file(str(file))
    with osmium.SimpleWriter(str(target)) as writer:
        sorting.apply(writer, simplify=False)
    return target


def areas(file: Path, vocabulary: Vocabulary) -> dict[int, list[tuple[frozenset, list[frozenset]]]]:
    """Relation -> outer rings with their holes, each as its nodes, for those that osmium can assemble."""
    tags = {tag for kind in vocabulary.kinds.values() for tag in kind}
    found = {}
    for one in osmium.FileProcessor(str(file)).with_areas():
        if one.is_area() and not one.from_way():
            if not any((tag.k, tag.v) in tags for tag in one.tags):
                continue
            found[one.orig_id()] = [
                (
                    frozenset(node.ref for node in outer),
                    [frozenset(node.ref for node in inner) for inner in one.inner_rings(outer)],
                )
                for outer in one.outer_rings()
            ]
    return found


def areas_of(extract: Extract, relations: set[int]) -> dict[int, list[tuple[frozenset, list[frozenset]]]]:
    """The same from an extract."""
    places, found = extract.places, {}
    for row, number in enumerate(places.ids.tolist()):
        if places.element[row] != 2 or number not in relations:
            continue
        its = found[number] = []
        for ring in range(places.first_ring[row], places.first_ring[row + 1]):
            nodes = frozenset(
                places.vertex_ids[places.first_vertex[ring] : places.first_vertex[ring + 1]].tolist()
            )
            if places.ring_hole[ring]:
                its[-1][1].append(nodes)
            else:
                its.append((nodes, []))
    return found
