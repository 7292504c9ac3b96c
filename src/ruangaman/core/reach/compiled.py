"""Loops that are compiled before they are called, kept on disk, and run without the interpreter's lock."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from types import CodeType, FunctionType, ModuleType
from typing import Any, TypeVar

import numba
import numpy as np
from numba import types

Function = Callable[..., Any]
"""A compiled loop: numba itself refuses what does not fit its types."""
Loop = TypeVar("Loop", bound=Function)
THEIRS = frozenset({"numpy", "numba", "math"})
_MARK = "__"
_LETTERS = 16


def _read(kind: Any) -> Any:
    """An array that the loop only reads, so that one mapped from a file may be given as well."""
    return types.Array(kind, 1, "C", readonly=True)


I4, U4, F4, F8, U1 = (
    _read(kind) for kind in (types.int32, types.uint32, types.float32, types.float64, types.uint8)
)
I4_OUT, U4_OUT, F4_OUT, F8_OUT, U1_OUT = (
    kind[::1] for kind in (types.int32, types.uint32, types.float32, types.float64, types.uint8)
)
INT, FLOAT, BOOL, NONE = types.int64, types.float64, types.boolean, types.void
FLOAT_AND_INT = types.Tuple((FLOAT, INT))  # type: ignore[no-untyped-call]


def compiled(gives: Any, *takes: Any) -> Callable[[Function], Function]:
    """
    Compile a loop for these types alone, at its definition.

    With the types named, nothing is left to compile when a city is asked; numba keeps the result beside the module or
    in the user's cache, so that only the first import after a change compiles. A loop never raises and never checks an
    index: who calls it has checked its arrays.
    """
    signature = gives(*takes)
    return lambda function: _made(function, signature)


def kept(function: Loop) -> Loop:
    """Compile a loop at its first call with types of a kind, and keep the result as `compiled` does."""
    made: Loop = _made(function)
    return made


def _made(function: Any, *signature: Any) -> Any:
    function.__qualname__ += _MARK + fingerprint(function)
    compiler: Any = numba.njit
    try:
        return compiler(*signature, cache=True, nogil=True)(function)
    except (RuntimeError, OSError):  # nowhere to keep it, as in a container that cannot be written to
        return compiler(*signature, nogil=True)(function)


def fingerprint(function: Any) -> str:
    """
    What a loop does: digits of SHA-256 over its code, the loops that it calls and the constants that it names.

    numba keeps a compiled loop until its own file changes, and does not look at those from which it takes other loops
    and constants. As part of the loop's name this lets it keep each version by itself, so that neither a change nor
    two versions that compile at once are ever taken for each other. Whatever a loop names stands above it.
    """
    digest = sha256()
    for part in _of_function(function, set()):
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()[:_LETTERS]


def marked(function: Any) -> str:
    """The fingerprint that a loop carries since it was compiled."""
    return str(function.__qualname__).rpartition(_MARK)[2]


def _of_function(function: Any, seen: set[int]) -> Iterator[str]:
    function = getattr(function, "py_func", function)
    if id(function) in seen:
        return
    seen.add(id(function))
    yield from _of_code(function.__code__, function.__globals__, seen)
    for cell in function.__closure__ or ():
        yield from _of_value(cell.cell_contents, (), seen)


def _of_code(code: CodeType, named: dict[str, Any], seen: set[int]) -> Iterator[str]:
    yield code.co_code.hex()
    yield repr((code.co_varnames, code.co_names, code.co_argcount))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _of_code(constant, named, seen)
        else:
            yield from _of_value(constant, (), seen)
    for name in code.co_names:
        if name in named:
            yield name
            yield from _of_value(named[name], code.co_names, seen)


def _of_value(value: Any, names: tuple[str, ...], seen: set[int]) -> Iterator[str]:
    """`names`: what may be looked up in a module."""
    if isinstance(value, FunctionType) or hasattr(value, "py_func"):
        yield from _of_function(value, seen)
    elif isinstance(value, ModuleType):
        yield value.__name__
        if value.__name__.partition(".")[0] not in THEIRS:
            for name in names:
                if hasattr(value, name):
                    yield from _of_value(getattr(value, name), (), seen)
    elif isinstance(value, type):
        yield f"{value.__module__}.{value.__qualname__} {getattr(value, '_fields', ())}"
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype} {value.shape} {value.tobytes().hex()}"
    elif isinstance(value, tuple):
        for each in value:
            yield from _of_value(each, (), seen)
    elif isinstance(value, frozenset):
        yield repr(sorted(map(repr, value)))
    elif isinstance(value, bool | int | float | complex | str | bytes | np.generic | None):
        yield repr(value)
    else:
        yield type(value).__qualname__
