"""The tile mark (*tanda tegel*): picture, code and three words drawn from a hash, for people to compare.

The child's phone and the parent's page show the same mark. It is **not** the security: 30 bits of code and
24 bits of words can be searched for, so nothing may ever be opened by a mark (tokens do that).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import permutations

from ruangaman.core.tegel_words import WORDS_EN, WORDS_ID

ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # 32 signs; no 0 O 1 I
PALETTE: Mapping[str, str] = {
    "tosca": "#0A5F63",
    "sage": "#7FB8AE",
    "kunyit": "#F4B431",
    "genteng": "#A3391F",
    "nila": "#33417E",
    "kertas": "#FFFFFF",
}
COLOURS_USED = 4
HALF = 3  # the quadrant is 3 x 3 cells, the mark 6 x 6
CELL = 10  # drawing units
SIZE = 2 * HALF * CELL

# Shapes that fill one cell. Corners turn 0 top left, 1 top right, 2 bottom right, 3 bottom left; sides turn
# 0 top, 1 right, 2 bottom, 3 left; a petal lies on the diagonal through corner `turn`.
CORNER_SHAPES = ("quarter", "triangle")
SIDE_SHAPES = ("peak", "bar", "bowl")
DIAGONAL_SHAPES = ("petal",)
STILL_SHAPES = ("dot", "diamond", "square")
SHAPES = CORNER_SHAPES + SIDE_SHAPES + DIAGONAL_SHAPES + STILL_SHAPES


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: a shape, its turn, its colour and the colour behind it (indices of `Mark.colours`)."""

    shape: str
    turn: int
    fore: int
    back: int

    def mirrored(self, *, across: bool, down: bool) -> "Cell":
        """The cell in a mirror: left and right swapped (`across`), top and bottom swapped (`down`)."""
        turn = self.turn
        if self.shape in CORNER_SHAPES:
            turn = (1, 0, 3, 2)[turn] if across else turn
            turn = (3, 2, 1, 0)[turn] if down else turn
        elif self.shape in SIDE_SHAPES:
            turn = (0, 3, 2, 1)[turn] if across else turn
            turn = (2, 1, 0, 3)[turn] if down else turn
        elif self.shape in DIAGONAL_SHAPES and across != down:
            turn = 1 - turn
        return Cell(self.shape, turn, self.fore, self.back)


@dataclass(frozen=True, slots=True)
class Mark:
    """A tile mark. `code` is shown as it stands; `words["id"][n]` and `words["en"][n]` name one thing."""

    grid: tuple[tuple[Cell, ...], ...]
    colours: tuple[str, ...]
    code: str
    words: Mapping[str, tuple[str, str, str]]


def mark(digest: bytes) -> Mark:
    """
    The mark of a hash.

    Args:
        digest: 32 bytes, each bit as good as random (a SHA-256).

    Raises:
        ValueError: `digest` is not 32 bytes long.

    >>> mark(bytes(range(32))).code
    '224-2J5'
    """
    if len(digest) != 32:
        raise ValueError("a tile mark is drawn from 32 bytes")
    colours = tuple(list(permutations(PALETTE, COLOURS_USED))[int.from_bytes(digest[7:9], "big") % 360])
    quadrant = [_cell(index, digest[9 + 2 * index], digest[10 + 2 * index]) for index in range(HALF * HALF)]
    rows = []
    for y in range(2 * HALF):
        down = y >= HALF
        source_y = 2 * HALF - 1 - y if down else y
        row = []
        for x in range(2 * HALF):
            across = x >= HALF
            source_x = 2 * HALF - 1 - x if across else x
            row.append(quadrant[source_y * HALF + source_x].mirrored(across=across, down=down))
        rows.append(tuple(row))
    chosen = _word_indices(digest[4:7])
    return Mark(
        grid=tuple(rows),
        colours=colours,
        code=_code(int.from_bytes(digest[0:4], "big")),
        words={
            "id": (WORDS_ID[chosen[0]], WORDS_ID[chosen[1]], WORDS_ID[chosen[2]]),
            "en": (WORDS_EN[chosen[0]], WORDS_EN[chosen[1]], WORDS_EN[chosen[2]]),
        },
    )


def _code(number: int) -> str:
    """Thirty bits as six signs, a dash in the middle."""
    signs = "".join(ALPHABET[(number >> shift) & 31] for shift in (25, 20, 15, 10, 5, 0))
    return f"{signs[:3]}-{signs[3:]}"


def _word_indices(three: bytes) -> list[int]:
    """Three places in the word lists, all different: a repeat moves on to the next free word."""
    chosen: list[int] = []
    for byte in three:
        index = byte % len(WORDS_ID)
        while index in chosen:
            index = (index + 1) % len(WORDS_ID)
        chosen.append(index)
    return chosen


