"""The office of the story that puts ages into wallets: made up, with a root that its house alone trusts."""

from datetime import datetime
from typing import Any, Final

from ruangaman.site.story import certificates

NAME: Final = {"id": "Dinas Identitas Contoh", "en": "Example Identity Office"}
VCT: Final = "https://dinas-contoh.example/vct/umur/1"
DOC_TYPE: Final = "eu.europa.ec.av.1"
"""The mobile document: the age attestation of the European profile, ages and nothing else."""
ISSUER: Final = "https://dinas-contoh.example"
TRUST_LIST: Final = "dinas-contoh"


def fresh(now: datetime) -> dict[str, Any]:
    """
    A root and two signers below it with their keys, in PEM: one for SD-JWT VC, one for mobile documents. The root's key
    is thrown away: it signs nothing else.
    """
    top = certificates.authority("Akar Dinas Contoh", now=now)
    card, key = certificates.below(top, "Dinas Contoh", now=now)
    document, document_key = certificates.below(
        top, "Dinas Contoh (dokumen)", now=now, purpose=certificates.DOCUMENT_SIGNER
    )
    return {
        "root": top.pem,
        "certificate": card,
        "key": key,
        "document_certificate": document,
        "document_key": document_key,
    }


def whole(issuer: dict[str, Any]) -> bool:
    """Whether it signs all that it signs today; one of an older story knew no mobile documents."""
    return {"certificate", "key", "document_certificate", "document_key"} <= set(issuer)


def trust(issuer: dict[str, Any]) -> dict[str, Any]:
    """The list of trust, as `ruangaman ages trust add` takes it."""
    anchor = {
        "name": NAME["id"],
        "certificate": issuer["root"],
        "answers_for": [DOC_TYPE, VCT],
        "issuers": [ISSUER],
    }
    return {"slug": TRUST_LIST, "assurance": "enhanced", "anchors": [anchor]}
