"""Elements of one block of a file, as the compiled loops fill them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ruangaman.adapters.osm.vocabulary import Words
from ruangaman.core.reach.extract import NUMBER_ABSENT

UNLOCATED = 2_147_483_647
"""x and y of a node whose location the file does not say, or says beyond the globe."""

NO_STRING = -1


class Frame(NamedTuple):
    """How a block writes coordinates: nanodegrees of a step, and where counting begins."""

    granularity: int
    lat_offset: int
    lon_offset: int


class Strings(NamedTuple):
    """Where each string of a block begins and ends (int64), and which word of the vocabulary it is (int32)."""

    start: NDArray[np.int64]
    end: NDArray[np.int64]
    word: NDArray[np.int32]


class Rows(NamedTuple):
    """
    Tags of elements, a row for each.

    Attributes:
        codes: uint8 (rows, columns). numbers: int16 (rows, columns of numbers). kinds: uint64 (rows,).
        name: int32 (rows,), the string that is its name, or NO_STRING.
    """

    codes: NDArray[np.uint8]
    numbers: NDArray[np.int16]
    kinds: NDArray[np.uint64]
    name: NDArray[np.int32]


class NodeRows(NamedTuple):
    """
    Nodes of a block; the tags of those that have any.

    Attributes:
        ids: int64 (nodes,). x, y: int32 (nodes,), 1e-7 degrees, or UNLOCATED. tagged: int32 (rows,), which nodes.
    """

    ids: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    tagged: NDArray[np.int32]
    rows: Rows


class WayRows(NamedTuple):
    """
    Ways of a block.

    Attributes:
        ids: int64 (ways,). size: int64 (ways,), vertices of each. refs: int64 (vertices,).
        x, y: int32 (vertices,), the locations that some files write with the way itself, else UNLOCATED.
    """

    ids: NDArray[np.int64]
    size: NDArray[np.int64]
    refs: NDArray[np.int64]
    x: NDArray[np.int32]
    y: NDArray[np.int32]
    rows: Rows


class RelationRows(NamedTuple):
    """
    Relations of a block.

    Attributes:
        ids: int64 (relations,). multipolygon: bool (relations,). size: int64 (relations,), members that are ways.
        members: int64 (members,), ids of ways. roles: int32 (members,), strings.
    """

    ids: NDArray[np.int64]
    multipolygon: NDArray[np.bool_]
    size: NDArray[np.int64]
    members: NDArray[np.int64]
    roles: NDArray[np.int32]
    rows: Rows


def empty_rows(number: int, words: Words) -> Rows:
    """Empty rows of tags."""
    return Rows(
        np.zeros((number, words.code.shape[0]), np.uint8),
        np.full((number, max(int(words.number.max()) + 1, 1)), NUMBER_ABSENT, np.int16),
        np.zeros(number, np.uint64),
        np.full(number, NO_STRING, np.int32),
    )
