"""The certificate by which the story's house asks wallets, and whom the story's wallet trusts to give such ones."""

from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from cryptography import x509
from django.conf import settings

from ruangaman.site.story import certificates
from ruangaman.site.story.house import House

NAME: Final = {"id": "Daftar Penanya Contoh", "en": "Example Register of Askers"}
HOUSE: Final = "Ruang Aman (cerita)"


def host() -> str:
    """The name under which wallets reach this house."""
    return urlsplit(settings.ISSUER_URL or settings.BASE_URL).hostname or ""


def prepare(house: House, now: datetime) -> list[dict[str, Any]]:
    """
    Give the house a certificate for its own name, unless it has one; chain and key stand in the story's folder.

    Returns:
        The list of trust of the wallet: each entry a `name` and a `certificate` in PEM.
    """
    name = host()
    root = _root_of(house, name)
    if root is None:
        top = certificates.authority("Akar Penanya Contoh", now=now)
        own, key = certificates.below(top, HOUSE, now=now, purpose=certificates.READER, hosts=[name])
        house.write_text(house.asker_key, key)
        house.write_text(house.asker_certificate, own + top.pem)  # last: with it both stand
        root = top.pem
    return [{"name": NAME, "certificate": root}]


def _root_of(house: House, name: str) -> str | None:
    """The root of the chain that stands there; None where there is none, or one for another name."""
    if not (house.asker_certificate.is_file() and house.asker_key.is_file()):
        return None
    text = house.asker_certificate.read_text(encoding="ascii")
    own = x509.load_pem_x509_certificates(text.encode())[0]
    names = own.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    if names.get_values_for_type(x509.DNSName) != [name]:
        return None
    begin = "-----BEGIN CERTIFICATE-----"
    return begin + text.split(begin)[2]
