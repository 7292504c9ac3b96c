"""
A street graph in one file, mapped into memory when it is read, so that a search touches only what it needs.

The file: MAGIC, the version and the length of the head as 4 bytes each (little endian), SHA-256 over all that follows;
then the head, JSON that names every array with kind, length and place, and two numbers of the costs; then the arrays,
little endian, each at a multiple of 64 bytes. It is written under another name and renamed when it is whole.
"""

import hashlib
import json
import os
import sys
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters import whole_files
from ruangaman.core.errors import RuangAmanError
from ruangaman.core.reach.graph import MOST_EDGES, MOST_NODES, Costs, Reading, StreetGraph

MAGIC = b"RASTREET"
VERSION = 1
PREFACE = len(MAGIC) + 8 + 32
ALIGNED = 64
MOST_HEAD = 64 * 1024
CHUNK = 1 << 20

OF_GRAPH = {
    "lon": "<i4",
    "lat": "<i4",
    "component": "<i4",
    "component_size": "<i4",
    "place": "<i4",
    "junction_node": "<i4",
    "edge_tail": "<i4",
    "edge_head": "<i4",
    "edge_length": "<f4",
    "edge_id": "<i8",
    "edge_turned": "|u1",
    "edge_class": "|u1",
    "edge_chain": "<i4",
    "chain_a": "<i4",
    "chain_b": "<i4",
    "chain_first": "<i4",
    "inner_chain": "<i4",
    "arc_first": "<i4",
    "arc_to": "<i4",
    "arc_code": "<i4",
}
OF_COSTS = {"arc_cost": "<f8", "inner_from_a": "<f8", "inner_from_b": "<f8"}
KINDS = {**OF_GRAPH, **OF_COSTS}


class StreetFileUnreadable(RuangAmanError):
    """The file is missing, cut off, changed, or no street graph at all; `why` says which."""

    code = "reach.file-unreadable"


class StreetFileOfAnotherVersion(RuangAmanError):
    """Another version wrote the file; it is to be built again."""

    code = "reach.file-of-another-version"


