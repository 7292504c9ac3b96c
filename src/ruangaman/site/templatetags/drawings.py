# ruff: noqa: E501  (one shape a line reads better than a broken path)
"""The drawings of Tegel as plain data: icons, doors, people. Flat shapes on the tile geometry."""

from typing import NamedTuple

# 24 grid, 2 px line, round ends; the strokes take the colour of the text around them.
ICONS: dict[str, str] = {
    "alert": '<circle cx="12" cy="12" r="9"/><path d="M12 7v6M12 16.5v.1"/>',
    "book": '<path d="M12 6c-2-1.5-5-2-9-2v14c4 0 7 .5 9 2 2-1.5 5-2 9-2V4c-4 0-7 .5-9 2zM12 6v14"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10h16M8 3v4M16 3v4"/>',
    "chat": '<path d="M4 4h16v13H9l-5 4z"/>',
    "check": '<path d="m4 12.5 5 5L20 6.5"/>',
    "city": '<path d="M3 20h18M5 20V9l6-4v15M11 20V9h8v11M14.5 13h1M14.5 16h1"/>',
    "clock": '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 2"/>',
    "cross": '<path d="m5 5 14 14M19 5 5 19"/>',
    "document": '<path d="M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6"/>',
    "door-chained": '<path d="M3 20h18M6 20V4h12v16"/><path stroke-width="1.6" d="M10 10h1.5a2 2 0 0 1 0 4H10a2 2 0 0 1 0-4zM12.5 10H14a2 2 0 0 1 0 4h-1.5"/>',
    "door-closed": '<path d="M3 20h18M6 20V4h12v16M14.5 12v.5"/>',
    "door-open": '<path d="M3 20h18M6 20V5l8-2v17M14 5h4v15M10.8 12v.5"/>',
    "door-waiting": '<path d="M3 20h18M6 20V4h12v16M9 12h.1M12 12h.1M15 12h.1"/>',
    "download": '<path d="M12 4v11M7 11l5 5 5-5M4 20h16"/>',
    "exit": '<path d="M10 4H5v16h5M10 12h10M16 8l4 4-4 4"/>',
    "eye": '<path d="M2 12c3-5 6.5-7 10-7s7 2 10 7c-3 5-6.5 7-10 7s-7-2-10-7z"/><circle cx="12" cy="12" r="3"/>',
    "eye-closed": '<path d="M2 10c3 4 6.5 5.5 10 5.5S19 14 22 10M12 15.5V19M6 14l-1.5 3M18 14l1.5 3"/>',
    "family": '<circle cx="8" cy="7" r="3"/><circle cx="17" cy="10" r="2"/>'
    '<path d="M2 20c0-5 2-8 6-8s6 3 6 8M14 20c0-3 1-5 3-5s4 2 4 5"/>',
    "help": '<circle cx="12" cy="12" r="9"/><path d="M9.5 9.5c0-3.5 5-3.5 5 0 0 2-2.5 2-2.5 4M12 16.8v.1"/>',
    "home": '<path d="M3 11l9-7 9 7M6 9v11h12V9M10 20v-6h4v6"/>',
    "identity": '<path d="M3 5h18v14H3zM14 10h4M14 14h4M6 16c0-4 5-4 5 0"/><circle cx="8.5" cy="10" r="1.5"/>',
    "info": '<circle cx="12" cy="12" r="9"/><path d="M12 11v6M12 7.5v.1"/>',
    "key": '<circle cx="8" cy="12" r="4"/><path d="M12 12h9v4M17 12v3"/>',
    "left": '<path d="m15 5-7 7 7 7"/>',
    "lock": '<rect x="4" y="10" width="16" height="11" rx="2"/><path d="M8 10V7a4 4 0 0 1 8 0v3M12 15v1.5"/>',
    "mail": '<path d="M3 5h18v14H3zM3 7l9 6 9-6"/>',
    "minus": '<path d="M6 12h12"/>',
    "phone": '<path d="M5 3h4l2 5-2.5 2c1 2.5 3 4.5 5.5 5.5l2-2.5 5 2v4c0 1-1 2-2 2C11 20.5 3.5 13 3 5c0-1 1-2 2-2z"/>',
    "pin": '<path d="M12 22c-5-6-7-9-7-12a7 7 0 0 1 14 0c0 3-2 6-7 12z"/><circle cx="12" cy="10" r="2.5"/>',
    "plus": '<path d="M12 4v16M4 12h16"/>',
    "print": '<path d="M7 8V3h10v5M7 17H4V8h16v9h-3M7 14h10v7H7z"/>',
    "right": '<path d="m9 5 7 7-7 7"/>',
    "school": '<path d="m2 10 10-5 10 5-10 5zM6 12.5V17c3 2.5 9 2.5 12 0v-4.5"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "send": '<path d="M21 3 3 10l7 3 3 7zM10 13l5-4"/>',
    "settings": '<path d="M3 8h9M17 8h4M3 16h3M11 16h10"/><circle cx="14.5" cy="8" r="2.3"/><circle cx="8.5" cy="16" r="2.3"/>',
    "shield": '<path d="M12 3l8 2.5v6c0 4.5-3 7.5-8 9.5-5-2-8-5-8-9.5v-6zM8.5 11.5l2.5 2.5 4.5-4.5"/>',
    "speaker": '<path d="M4 9.5v5h3.5L12 19V5L7.5 9.5zM15.5 9c1.5 2 1.5 4 0 6M18.5 6.5c3 3.5 3 7.5 0 11"/>',
    "tile": '<path d="M4 4h16v16H4zM4 12a8 8 0 0 0 8-8M20 12a8 8 0 0 1-8 8M12 12v.1"/>',
    "trash": '<path d="M4 7h16M9 7V4h6v3M6 7l1 14h10l1-14M10 11v6M14 11v6"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 21c0-9 15-9 15 0"/>',
    "wallet": '<path d="M3 7h16v13H3zM3 7V5h13v2M15.5 13.5h.1"/>',
}

