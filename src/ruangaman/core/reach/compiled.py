"""Loops that are compiled before they are called, kept on disk, and run without the interpreter's lock."""

from collections.abc import Callable
from typing import Any

import numba
from numba import types

Function = Callable[..., Any]
"""A compiled loop: numba itself refuses what does not fit its types."""


def _read(kind: Any) -> Any:
    """An array that the loop only reads, so that one mapped from a file may be given as well."""
    return types.Array(kind, 1, "C", readonly=True)


I4, U4, F4, F8, U1 = (
    _read(kind) for kind in (types.int32, types.uint32, types.float32, types.float64, types.uint8)
)
I4_OUT, U4_OUT, F4_OUT, F8_OUT, U1_OUT = (
    kind[::1] for kind in (types.int32, types.uint32, types.float32, types.float64, types.uint8)
)
INT, FLOAT, NONE = types.int64, types.float64, types.void
FLOAT_AND_INT = types.Tuple((FLOAT, INT))  # type: ignore[no-untyped-call]


def compiled(gives: Any, *takes: Any) -> Callable[[Function], Function]:
    """
    Compile a loop for these types alone, at its definition.

    With the types named, nothing is left to compile when a city is asked; numba keeps the result beside the module or
    in the user's cache, so that only the first import after a change compiles. A loop never raises and never checks an
    index: who calls it has checked its arrays.

    numba compiles anew when the file of a loop has changed, and does not look at the files of the loops that it calls:
    after a change of those, remove `__pycache__`.
    """
    signature = gives(*takes)

    def of(function: Function) -> Function:
        made: Function
        try:
            made = numba.njit(signature, cache=True, nogil=True)(function)
        except RuntimeError:  # nowhere to keep it, as in a container that cannot be written to
            made = numba.njit(signature, nogil=True)(function)
        return made

    return of
