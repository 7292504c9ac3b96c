"""`python -m bench.fill`: one service, one key, one office, in the house that the environment names. Prints JSON."""

import json
import os
from datetime import timedelta

import django
from joserfc.jwk import OKPKey

OFFICE = "kantor-ukur"
ISSUER = "http://kantor.invalid"
AUDIENCE = "ruang-aman-ukur"
SERVICE = "obrolan-ukur"


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ruangaman.site.settings")
    django.setup()
    from ruangaman.adapters import clock
    from ruangaman.rooms.access import api as access
    from ruangaman.rooms.families import api as families

    now = clock.now()
    access.create_service(
        slug=SERVICE,
        operator="PT Ukur",
        name="Obrolan Ukur",
        type="chat",
        purpose={"id": "Mengobrol dengan teman.", "en": "Talk with friends."},
        risk_profile="low",
        risk_determined_by="PT Ukur",
        risk_determined_at=now - timedelta(days=30),
        contact="bantuan@ukur.invalid",
        now=now,
    )
    key = access.create_key(service=SERVICE, label="bench", now=now)
    office = OKPKey.generate_key("Ed25519", {"kid": "ukur"})
    families.register_provider(
        slug=OFFICE,
        name={"id": "Kantor Ukur", "en": "Measuring Office"},
        issuer=ISSUER,
        audience=AUDIENCE,
        ask_url=f"{ISSUER}/tanya",
        keys={"keys": [office.as_dict(private=False)]},
        checks_names=True,
        now=now,
    )
    print(json.dumps({"key": key.text, "office_key": office.as_dict(private=True)}))


if __name__ == "__main__":
    main()