LEAVES = {
    "tosca": "#0A5F63",
    "nila": "#33417E",
    "genteng": "#A3391F",
    "kunyit": "#F4B431",
    "pandan": "#22672C",
    "abu": "#46585E",
}
PANELS = {
    "tosca": "#3B7F82",
    "nila": "#576395",
    "genteng": "#B35C47",
    "kunyit": "#F8CC73",
    "pandan": "#4E8556",
    "abu": "#6F7F84",
}
LINKS = "#F4B431"
WARM = "#FDF0CC"

# 60 x 80: threshold, arched frame, and what stands in it. `kusen` is a class: the frame never vanishes in the dark.
FRAME = '<path class="kusen" d="M0 76h60v4H0zM5 77V29.5a25 24.5 0 0 1 50 0V77z"/>'
OPENING = "M9.2 76V29.5a20.8 20.3 0 0 1 41.6 0V76z"


def door(state: str, colour: str) -> str:
    """The inner shapes of a 60 x 80 door. `state`: open, closed, chained (open with a parent's yes), waiting."""
    leaf, panel = LEAVES[colour], PANELS[colour]
    if state == "open":
        return (
            f'{FRAME}<path fill="{WARM}" d="{OPENING}"/><circle cx="30" cy="34" r="7" fill="#F4B431"/>'
            '<path fill="#F4B431" d="M21.5 53h18.5l10.8 23H9.2l12.3-7z"/>'
            f'<path class="leaf" fill="{leaf}" d="M9.2 76V29.5c0-8 4.6-15 12.3-18.5V69z"/>'
            '<circle cx="18" cy="44.5" r="1.9" fill="#fff"/>'
        )
    closed = (
        f'{FRAME}<path fill="{leaf}" d="{OPENING}"/>'
        f'<path fill="{panel}" d="M14.5 70V32c0-6.5 4-11.5 10-13v51zM45.5 70V32c0-6.5-4-11.5-10-13v51z"/>'
        '<path class="kusen" d="M28.8 9h2.4v67h-2.4z"/>'
        '<g fill="#fff"><circle cx="25.8" cy="45" r="1.9"/><circle cx="34.2" cy="45" r="1.9"/></g>'
    )
    if state == "chained":
        return closed + (
            f'<g fill="none" stroke="{LINKS}" stroke-width="2.2"><path stroke-dasharray="3 1.6" '
            'd="M23 51c1 8 13 8 14 0"/></g>'
        )
    if state == "waiting":
        return closed + (
            '<circle cx="30" cy="45" r="11" fill="#fff"/><circle cx="30" cy="45" r="11" fill="none" '
            'stroke="#14242A" stroke-width="2"/><path fill="none" stroke="#14242A" stroke-width="2.2" '
            'stroke-linecap="round" d="M30 38.5V45l4.5 3"/>'
        )
    return closed


class Person(NamedTuple):
    """How one drawn person looks: colours, and the kind of head (see HEADS)."""

    ground: str
    skin: str
    dress: str
    head: str
    hair: str = "#1B1614"


