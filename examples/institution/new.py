"""`python -m examples.institution.new SLUG ADDRESS FOLDER`: a key, settings, and the file to register."""

import argparse
import json
import os
import sys
from pathlib import Path

from joserfc.jwk import OKPKey

PEOPLE = (("sari", "Sari", "2016-05-23"), ("bima", "Bima", "2012-03-14"), ("ayu", "Ayu", "2009-03-04"))


def main() -> int:
    """Write both files; the one with the private key can be read by its owner alone."""
    parser = argparse.ArgumentParser(prog="examples.institution.new", description=__doc__)
    parser.add_argument("slug")
    parser.add_argument("address", help="where it is served: http://sekolah.localhost:8003")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--house", default="http://localhost:8000", help="the address of Ruang Aman")
    parser.add_argument("--audience", default="ruang-aman-contoh")
    parser.add_argument("--kind", default="school")
    parser.add_argument("--assurance", default="enhanced")
    given = parser.parse_args()
    key = OKPKey.generate_key("Ed25519", {"kid": "1"}, private=True)
    name = {"id": "Sekolah Contoh", "en": "Example School"}
    own = {
        "name": name,
        "issuer": given.address,
        "audiences": {given.audience: f"{given.house}/cek-umur/kembali"},
        "key": key.as_dict(private=True),
        "people": [{"id": one, "name": {"id": name, "en": name}, "birth_date": day} for one, name, day in PEOPLE],
    }  # fmt: skip
    public = {
        "slug": given.slug,
        "kind": given.kind,
        "name": name,
        "issuer": given.address,
        "audience": given.audience,
        "ask_url": f"{given.address}/tanya",
        "keys": {"keys": [key.as_dict(private=False)]},
        "assurance": given.assurance,
    }
    secret = given.folder / f"{given.slug}.json"
    with os.fdopen(
        os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as out:
        json.dump(own, out, indent=1)
    told = given.folder / f"{given.slug}.public.json"
    told.write_text(json.dumps(public, indent=1), encoding="utf-8")
    print(f"for the institution: {secret}\nto register: {told}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
