"""The consent record by ISO/IEC TS 27560:2023, in one place. The guardian, the relation and the level of
proof have no field there: they stand in our own extension `x_guardian`. How the data is handled is what the operator
states (`handling`); `x_not_stated` names the fields about which it said nothing. Spellings with a doubt: `services`,
`processing_locations`.
"""

from typing import Any

from django.urls import reverse

from ruangaman.core.consent import State
from ruangaman.rooms.families import handling, tokens
from ruangaman.rooms.families.models import ConsentRequest, RecordEvent
from ruangaman.rooms.families.types import HANDLING_LISTS, HANDLING_TEXTS

SCHEMA_VERSION = "ISO/IEC TS 27560:2023"
EXTENSION = "https://ruangaman.id/ns/guardian-consent#1"
HANDLED = (*HANDLING_LISTS, *HANDLING_TEXTS)

# What happened -> the state of the event in the words of DPV; ours where DPV has none.
EVENT_STATES = {
    State.REQUESTED: "dpv:ConsentRequested",
    State.DELIVERED: "ruangaman:RequestDelivered",
    State.OPENED: "ruangaman:RequestOpened",
    State.GUARDIAN_VERIFIED: "ruangaman:GuardianVerified",
    State.UNDELIVERABLE: "ruangaman:RequestUndeliverable",
    State.GIVEN: "dpv:ConsentGiven",
    State.REFUSED: "dpv:ConsentRefused",
    State.LAPSED: "ruangaman:RequestLapsed",
    State.NOT_MY_CHILD: "ruangaman:NotMyChild",
    State.WITHDRAWN: "dpv:ConsentWithdrawn",
    State.EXPIRED: "dpv:ConsentExpired",
    State.INVALIDATED: "dpv:ConsentInvalidated",
    State.REPLACED: "ruangaman:RequestReplaced",
}


# At 17 the yes is the child's own, given with the request; the parent confirms it (PP 17/2025 Art. 9).
OF_A_CONFIRMATION = {
    State.REQUESTED: "dpv:ConsentGiven",
    State.GIVEN: "ruangaman:ParentConfirmed",
    State.REFUSED: "ruangaman:ParentDidNotConfirm",
}


def event_state(state: State, kind: str) -> str:
    """What an event is called in the record of a consent, or of a child's own consent that a parent confirms."""
    own = OF_A_CONFIRMATION if kind == "confirmation" else {}
    return own.get(state, EVENT_STATES[state])


def _entity(one: RecordEvent, row: ConsentRequest) -> str:
    """Who acted: the guardian, at 17 the child itself, else the house."""
    if one.guardian_id:
        return str(one.guardian_id)
    mine = row.kind == "confirmation" and one.event_state in ("dpv:ConsentGiven", "dpv:ConsentWithdrawn")
    return str(row.child_id) if mine else "ruangaman"


def record(row: ConsentRequest) -> dict[str, Any]:
    """The record of one request, one purpose; no name and no address in it."""
    card = row.card
    return {
        "schema_version": SCHEMA_VERSION,
        "record_id": str(row.record_id),
        "pii_principal_id": str(row.child_id),
        "pii_processing": {
            "privacy_notice": {
                "version": row.notice_version,
                "language": row.notice_language,
                "sha256": row.notice_sha256,
                "text": row.notice,
            },
            "language": row.notice_language,
            "purposes": [
                {
                    "purpose": card["purpose"],
                    "purpose_type": "ruangaman:UseOfService",
                    "lawful_basis": "dpv:Consent",
                    "pii_information": [
                        {
                            "pii_type": {"id": one["id"], "en": one["en"]},
                            "pii_attribute_id": str(number),
                            **{name: one.get(name) for name in handling.MARKS},
                        }
                        for number, one in enumerate(card["data_requested"], start=1)
                    ],
                    "pii_controllers": [card["slug"]],
                    **{name: handling.for_record(card, name) for name in HANDLED},
                    "services": [card["name"]],
                    "jurisdiction": card["jurisdiction"],
                    "withdrawal_method": tokens.absolute(reverse("families:keluarga")),
                    "privacy_rights": ["access", "correction", "deletion", "withdrawal", "objection"],
                    "codes_of_conduct": None,
                    "impact_assessment": None,
                    "authority_party": None,
                }
            ],
        },
        "parties": [
            {
                "party_id": card["slug"],
                "party_name": card["operator"],
                "party_address": handling.for_record(card, "party_address"),
                "party_contact": handling.for_record(card, "party_contact"),
                "party_type": "dpv:DataController",
                "party_role": "pii_controller",
            }
        ],
        "events": [event(one, row) for one in row.events.all()],
        "x_guardian": {
            "schema": EXTENSION,
            "guardian_id": str(row.guardian_id) if row.guardian_id else None,
            "relation": row.relation_kind or None,
            "proof_level": row.proof_level,
            "proof_method": row.proof_method or None,
            "kind": row.kind,
        },
        "x_not_stated": handling.not_stated(card),
    }


def event(one: RecordEvent, row: ConsentRequest) -> dict[str, Any]:
    """One event of the record; the guardian is the entity of the event, the child the principal of the
    record.
    """
    return {
        "event_time": one.event_time.isoformat(),
        "validity_duration": {
            "until": row.ends_at.isoformat() if row.ends_at else "until withdrawn",
        },
        "entity_id": _entity(one, row),
        "event_type": one.event_type,
        "event_state": one.event_state,
        "x_ledger": {"index": one.ledger_index, "salted_sha256": one.ledger_hash}
        if one.ledger_hash
        else None,
    }
