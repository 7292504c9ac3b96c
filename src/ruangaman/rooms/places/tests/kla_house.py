"""What the tests of the scorecard share: weights, small files, who is signed in, what the ledger says."""

import io
import json
from datetime import date
from decimal import Decimal

from django.test import Client
from PIL import Image

from ruangaman.rooms.ledger.models import Entry
from ruangaman.rooms.places.kla import cards
from ruangaman.rooms.places.models import KlaWeights

from .conftest import NOON

D = Decimal
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
DAY = {"dated": date(2026, 5, 1), "until": None}


def weights_csv(**changed: str) -> bytes:
    told = {no: "50" if no > 20 else "40" for no in range(1, 25)}
    told |= {int(name[1:]): value for name, value in changed.items()}
    return ("no,bobot\n" + "".join(f"{no},{value}\n" for no, value in told.items())).encode()


def loaded(melati, user, **changed: str) -> KlaWeights:
    return cards.load_weights(
        melati, weights_csv(**changed), source="Surat edaran", gap="lower_bound", months=24, by=user, now=NOON
    )


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def entries(kind: str) -> list[dict]:
    return [
        json.loads(bytes(one.entry)) for one in Entry.objects.filter(kind=f"places.{kind}").order_by("index")
    ]


def photo(place: bool = True) -> bytes:
    image, exif = Image.effect_noise((400, 300), 80), Image.Exif()
    if place:
        exif[0x010F] = "KAMERA RAHASIA"
        exif.get_ifd(0x8825)[2] = (6.0, 12.0, 30.0)
    out = io.BytesIO()
    image.convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()
