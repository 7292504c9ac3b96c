"""What tests of audits share: photos as phones take them, answers, an audit on its way."""

from io import BytesIO
from uuid import uuid4

from PIL import Image

from ruangaman.adapters import audit_tables
from ruangaman.core.audits.form import NO, YES
from ruangaman.rooms.places.audits import answering, deciding, opening

FORM = audit_tables.shipped_form()
ITEMS = FORM.items
CRITICAL = "peralatan/utuh"
GATE = "kemudahan/pintu"
LIMITS = b"key,unit,least,most,source\nlebar_pintu_cm,cm,90,,salinan milik kota\n"


def photo(size: tuple[int, int] = (40, 30), *, kind: str = "JPEG", turned: int = 1) -> bytes:
    """A picture whose left half is red, with Exif of place, phone and orientation."""
    picture = Image.new("RGB", size, "white")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[0x0112] = turned
    exif[0x010F] = "HP Rahasia"
    place = exif.get_ifd(0x8825)
    place[1], place[2], place[3], place[4] = "S", (6.0, 10.0, 30.0), "E", (106.0, 49.0, 12.0)
    out = BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def told(changed: dict[str, tuple[str, str]] | None = None, base: int = 0) -> list[dict[str, object]]:
    """Every question answered well, but those that are named."""
    answers = {name: (item.good, "") for name, item in ITEMS.items()} | (changed or {})
    return [
        {"item": name, "answer": answer, "measure": measure, "base": base}
        for name, (answer, measure) in answers.items()
    ]


def bad(item: str) -> tuple[str, str]:
    return (NO if ITEMS[item].good == YES else YES, "")


def answered(city, users, by, now, *, changed=({}, {}), place=None):
    """An audit whose two seats are done."""
    place = place or opening.add_space(city, "Taman Melati", "99.71.01.1001", now=now)
    audit = opening.begin(place, *users, by=by, now=now)
    for seat, each in zip(audit.seats.order_by("number"), changed, strict=True):
        reply = answering.receive(seat, uuid4(), told(each), finish=True, now=now)
        assert reply["finished"]
    audit.refresh_from_db()
    return audit


def decided(city, users, by, now, *, changed=None, place=None):
    """An audit on which both agree, decided."""
    audit = answered(city, users, by, now, changed=(changed or {}, changed or {}), place=place)
    return deciding.decide(audit, {}, by=by, now=now)


def metadata_of(data: bytes) -> list[bytes]:
    """What a picture says beside the picture."""
    return [
        name for name in (b"Exif", b"http://ns.adobe", b"Photoshop", b"GPS", b"HP Rahasia") if name in data
    ]