PEOPLE: dict[str, Person] = {
    "sari": Person("#F4B431", "#B8784D", "#A3391F", "bob"),
    "bima": Person("#7FB8AE", "#9C6240", "#33417E", "short"),
    "ayu": Person("#E4E8F6", "#C48A60", "#33417E", "hijab", "#33417E"),
    "ibu": Person("#D9ECE8", "#A96B45", "#0A5F63", "hijab", "#06444A"),
    "ayah": Person("#FDF0CC", "#8A5636", "#22672C", "beard"),
    "nenek": Person("#FBE5DD", "#B8784D", "#33417E", "bun", "#C9CFCC"),
    "kakek": Person("#DDF0DC", "#9C6240", "#6F4600", "peci"),
    "guru": Person("#E4E8F6", "#C48A60", "#A3391F", "long"),
    "adik": Person("#DDF0DC", "#7A4A2E", "#F4B431", "curls"),
    "stranger": Person("#CBD7D2", "#A96B45", "#46585E", "short"),
    "neutral": Person("#D9ECE8", "#B8784D", "#0A5F63", "plain"),
}

# 48 x 48; the face is drawn between what lies behind it and what lies over it.
HEADS: dict[str, tuple[str, str]] = {
    "bob": (
        '<path fill="{hair}" d="M11 37V27a13 12 0 0 1 26 0v10z"/>',
        '<path fill="{hair}" d="M14 26c5 0 10-1.5 13-4 1 2 4 4 7 4 0-8-4-11.5-10-11.5S14 18 14 26z"/>'
        '<circle cx="34" cy="20.5" r="2.5" fill="#fff"/>',
    ),
    "short": (
        "",
        '<path fill="{hair}" d="M13.5 26c0-9 4.5-12 10.5-12s10.5 3 10.5 12c-1-4-3-6-6-6.5-3 1-6 1-9 0-3 .5-5 2.5-6 6.5z"/>',
    ),
    "hijab": ('<path fill="{hair}" d="M8 48c1-10 2-14 2-20 0-8 6-14 14-14s14 6 14 14c0 6 1 10 2 20z"/>', ""),
    "beard": (
        "",
        '<path fill="{hair}" d="M13.5 26c0-9 4.5-12 10.5-12s10.5 3 10.5 12c-1-4-2-5-3-6-5 1-10 1-15 0-1 1-2 2-3 6zM16 33c1 5 4 7 8 7s7-2 8-7c-2 2-3 2-4 2h-8c-1 0-2 0-4-2z"/>',
    ),
    "bun": (
        '<circle cx="24" cy="13" r="5" fill="{hair}"/>',
        '<path fill="{hair}" d="M13.5 28c0-9 4.5-13 10.5-13s10.5 4 10.5 13c-2-5-5-8-10.5-8s-8.5 3-10.5 8z"/>',
    ),
    "peci": ("", '<path fill="{hair}" d="M14.5 23 16 13c5-1.5 11-1.5 16 0l1.5 10c-6-2-13-2-19 0z"/>'),
    "long": (
        '<path fill="{hair}" d="M11 44V27a13 13 0 0 1 26 0v17z"/>',
        '<path fill="{hair}" d="M14 29c4-1 8-4 10-8 2 4 6 7 10 8 0-9-4-13-10-13s-10 4-10 13z"/>',
    ),
    "curls": (
        '<g fill="{hair}"><circle cx="15" cy="24" r="5"/><circle cx="18" cy="18" r="5"/><circle cx="24" cy="16" r="5.5"/>'
        '<circle cx="30" cy="18" r="5"/><circle cx="33" cy="24" r="5"/></g>',
        '<path fill="{hair}" d="M15 25c3-5 15-5 18 0 0-6-4-9-9-9s-9 3-9 9z"/>',
    ),
    "plain": ("", '<path fill="{hair}" d="M14 27c0-8 4-12 10-12s10 4 10 12c-3-5-6-6-10-6s-7 1-10 6z"/>'),
}


def portrait(name: str) -> str:
    """The inner shapes of a 48 x 48 portrait; a name we do not draw gets the neutral person."""
    person = PEOPLE.get(name, PEOPLE["neutral"])
    behind, over = (part.format(hair=person.hair) for part in HEADS[person.head])
    face_width = 8 if person.head == "hijab" else 9.5
    shoulders = f'<path fill="{person.dress}" d="M8 48c0-7 6-10 16-10s16 3 16 10z"/>'
    face = f'<ellipse cx="24" cy="28" rx="{face_width}" ry="9.5" fill="{person.skin}"/>'
    features = (
        '<g fill="#1B1614"><circle cx="20.5" cy="28" r="1.1"/><circle cx="27.5" cy="28" r="1.1"/></g>'
        '<path fill="none" stroke="#1B1614" stroke-width="1.2" stroke-linecap="round" d="M20.8 32c2 2 4.4 2 6.4 0"/>'
    )
    ground = f'<path fill="{person.ground}" d="M0 0h48v48H0z"/>'
    if person.head == "hijab":
        return ground + behind + face + features
    return ground + behind + shoulders + face + over + features