def _cell(index: int, first: int, second: int) -> Cell:
    """Cell `index` of the quadrant. The diagonal takes each front colour once, so all four show."""
    shape = SHAPES[first % len(SHAPES)]
    turns = 4 if shape in CORNER_SHAPES + SIDE_SHAPES else 2 if shape in DIAGONAL_SHAPES else 1
    diagonal = index % (HALF + 1) == 0
    fore = 1 + index // (HALF + 1) if diagonal else 1 + second % (COLOURS_USED - 1)
    back = 0
    if shape != "square" and not diagonal and (second >> 4) % 4 == 0:
        back = 1 + fore % (COLOURS_USED - 1)
    return Cell(shape, (second >> 2) % turns, fore, back)


def mark_svg(
    one: Mark, *, size: int = 84, css_class: str = "tile", style: str = "screen", title: str = ""
) -> str:
    """
    The mark as one SVG element.

    Args:
        one: the mark.
        size: width and height in CSS pixels.
        css_class: class of the element.
        style: "screen" (four colours) or "print" (white, black, and two hatches).
        title: spoken name; without one the picture is hidden from screen readers: code and words say it.
    """
    paints, definitions = _paints(one, style)
    paths: dict[int, list[str]] = {index: [] for index in range(COLOURS_USED)}
    backs: dict[int, list[str]] = {index: [] for index in range(1, COLOURS_USED)}
    for y, row in enumerate(one.grid):
        for x, cell in enumerate(row):
            if cell.back:
                backs[cell.back].append(f"M{x * CELL} {y * CELL}h{CELL}v{CELL}h-{CELL}z")
            paths[cell.fore].append(_path(cell, x * CELL, y * CELL))
    drawn = [f'<path fill="{paints[0]}" d="M0 0h{SIZE}v{SIZE}H0z"/>']
    for layer in (backs, paths):
        drawn += [
            f'<path fill="{paints[index]}" d="{"".join(parts)}"/>' for index, parts in layer.items() if parts
        ]
    if style == "print":
        drawn.append(f'<path fill="none" stroke="#000" d="M.5.5h{SIZE - 1}v{SIZE - 1}H.5z"/>')
    spoken = f'role="img" aria-label="{title}"' if title else 'aria-hidden="true"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{css_class}" width="{size}" height="{size}" '
        f'viewBox="0 0 {SIZE} {SIZE}" {spoken}>{definitions}{"".join(drawn)}</svg>'
    )


def _paints(one: Mark, style: str) -> tuple[tuple[str, ...], str]:
    """What fills each of the four colours, and the definitions it needs."""
    if style != "print":
        return tuple(PALETTE[name] for name in one.colours), ""
    name = one.code.replace("-", "").lower()
    patterns = (
        f'<defs><pattern id="h{name}" width="2.5" height="2.5" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path fill="#fff" d="M0 0h2.5v2.5H0z"/>'
        '<path d="M0 0h1v2.5H0z"/></pattern>'
        f'<pattern id="d{name}" width="3" height="3" patternUnits="userSpaceOnUse">'
        '<path fill="#fff" d="M0 0h3v3H0z"/><circle cx="1.5" cy="1.5" r=".8"/></pattern></defs>'
    )
    return ("#fff", "#000", f"url(#h{name})", f"url(#d{name})"), patterns


def _path(cell: Cell, left: int, top: int) -> str:
    """The outline of a cell's shape at its place."""
    right, bottom, half = left + CELL, top + CELL, CELL // 2
    middle_x, middle_y = left + half, top + half
    corners = ((left, top), (right, top), (right, bottom), (left, bottom))
    here, clockwise = corners[cell.turn], corners[(cell.turn + 1) % 4]
    opposite, back = corners[(cell.turn + 2) % 4], corners[(cell.turn + 3) % 4]
    match cell.shape:
        case "quarter":
            return f"M{_p(here)}L{_p(clockwise)}A{CELL} {CELL} 0 0 1 {_p(back)}z"
        case "triangle":
            return f"M{_p(here)}L{_p(clockwise)}L{_p(back)}z"
        case "petal":
            return f"M{_p(here)}A{CELL} {CELL} 0 0 1 {_p(opposite)}A{CELL} {CELL} 0 0 1 {_p(here)}z"
        case "peak":
            return f"M{_p(here)}L{_p(clockwise)}L{middle_x} {middle_y}z"
        case "bowl":
            return f"M{_p(here)}L{_p(clockwise)}A{half} {half} 0 0 1 {_p(here)}z"
        case "bar":
            inner = ((clockwise[0] + opposite[0]) // 2, (clockwise[1] + opposite[1]) // 2)
            outer = ((here[0] + back[0]) // 2, (here[1] + back[1]) // 2)
            return f"M{_p(here)}L{_p(clockwise)}L{_p(inner)}L{_p(outer)}z"
        case "dot":
            return f"M{left + 2} {middle_y}a3 3 0 0 1 6 0a3 3 0 0 1-6 0z"
        case "diamond":
            return f"M{middle_x} {top}L{right} {middle_y}L{middle_x} {bottom}L{left} {middle_y}z"
        case _:
            return f"M{left} {top}h{CELL}v{CELL}h-{CELL}z"


def _p(point: tuple[int, int]) -> str:
    return f"{point[0]} {point[1]}"
