"""The values that cross the door of this room: references, the service's card, invitations, views, events."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NewType, TypedDict
from uuid import UUID

from ruangaman.core.consent import State

ChildRef = NewType("ChildRef", UUID)
RequestRef = NewType("RequestRef", UUID)
DeletionRef = NewType("DeletionRef", UUID)
ReceiptRef = NewType("ReceiptRef", UUID)


class Text(TypedDict):
    """One sentence in both languages."""

    id: str
    en: str


class DataAsked(Text, total=False):
    """One kind of data that a service asks for; the marks of ISO/IEC TS 27560 where the operator states them."""

    pii_optional: bool
    sensitive_pii_category: bool
    special_pii_category: bool


# What an operator may state of how it handles data (ISO/IEC TS 27560): lists of texts, single texts.
HANDLING_LISTS = (
    "storage_locations",
    "processing_locations",
    "geographic_restrictions",
    "recipient_third_parties",
)
HANDLING_TEXTS = ("retention_period", "collection_method", "processing_method")


@dataclass(frozen=True, slots=True)
class Feature:
    """One switch of a service, as the law and the service set it when the request is made.

    `managed_by`: `child`, `guardian` or `nobody` (closed by law). `watch`: on means that a guardian sees
    something.
    """

    name: str
    title: Text
    state: str = "off"  # "on" or "off"
    managed_by: str = "guardian"
    article: str = ""
    watch: bool = False


@dataclass(frozen=True, slots=True)
class ServiceCard:
    """What a guardian reads about a service before answering; kept as it was at that moment.

    `handling`: what the operator states of how it handles data, by the names of `HANDLING_LISTS`, `HANDLING_TEXTS` and
    `party_address`. A name that is missing is not stated; an empty list states that there is none.
    """

    service_ref: UUID
    slug: str
    operator: str
    name: str
    purpose: Text
    opens: tuple[Text, ...]
    stays_closed: tuple[Text, ...]
    data_requested: tuple[DataAsked, ...]
    risk_profile: str
    designed_for_children: bool
    type: str
    jurisdiction: str
    features: tuple[Feature, ...] = ()
    determined_by: str = ""  # who determined the risk profile; empty: not known here
    determined_at: str = ""  # ISO 8601
    handling: Mapping[str, Any] = field(default_factory=dict)
    contact: str = ""  # where the operator is reached; an office, never a person


@dataclass(frozen=True, slots=True)
class TileMark:
    """The tile of one request: code and three words (both languages), and the picture."""

    code: str
    words: Mapping[str, tuple[str, ...]]
    svg: str


@dataclass(frozen=True, slots=True)
class Invitation:
    """How the guardian may be reached. Each address only finds the request; answering needs the guardian's
    proof.

    `page_url` is the child's side page, `find_url` what its QR says, `child_url` the child's page for this
    service alone. `short_code` is None when its 15 minutes are over (the side page makes a new one).
    """

    request: RequestRef
    page_url: str
    find_url: str
    short_code: str | None
    short_code_until: datetime | None
    tile: TileMark
    due_at: datetime | None
    child_url: str


@dataclass(frozen=True, slots=True)
class ConsentView:
    """Where a request stands at `now`; `law` is the `consent` fact of a question, ready to ask with."""

    request: RequestRef
    child: ChildRef
    service_ref: UUID
    kind: str
    state: State
    law: dict[str, str | bool]
    changed_at: datetime
    due_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class PermissionView:
    """One switch as it stands now."""

    feature: str
    state: str
    managed_by: str
    article: str
    watch: bool
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class DeletionView:
    """One duty to delete at a platform. `due_at` None: the law gives no number, `readings` may hold the
    readings.
    """

    deletion: DeletionRef
    child: ChildRef
    request: RequestRef | None
    service_ref: UUID
    reason: str  # refused, withdrawn, closed
    started_at: datetime
    due_at: datetime | None
    doubt: str
    done_at: datetime | None
    receipt: ReceiptRef | None


@dataclass(frozen=True, slots=True)
class HeldBy:
    """One thing that holds a family, and when it ends by itself where that is known (`holding.Held`)."""

    kind: str
    service: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class FamilyView:
    """Why a family is kept. `ends_at`: when its term is over as things stand; `forgotten_at`: when it was forgotten."""

    family: UUID
    children: int
    held: tuple[HeldBy, ...]
    ends_at: datetime | None
    forgotten_at: datetime | None
    salted_sha256: str = ""
    ledger_index: int | None = None


@dataclass(frozen=True, slots=True)
class ConsentEvent:
    """Something that happened, told inside its own transaction. References and public facts only."""

    kind: str
    request: RequestRef | None
    child: ChildRef
    service_ref: UUID | None
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OfficerAnswer:
    """What an officer of this house or a platform answered to something that was raised here.

    `kind`: objection, age, complaint, copy, delete; `decision`: granted or declined; `by`: empty for an officer of
    this house, else the service that answered. `text` is empty when it was forgotten.
    """

    ref: UUID
    kind: str
    decision: str
    text: Text
    by: str
    at: datetime


Listener = Callable[[ConsentEvent], None]
