"""A city with two kelurahan, a park, a school and two streets; and what a child sends."""

import json
from io import BytesIO
from pathlib import Path

from PIL import Image

from ruangaman.rooms.places import roles
from ruangaman.rooms.places.models import Report
from ruangaman.rooms.places.reports import answers, desk, sending

from .conftest import NOON

WEST, EAST = "99.71.01.1001", "99.71.01.1002"
STORY = "Di depan rumahku ada lubang besar, dekat Taman Melati. Namaku Sari."
PLAIN = {"id": "Ada lubang besar di tepi taman.", "en": "There is a big hole beside the park."}
ANSWER = {"id": "Lubangnya ditutup minggu ini.", "en": "The hole will be closed this week."}


def square(west: float, south: float, east: float, north: float) -> dict:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def build(folder: Path) -> None:
    """The files that a city's build leaves, as far as reports read them."""
    areas = [
        {"properties": {"code": "99.71", "level": "city", "name": "Kota Melati", "parent": ""}},
        {"properties": {"code": WEST, "level": "kelurahan", "name": "Karanganyar", "parent": "99.71.01"},
         "geometry": square(106.80, -6.20, 106.81, -6.19)},
        {"properties": {"code": EAST, "level": "kelurahan", "name": "Sukajadi", "parent": "99.71.01"},
         "geometry": square(106.81, -6.20, 106.82, -6.19)},
        {"properties": {"code": f"{WEST}.RW01", "level": "rw", "name": "RW 01", "parent": WEST}},
    ]  # fmt: skip
    walks = [
        {"properties": {"name": "Gang Mangga", "answer": 1},
         "geometry": {"type": "LineString", "coordinates": [[106.802, -6.196], [106.803, -6.196]]}},
        {"properties": {"name": "Jalan Raya", "answer": 2},
         "geometry": {"type": "LineString", "coordinates": [[106.808, -6.195], [106.809, -6.195]]}},
        {"properties": {"name": "Jalan Raya", "answer": 2},
         "geometry": {"type": "LineString", "coordinates": [[106.812, -6.195], [106.813, -6.195]]}},
        {"properties": {"name": "", "answer": 0},
         "geometry": {"type": "LineString", "coordinates": [[106.8, -6.195], [106.8, -6.194]]}},
    ]  # fmt: skip
    places = [
        {"id": "taman-1", "kind": "park", "name": "Taman Melati", "lon": 106.80541, "lat": -6.19537,
         "source": "osm", "gates": [], "area": f"{WEST}.RW01"},
        {"id": "sd-1", "kind": "school", "name": "SDN Karanganyar", "lon": 106.8149, "lat": -6.1951,
         "source": "osm", "gates": [], "area": EAST},
        {"id": "broken", "name": "Tanpa tempat"},
    ]  # fmt: skip
    for name in ("map", "results"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    collection = {"type": "FeatureCollection"}
    (folder / "map" / "areas.geojson").write_text(json.dumps(collection | {"features": areas}))
    (folder / "map" / "walks-6-12-day-foot.geojson").write_text(json.dumps(collection | {"features": walks}))
    (folder / "results" / "places.json").write_text(json.dumps(places))


def told(city, **more) -> Report:
    """A report as a form sends it."""
    form = {
        "kind": "hole", "words": STORY, "where": "p:taman-1", "week": "school", "day": "morning", "photo": b"",
        "once": sending.Report.objects.count().to_bytes(32, "big"), "network": "203.0.113.9", "now": NOON,
    }  # fmt: skip
    return sending.make(city, **(form | more))


def idea(city, text: str, **more) -> Report:
    """An idea that is told."""
    return told(city, kind="zebra", words=text, where=more.pop("where", "p:taman-1"), **more)


def published(city, who, row: Report, *, now=NOON, said=PLAIN, **more) -> Report:
    """A report that a moderator read and accepted."""
    desk.open_it(city, who, row.pk, now=now)
    form = {"said": said, "body": "pu", "private": False, "photo": False} | more
    return desk.publish(city, who, row.pk, now=now, **form)


def answered(city, who, row: Report, what: str = "answered", *, now=NOON, **more) -> Report:
    return answers.answer(city, who, row.pk, what=what, said=ANSWER, now=now, **more)


def acting(user, city, act: str) -> roles.Acting:
    found = roles.acting(user, city, act)
    assert found is not None
    return found


def photo(*, size=(2000, 1500), form="JPEG", exif: bytes = b"", mode="RGB") -> bytes:
    """A photo as a phone makes it, with a place and a maker's name in it."""
    picture = Image.new(mode, size, 128 if mode in ("L", "P") else (200, 120, 40, 90)[: len(mode)])
    out = BytesIO()
    more = {"exif": exif} if exif else {}
    picture.save(out, form, **more)
    return out.getvalue()


def exif() -> bytes:
    """Where and with what it was taken, and that it lies on its side."""
    found = Image.Exif()
    found[0x010F] = "HPKU"
    found[0x0112] = 6
    found.get_ifd(0x8825)[2] = (6.0, 11.0, 43.0)
    return found.tobytes()