def save(graph: StreetGraph, file: Path) -> None:
    """
    Write a graph, with its lengths as costs, in place of what the file held.

    Raises:
        OSError: no room, or no right to write there; the file is then as it was.
    """
    reading = graph.costs.away
    arrays = {name: getattr(graph, name) for name in OF_GRAPH} | {
        name: getattr(reading, name) for name in OF_COSTS
    }
    at, places = 0, dict[str, dict[str, Any]]()
    for name, array in arrays.items():
        places[name] = {"kind": KINDS[name], "length": array.size, "at": at}
        at += -(-array.nbytes // ALIGNED) * ALIGNED
    head = json.dumps({"arrays": places, "width": reading.width, "longest": reading.longest}).encode()
    head += b" " * (-(PREFACE + len(head)) % ALIGNED)

    with whole_files.beside(file) as unfinished, unfinished.open("xb") as out:
        digest = hashlib.sha256(head)
        out.write(bytes(PREFACE) + head)
        for name, array in arrays.items():
            content = np.ascontiguousarray(array, dtype=KINDS[name]).data.cast("B") if array.size else b""
            for part in (content, bytes(-len(content) % ALIGNED)):
                digest.update(part)
                out.write(part)
        out.seek(0)
        out.write(MAGIC + VERSION.to_bytes(4, "little") + len(head).to_bytes(4, "little") + digest.digest())
        out.flush()
        os.fsync(out.fileno())


def load(file: Path) -> StreetGraph:
    """
    Read a graph; its arrays are mapped and read-only.

    Raises:
        StreetFileUnreadable, StreetFileOfAnotherVersion: it is not what `save` wrote.
    """
    if sys.byteorder != "little":
        raise StreetFileUnreadable(file=file.name, why="this machine is big-endian")
    try:
        head, begin = _checked(file)
        mapped = np.memmap(file, dtype=np.uint8, mode="r")
    except OSError as error:
        raise StreetFileUnreadable(file=file.name, why=error.strerror or type(error).__name__) from error
    except ValueError as error:  # an empty file cannot be mapped, and JSON may be broken
        raise StreetFileUnreadable(file=file.name, why="not a street graph") from error
    try:
        arrays = {name: _array(mapped, begin, name, head["arrays"][name]) for name in KINDS}
        width, longest = float(head["width"]), float(head["longest"])
    except (KeyError, TypeError, ValueError) as error:
        raise StreetFileUnreadable(file=file.name, why="its head does not fit") from error
    if not _fits(arrays, width, longest):
        raise StreetFileUnreadable(file=file.name, why="its arrays do not fit together")
    length: NDArray[np.float32] = arrays["edge_length"]
    costs = {name: arrays[name] for name in OF_COSTS}
    reading = Reading(ahead=length, behind=length, **costs, width=width, longest=longest)
    return StreetGraph(**{name: arrays[name] for name in OF_GRAPH}, costs=Costs(reading, reading))


def _checked(file: Path) -> tuple[dict[str, Any], int]:
    """The head, and where the arrays begin, once the whole file is known to be as it was written."""
    with file.open("rb") as content:
        preface = content.read(PREFACE)
        if len(preface) < PREFACE or not preface.startswith(MAGIC):
            raise StreetFileUnreadable(file=file.name, why="not a street graph")
        version = int.from_bytes(preface[8:12], "little")
        if version != VERSION:
            raise StreetFileOfAnotherVersion(file=file.name, version=version, expected=VERSION)
        size = int.from_bytes(preface[12:16], "little")
        if size > MOST_HEAD:
            raise StreetFileUnreadable(file=file.name, why="its head is too long")
        head = content.read(size)
        digest = hashlib.sha256(head)
        # Read, not mapped: what is only looked at once does not stay in the memory of this process.
        while part := content.read(CHUNK):
            digest.update(part)
    if digest.digest() != preface[16:]:
        raise StreetFileUnreadable(file=file.name, why="cut off or changed")
    found = json.loads(head)
    if not isinstance(found, dict):
        raise ValueError("the head is no object")
    return found, PREFACE + size


def _array(mapped: NDArray[np.uint8], begin: int, name: str, told: dict[str, Any]) -> NDArray[Any]:
    kind = np.dtype(KINDS[name])
    at, length = int(told["at"]), int(told["length"])
    first, last = begin + at, begin + at + length * kind.itemsize
    if told["kind"] != KINDS[name] or at < 0 or length < 0 or last > mapped.size or first % ALIGNED:
        raise ValueError(name)
    return np.asarray(mapped)[first:last].view(kind)


def _fits(arrays: dict[str, NDArray[Any]], width: float, longest: float) -> bool:
    """Whether every number points to something: the loops that search do not look."""
    size = {name: array.size for name, array in arrays.items()}
    nodes, edges, chains = size["lon"], size["edge_tail"], size["chain_a"]
    inner, junctions, arcs = size["inner_chain"], size["junction_node"], size["arc_to"]
    expected = {
        **dict.fromkeys(("lon", "lat", "component", "place"), nodes),
        **dict.fromkeys((name for name in OF_GRAPH if name.startswith("edge_")), edges),
        **{"chain_a": chains, "chain_b": chains, "chain_first": chains + 1},
        **dict.fromkeys(("inner_chain", "inner_from_a", "inner_from_b"), inner),
        **{"junction_node": junctions, "arc_first": junctions + 1},
        **{"arc_to": 2 * chains, "arc_code": 2 * chains, "arc_cost": 2 * chains},
        "component_size": size["component_size"],
    }
    if size != expected or nodes > MOST_NODES or edges > MOST_EDGES:
        return False
    if junctions + inner != nodes or chains + inner != edges:
        return False
    if not (0 < width < np.inf and 0 <= longest < np.inf):
        return False
    below = {
        **dict.fromkeys(("edge_tail", "edge_head", "junction_node"), nodes),
        **dict.fromkeys(("chain_a", "chain_b", "arc_to"), junctions),
        **{"edge_chain": chains, "inner_chain": chains, "arc_code": 2 * chains},
        "component": size["component_size"],
    }
    if not all(_between(arrays[name], 0, bound) for name, bound in below.items()):
        return False
    return (
        _between(arrays["place"], -inner, junctions)
        and _rises(arrays["chain_first"], inner)
        and _rises(arrays["arc_first"], arcs)
        and all(_between(arrays[name], 0, np.inf) for name in ("edge_length", *OF_COSTS))
    )


def _between(array: NDArray[Any], least: float, below: float) -> bool:
    return not array.size or bool(array.min() >= least and array.max() < below)


def _rises(array: NDArray[Any], last: int) -> bool:
    return bool(array[0] == 0 and array[-1] == last and (array[1:] >= array[:-1]).all())
