"""Receipts: a canonical body without names, a salted hash in the ledger, a tile drawn from it, PDF and JSON
to keep.
"""

import json
from datetime import datetime
from typing import Any

from ruangaman.adapters import ids
from ruangaman.rooms.families import records, tokens
from ruangaman.rooms.families.models import Child, ConsentRequest, DeletionTask, Receipt
from ruangaman.rooms.ledger import api as ledger


def canonical(body: Any) -> bytes:
    """One spelling of a JSON value (RFC 8785 for what we put in: no floats, sorted keys, UTF-8)."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def make(
    kind: str,
    child: Child,
    request: ConsentRequest | None,
    *,
    deletion: DeletionTask | None = None,
    facts: dict[str, Any],
    now: datetime,
) -> Receipt:
    """Write one receipt and its leaf in the ledger; call inside the transaction of the act."""
    identity = ids.new(now)
    body = {
        "schema_version": records.SCHEMA_VERSION,
        "receipt_id": str(identity),
        "kind": kind,
        "at": now.isoformat(),
        "service": {key: request.card[key] for key in ("slug", "name", "operator")} if request else None,
        "facts": facts,
        "record": records.record(request) if request else None,
    }
    salt, hexadecimal = ledger.salted(canonical(body))
    entry = ledger.append("receipt.issued", {"kind": kind, "salted_sha256": hexadecimal}, at=now)
    row = Receipt.objects.create(
        id=identity,
        family=child.family,
        kind=kind,
        child=child,
        request=request,
        deletion=deletion,
        body=body,
        digest=bytes.fromhex(hexadecimal),
        salt=salt,
        ledger_index=entry.index,
        created_at=now,
    )
    tokens.put(
        "receipt", tokens.derived("receipt", row.pk), child.family, now=now, request=request, child=child
    )
    return row


def as_json(row: Receipt) -> dict[str, Any]:
    """The receipt with what is needed to check it: SHA-256 of salt and the canonical body is the hash in
    the ledger.
    """
    return {
        **row.body,
        "proof": {
            "salted_sha256": bytes(row.digest).hex(),
            "salt": bytes(row.salt).hex(),
            "ledger_index": row.ledger_index,
            "how": "sha256(salt || canonical JSON of this document without proof)",
        },
    }
