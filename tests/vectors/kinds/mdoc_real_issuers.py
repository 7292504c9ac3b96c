"""Documents of real issuers and wallets: the issuer's part always, the device's with the handover that a file names."""

import json
from pathlib import Path

from ruangaman.core.credentials import cbor, mdoc_reading
from tests.vectors import documents
from tests.vectors.outcome import Outcome, not_covered, passed

_DOCUMENT = (
    "cborhex",
    "mdochex",
    "mdoc",
    "cbor",
    "deviceresponse",
    "deviceresponsehex",
    "issuersigned",
    "issuersignedhex",
    "cborbase64url",
)


def check_real(file: Path) -> Outcome:
    told = json.loads(file.read_text(encoding="utf-8"))
    given = documents.pick(told, *_DOCUMENT)
    if given is None:
        return not_covered("no document in this file")
    data = documents.raw(given)
    certificates = [
        one
        for name, value in told.items()
        if "certificate" in name.lower() and isinstance(value, str | list)
        for one in documents.ders(value)
    ]
    outer = cbor.map_of(cbor.read(data, mdoc_reading.LIMITS))
    said = []
    if "issuerAuth" in outer:
        found = [(mdoc_reading.read_issuer_signed(data), None)]
    else:
        answer = mdoc_reading.read_device_response(data)
        found = [(one.issuer_signed, one) for one in answer.documents]
    session = documents.transcript(told)
    for issued, document in found:
        security = mdoc_reading.read_security_object(issued.issuer_auth.payload or b"")
        now = documents.second(told["now"]) if "now" in told else security.validity_info.valid_from
        listed = documents.trust(certificates or [documents.leaf(issued)])
        if not certificates:
            said.append("no certificate is given, so the signer's own stands for the list")
        said.append(documents.check(issued, security.doc_type, listed, now, document, session))
        if document is not None and session is None:
            said.append("the device's part not: we do not know the handover that the file names")
    return passed("; ".join(said))


CHECKS = {"mdoc-real-issuers": check_real}
